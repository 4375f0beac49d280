import { withoutCarriageReturns } from '../textChain';

/**
 * What a reader of the JSON could take for something else than text: control and format characters, which can hide or reorder
 * what is shown, and the beginnings of role tags (`<|im_end|>`, `</s>`, `<think>`, `[INST]`), which the tokenizers of many servers
 * read as their own also in the middle of a user's text.
 */
const ESCAPED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|<(?=[^\s\d=])|\[(?=\/?[A-Z_]{2,}\])/gu;

/**
 * One line of data for a judge: JSON without a line break in it, that parses to exactly the texts given (line ends as `\n`).
 * Halves of surrogate pairs and what is in `ESCAPED` stand as `\u` escapes, so no text can end its string, its line or its message.
 */
export function jsonLine(value: Readonly<Record<string, string | number>>): string {
  const plain = Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, typeof one === 'string' ? withoutCarriageReturns(one) : one]),
  );
  return JSON.stringify(plain).replace(ESCAPED, (found) =>
    Array.from({ length: found.length }, (_, i) => `\\u${found.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  );
}
