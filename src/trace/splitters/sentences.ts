import type { Span } from '../span';
import { skipSpace, trimEnd } from '../whitespace';
import { blankLines } from './blankLines';
import { fencesIn } from './codeFences';
import type { Splitter } from './splitter';

/**
 * One step per sentence, by the sentence rules of Unicode (UAX #29, through `Intl.Segmenter`); code fences stay whole.
 * thought-anchors works on sentences. Several sentences share a line, so the lane shows `heat` instead of a curve.
 */
export const sentences: Splitter = {
  name: 'sentences',
  split(text, start, end) {
    const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
    const steps: Span[] = [];
    for (const paragraph of blankLines.split(text, start, end)) {
      if (fencesIn(text, paragraph.start, paragraph.end).length > 0) {
        steps.push(paragraph);
        continue;
      }
      for (const { index, segment } of segmenter.segment(text.slice(paragraph.start, paragraph.end))) {
        const from = paragraph.start + index;
        const sentenceStart = skipSpace(text, from, from + segment.length);
        const sentenceEnd = trimEnd(text, sentenceStart, from + segment.length);
        if (sentenceEnd > sentenceStart) steps.push({ start: sentenceStart, end: sentenceEnd });
      }
    }
    return steps;
  },
};
