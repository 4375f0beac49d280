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
  // A slice bounds the search: looking past `end` for each of many short stretches would be quadratic.
  const stretch = text.slice(start, end);
  if (!stretch.includes('```') && !stretch.includes('~~~')) return [];
  const lines = fenceLines(text, start, end);
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
  const lines: FenceLine[] = [];
  // Sticky at line starts; ` and ~ are not white space, so the match is anchored and linear.
  const fence = /(?<=^|\n)[ ]{0,3}(`{3,}|~{3,})([^\n]*)/g;
  fence.lastIndex = start;
  for (let m = fence.exec(text); m !== null && m.index < end; m = fence.exec(text)) {
    const run = m[1] ?? '';
    lines.push({
      start: m.index,
      end: Math.min(end, m.index + m[0].length),
      mark: run.charAt(0),
      length: run.length,
      bare: (m[2] ?? '').trim() === '',
    });
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
