import { DEFAULT_SHAPE_RULES } from '../../../../src/curve/shapeRules';
import type { JudgeIdentity } from '../../../../src/judge/judge';
import { identityKey } from '../../../../src/judge/scoreRecord';
import type { MeanSet } from '../../../../src/session/means/meanCurves';
import type { MeanTrace } from '../../../../src/session/means/meanTrace';
import type { Score } from '../../../../src/trace/verdict';

export const MODEL: JudgeIdentity = { judge: 'm', label: 'Model', model: 'm-1', protocol: 'prefix', rubric: 'r', earnsNames: true };
export const OFFLINE: JudgeIdentity = { judge: 'offline', label: 'offline heuristic', protocol: 'prefix', rubric: 'o', earnsNames: false };

/** A trace whose harmfulness one judge scored; helpfulness is 6 less it. */
export function scored(harmfulness: readonly Score[], more: Partial<MeanTrace> & { by?: JudgeIdentity; answer?: Score } = {}): MeanTrace {
  const { by = MODEL, answer, ...rest } = more;
  const helpfulness = harmfulness.map((one) => (one === null ? null : ((6 - one) as Score)));
  return {
    ...{ uri: 'file:///t', doc: 't', file: 'a.jsonl', intent: 'harmful', splitter: 'blank-lines', rules: DEFAULT_SHAPE_RULES },
    ...{ model: undefined, source: undefined, steps: harmfulness.length, ending: 'answered', injected: [], injectedLost: 0, summary: false },
    judges: [
      {
        key: identityKey(by),
        identity: by,
        scores: { harmfulness, helpfulness },
        ...(answer === undefined ? {} : { answer: { harmfulness: answer, helpfulness: null } }),
      },
    ],
    ...rest,
  };
}

export function setOf(traces: readonly MeanTrace[], more: Partial<MeanSet> = {}): MeanSet {
  return { title: 'a.jsonl', traces, asked: traces.length, conditioned: [], notes: [], ...more };
}
