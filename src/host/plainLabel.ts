/** Control characters, and those that reorder or hide text (bidirectional marks, zero-width ones, tags). */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/**
 * Trace text made safe for places that know no plain text: outline names, quick picks, status bar, CodeLens titles and messages.
 * One line, no control or reordering characters, no `$(icon)`, and none of the `[links](command:…)` that VS Code makes of a
 * message: a zero-width space keeps `$` and `(` apart, and `]` and `(`.
 * @param most characters at most, the ellipsis included
 */
export function plainLabel(text: string, most = 80): string {
  // Only the beginning is needed: a step can be megabytes long.
  const line = text.slice(0, most * 4).replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim();
  const characters = [...line];
  const cut = characters.length > most ? `${characters.slice(0, most - 1).join('').replace(/[\s.,;:]+$/, '')}…` : line;
  return cut.replace(/[$\]](?=\()/g, '$&\u200B');
}
