import type { Judge, JudgeIdentity, WholeView } from '../judge/judge';
import { identityKey } from '../judge/scoreRecord';
import type { JudgeScores, ScoreShard } from '../judge/scoreShard';
import { seenKeys, stepsOf, type SeenKeys } from '../judge/textChain';
import type { TraceState } from './traceState';

/** What a judge has still to say of a trace. */
export interface Missing {
  /** All that the judge may be shown, and what is wanted of it. */
  readonly view: WholeView;
  /** Verdicts that are there already and will not be asked for again. */
  readonly kept: number;
  /** Under whom verdicts are filed so far: the judge, or where its snapshot is not known yet, its last one in this trace. */
  readonly identity: JudgeIdentity;
  readonly keys: SeenKeys;
}

/**
 * Finds what a judge has not scored of a trace yet.
 * @param again asks anew also for what could not be scored (`null`)
 */
export function missingOf(state: TraceState, scores: ScoreShard, judge: Pick<Judge, 'identity'>, again = false): Missing {
  const { trace, turn, chain } = state;
  const known = lastScores(scores, judge.identity);
  const identity = known?.identity ?? judge.identity;
  const keys = seenKeys(identity.protocol, chain, turn.answer?.text);
  const isMissing = (seen: string): boolean => {
    const record = known?.exact(seen, trace.intent, trace.splitter);
    return record === undefined || (again && record.harmfulness === null);
  };
  const wanted = chain.seen.flatMap((_hash, i) => (isMissing(keys.step(i)) ? [i] : []));
  const wantsAnswer = keys.answer !== undefined && isMissing(keys.answer);
  const total = wanted.length + (wantsAnswer ? 1 : 0);
  return {
    view: { prompt: turn.prompt?.text, intent: trace.intent, ...stepsOf(chain), answer: turn.answer?.text, wanted, wantsAnswer },
    kept: chain.seen.length + (keys.answer === undefined ? 0 : 1) - total,
    identity,
    keys,
  };
}

/** The judge's scores; of a model judge that does not know its snapshot yet, those of the one that scored this trace last. */
function lastScores(scores: ScoreShard, identity: JudgeIdentity): JudgeScores | undefined {
  const key = identityKey(identity);
  const own = scores.of(key);
  if (identity.model !== undefined) return own;
  return scores.all().find((one) => one.identity.model !== undefined && keyWithoutModel(one.identity) === key) ?? own;
}

function keyWithoutModel({ model: _, ...rest }: JudgeIdentity): string {
  return identityKey(rest);
}
