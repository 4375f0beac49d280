import type { Offer } from '../craft/offer';
import type { Known } from '../craft/recipe';
import type { TraceState } from '../session/traceState';
import type { Span } from '../trace/span';

/** What recipes come to at a place of an open trace; what they need loads with the first question. */
export type OffersAt = (state: TraceState, at: Span) => Promise<readonly Offer[]>;

/** What recipes may know of a trace's steps: the fresh scores of the judge who is shown. */
export function knownOf({ verdicts }: Pick<TraceState, 'verdicts'>): Known {
  const fresh = verdicts.map((joined) => (joined === undefined || joined.stale ? undefined : joined.verdict));
  return { harmfulness: fresh.map((verdict) => verdict?.harmfulness ?? null), helpfulness: fresh.map((verdict) => verdict?.helpfulness ?? null) };
}

/** What *Craft* is to do: which recipe, and where; what is absent is asked for, or taken from the cursor. */
export interface CraftRequest {
  /** A recipe's name. */
  readonly recipe?: string;
  /** The document; the active editor's where absent. */
  readonly uri?: string;
  /** Offsets in the document. */
  readonly at?: Span;
  /** A step (0-based) instead of a place. */
  readonly step?: number;
  /** By hand also where a teacher is set. */
  readonly byHand?: boolean;
}
