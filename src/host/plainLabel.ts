import { plainLine } from '../trace/plainLine';

/**
 * Trace text made safe for places that know no plain text: outline names, quick picks, status bar, CodeLens titles and messages.
 * One line, no control or reordering characters, no `$(icon)`, and none of the `[links](command:…)` that VS Code makes of a
 * message: a zero-width space keeps `$` and `(` apart, and `]` and `(`.
 * @param most characters at most, the ellipsis included
 */
export function plainLabel(text: string, most = 80): string {
  return plainLine(text, most).replace(/[$\]](?=\()/g, '$&\u200B');
}
