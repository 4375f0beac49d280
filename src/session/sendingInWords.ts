import { placeInWords } from '../judge/destinationOf';
import type { Price } from '../judge/judgeSetting';
import { costOf, costOfUsage } from '../judge/model/estimate';
import type { Destination, TokenUsage } from '../model/chat';
import { countOf } from '../trace/countOf';

/** What a run is going to send, as far as that can be told before. */
export interface SendingPlan {
  readonly traces: number;
  /** Verdicts wanted: steps, and answers. */
  readonly steps: number;
  readonly answers: number;
  readonly requests: number;
  /** Estimated. */
  readonly inputTokens: number;
  /** Of `inputTokens`, those that repeat the beginning of an earlier request. */
  readonly repeatedTokens: number;
  /** Estimated; thoughts of a model that thinks before it replies are not in it. */
  readonly outputTokens: number;
}

/** The question before text leaves this machine: what, to whom, where, how much. */
export function sendingQuestion(name: string, destination: Destination, plan: SendingPlan, price: Price | undefined): { question: string; detail: string } {
  const { traces, steps, answers } = plan;
  const what = [
    ...(steps > 0 ? [countOf(steps, 'step')] : []),
    ...(answers > 0 ? [traces === 1 ? 'the answer' : countOf(answers, 'answer')] : []),
  ].join(' and ');
  const of = traces === 1 ? '' : ` of ${countOf(traces, 'trace')}`;
  const question = `Score ${what}${of} with ${name} at ${placeInWords(destination)}?`;
  return { question, detail: `${planInWords(plan, price)} The prompt, the steps and the answer are sent to ${placeInWords(destination)}, nothing else of your files.` };
}

/** `13 requests, about 21,000 input tokens (…), about 2,600 output tokens, about $0.08; more where the model thinks before it replies.` */
export function planInWords(plan: Pick<SendingPlan, 'requests' | 'inputTokens' | 'repeatedTokens' | 'outputTokens'>, price: Price | undefined): string {
  const repeated =
    plan.repeatedTokens === 0
      ? ''
      : ` (about ${about(plan.repeatedTokens)} of them repeated beginnings that the server may read from its cache)`;
  const cost = price === undefined ? '' : `, ${costRange(plan, price)}`;
  return `${grouped(plan.requests)} request${plan.requests === 1 ? '' : 's'}, about ${about(plan.inputTokens)} input tokens${repeated}, about ${about(plan.outputTokens)} output tokens${cost}; more where the model thinks before it replies.`;
}

/** `21,034 input tokens (15,104 cached), 1,290 output tokens, $0.08`: what a run took, as the server counted it. */
export function usageInWords({ input, cached, output }: TokenUsage, price: Price | undefined): string {
  const fromCache = cached === undefined ? '' : ` (${grouped(cached)} cached)`;
  const cost = price === undefined ? '' : `, ${dollars(costOfUsage({ input, cached: cached ?? 0, output }, price))}`;
  return `${grouped(input)} input tokens${fromCache}, ${grouped(output)} output tokens${cost}`;
}

/** About what a run costs, and where a cache has a price of its own, at best. */
function costRange(plan: Parameters<typeof costOf>[0], price: Price): string {
  const { low, high } = costOf(plan, price);
  const [least, most] = [dollars(low), dollars(high)];
  return most === least ? `about ${most}` : `about ${least} with the cache, ${most} without`;
}

/** `$0.08`; of less than a cent two figures. */
export function dollars(amount: number): string {
  if (amount === 0) return '$0';
  const decimals = amount >= 0.01 ? 2 : Math.min(8, 1 - Math.floor(Math.log10(amount)));
  return `$${amount.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })}`;
}

/** Two figures, since more would be pretended: `21,000`. */
export function about(count: number): string {
  if (count < 100) return grouped(Math.round(count));
  const scale = 10 ** (Math.floor(Math.log10(count)) - 1);
  return grouped(Math.round(count / scale) * scale);
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
