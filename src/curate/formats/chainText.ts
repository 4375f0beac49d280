import type { CuratedSample } from '../sample';

/** The reasoning as one text: the steps with the exact white space between them, without that around the whole. */
export function chainText(steps: readonly string[]): string {
  return steps.join('').trim();
}

/**
 * What the assistant says, as reasoning models write it: the chain between think tags on lines of their own, a blank line, the answer.
 * Without steps there are no tags.
 */
export function assistantText({ steps, answer }: Pick<CuratedSample, 'steps' | 'answer'>): string {
  const chain = chainText(steps);
  return chain === '' ? answer.trim() : `<think>\n${chain}\n</think>\n\n${answer.trim()}`;
}
