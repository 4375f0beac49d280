import type { JsonObject } from '../rows/fieldRef';
import type { RowFormat } from '../rows/rowFormat';
import { ANSWER_FIELDS, fieldNamed } from './fieldNames';
import { readExchange } from './exchange';
import { intentOf, XSTEST_LABELS } from './intentLabels';
import { fieldOf } from './jsonShapes';

/** XSTest (Röttger et al. 2024): prompts, whose label says whether they are safe to answer; answers where somebody added them. */
export const xsTest: RowFormat = {
  name: 'XSTest',
  detect: (row) => {
    if (!['prompt', 'type', 'label'].every((name) => typeof fieldOf(row, name) === 'string')) return 0;
    if (intentOf(XSTEST_LABELS, fieldOf(row, 'label')) === 'unknown') return 0;
    return typeof fieldOf(row, 'focus') === 'string' ? 1 : 0;
  },
  read: (row: JsonObject) =>
    readExchange(
      row,
      { prompt: [['prompt']], answer: [fieldNamed(row, ANSWER_FIELDS) ?? 'response'] },
      { intent: intentOf(XSTEST_LABELS, fieldOf(row, 'label')) },
    ),
};
