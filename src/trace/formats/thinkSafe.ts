import type { JsonObject } from '../rows/fieldRef';
import type { RowFormat } from '../rows/rowFormat';
import { readExchange } from './exchange';
import { fieldOf } from './jsonShapes';

/** ThinkSafe: instruction and response, with a label of the prompt (WildJailbreak's) and a guard's label of the response. */
export const thinkSafe: RowFormat = {
  name: 'ThinkSafe',
  detect: (row) => {
    if (typeof fieldOf(row, 'instruction') !== 'string' || typeof fieldOf(row, 'response') !== 'string') return 0;
    return Object.hasOwn(row, 'prompt_label') ? 0.97 : 0;
  },
  read: (row: JsonObject) => readExchange(row, { prompt: [['instruction']], answer: ['response'] }),
};
