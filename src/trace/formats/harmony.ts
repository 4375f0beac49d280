import type { JsonObject } from '../rows/fieldRef';
import type { RowFormat } from '../rows/rowFormat';
import { fieldNamed, PROMPT_FIELDS } from './fieldNames';
import { cutHarmony, isHarmony } from './harmonyCut';
import { RowReader } from './rowReader';
import { readPrompt } from './saidAt';
import { traceOf } from './traceOf';
import { wholeTextIn } from './wholeTexts';

/** gpt-oss harmony text: a conversation, or the completion of one, as one string with its channel marks. */
export const harmony: RowFormat = {
  name: 'harmony text',
  detect: (row) => (wholeTextIn(row, isHarmony) === undefined ? 0 : 0.9),
  read: (row: JsonObject) => {
    const reader = new RowReader(row);
    const field = wholeTextIn(row, isHarmony) ?? 'text';
    const text = reader.text([field]);
    const said = text === undefined ? [] : cutHarmony(text, true);
    const prompt = fieldNamed(row, PROMPT_FIELDS);
    // The text of a completion alone; the prompt stands beside it.
    const asked = prompt === undefined || said.some(({ role }) => role === 'user') ? [] : readPrompt(reader, [prompt], 'user');
    const shown = asked.length > 0 && prompt !== undefined ? [field, prompt] : [field];
    return [traceOf(reader, [...asked, ...said], { variant: undefined, shown })];
  },
};
