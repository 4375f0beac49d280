import type { JsonObject } from '../rows/fieldRef';
import type { RowFormat } from '../rows/rowFormat';
import { readExchange } from './exchange';
import { fieldOf } from './jsonShapes';

/** UnsafeChain (MBZUAI): prompt, response, and the split that the prompt comes from. */
export const unsafeChain: RowFormat = {
  name: 'UnsafeChain',
  detect: (row) => (['prompt', 'response', 'split_name'].every((name) => typeof fieldOf(row, name) === 'string') ? 0.95 : 0),
  read: (row: JsonObject) => readExchange(row, { prompt: [['prompt']], answer: ['response'] }),
};
