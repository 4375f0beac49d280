import type { Dataset, DatasetChange } from '../datasets/dataset';

/** Selected rows up to this many are found again by their keys after the whole file changed; ours. */
const MOST_KEYS = 1000;

/** The rows of a dataset that are selected: by place, which stays true while they are filtered and sorted, and by key, which stays true while the file changes. */
export class SelectedRows {
  /** 0-based places in the file, in the order they were selected in. */
  rows: Uint32Array = new Uint32Array();
  /** The row that the keyboard is on. */
  active: number | undefined;
  /** What of their scores they were chosen by, in words: a filter that is taken away stays true of what was selected under it. */
  private conditions: ReadonlySet<string> = new Set();
  /** Keys of `rows`, as far as there are not too many to know. */
  private keys: Promise<readonly string[]> = Promise.resolve([]);
  /** By place: a selection that grows row by row reads each row once. */
  private known = new Map<number, Promise<string>>();

  constructor(private readonly dataset: Pick<Dataset, 'row' | 'find'>) {}

  /** @param condition what the rows were chosen by now (`selectionInWords`) */
  select(rows: Uint32Array, active: number | undefined, condition?: string): void {
    const before = this.conditions.size > 0 && share(this.rows, rows) ? this.conditions : [];
    this.conditions = new Set(condition === undefined ? before : [...before, condition]);
    this.rows = rows;
    this.active = active;
    this.keys = this.keysOf(rows);
  }

  get condition(): string | undefined {
    return this.conditions.size === 0 ? undefined : [...this.conditions].join('; and ');
  }

  /** The file changed. @returns how many rows are selected no more, as soon as the others are found */
  async moved({ all, rows: changed }: DatasetChange): Promise<number> {
    const { rows, active } = this;
    if (rows.length === 0) return 0;
    if (!all) {
      const ours = changed.filter((row) => this.known.delete(row));
      if (ours.length > 0) this.keys = this.keysOf(rows);
      return 0;
    }
    const [known, conditions] = [this.keys, this.conditions];
    this.select(new Uint32Array(), undefined);
    const none = this.rows;
    const keys = await known;
    const found = await Promise.all(keys.map(async (key, i) => (key === '' ? undefined : this.dataset.find(key, rows[i] ?? 0).catch(() => undefined))));
    // Somebody has selected others meanwhile.
    if (this.rows !== none) return 0;
    const place = rows.findIndex((row) => row === active);
    const now = found.filter((row) => row !== undefined);
    this.select(Uint32Array.from(now), place < 0 ? undefined : found[place]);
    this.conditions = conditions;
    return rows.length - now.length;
  }

  private keysOf(rows: Uint32Array): Promise<readonly string[]> {
    const before = this.known;
    this.known = new Map();
    if (rows.length > MOST_KEYS) return Promise.resolve([]);
    for (const row of rows) this.known.set(row, before.get(row) ?? this.dataset.row(row).then(({ key }) => key, () => ''));
    return Promise.all(this.known.values());
  }
}

/** Is any row in both? */
function share(a: Uint32Array, b: Uint32Array): boolean {
  const [few, many] = a.length < b.length ? [a, b] : [b, a];
  const known = new Set(few);
  return many.some((row) => known.has(row));
}
