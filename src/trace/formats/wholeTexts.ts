import type { JsonObject } from '../rows/fieldRef';
import { fieldOf } from './jsonShapes';

/** Fields that hold a whole conversation, or a document, as one string. */
const FIELDS: readonly string[] = ['text', 'harmony', 'full_text', 'conversation', 'transcript', 'raw', 'raw_text', 'raw_output', 'content'];

/** The row's field with a whole text, if it has one that `fits`. */
export function wholeTextIn(row: JsonObject, fits: (text: string) => boolean): string | undefined {
  return FIELDS.find((name) => {
    const value = fieldOf(row, name);
    return typeof value === 'string' && fits(value);
  });
}
