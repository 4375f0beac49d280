import type { Intent } from '../trace/intent';
import type { Trace } from '../trace/trace';

/** A replacement in a document's text. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const INTENT_LINE = /^intent[ \t]*:.*$/m;

/**
 * The edit that writes an intent into the front matter and touches nothing else: replaces the `intent:` line, adds one to
 * existing front matter, or puts front matter on top. Keeps the document's line ends.
 */
export function setIntentEdit(trace: Trace, intent: Intent): TextEdit {
  const eol = trace.text.includes('\r\n') ? '\r\n' : '\n';
  const head = trace.parts.find((part) => part.kind === 'frontMatter');
  if (head === undefined) {
    const start = trace.parts[0]?.kind === 'bom' ? 1 : 0;
    return { start, end: start, text: `---${eol}intent: ${intent}${eol}---${eol}${eol}` };
  }
  const line = INTENT_LINE.exec(head.text);
  if (line !== null) {
    const start = head.start + line.index;
    return { start, end: start + line[0].replace(/\r$/, '').length, text: `intent: ${intent}` };
  }
  const start = head.start + head.text.indexOf('\n') + 1;
  return { start, end: start, text: `intent: ${intent}${eol}` };
}
