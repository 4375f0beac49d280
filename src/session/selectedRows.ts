import type { Dataset, DatasetChange } from './datasets/dataset';

/** Selected rows up to this many are found again by their keys after the whole file changed; ours. */
const MOST_KEYS = 1000;

/** The rows of a dataset that are selected: by place, which stays true while they are filtered and sorted, and by key, which stays true while the file changes. */
export class SelectedRows {
  /** 0-based places in the file, in the order they were selected in. */
  rows: Uint32Array = new Uint32Array();
  /** The row that the keyboard is on. */
  active: number | undefined;
  /** Keys of `rows`, as far as there are not too many to know. */
  private keys: Promise<readonly string[]> = Promise.resolve([]);

  constructor(private readonly dataset: Pick<Dataset, 'row' | 'find'>) {}

  select(rows: Uint32Array, active: number | undefined): void {
    this.rows = rows;
    this.active = active;
    this.keys = rows.length > MOST_KEYS ? Promise.resolve([]) : this.keysOf(rows);
  }

  /** The file changed. @returns how many rows are selected no more, as soon as the others are found */
  async moved({ all }: DatasetChange): Promise<number> {
    const { rows, active } = this;
    if (!all || rows.length === 0) return 0;
    const known = this.keys;
    this.select(new Uint32Array(), undefined);
    const none = this.rows;
    const keys = await known;
    const found = await Promise.all(keys.map(async (key, i) => (key === '' ? undefined : this.dataset.find(key, rows[i] ?? 0).catch(() => undefined))));
    // Somebody has selected others meanwhile.
    if (this.rows !== none) return 0;
    const place = rows.findIndex((row) => row === active);
    const now = found.filter((row) => row !== undefined);
    this.select(Uint32Array.from(now), place < 0 ? undefined : found[place]);
    return rows.length - now.length;
  }

  private keysOf(rows: Uint32Array): Promise<readonly string[]> {
    return Promise.all([...rows].map((row) => this.dataset.row(row).then(({ key }) => key, () => '')));
  }
}
