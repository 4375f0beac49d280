import type { ShapeRules } from '../curve/shapeRules';
import type { SampleVerdicts } from '../curate/sample';
import type { ScoreShard } from '../judge/scoreShard';
import { scoredTrace } from '../session/scoredTrace';
import type { Trace } from '../trace/trace';

/** The verdicts of all judges on exactly this text; `first` (`identityKey`) before the others, who come in the order of their newest score. */
export function freshVerdicts(trace: Trace, shard: ScoreShard, rules: ShapeRules, first?: string): readonly SampleVerdicts[] {
  const { judges } = scoredTrace({ uri: '', doc: '' }, trace, shard, rules);
  const ordered = [...judges.filter(({ key }) => key === first), ...judges.filter(({ key }) => key !== first)];
  return ordered.map(({ identity, scores, answer }) => ({ judge: identity, ...scores, ...(answer === undefined ? {} : { answer }) }));
}
