import type { JsonObject } from '../rows/fieldRef';
import type { RowFormat } from '../rows/rowFormat';
import { readExchange } from './exchange';
import { fieldOf } from './jsonShapes';
import { trlPromptCompletion } from './trlPromptCompletion';

/** TRL unpaired preference (KTO): prompt and completion, with a label that says whether the completion is wanted. */
export const trlUnpaired: RowFormat = {
  name: 'TRL unpaired preference',
  detect: (row) => (trlPromptCompletion.detect(row) === 0.7 && typeof fieldOf(row, 'label') === 'boolean' ? 0.88 : 0),
  read: (row: JsonObject) => readExchange(row, { prompt: [['prompt']], answer: ['completion'] }),
};
