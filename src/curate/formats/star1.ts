import { assistantText } from './chainText';
import { rowMarks } from './rowParts';
import type { RowMaker } from './underDualUse';

/** Rows as STAR-1 and STAR-benign-915 (UCSC-VLAA) have them. */
export const star1: RowMaker = {
  name: 'star-1',
  label: 'STAR-1 rows',
  use: 'Scripts made for STAR-1: `question` and `response` with think tags; a system message has no place in it. The canary is a column.',
  extension: 'jsonl',
  needsTemplate: false,
  textUse: 'completion',
  make(sample, options) {
    const { id, ...marks } = rowMarks(sample, options);
    const category = sample.cotlens['category'];
    const categories = Array.isArray(category) ? category.filter((each) => typeof each === 'string') : typeof category === 'string' ? [category] : [];
    return [{ id: id ?? '', category: categories, question: sample.prompt, response: assistantText(sample), source: sample.source ?? '', ...marks }];
  },
};
