import type { Span } from '../span';

interface FenceLine extends Span {
  readonly mark: string;
  readonly length: number;
  /** Nothing but the fence stands on the line, so it can close one. */
  readonly bare: boolean;
}

/**
 * The closed code fences (``` or ~~~, at the start of a line, as CommonMark has them) in `text[start, end)`.
 * A fence that is never closed is not one: a stray ``` must not swallow the rest of a chain into one step.
 */
export function fencesIn(text: string, start: number, end: number): Span[] {
  const lines = fenceLines(text, start, end);
  if (lines.length === 0) return [];
  const longestCloserAfter = longestClosers(lines);
  const fences: Span[] = [];
  for (let i = 0; i < lines.length; i++) {
    const open = lines[i];
    if (open === undefined || (longestCloserAfter[i]?.[open.mark] ?? 0) < open.length) continue;
    let j = i + 1;
    for (; j < lines.length; j++) {
      const close = lines[j];
      if (close?.bare === true && close.mark === open.mark && close.length >= open.length) break;
    }
    fences.push({ start: open.start, end: lines[j]?.end ?? end });
    // Everything between was inside the fence: going on after it keeps the whole walk linear.
    i = j;
  }
  return fences;
}

function fenceLines(text: string, start: number, end: number): FenceLine[] {
  // A slice bounds the search: looking past `end` for each of many short stretches would be quadratic.
  const stretch = text.slice(start, end);
  const beginsLine = start === 0 || text.charCodeAt(start - 1) === 10;
  const lines = ['`', '~'].flatMap((mark) => linesMarked(stretch, mark, beginsLine, start));
  return lines.sort((a, b) => a.start - b.start);
}

/** The lines of a stretch that begin, after at most three spaces, with three marks or more. */
function linesMarked(stretch: string, mark: string, beginsLine: boolean, offset: number): FenceLine[] {
  const lines: FenceLine[] = [];
  const fence = mark.repeat(3);
  // Native searches from mark to mark: a pattern tried at every line is many times slower.
  for (let at = stretch.indexOf(fence); at !== -1; ) {
    const lineEnd = stretch.indexOf('\n', at);
    const end = lineEnd === -1 ? stretch.length : lineEnd;
    let start = at;
    while (start > 0 && at - start < 3 && stretch.charCodeAt(start - 1) === 32) start--;
    if (start === 0 ? beginsLine : stretch.charCodeAt(start - 1) === 10) {
      let after = at + fence.length;
      while (stretch.charAt(after) === mark) after++;
      lines.push({
        start: offset + start,
        end: offset + end,
        mark,
        length: after - at,
        bare: stretch.slice(after, end).trim() === '',
      });
    }
    at = stretch.indexOf(fence, end);
  }
  return lines;
}

/** For each fence line, the longest closing fence of each mark after it. */
function longestClosers(lines: readonly FenceLine[]): Record<string, number>[] {
  const after: Record<string, number>[] = new Array<Record<string, number>>(lines.length);
  let longest: Record<string, number> = {};
  for (let i = lines.length - 1; i >= 0; i--) {
    after[i] = longest;
    const line = lines[i];
    if (line?.bare === true) longest = { ...longest, [line.mark]: Math.max(longest[line.mark] ?? 0, line.length) };
  }
  return after;
}
