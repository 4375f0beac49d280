import { hash } from 'node:crypto';
import type { RowTrace } from '../../trace/rows/rowTrace';

/**
 * The prompt of a trace for telling equal ones: what the user says before the assistant's first message, white space normalised
 * (runs of it are one space, none at the ends); `undefined` where there is none. System messages do not count: a fine-tune is
 * often asked without the one that came before it (ours).
 */
export function promptOf({ messages }: Pick<RowTrace, 'messages'>): string | undefined {
  const texts: string[] = [];
  for (const { role, parts } of messages) {
    if (role === 'assistant') break;
    if (role === 'user') for (const part of parts) texts.push(part.text);
  }
  const prompt = texts.join('\n').replace(/\s+/g, ' ').trim();
  return prompt === '' ? undefined : prompt;
}

/** 53 bits of SHA-256 as a whole number, so that a million of them lie in one array. Two of a million texts collide once in 18,000 times. */
export function textNumber(text: string): number {
  const bytes = hash('sha256', text, 'buffer');
  return bytes.readUIntBE(0, 6) * 32 + ((bytes[6] ?? 0) & 31);
}
