import type { Span } from './span';

/** One change of a text: what stands between two offsets (UTF-16 units, half-open) gives way to `text`. */
export interface TextEdit extends Span {
  readonly text: string;
}

/**
 * The text after these changes, whatever their order; all offsets are those of the text before. Of two changes at one place the first
 * given comes first.
 * @throws RangeError where two of them overlap
 */
export function withEdits(text: string, edits: readonly TextEdit[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start < at || edit.end < edit.start) throw new RangeError('Two changes of one text overlap.');
    pieces.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  pieces.push(text.slice(at));
  return pieces.join('');
}
