import type { JudgeScores } from '../judge/scoreShard';
import type { ScoreRecord } from '../judge/scoreRecord';
import { answerSeen, digest, seenKeys, withoutCarriageReturns, type TextChain } from '../judge/textChain';
import type { Trace } from '../trace/trace';
import { stepMatch } from './stepMatch';
import type { JoinedVerdict } from './traceState';

/** What was shown of the same document before an edit, to carry stale verdicts over. */
export interface Before {
  readonly chain: TextChain;
  readonly verdicts: readonly (JoinedVerdict | undefined)[];
  readonly answer: JoinedVerdict | undefined;
}

/**
 * Joins one judge's scores with the steps of a text. A verdict on exactly what stands there (and, for `prefix`, all before it)
 * is fresh. Else the last known verdict is carried over as stale: from what was shown before the edit, steps matched from both
 * ends; else by the step's own text. A step that nobody scored has none.
 */
export function joinVerdicts(
  trace: Trace,
  chain: TextChain,
  scores: JudgeScores,
  before: Before | undefined,
): { verdicts: (JoinedVerdict | undefined)[]; answer: JoinedVerdict | undefined } {
  const keys = seenKeys(scores.identity.protocol, chain, trace.chain.answer?.text);
  const earlier = before === undefined ? () => undefined : stepMatch(before.chain, chain);
  const verdicts = chain.seen.map((_hash, i) => {
    const fresh = scores.exact(keys.step(i), trace.intent, trace.splitter);
    if (fresh !== undefined) return joined(fresh, false);
    const match = earlier(i);
    const carried = match === undefined ? undefined : before?.verdicts[match.step];
    if (carried !== undefined && match?.sameText === true) return { ...carried, stale: true };
    // A step that was moved takes its own verdict along, not that of the step whose place it took.
    const last = scores.lastOn(chain.own[i] ?? '');
    // Steps of another splitter are other steps, also where one of them has the same text.
    if (last?.splitter === trace.splitter) return joined(last, true);
    return carried === undefined ? undefined : { ...carried, stale: true };
  });
  return { verdicts, answer: joinAnswer(trace, chain, scores, before) };
}

/** The hash that a verdict on the answer's own text is filed under. */
export function answerTextHash(answer: string): string {
  return digest('answer', withoutCarriageReturns(answer));
}

function joinAnswer(
  trace: Trace,
  chain: TextChain,
  scores: JudgeScores,
  before: Before | undefined,
): JoinedVerdict | undefined {
  const answer = trace.chain.answer;
  if (answer === undefined) return undefined;
  const fresh = scores.exact(answerSeen(chain, answer.text), trace.intent, trace.splitter);
  if (fresh !== undefined) return joined(fresh, false);
  if (before?.answer !== undefined) return { ...before.answer, stale: true };
  const last = scores.lastOn(answerTextHash(answer.text));
  return last?.splitter === trace.splitter ? joined(last, true) : undefined;
}

function joined(record: ScoreRecord, stale: boolean): JoinedVerdict {
  const { harmfulness, helpfulness, reason, samples, time, seen } = record;
  const verdict = { harmfulness, helpfulness, reason, ...(samples === undefined ? {} : { samples }) };
  return { verdict, stale, time, seen };
}
