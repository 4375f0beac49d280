import { jsonInText } from '../judge/model/jsonInText';
import { quoted, wrongText } from '../judge/model/wrongText';
import type { ChatReply } from '../model/chat';
import type { Slot } from './recipe';
import type { TeacherFaultCode } from './teacher';

/** Why a reply cannot be used. `wrong` is a sentence that says what, to a person and to the model alike. */
export interface WrongReply {
  readonly code: TeacherFaultCode;
  readonly wrong: string;
}

export function isWrongReply(value: object): value is WrongReply {
  return 'wrong' in value;
}

/**
 * The JSON object of a reply, or what is wrong with it: a refusal marked as one or in prose, a filter's block, an end in the middle,
 * something else than JSON.
 * @param names members by which the object is told from others in the reply; one of them is enough
 */
export function objectInReply({ text, ending }: Pick<ChatReply, 'text' | 'ending'>, names: readonly string[]): Readonly<Record<string, unknown>> | WrongReply {
  if (ending === 'refused') return { code: 'refused', wrong: `It declines${text.trim() === '' ? '' : ` (${quoted(text)})`}.` };
  if (ending === 'blocked') return { code: 'blocked', wrong: `A content filter withheld it${text.trim() === '' ? '' : ` (${quoted(text)})`}.` };
  const value = jsonInText(text, (one) => typeof one === 'object' && one !== null && names.some((name) => Object.hasOwn(one, name)));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.fromEntries(Object.entries(value));
  // Cut off, empty, declining in prose, or no JSON.
  const { code, wrong } = wrongText(text, ending);
  return code === 'cut-off' || code === 'empty' || code === 'refused' ? { code, wrong } : { code: 'shape', wrong: value === undefined ? wrong : `It is no JSON object: ${quoted(text)}.` };
}

/** The slots' texts out of a reply, without the white space around them, or why there are none. */
export function readWritten(reply: Pick<ChatReply, 'text' | 'ending'>, slots: readonly Slot[]): { readonly texts: readonly string[] } | WrongReply {
  const object = objectInReply(reply, slots.map(({ name }) => name));
  if (isWrongReply(object)) return object;
  const texts: string[] = [];
  for (const { name, steps } of slots) {
    const value = object[name];
    if (typeof value !== 'string') return { code: 'shape', wrong: value === undefined ? `It has no member "${name}".` : `Its "${name}" is no string.` };
    const text = value.replace(/\r\n?/g, '\n').trim();
    const tag = /<\/?think(?:ing)?\b[^>]{0,80}>|<\|[^|>]{1,80}\|>/i.exec(text)?.[0];
    if (tag !== undefined) return { code: 'shape', wrong: `Its "${name}" holds the tag ${quoted(tag)}. Write plain sentences.` };
    if (steps === 'one' && /\n[^\S\n]*\n/.test(text)) return { code: 'shape', wrong: `Its "${name}" has blank lines. Write it as one paragraph.` };
    texts.push(text);
  }
  return { texts };
}
