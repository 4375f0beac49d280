import type { Series } from '../../curve/series';
import type { ScoreShard } from '../../judge/scoreShard';
import type { Score } from '../../trace/verdict';
import { injectedOf } from '../../trace/provenance';
import type { Ending, Trace } from '../../trace/trace';
import type { ShapeRules } from '../../curve/shapeRules';
import { scoredTrace, type ScoredTrace } from '../scoredTrace';

/** A trace as mean curves see it: numbers and what it is told apart by, no text. Tens of thousands of them fit into memory. */
export interface MeanTrace extends Omit<ScoredTrace, 'seen'> {
  /** The file that it lies in: of a row its dataset; with others in it one group. A name for people. */
  readonly file: string;
  readonly model: string | undefined;
  readonly source: string | undefined;
  /** By which it was crafted: that of the first injected step, where it is noted. */
  readonly recipe?: string | undefined;
  readonly steps: number;
  readonly ending: Ending;
  /** Injected steps, 0-based, ascending. */
  readonly injected: readonly number[];
  /** Marks of injected steps whose steps are gone. */
  readonly injectedLost: number;
  /** The steps are a provider's summary of reasoning that it does not show. */
  readonly summary: boolean;
  /** Of a dataset's row: which, 0-based. A row may hold several traces. */
  readonly row?: number;
  /** Of same-prompt pairs: which pair, and which of its two. */
  readonly pair?: { readonly number: number; readonly side: 0 | 1 };
}

/** A trace with fresh scores, for mean curves. */
export function meanTrace(
  place: { readonly uri: string; readonly doc: string; readonly file: string },
  trace: Trace,
  shard: ScoreShard,
  rules: ShapeRules,
): MeanTrace {
  const { seen, ...scored } = scoredTrace(place, trace, shard, rules);
  const injected = injectedOf(trace);
  return {
    ...scored,
    file: place.file,
    model: trace.frontMatter.model,
    source: trace.frontMatter.source,
    recipe: injected.steps.find(({ recipe }) => recipe !== undefined)?.recipe,
    steps: seen.length,
    ending: trace.chain.ending,
    injected: injected.steps.map(({ step }) => step),
    injectedLost: injected.lost.length,
    summary: trace.frontMatter.reasoning === 'summary',
  };
}

/** One judge's scores of a trace on one series; none where it has not scored it. */
export function scoresBy(trace: Pick<MeanTrace, 'judges'>, judge: string, series: Series): readonly Score[] {
  return trace.judges.find(({ key }) => key === judge)?.scores[series] ?? [];
}
