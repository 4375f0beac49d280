import { ALL_SERIES, seriesFor, type Series } from '../curve/series';
import type { ShapeRules } from '../curve/shapeRules';
import type { JudgeIdentity } from '../judge/judge';
import type { ScoreShard } from '../judge/scoreShard';
import { chainText } from '../judge/textChain';
import type { Intent } from '../trace/intent';
import type { Trace } from '../trace/trace';
import type { Score } from '../trace/verdict';
import { joinVerdicts } from './joinVerdicts';
import { judgeName } from './traceSummary';

/** What one judge says of the steps as they are now; `null` where it said nothing, and where it could not score. */
export interface JudgedSteps {
  /** `identityKey`. */
  readonly key: string;
  readonly identity: JudgeIdentity;
  readonly scores: Readonly<Record<Series, readonly Score[]>>;
  /** Of the answer, where it was scored as it is now: outside the curve. */
  readonly answer?: Readonly<Record<Series, Score>>;
}

/** A document with the fresh scores of all its judges, without its text: thousands of them fit into memory. */
export interface ScoredTrace {
  readonly uri: string;
  /** The document's name for people. */
  readonly doc: string;
  readonly intent: Intent;
  readonly splitter: string;
  /** What makes a shape, as set for this document. */
  readonly rules: ShapeRules;
  /** For each step, a hash of the prompt and all steps up to it (see `textChain`): equal for equal steps in equal context. */
  readonly seen: readonly string[];
  readonly judges: readonly JudgedSteps[];
}

/** The series that are a trace's own, by its intent; where that is ambiguous or unknown both are. */
export function ownSeries({ intent }: Pick<ScoredTrace, 'intent'>): readonly Series[] {
  return seriesFor('auto', intent);
}

/** Joins a document with what each judge says of exactly this text; stale verdicts are left out. */
export function scoredTrace(document: { uri: string; doc: string }, trace: Trace, shard: ScoreShard, rules: ShapeRules): ScoredTrace {
  const chain = chainText(trace.chain);
  const judges = shard.all().flatMap((judge): JudgedSteps[] => {
    const { verdicts, answer } = joinVerdicts(trace, chain, judge, undefined);
    const fresh = verdicts.map((joined) => (joined?.stale === false ? joined.verdict : undefined));
    if (fresh.every((verdict) => verdict === undefined)) return [];
    const scores = Object.fromEntries(ALL_SERIES.map((series) => [series, fresh.map((verdict) => verdict?.[series] ?? null)]));
    const { harmfulness, helpfulness } = answer?.verdict ?? {};
    const ofAnswer = answer?.stale === false ? { answer: { harmfulness: harmfulness ?? null, helpfulness: helpfulness ?? null } } : {};
    return [{ key: judge.key, identity: judge.identity, scores: scores as Record<Series, Score[]>, ...ofAnswer }];
  });
  return { ...document, intent: trace.intent, splitter: trace.splitter, rules, seen: chain.seen, judges };
}

/** A judge with scores, and how many traces it scored. */
export interface CountedJudge {
  /** `identityKey`. */
  readonly key: string;
  readonly identity: JudgeIdentity;
  readonly traces: number;
}

/** Has this judge fresh scores of the trace? */
export function scoredBy({ judges }: ScoredTrace, key: string): boolean {
  return judges.some((judge) => judge.key === key);
}

/** Everybody with fresh scores, those with most traces first. */
export function judgesIn(traces: readonly Pick<ScoredTrace, 'judges'>[]): CountedJudge[] {
  const judges = new Map<string, CountedJudge>();
  for (const trace of traces) {
    for (const { key, identity } of trace.judges) judges.set(key, { key, identity, traces: (judges.get(key)?.traces ?? 0) + 1 });
  }
  return [...judges.values()].sort((a, b) => b.traces - a.traces || (judgeName(a.identity) < judgeName(b.identity) ? -1 : 1));
}

/** The step (0-based) with this prompt and these steps before it (see `textChain`); −1 where the trace has none. */
export function stepSeen({ chain }: Trace, seen: string): number {
  return chainText(chain).seen.indexOf(seen);
}
