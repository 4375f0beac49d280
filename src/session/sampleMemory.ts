import { chainHash, type Injected } from '../trace/provenance';
import type { Trace } from '../trace/trace';

interface Remembered {
  last: Trace;
  /** By `chainHash`: the answers of chains that something was then injected into. */
  readonly answers: Map<string, string>;
  /** By entry as it is written: where its step stood, and how many steps there were. */
  readonly places: Map<string, { readonly step: number; readonly of: number }>;
}

/** What is remembered of each open document while it is crafted, in memory alone: bases, and where injected steps stood. */
export class SampleMemory {
  private readonly documents = new Map<string, Remembered>();

  /** Takes note of each text that a document has. */
  follow(uri: string, trace: Trace): void {
    const known = this.documents.get(uri);
    if (known === undefined) {
      this.documents.set(uri, { last: trace, answers: new Map(), places: new Map() });
      return;
    }
    const { last } = known;
    known.last = trace;
    // The hash of a chain is worked out only where something was just injected into it.
    if (trace.frontMatter.injected.length > last.frontMatter.injected.length) known.answers.set(chainHash(last.chain.steps), last.chain.answer?.text ?? '');
  }

  /** Takes note of where injected steps are now. */
  found(uri: string, trace: Trace, { steps }: Injected): void {
    const places = this.documents.get(uri)?.places;
    for (const { entry, step } of steps) places?.set(JSON.stringify(trace.frontMatter.injected[entry]), { step, of: trace.chain.steps.length });
  }

  /** By `chainHash`. */
  answers(uri: string): ReadonlyMap<string, string> {
    return this.documents.get(uri)?.answers ?? new Map<string, string>();
  }

  /** Where the steps of lost entries stood, by entry; only as long as there are as many steps as then. */
  lastSeen(uri: string, trace: Trace, { lost }: Injected): ReadonlyMap<number, number> {
    const places = this.documents.get(uri)?.places;
    const found = lost.flatMap(({ entry }): [number, number][] => {
      const place = places?.get(JSON.stringify(trace.frontMatter.injected[entry]));
      return place?.of === trace.chain.steps.length ? [[entry, place.step]] : [];
    });
    return new Map(found);
  }

  forget(uri: string): void {
    this.documents.delete(uri);
  }
}
