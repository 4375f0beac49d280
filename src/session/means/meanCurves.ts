import { placesOf } from '../../curve/alignment';
import type { BySeries, MeanChoice, MeanColumns, MeanCurvesModel, MeanGroup, MeanJudge, MixModel } from '../../curve/meanCurvesModel';
import { ALL_SERIES, type Series } from '../../curve/series';
import type { BootstrapOptions } from '../../judge/bootstrap';
import type { CalibrationOf } from '../calibrationNote';
import { inSlices } from './inSlices';
import { differenceOf, meanColumns, saidBy, type Said } from './meanColumns';
import { conditionsOf, countedInWords, notesOf, whyNone } from './meanCurvesInWords';
import { groupsOf } from './meanGroups';
import type { MeanTrace } from './meanTrace';
import { judgesIn, ownSeries } from '../scoredTrace';
import { judgeName } from '../traceSummary';

/** More curves than this nobody tells apart; the smaller groups are counted and not drawn. Ours. */
export const MOST_GROUPS = 12;

/** The traces to make mean curves of. */
export interface MeanSet {
  /** What they are of, in words. */
  readonly title: string;
  /** Those with fresh scores of anybody. */
  readonly traces: readonly MeanTrace[];
  /** How many were asked for, scored or not: traces, or where `unit` says so rows, each of which may hold several. */
  readonly asked: number;
  readonly unit?: 'row' | 'trace' | 'sample';
  /** How the set was chosen, where that depends on scores. */
  readonly conditioned: readonly string[];
  readonly notes: readonly string[];
  /** Same-prompt pairs of two files: their names, and how many pairs there are. */
  readonly paired?: { readonly names: readonly [string, string]; readonly pairs: number };
  /** Of a curated set. */
  readonly mix?: MixModel;
}

export interface MeanTools {
  readonly signal: AbortSignal;
  readonly calibrationOf: CalibrationOf;
  readonly bootstrap?: BootstrapOptions;
}

/** The model, and the traces behind each of its groups, in the same order. */
export interface MeanResult {
  readonly model: MeanCurvesModel;
  readonly members: readonly (readonly MeanTrace[])[];
}

/**
 * Mean curves of one judge over a set of traces. Only judges that earn names have a place in them (DESIGN section 6); traces that the
 * judge has not scored as they are now are left out and counted. Lets other work run in between.
 * @throws the signal's reason
 */
export async function meanCurves(set: MeanSet, choice: MeanChoice, { signal, calibrationOf, bootstrap }: MeanTools): Promise<MeanResult> {
  const judges = judgesIn(set.traces)
    .filter(({ identity }) => identity.earnsNames)
    .map(({ key, identity, traces }): MeanJudge => ({
      key,
      name: judgeName(identity, calibrationOf(key)),
      model: identity.model ?? null,
      protocol: identity.protocol,
      rubric: identity.rubric,
      traces,
    }));
  const judge = judges.find(({ key }) => key === choice.judge) ?? judges[0] ?? null;
  const { alignment, by } = choice;
  const places = placesOf(alignment);
  const traces = judge === null ? [] : tracesOf(set, judge.key);
  const found = groupsOf(traces, by, judge?.key ?? '');
  const drawn = found.slice(0, MOST_GROUPS);
  const groups: MeanGroup[] = [];
  for (const group of drawn) {
    groups.push({
      name: group.name,
      traces: group.traces.length,
      truncated: group.traces.filter(({ ending }) => ending === 'truncated').length,
      series: await bySeries((series) => group.traces.map((trace) => saidBy(trace, judge?.key ?? '', series, alignment))),
    });
  }
  const difference =
    set.paired === undefined || judge === null
      ? null
      : { name: `${set.paired.names[1]} less ${set.paired.names[0]}`, series: await bySeries((series) => differences(traces, judge.key, series)) };
  const model: MeanCurvesModel = {
    title: set.title,
    choice: { ...choice, judge: judge?.key ?? null },
    judge,
    judges,
    why: judge === null ? whyNone(set) : null,
    asked: set.paired?.pairs ?? set.asked,
    scored: set.paired === undefined ? traces.length : traces.length / 2,
    counted: countedInWords(set, traces),
    shown: shownIn(traces, groups),
    places,
    groups,
    conditioned: conditionsOf(set, choice),
    notes: notesOf(set, traces, choice, found.slice(drawn.length)),
    difference,
    mix: set.mix,
  };
  return { model, members: drawn.map((group) => group.traces) };

  async function bySeries(saidOf: (series: Series) => Said[]): Promise<BySeries> {
    const columns: [Series, MeanColumns][] = [];
    for (const series of ALL_SERIES) columns.push([series, await inSlices(meanColumns(saidOf(series), places.length, bootstrap), signal)]);
    return Object.fromEntries(columns) as Record<Series, MeanColumns>;
  }

  function differences(all: readonly MeanTrace[], key: string, series: Series): Said[] {
    return pairsIn(all).map(([before, after]) => differenceOf(saidBy(before, key, series, alignment), saidBy(after, key, series, alignment)));
  }
}

/** The traces that the judge scored; of pairs, both traces of those pairs whose both traces it scored. */
function tracesOf({ traces, paired }: MeanSet, judge: string): readonly MeanTrace[] {
  const scored = traces.filter(({ judges }) => judges.some(({ key }) => key === judge));
  return paired === undefined ? scored : pairsIn(scored).flat();
}

/** The pairs of which both traces are there, in the order of the pairs. */
export function pairsIn(traces: readonly MeanTrace[]): [MeanTrace, MeanTrace][] {
  const sides = [new Map<number, MeanTrace>(), new Map<number, MeanTrace>()] as const;
  for (const trace of traces) if (trace.pair !== undefined) sides[trace.pair.side].set(trace.pair.number, trace);
  return [...sides[0]].flatMap(([number, before]): [MeanTrace, MeanTrace][] => {
    const after = sides[1].get(number);
    return after === undefined ? [] : [[before, after]];
  });
}

/** The series that are the traces' own, as far as anything is scored on them. */
function shownIn(traces: readonly MeanTrace[], groups: readonly MeanGroup[]): readonly Series[] {
  const own = new Set(traces.flatMap((trace) => ownSeries(trace)));
  const filled = (series: Series): boolean => groups.some((group) => group.series[series].n > 0);
  const shown = ALL_SERIES.filter((series) => own.has(series) && filled(series));
  return shown.length > 0 ? shown : ALL_SERIES.filter(filled);
}
