import { identityKey } from '../judge/scoreRecord';
import type { TextChain } from '../judge/textChain';
import type { Disposable } from '../trace/event';
import type { Score } from '../trace/verdict';
import { stepMatch } from './stepMatch';
import type { TraceState } from './traceState';
import type { TraceStore } from './traceStore';

/** A curve whose every verdict was given on exactly the text that stood there. */
interface FreshCurve {
  readonly chain: TextChain;
  readonly harmfulness: readonly Score[];
  readonly helpfulness: readonly Score[];
}

interface Kept {
  readonly newest: FreshCurve;
  /** The one before `newest`, of another text. */
  readonly older: FreshCurve | undefined;
}

/** What a trace's curve was before an edit, laid out on the steps it has now. */
export interface CurveBefore {
  /** One a step of the text as it is now; `null` where the step is new, or was not scored. */
  readonly harmfulness: readonly Score[];
  readonly helpfulness: readonly Score[];
  readonly steps: number;
}

/**
 * Keeps, for each open document and judge, the last wholly fresh curve and the one of another text before it, so that an edit can
 * be seen beside what it changed. In memory alone; a closed document is forgotten.
 */
export class BeforeEdit implements Disposable {
  private readonly kept = new Map<string, Map<string, Kept>>();
  private readonly listening: Disposable;

  constructor(store: TraceStore) {
    for (const uri of store.uris) this.look(uri, store.get(uri));
    this.listening = store.onDidChange((uri) => {
      this.look(uri, store.get(uri));
    });
  }

  /** The last wholly fresh curve of the shown judge that was of another text than the one that stands there now. */
  of(state: TraceState): CurveBefore | undefined {
    if (state.judge === undefined) return undefined;
    const kept = this.kept.get(state.uri)?.get(keyOf(state, identityKey(state.judge)));
    if (kept === undefined) return undefined;
    const before = sameText(kept.newest.chain, state.chain) ? kept.older : kept.newest;
    if (before === undefined) return undefined;
    const matched = stepMatch(before.chain, state.chain);
    const laid = (scores: readonly Score[]): Score[] =>
      state.chain.own.map((_, i) => {
        const match = matched(i);
        return match === undefined ? null : (scores[match.step] ?? null);
      });
    return { harmfulness: laid(before.harmfulness), helpfulness: laid(before.helpfulness), steps: before.chain.own.length };
  }

  dispose(): void {
    this.listening.dispose();
    this.kept.clear();
  }

  private look(uri: string, state: TraceState | undefined): void {
    if (state === undefined) {
      this.kept.delete(uri);
      return;
    }
    // A curve that is still being scored is no whole one, and neither is one with a stale step.
    if (state.judge === undefined || state.verdicts.length === 0) return;
    if (state.verdicts.some((joined) => joined === undefined || joined.stale)) return;
    const ofDocument = this.kept.get(uri) ?? new Map<string, Kept>();
    const key = keyOf(state, identityKey(state.judge));
    const known = ofDocument.get(key);
    if (known !== undefined && known.newest.chain === state.chain) return;
    const newest: FreshCurve = {
      chain: state.chain,
      harmfulness: state.verdicts.map((joined) => joined?.verdict.harmfulness ?? null),
      helpfulness: state.verdicts.map((joined) => joined?.verdict.helpfulness ?? null),
    };
    const older = known === undefined || sameText(known.newest.chain, state.chain) ? known?.older : known.newest;
    this.kept.set(uri, ofDocument.set(key, { newest, older }));
  }
}

/** Steps of another splitter are other steps. */
function keyOf({ trace }: TraceState, judge: string): string {
  return `${judge} ${trace.splitter}`;
}

function sameText(a: TextChain, b: TextChain): boolean {
  return a === b || (a.seen.length === b.seen.length && a.seen.at(-1) === b.seen.at(-1));
}
