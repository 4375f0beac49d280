import type { KeptJson } from './keptJson';
import { ordinalKey } from './rowKeys';
import type { RenamedRow, RowTable } from './rowTable';

/** How often a row's name may have changed; a ring of names ends there too. */
const MOST = 20;

/** The names that rows had before their id or their prompt was edited: tabs and scores may still go by them. */
export class FormerNames {
  /** @param aliases by former key, alone and with the row's number: the key `now` */
  constructor(private readonly aliases: Pick<KeptJson, 'all' | 'set'>) {}

  /** Where the row lies that had this name, near `ordinal` first; `undefined` where nobody knows. */
  async find(table: RowTable, key: string, ordinal: number): Promise<number | undefined> {
    // Of rows with one name the first may have got another, so that the next one is called as it was.
    return (await this.follow(table, key, `.${ordinalKey(ordinal)}`)) ?? table.places.get(key) ?? this.follow(table, key, '');
  }

  async remember(rows: readonly RenamedRow[]): Promise<void> {
    const both = (key: string, ordinal: number): readonly string[] => [key, `${key}.${ordinalKey(ordinal)}`];
    // A name that is a row's own again leads nowhere else.
    const own = rows.flatMap(({ ordinal, now }) => both(now, ordinal).map((name) => [name, undefined] as const));
    const former = rows.flatMap(({ ordinal, old, now }) => both(old, ordinal).map((name) => [name, { now }] as const));
    await this.aliases.set({ ...Object.fromEntries(own), ...Object.fromEntries(former) });
  }

  /** @param at where the row lay, to tell it from others that were called the same; empty: whichever was */
  private async follow(table: RowTable, key: string, at: string): Promise<number | undefined> {
    // What cannot be read is no reason not to find rows by the names that they have.
    const names = await this.aliases.all().catch(() => undefined);
    for (let [name, left] = [key, MOST]; left > 0; left--) {
      const now = names?.(name + at)?.['now'];
      if (typeof now !== 'string') return undefined;
      const place = table.places.get(now);
      if (place !== undefined) return place;
      name = now;
    }
    return undefined;
  }
}
