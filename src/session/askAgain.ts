import { isWholeTraceJudge, type Judge, type JudgeIdentity, type Judgement } from '../judge/judge';
import { isJudgeFault } from '../judge/judgeFault';
import { identityKey } from '../judge/scoreRecord';
import { chainText, stepsOf } from '../judge/textChain';
import type { Series } from '../curve/series';
import type { Trace } from '../trace/trace';
import type { Score } from '../trace/verdict';

/** A step to ask about once more, in the text that it stands in. */
export interface AgainStep {
  readonly trace: Trace;
  /** 0-based. */
  readonly step: number;
}

/**
 * Asks a judge about steps that it has scored before, each as it was asked then, and files nothing. A reply without a verdict
 * leaves its step out. What a server says that has become another model is no second score of the first one: that ends the asking.
 * @param said called with the place in `steps` and the second score
 * @throws what stops the judge altogether (see `PrefixJudge.scoreStep`), Error where it answers as another, and the signal's reason
 */
export async function askAgain(
  steps: readonly AgainStep[],
  judge: Judge,
  series: Series,
  said: (place: number, score: Score) => void,
  signal: AbortSignal,
): Promise<void> {
  // The judge's own identity goes with its server's replies.
  const { identity } = judge;
  let other: JudgeIdentity | undefined;
  const take = (place: number, verdict: Judgement): void => {
    if (verdict.by !== undefined && identityKey(verdict.by) !== identityKey(identity)) other ??= verdict.by;
    else said(place, verdict[series]);
  };
  for (const [trace, places] of byTrace(steps)) {
    if (other !== undefined) throw new Error(otherModel(identity, other));
    const { chain: turn } = trace;
    const { texts, leads } = chainText(turn);
    const view = { prompt: turn.prompt?.text, intent: trace.intent };
    if (isWholeTraceJudge(judge)) {
      const wanted = places.map((place) => steps[place]?.step ?? 0).sort((a, b) => a - b);
      await leavingFaultsOut(() =>
        judge.scoreAll(
          { ...view, ...stepsOf({ texts, leads }), answer: turn.answer?.text, wanted, wantsAnswer: false },
          (target, verdict) => {
            for (const place of places) if (steps[place]?.step === target) take(place, verdict);
          },
          signal,
        ),
      );
      continue;
    }
    for (const place of places) {
      signal.throwIfAborted();
      await leavingFaultsOut(async () => {
        const shown = (steps[place]?.step ?? 0) + 1;
        const upTo = stepsOf({ texts: texts.slice(0, shown), leads: leads?.slice(0, shown) });
        const verdict = await judge.scoreStep({ ...view, ...upTo }, signal);
        take(place, verdict);
      });
      if (other !== undefined) break;
    }
  }
  if (other !== undefined) throw new Error(otherModel(identity, other));
}

function otherModel({ label, model: first }: JudgeIdentity, { model: now }: JudgeIdentity): string {
  return `${label} answers as ${now ?? 'another model'} now, and its first scores are by ${first ?? 'another'}: it cannot be asked again. Score with it, and calibrate it as it is now.`;
}

/** Places in `steps`, by the trace they stand in. */
function byTrace(steps: readonly AgainStep[]): Map<Trace, number[]> {
  const places = new Map<Trace, number[]>();
  for (const [place, { trace }] of steps.entries()) places.set(trace, [...(places.get(trace) ?? []), place]);
  return places;
}

async function leavingFaultsOut(ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (!isJudgeFault(error)) throw error;
  }
}
