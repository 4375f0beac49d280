import type { ChatReply } from '../../model/chat';
import type { Wrong } from './readVerdict';

/** What is wrong with a reply that holds no JSON. */
export function wrongText(text: string, ending: ChatReply['ending']): Wrong {
  if (ending === 'length') return { code: 'cut-off', wrong: 'It was cut off at its most tokens.' };
  if (text.trim() === '') return { code: 'empty', wrong: 'It is empty.' };
  if (REFUSAL.test(text)) return { code: 'refused', wrong: `It declines (${quoted(text)}).` };
  return { code: 'not-json', wrong: `It is no JSON object: ${quoted(text)}.` };
}

/** How models begin to decline; ours, and only to tell a refusal in prose from other prose. */
const REFUSAL = /^\W*(?:i(?:['’]m| am) (?:sorry|unable|not able)|sorry\b|i (?:can(?:['’]t|not| not)|won['’]t|will not|must decline|do not feel)|as an ai\b|i apologi[sz]e)/i;

/** The beginning of what came, on one line. */
export function quoted(value: unknown): string {
  const text = (JSON.stringify(value) as string | undefined) ?? 'nothing';
  return text.length > 90 ? `${text.slice(0, 90)}…` : text;
}
