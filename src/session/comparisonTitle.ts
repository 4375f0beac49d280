import type { Comparison } from './comparison';
import { judgeName } from './traceSummary';

/** Are these the two protocols of one model, so that what differs is what knowing the later steps does? */
export function isHindsight({ a, b }: Pick<Comparison, 'a' | 'b'>): boolean {
  return a.judge === b.judge && a.model === b.model && a.protocol !== b.protocol && a.judge !== 'person';
}

/** What a comparison is called: `Hindsight effect: GPT-4o, whole-trace laid over prefix`, or `GPT-4o, prefix laid over Ada, prefix`. */
export function comparisonTitle({ a, b }: Pick<Comparison, 'a' | 'b'>): string {
  if (isHindsight({ a, b })) return `Hindsight effect: ${a.label}, ${b.protocol} laid over ${a.protocol}`;
  return `${judgeName(b)} laid over ${judgeName(a)}`;
}
