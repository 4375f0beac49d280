import type { JudgeScores } from '../judge/scoreShard';
import type { ScoreRecord } from '../judge/scoreRecord';
import { answerSeen, digest, wholeTraceSeen, withoutCarriageReturns, type TextChain } from '../judge/textChain';
import type { Trace } from '../trace/trace';
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
  const whole = scores.identity.protocol === 'whole-trace';
  const earlier = before === undefined ? () => undefined : matcher(before.chain, chain);
  const verdicts = chain.seen.map((seen, i) => {
    const fresh = scores.exact(whole ? wholeTraceSeen(chain, i) : seen, trace.intent, trace.splitter);
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
  const answer = trace.turns[0].answer;
  if (answer === undefined) return undefined;
  const fresh = scores.exact(answerSeen(chain, answer.text), trace.intent, trace.splitter);
  if (fresh !== undefined) return joined(fresh, false);
  if (before?.answer !== undefined) return { ...before.answer, stale: true };
  const last = scores.lastOn(answerTextHash(answer.text));
  return last?.splitter === trace.splitter ? joined(last, true) : undefined;
}

function joined(record: ScoreRecord, stale: boolean): JoinedVerdict {
  const { harmfulness, helpfulness, reason, time } = record;
  return { verdict: { harmfulness, helpfulness, reason }, stale, time };
}

/** Where a step stood before an edit, and whether its text is still the same. */
interface Match {
  readonly step: number;
  readonly sameText: boolean;
}

/**
 * Where each step of the new text stood in the old one: equal steps are matched from the top and from the bottom, and what lies
 * between, the edited stretch, position by position if it has as many steps as before; inserted steps match nothing.
 * Where nothing is equal at either end it is another text, and nothing matches.
 */
function matcher(old: TextChain, now: TextChain): (step: number) => Match | undefined {
  const shorter = Math.min(old.own.length, now.own.length);
  let top = 0;
  while (top < shorter && old.own[top] === now.own[top]) top++;
  let bottom = 0;
  while (bottom < shorter - top && old.own.at(-1 - bottom) === now.own.at(-1 - bottom)) bottom++;
  const shift = old.own.length - now.own.length;
  const sameTrace = top + bottom > 0 || old.own.length === 1;
  return (step) => {
    if (step < top) return { step, sameText: true };
    if (step >= now.own.length - bottom) return { step: step + shift, sameText: true };
    return shift === 0 && sameTrace ? { step, sameText: false } : undefined;
  };
}
