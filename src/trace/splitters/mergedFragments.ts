import type { Span } from '../span';
import { blankLines } from './blankLines';
import type { Splitter } from './splitter';

/** Ours: a fragment of fewer words than this holds no stance of its own. */
const WORDS_OF_A_STEP = 4;

/**
 * Blank lines, then tiny fragments (list markers, one-word lines, headings of up to three words) joined to the
 * step after them, the last one to the step before it. Ours.
 */
export const mergedFragments: Splitter = {
  name: 'blank-lines-merged',
  split(text, start, end) {
    const merged: Span[] = [];
    let pending: Span | undefined;
    for (const step of blankLines.split(text, start, end)) {
      const joined = { start: pending?.start ?? step.start, end: step.end };
      if (isFragment(text, joined)) pending = joined;
      else {
        merged.push(joined);
        pending = undefined;
      }
    }
    if (pending !== undefined) merged.push({ start: merged.pop()?.start ?? pending.start, end: pending.end });
    return merged;
  },
};

function isFragment(text: string, { start, end }: Span): boolean {
  // A long stretch is no fragment whatever it holds (CJK text has no spaces between words).
  return end - start < 40 && text.slice(start, end).split(/\s+/).length < WORDS_OF_A_STEP;
}
