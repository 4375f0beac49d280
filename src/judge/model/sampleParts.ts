import type { ChatMessage, ChatReply, ChatRequest } from '../../model/chat';
import type { Sample } from '../../trace/verdict';
import type { Judgement } from '../judge';
import { repairRequest } from './frame';
import type { ModelJudgeOptions } from './modelJudge';
import type { Wrong } from './readVerdict';

/** What a refusal, or a filter's block, comes to. */
interface WithheldSample extends Required<Pick<Judgement, 'withheld'>> {
  readonly sample: Sample;
}

/** Sample k's settings: another seed each, or they would all be the same. */
export function samplingOf({ sampling = {} }: ModelJudgeOptions, k: number): ChatRequest['sampling'] {
  return sampling.seed === undefined ? sampling : { ...sampling, seed: sampling.seed + k };
}

/** How much of a reply that cannot be used is sent back, in characters; ours: it has to fit where the request just did. */
const SENT_BACK = 1000;

/** What goes after a request whose reply could not be used: the reply's beginning, and what is wrong with it. */
export function repair({ text }: ChatReply, wrong: string): readonly ChatMessage[] {
  // Half a character is no text that every server takes.
  const shown = text.length > SENT_BACK ? `${text.slice(0, SENT_BACK).replace(/[\ud800-\udbff]$/, '')}…` : text;
  return [
    { role: 'assistant', content: shown.trim() === '' ? '(nothing)' : shown },
    { role: 'user', content: repairRequest(wrong) },
  ];
}

/** A refusal or a filter's block is an outcome: `null`s, with what was said. */
export function withheldSample({ ending, text }: ChatReply): WithheldSample | undefined {
  if (ending !== 'refused' && ending !== 'blocked') return undefined;
  const what = ending === 'refused' ? 'the judge declined' : 'blocked by a content filter';
  const reason = text.trim() === '' ? what : `${what}: ${text.trim().slice(0, 300)}`;
  return { withheld: ending, sample: { harmfulness: null, helpfulness: null, reason } };
}

/** What is wrong with samples that several models gave. */
export function twoSnapshots(models: Iterable<string>): Wrong {
  return { code: 'snapshot-changed', wrong: `Its samples are by ${[...models].join(' and ')}, which are never one verdict.` };
}
