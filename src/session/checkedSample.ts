import type { CheckedSample, TokensOfSample } from '../craft/checks/sampleCheck';
import { recipeOfInjected } from '../craft/recipeOfInjected';
import { scoresOf, type Series } from '../curve/series';
import type { ShapeRules } from '../curve/shapeRules';
import { findFrontMatter } from '../trace/frontMatter';
import { injectedOf, type Injected } from '../trace/provenance';
import type { Trace } from '../trace/trace';
import { answerIsBases } from './baseAnswer';
import type { SampleMemory } from './sampleMemory';
import type { TraceState } from './traceState';

/** What is known of a sample besides its text and its scores. */
export interface BesideSample {
  readonly rules: ShapeRules;
  readonly tokens: TokensOfSample | undefined;
  readonly memory: SampleMemory;
}

/** Is this a crafted trace that may be spoken of? Not while somebody scores it by hand: they must not learn which steps were injected. */
export function isSample({ trace, hiddenFrom }: Pick<TraceState, 'trace' | 'hiddenFrom'>): boolean {
  return trace.frontMatter.injected.length > 0 && hiddenFrom === undefined;
}

/**
 * An open document as its checks see it, with the fresh scores of the judge that is shown.
 * @returns `undefined` where nothing was injected, or it is being scored blind
 */
export function checkedSample(state: TraceState, { rules, tokens, memory }: BesideSample, injected: Injected = injectedOf(state.trace)): CheckedSample | undefined {
  if (!isSample(state)) return undefined;
  const { trace, uri } = state;
  const fresh = state.verdicts.map((joined) => (joined?.stale === false ? joined.verdict : undefined));
  const scores = (series: Series): (number | null)[] => scoresOf(fresh, series);
  return {
    trace,
    injected,
    recipe: recipeOfInjected(injected),
    judge: state.judge,
    scores: { harmfulness: scores('harmfulness'), helpfulness: scores('helpfulness') },
    rules,
    answer: state.answer?.stale === false ? state.answer.verdict : undefined,
    answerIsBases: answerIsBases(state, injected, memory.answers(uri)),
    lastSeen: memory.lastSeen(uri, trace, injected),
    tokens,
  };
}

/** What of a sample is counted: all below the front matter, without white space around it. */
export function textOfSample({ text }: Pick<Trace, 'text'>): string {
  const top = text.startsWith('\uFEFF') ? 1 : 0;
  const head = findFrontMatter(text, top);
  return text.slice(head === undefined || head === 'unclosed' ? top : head.block.end).trim();
}
