import type { GroupBy } from '../../curve/meanCurvesModel';
import { shapeOf } from '../../curve/shape';
import { INTENTS } from '../../trace/intent';
import { ownSeries } from '../scoredTrace';
import { scoresBy, type MeanTrace } from './meanTrace';

/** Traces that make one curve. */
export interface TraceGroup {
  readonly name: string;
  readonly traces: readonly MeanTrace[];
}

const SHAPES = ['flat, low', 'flat, middle', 'flat, high', 'rising', 'falling', 'peak', 'valley', 'mixed', 'too short'];

/**
 * Tells traces apart. Intents and shapes have an order of their own; all else comes the largest group first, then by name.
 * A trace's shape is that of its intent's own series, of harmfulness where both are (ours).
 */
export function groupsOf(traces: readonly MeanTrace[], by: GroupBy, judge: string): TraceGroup[] {
  if (by === 'none') return traces.length === 0 ? [] : [{ name: 'all traces', traces }];
  const groups = new Map<string, MeanTrace[]>();
  for (const trace of traces) {
    const name = nameOf(trace, by, judge);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [trace]);
    else group.push(trace);
  }
  const order: readonly string[] = by === 'shape' ? SHAPES : by === 'intent' ? INTENTS : [];
  // A file that comes first in the set is the one before; it stays first.
  const rank = (name: string): number => (by === 'file' ? 0 : order.indexOf(name));
  return [...groups]
    .map(([name, members]) => ({ name, traces: members }))
    .sort((a, b) => rank(a.name) - rank(b.name) || (by === 'file' ? 0 : b.traces.length - a.traces.length || (a.name < b.name ? -1 : 1)));
}

function nameOf(trace: MeanTrace, by: Exclude<GroupBy, 'none'>, judge: string): string {
  switch (by) {
    case 'intent':
      return trace.intent;
    case 'file':
      return trace.file;
    case 'recipe':
      return trace.recipe ?? 'no recipe';
    case 'source':
      return trace.source ?? 'no source given';
    case 'model':
      return trace.model ?? 'no model given';
    case 'shape': {
      const { kind, level } = shapeOf(scoresBy(trace, judge, ownSeries(trace)[0] ?? 'harmfulness'), trace.rules);
      return level === undefined ? kind : `${kind}, ${level}`;
    }
  }
}
