import { curveOf } from '../curve/curve';
import type { AnswerScores, CurveColumns, CurvesModel, JudgeChoice, JudgeCurves, SpreadColumns } from '../curve/curvesModel';
import type { Series } from '../curve/series';
import type { ShapeRules } from '../curve/shapeRules';
import type { JudgeIdentity } from '../judge/judge';
import { identityKey } from '../judge/scoreRecord';
import type { Verdict } from '../trace/verdict';
import type { CurveBefore } from './beforeEdit';
import { joinVerdicts } from './joinVerdicts';
import { staleRuns, type JoinedVerdict, type TraceState } from './traceState';
import { badges, curveInWords, judgeNameIn } from './traceSummary';

/** What a page asks for, beside the trace's own state. */
export interface CurvesChoice {
  /** The document's name for people. */
  readonly doc: string;
  /** Judges (`identityKey`) to lay over the shown one; those without scores here are left out. */
  readonly overlay: readonly string[];
  readonly rules: ShapeRules;
  readonly before: CurveBefore | undefined;
}

/** What the Curves page shows of a trace: the shown judge's curves, those laid over them, and all that they are to be read by. */
export function curvesModel(state: TraceState, { doc, overlay, rules, before }: CurvesChoice): CurvesModel {
  const { judge, trace, turn } = state;
  const shownKey = judge === undefined ? undefined : identityKey(judge);
  const judges: JudgeCurves[] = [];
  if (judge !== undefined) judges.push(judgeCurves(state, judge, state, rules, true));
  for (const key of new Set(overlay)) {
    const scores = key === shownKey ? undefined : state.judges.find((one) => one.key === key);
    if (scores === undefined) continue;
    judges.push(judgeCurves(state, scores.identity, joinVerdicts(trace, state.chain, scores, undefined), rules, false));
  }
  return {
    uri: state.uri,
    doc,
    version: state.version,
    intent: trace.intent,
    splitter: trace.splitter,
    steps: turn.steps.length,
    ending: badges(state).join(' · ') || null,
    hasAnswer: turn.answer !== undefined,
    shown: state.shown,
    thresholds: { low: rules.low, high: rules.high },
    judges,
    choices: state.judges.map(({ identity }) => judgeChoice(state, identity)),
    before: before === undefined ? null : before,
    scoring: state.scoring === undefined ? null : { done: state.scoring.done, total: state.scoring.total },
  };
}

/** How a judge is named on the page, with what tells it from others. */
export function judgeChoice(state: Pick<TraceState, 'calibrations'>, identity: JudgeIdentity): JudgeChoice {
  return {
    key: identityKey(identity),
    name: judgeNameIn(state, identity),
    judge: identity.judge,
    model: identity.model ?? null,
    protocol: identity.protocol,
    rubric: identity.rubric,
    person: identity.judge === 'person',
  };
}

interface Joined {
  readonly verdicts: readonly (JoinedVerdict | undefined)[];
  readonly answer: JoinedVerdict | undefined;
}

function judgeCurves(
  state: TraceState,
  identity: JudgeIdentity,
  { verdicts, answer }: Joined,
  rules: ShapeRules,
  shown: boolean,
): JudgeCurves {
  const plain = verdicts.map((joined) => joined?.verdict);
  const columns = (series: Series): CurveColumns => {
    const curve = curveOf(plain, series, state.trace.intent, identity.earnsNames, rules);
    return {
      scores: curve.scores,
      n: curve.shape.scored,
      words: curveInWords(curve),
      turningPoints: shown ? curve.shape.turningPoints : [],
      spread: spreadOf(plain, series),
    };
  };
  return {
    ...judgeChoice(state, identity),
    harmfulness: columns('harmfulness'),
    helpfulness: columns('helpfulness'),
    stale: staleRuns(verdicts).flatMap(({ from, to }) => [from, to]),
    verdicts: plain.reduce((sum, verdict) => sum + (verdict === undefined ? 0 : 1), 0),
    answer: answer === undefined ? null : answerScores(answer),
  };
}

function answerScores({ verdict, stale }: JoinedVerdict): AnswerScores {
  return { harmfulness: verdict.harmfulness, helpfulness: verdict.helpfulness, stale };
}

/** Mean, least and greatest of each step's samples; samples without a score on this series do not count. */
function spreadOf(verdicts: readonly (Verdict | undefined)[], series: Series): SpreadColumns | null {
  if (!verdicts.some((verdict) => (verdict?.samples?.length ?? 0) > 1)) return null;
  const spread = {
    n: new Array<number>(verdicts.length).fill(0),
    mean: new Array<number | null>(verdicts.length).fill(null),
    low: new Array<number | null>(verdicts.length).fill(null),
    high: new Array<number | null>(verdicts.length).fill(null),
  };
  for (const [i, verdict] of verdicts.entries()) {
    let sum = 0;
    let [low, high] = [Infinity, -Infinity];
    let n = 0;
    for (const sample of verdict?.samples ?? []) {
      const score = sample[series];
      if (score === null) continue;
      n++;
      sum += score;
      low = Math.min(low, score);
      high = Math.max(high, score);
    }
    if (n === 0) continue;
    spread.n[i] = n;
    spread.mean[i] = sum / n;
    spread.low[i] = low;
    spread.high[i] = high;
  }
  return spread;
}
