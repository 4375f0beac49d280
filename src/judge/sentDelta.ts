import { digest } from './textChain';

/** A request's body as it is stored: whole, or as what differs from an earlier one that begins alike. */
export type StoredBody =
  | { readonly id: string; readonly text: string }
  | {
      readonly id: string;
      /** The earlier body's id. */
      readonly base: string;
      /** How many of its UTF-16 units this one begins with. */
      readonly kept: number;
      readonly rest: string;
    };

/** A body's name: a hash over all of it, which also tells whether it was put together right. */
export function bodyId(text: string): string {
  return digest('body', text);
}

/** A body that begins with less of an earlier one than this is stored whole; ours. */
const LEAST_KEPT = 64;

/** Stores request bodies as differences from the last few of them, so that a long trace takes room by its length, not its square. */
export class BodyWriter {
  private recent: { readonly id: string; readonly text: string }[] = [];

  /** @param most how many bodies are remembered as beginnings; requests under way at once come in any order */
  constructor(private readonly most = 16) {}

  store(text: string): StoredBody {
    const id = bodyId(text);
    let best: { id: string; kept: number } | undefined;
    for (const earlier of this.recent) {
      const kept = sharedLength(earlier.text, text);
      if (kept >= LEAST_KEPT && kept > (best?.kept ?? 0)) best = { id: earlier.id, kept };
    }
    this.recent = [...this.recent.filter((one) => one.id !== id), { id, text }].slice(-this.most);
    return best === undefined ? { id, text } : { id, base: best.id, kept: best.kept, rest: text.slice(best.kept) };
  }

  /** What was stored may not be there any more: the next body is stored whole. */
  forget(): void {
    this.recent = [];
  }
}

/** How long the common beginning of two texts is, by halving: comparing slices is the engine's own work. */
function sharedLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  if (a.slice(0, most) === b.slice(0, most)) return most;
  let [same, other] = [0, most];
  while (other - same > 1) {
    const middle = (same + other) >> 1;
    if (a.slice(same, middle) === b.slice(same, middle)) same = middle;
    else other = middle;
  }
  return same;
}

/** Stored bodies by their id. Of one that was stored twice, that which stands whole needs no other; else the first, which needs none after it. */
export function bodiesById(stored: Iterable<StoredBody>): ReadonlyMap<string, StoredBody> {
  const bodies = new Map<string, StoredBody>();
  for (const body of stored) if (!bodies.has(body.id) || 'text' in body) bodies.set(body.id, body);
  return bodies;
}

/** A body put together again, or why it cannot be. */
export type ReadBody = { readonly text: string } | { readonly problem: string };

/** Puts a stored body together, from the bodies by id. Never gives back what is not exactly what was sent. */
export function readBody(stored: StoredBody, byId: ReadonlyMap<string, StoredBody>): ReadBody {
  const pieces: string[] = [];
  let [body, need] = [stored, Infinity];
  const seen = new Set<string>();
  while ('base' in body) {
    if (need > body.kept) {
      pieces.push(body.rest.slice(0, need - body.kept));
      need = body.kept;
    }
    const base = byId.get(body.base);
    if (base === undefined || seen.has(body.base)) {
      return { problem: 'The request cannot be shown: an earlier request that it was stored with is not in the file any more.' };
    }
    seen.add(body.base);
    body = base;
  }
  pieces.push(body.text.slice(0, need));
  const text = pieces.reverse().join('');
  return bodyId(text) === stored.id ? { text } : { problem: 'The request cannot be shown: what is stored of it was changed or damaged.' };
}
