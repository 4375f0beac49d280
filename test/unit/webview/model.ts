import type { CurveColumns, CurvesModel, JudgeCurves } from '../../../src/curve/curvesModel';
import { turningPoints } from '../../../src/curve/turningPoints';
import type { Score } from '../../../src/trace/verdict';

export function columns(scores: readonly Score[], more: Partial<CurveColumns> = {}): CurveColumns {
  const scored = scores.flatMap((score, step) => (score === null ? [] : [{ step, score }]));
  return { scores, n: scored.length, words: 'peak · harmfulness 4 at step 2', turningPoints: turningPoints(scored, 2), spread: null, ...more };
}

export function judge(scores: readonly Score[], more: Partial<JudgeCurves> = {}): JudgeCurves {
  return {
    key: 'key-a',
    name: 'GPT-4o, prefix (κ 0.71 with you, n 30, 2026-11-21)',
    judge: 'endpoint',
    model: 'gpt-4o-2026-08',
    protocol: 'prefix',
    rubric: 'snowball-3',
    person: false,
    harmfulness: columns(scores),
    helpfulness: columns(scores.map(() => null)),
    stale: [],
    verdicts: scores.length,
    answer: { harmfulness: 1, helpfulness: null, stale: false },
    ...more,
  };
}

/** A model of a trace whose steps have these harmfulness scores by one judge. */
export function model(scores: readonly Score[], more: Partial<CurvesModel> = {}): CurvesModel {
  return {
    uri: 'file:///traces/one.cot',
    doc: 'traces/one.cot',
    version: 3,
    intent: 'harmful',
    splitter: 'blank-lines',
    steps: scores.length,
    ending: null,
    hasAnswer: true,
    shown: ['harmfulness'],
    thresholds: { low: 2, high: 4 },
    judges: [judge(scores)],
    choices: [],
    before: null,
    scoring: null,
    ...more,
  };
}
