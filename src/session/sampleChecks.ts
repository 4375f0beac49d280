import type { TokensOfSample } from '../craft/checks/sampleCheck';
import type { Earned } from '../craft/earned';
import type { ShapeRules } from '../curve/shapeRules';
import { identityKey } from '../judge/scoreRecord';
import { EventSource, type Disposable } from '../trace/event';
import { isSample, textOfSample } from './sample';
import type { SampleChecked } from './sampleChecks.onDemand';
import { SampleMemory } from './sampleMemory';
import type { TraceState } from './traceState';
import type { TraceStore } from './traceStore';

/** A sample is checked when nothing has changed for so long, in milliseconds: not at each key. Ours. */
const PAUSE = 150;

/** Counts a sample's tokens, now or later. */
export interface TokensOf {
  /** `undefined` while they are being counted; `onDidCount` fires then. */
  of(uri: string, text: string): TokensOfSample | undefined;
  /** Fires with the documents' URI when a count has come, and with `undefined` when all counts are to be asked for anew. */
  readonly onDidCount: (listener: (uri: string | undefined) => void) => Disposable;
}

/** What the checks go by. */
export interface SampleChecksParts {
  readonly store: Pick<TraceStore, 'get' | 'uris' | 'onDidChange'>;
  readonly tokens: TokensOf;
  /** What makes a shape, for a document. */
  readonly rulesOf: (uri: string) => ShapeRules;
  /** What failed: that the checks could not be loaded, for instance. */
  readonly failed: (error: unknown) => void;
}

/** Follows the open documents, and checks those into which something was injected. The checks are loaded with the first of them. */
export class SampleChecks implements Disposable {
  private readonly memory = new SampleMemory();
  private readonly results = new Map<string, SampleChecked>();
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly changes: EventSource<string>;
  private readonly listening: readonly Disposable[];
  private disposed = false;

  constructor(private readonly parts: SampleChecksParts) {
    const { store, tokens } = parts;
    this.changes = new EventSource(parts.failed);
    this.listening = [
      store.onDidChange((uri) => {
        this.follow(uri);
      }),
      tokens.onDidCount((uri) => {
        for (const one of uri === undefined ? this.results.keys() : [uri]) this.soon(one);
      }),
    ];
    for (const uri of store.uris) this.follow(uri);
  }

  /** Fires with the URI of a document of which something else is said now, or nothing any more. */
  get onDidChange(): (listener: (uri: string) => void) => Disposable {
    return this.changes.event;
  }

  /** What was said last of a document; perhaps of the version before this one, see its `state`. */
  of(uri: string): SampleChecked | undefined {
    return this.results.get(uri);
  }

  /** The badge of a document as it stands; `undefined` where it is not earned, or not known yet. */
  earnedOf({ uri, version, judge, verdicts }: TraceState): Earned | undefined {
    const found = this.results.get(uri);
    if (found?.earned === undefined || found.state.version !== version || judge === undefined) return undefined;
    if (identityKey(judge) !== identityKey(found.earned.judge)) return undefined;
    return verdicts.some((joined) => joined?.stale !== false) ? undefined : found.earned;
  }

  /**
   * Checks a document at once, as it stands; `undefined` where nothing was injected into it. Tokens that are still being counted are not
   * waited for.
   * @throws Error where the checks cannot be loaded
   */
  async check(uri: string): Promise<SampleChecked | undefined> {
    clearTimeout(this.waiting.get(uri));
    this.waiting.delete(uri);
    const { checked } = await import('./sampleChecks.onDemand');
    const { store, tokens, rulesOf } = this.parts;
    const state = store.get(uri);
    if (this.disposed || state === undefined || !isSample(state)) return undefined;
    const found = checked(state, { rules: rulesOf(uri), tokens: tokens.of(uri, textOfSample(state.trace)), memory: this.memory });
    if (found !== undefined) {
      this.results.set(uri, found);
      this.changes.fire(uri);
    }
    return found;
  }

  dispose(): void {
    this.disposed = true;
    for (const one of this.listening) one.dispose();
    for (const timer of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
    this.results.clear();
    this.changes.dispose();
  }

  private follow(uri: string): void {
    const state = this.parts.store.get(uri);
    if (state === undefined) this.memory.forget(uri);
    else this.memory.follow(uri, state.trace);
    if (state !== undefined && isSample(state)) {
      this.soon(uri);
      return;
    }
    clearTimeout(this.waiting.get(uri));
    this.waiting.delete(uri);
    if (this.results.delete(uri)) this.changes.fire(uri);
  }

  private soon(uri: string): void {
    clearTimeout(this.waiting.get(uri));
    const timer = setTimeout(() => {
      this.check(uri).catch(this.parts.failed);
    }, PAUSE);
    this.waiting.set(uri, timer);
  }
}
