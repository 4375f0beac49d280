import type { Page } from './fineTuningReplies';

/** Pages of a list that are read at most, and characters of them. Ours. */
export const MOST_PAGES = 50;
const MOST_TEXT = 16 * 1024 * 1024;

export interface PageRead<Item> extends Page<Item> {
  /** Of the page as it came. */
  readonly characters: number;
}

/** How a walk came to its end. */
export type WalkEnd = 'ended' | 'found' | 'too long';

/** A list that is read page by page, over several times where not all of it may be asked for at once. */
export class ListWalk<Item> {
  /** What was read so far, as it came. */
  readonly items: Item[] = [];
  private after: string | undefined;
  private readonly had = new Set<string>();
  private read = { pages: 0, characters: 0 };

  /** @param start what the first page is to lie behind; the list's beginning where absent */
  constructor(readonly start?: string) {
    this.after = start;
  }

  get pages(): number {
    return this.read.pages;
  }

  get characters(): number {
    return this.read.characters;
  }

  /**
   * Reads on from where it stands.
   * @param found is this page, which is among the items by then, the last that is wanted?
   * @throws what `read` throws, after which it may be read on; BeginsAnew
   */
  async on(read: (after: string | undefined) => Promise<PageRead<Item>>, found: (page: readonly Item[]) => boolean): Promise<WalkEnd> {
    for (;;) {
      if (this.pages >= MOST_PAGES || this.characters > MOST_TEXT) return 'too long';
      const page = await read(this.after);
      const repeats = page.after !== undefined && this.had.has(page.after);
      this.read = { pages: this.pages + 1, characters: this.characters + page.characters };
      for (const item of page.items) this.items.push(item);
      if (found(page.items)) return 'found';
      if (repeats) throw new BeginsAnew();
      this.after = page.after;
      if (this.after === undefined) return 'ended';
      this.had.add(this.after);
    }
  }
}

/** The list gives the same page again, so that its end cannot be reached. */
export class BeginsAnew extends Error {
  override readonly name = 'BeginsAnew';
}
