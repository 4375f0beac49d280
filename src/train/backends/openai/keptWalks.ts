import { BackendFault } from '../backend';
import { BeginsAnew, ListWalk, type PageRead, type WalkEnd } from './listWalk';

/** Characters of all walks that wait, beyond which the oldest are begun anew. Ours. */
const MOST_KEPT = 64 * 1024 * 1024;

/** A request was not made since it may not be made yet. */
export class NotYet extends BackendFault {
  constructor(origin: string) {
    super('unreachable', `${origin} has more to tell than may be asked for within a minute. The rest is asked for later.`);
  }
}

/** Walks that were broken off, so that each is taken up where it stood. */
export class KeptWalks<Item> {
  /** The one that was broken off first is the first. */
  private readonly walks = new Map<string, { readonly of: number; readonly walk: ListWalk<Item> }>();

  /**
   * The walk that was broken off, or a new one; whoever else asks meanwhile walks by himself.
   * @param of what it is for: one for something else is begun anew
   */
  take(key: string, of = 0, start?: string): ListWalk<Item> {
    const kept = this.walks.get(key);
    this.walks.delete(key);
    return kept?.of === of ? kept.walk : new ListWalk<Item>(start);
  }

  /** Lets a walk go on. It is kept where it may not for now, and where it failed on its way, not where it cannot be taken up. @throws what `read` throws; BeginsAnew */
  async on(key: string, walk: ListWalk<Item>, read: (after: string | undefined) => Promise<PageRead<Item>>, found: (page: readonly Item[]) => boolean, of = 0): Promise<WalkEnd> {
    const { pages } = walk;
    try {
      return await walk.on(read, found);
    } catch (error) {
      if (error instanceof NotYet || (walk.pages > pages && !(error instanceof BeginsAnew))) this.keep(key, walk, of);
      throw error;
    }
  }

  /** What was broken off is not gone on with. */
  drop(key: string): void {
    this.walks.delete(key);
  }

  private keep(key: string, walk: ListWalk<Item>, of: number): void {
    this.walks.delete(key);
    this.walks.set(key, { of, walk });
    let all = 0;
    for (const { walk: one } of this.walks.values()) all += one.characters;
    for (const [one, { walk: gone }] of [...this.walks]) {
      if (all <= MOST_KEPT || one === key) break;
      this.walks.delete(one);
      all -= gone.characters;
    }
  }
}
