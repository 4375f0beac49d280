import type { JsonObject } from '../rows/fieldRef';
import type { RowFormat } from '../rows/rowFormat';
import { readExchange } from './exchange';
import { fieldOf, isTextList } from './jsonShapes';

/**
 * SafeChain (UWNSL): an instruction and a response whose opening tag stood in the prompt; a label of WildJailbreak. In its run files
 * `response` is a list: one trace for each.
 */
export const safeChain: RowFormat = {
  name: 'SafeChain',
  detect: (row) => {
    if (typeof fieldOf(row, 'instruction') !== 'string') return 0;
    const response = fieldOf(row, 'response');
    if (isTextList(response)) return 0.75;
    const label = fieldOf(row, 'label');
    if (typeof response !== 'string' || typeof label !== 'string') return 0;
    return /^(?:vanilla|adversarial)_(?:harmful|benign)$/.test(label) ? 0.95 : 0.7;
  },
  read: (row: JsonObject) => readExchange(row, { prompt: [['instruction']], answer: ['response'] }),
};
