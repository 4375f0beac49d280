import type { JsonObject } from '../rows/fieldRef';
import type { RowFormat } from '../rows/rowFormat';
import { readExchange } from './exchange';
import { fieldOf } from './jsonShapes';
import { isFilled } from './jsonShapes';

/** Alpaca: an instruction, what it is about in `input` (often empty), and the output. */
export const alpaca: RowFormat = {
  name: 'Alpaca',
  detect: (row) => {
    if (!isFilled(fieldOf(row, 'instruction')) || typeof fieldOf(row, 'output') !== 'string') return 0;
    return Object.hasOwn(row, 'input') ? 0.85 : 0.8;
  },
  read: (row: JsonObject) => readExchange(row, { system: ['system'], prompt: [['instruction'], ['input']], answer: ['output'] }),
};
