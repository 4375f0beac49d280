/** What a prompt asks for. `unknown` is the default and is never replaced by a guess. */
export type Intent = 'harmful' | 'benign' | 'ambiguous' | 'unknown';

export const INTENTS: readonly Intent[] = ['harmful', 'benign', 'ambiguous', 'unknown'];

export function isIntent(value: unknown): value is Intent {
  return typeof value === 'string' && (INTENTS as readonly string[]).includes(value);
}
