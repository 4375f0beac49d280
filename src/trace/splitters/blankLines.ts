import type { Span } from '../span';
import { isSpace, skipSpace, trimEnd } from '../whitespace';
import { fencesIn } from './codeFences';
import type { Splitter } from './splitter';

/**
 * Steps stand between blank lines, as AdvChain splits a chain of thought on `\n\n` (arXiv 2509.24269).
 * Ours: `\r\n\r\n` and lines of spaces count as blank too, and steps are trimmed.
 */
export const strictBlankLines: Splitter = {
  name: 'blank-lines-strict',
  split: (text, start, end) => splitOnBlankLines(text, start, end, () => []),
};

/** The default. Ours: blank lines inside code fences do not split, so that a program stays one step. */
export const blankLines: Splitter = {
  name: 'blank-lines',
  split: (text, start, end) => splitOnBlankLines(text, start, end, (from) => fencesIn(text, from, end)),
};

/** @param fencesFrom finds the fences from a line start on; asked once, at the first line that looks like one */
function splitOnBlankLines(text: string, start: number, end: number, fencesFrom: (from: number) => Span[]): Span[] {
  const steps: Span[] = [];
  // A slice bounds the search: past `end` of each of many short blocks in one long line it would be quadratic.
  const stretch = text.slice(start, end);
  let stepStart = skipSpace(text, start, end);
  // Most chains hold no fence: the walk passes every line start anyway, so that a search of the whole text is saved.
  let fences = mayOpenFence(text, stepStart) ? fencesFrom(start) : undefined;
  let fence = 0;
  for (let at = stretch.indexOf('\n', stepStart - start); at !== -1; ) {
    const lineEnd = start + at;
    // Most line ends are followed by text at once (inside a step) or by another line end (between steps).
    let next = lineEnd + 1;
    let blank = false;
    for (; next < end; next++) {
      const code = text.charCodeAt(next);
      if (code === 10) blank = true;
      else if (!isSpace(code)) break;
    }
    if (blank && next < end) {
      while (fences !== undefined && fence < fences.length && (fences[fence]?.end ?? 0) <= lineEnd) fence++;
      const inside = fences?.[fence];
      if (inside === undefined || lineEnd < inside.start) {
        steps.push({ start: stepStart, end: trimEnd(text, stepStart, lineEnd) });
        stepStart = next;
      }
    }
    if (fences === undefined && mayOpenFence(text, next)) fences = fencesFrom(lineEnd + 1);
    at = stretch.indexOf('\n', next - start);
  }
  if (stepStart < end) steps.push({ start: stepStart, end: trimEnd(text, stepStart, end) });
  return steps;
}

function mayOpenFence(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code === 96 || code === 126) && (text.startsWith('```', at) || text.startsWith('~~~', at));
}
