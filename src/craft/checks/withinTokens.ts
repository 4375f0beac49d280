import { placeOfSample } from './findingPlace';
import type { Finding, SampleCheck } from './sampleCheck';

/** What is counted, in words. */
const COUNTED = 'the text below the front matter, without a chat template';

/**
 * Does the whole sample fit into what is trained on (AdvChain: 8192 tokens)? `too-long` where not; what lies beyond would be cut off, the
 * answer first. `tokens-not-counted` where the chosen tokenizer cannot count: no other takes its place.
 */
export const withinTokens: SampleCheck = {
  name: 'within tokens',
  check(sample) {
    const { tokens } = sample;
    if (tokens === undefined) return [];
    const finding = (code: string, message: string): Finding[] => [{ code, severity: 'warning', message, at: placeOfSample(sample), fixes: [] }];
    const { counted, limit } = tokens;
    if ('failed' in counted) return finding('tokens-not-counted', `Nothing was counted, so it is not known whether this sample fits into ${grouped(limit)} tokens. ${counted.failed}`);
    if (counted.tokens <= limit) return [];
    const how = counted.estimated
      ? `about ${grouped(counted.tokens)} tokens (an estimate: ${counted.by}; set cotLens.training.tokenizer to count by the model’s own)`
      : `${grouped(counted.tokens)} tokens by ${counted.by}`;
    return finding('too-long', `This sample has ${how}, more than the ${grouped(limit)} of cotLens.training.maxTokens; counted is ${COUNTED}. Its end would be cut off in training: shorten it, or raise the limit.`);
  },
};

function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
