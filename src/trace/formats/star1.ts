import type { JsonObject } from '../rows/fieldRef';
import type { RowFormat } from '../rows/rowFormat';
import { readExchange } from './exchange';
import { fieldOf, isList, isObject } from './jsonShapes';

/** STAR-1 and STAR-benign-915 (UCSC-VLAA): a question, one response with think tags, categories and scores. It says nothing of intent. */
export const star1: RowFormat = {
  name: 'STAR-1',
  detect: (row) => {
    if (typeof fieldOf(row, 'question') !== 'string' || typeof fieldOf(row, 'response') !== 'string') return 0;
    if (!isList(fieldOf(row, 'category')) || typeof fieldOf(row, 'source') !== 'string') return 0;
    return isObject(fieldOf(row, 'score')) ? 1 : 0.9;
  },
  read: (row: JsonObject) => readExchange(row, { prompt: [['question']], answer: ['response'] }),
};
