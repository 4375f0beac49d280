import type { CheckedSample, TokensOfSample } from '../craft/checks/sampleCheck';
import { recipeOfInjected } from '../craft/recipeOfInjected';
import { scoresOf, type Series } from '../curve/series';
import type { ShapeRules } from '../curve/shapeRules';
import { injectedOf, type Injected } from '../trace/provenance';
import { answerIsBases } from './baseAnswer';
import { isSample } from './sample';
import type { SampleMemory } from './sampleMemory';
import type { TraceState } from './traceState';

/** What is known of a sample besides its text and its scores. */
export interface BesideSample {
  readonly rules: ShapeRules;
  readonly tokens: TokensOfSample | undefined;
  readonly memory: SampleMemory;
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
