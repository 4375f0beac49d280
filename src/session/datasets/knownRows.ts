import type { DatasetChange } from './dataset';
import { carriedIndex } from './carriedIndex';
import type { Indexed, IndexedFile } from './indexedFile';
import type { FileState } from './replaceFile';
import { rowHash } from './rowHash';
import { nameOfRow } from './rowKeys';
import type { RowReader } from './rowReader';
import { carriedTable, rowTable, tableChange, type RowTable } from './rowTable';

interface Known {
  readonly of: Indexed;
  readonly rows: Promise<RowTable>;
  /** Was it made of the very file that was indexed? */
  sound: boolean;
}

/** The keys and hashes of a file's rows: made when they are first asked for, and again when the file has changed. */
export class KnownRows {
  private known: Known | undefined;

  /** @param large bytes above which a file is not looked through */
  constructor(
    private readonly file: IndexedFile,
    private readonly reader: Pick<RowReader, 'read'>,
    private readonly large: number,
  ) {}

  /** The rows of a file as it is at that moment; `undefined` where it is too large to look through. */
  async of(indexed: Indexed): Promise<RowTable | undefined> {
    if (indexed.state.size > this.large) return undefined;
    if (this.known?.of !== indexed) {
      const known: Known = { of: indexed, rows: this.make(indexed), sound: false };
      this.known = known;
      known.rows.then(
        async () => {
          known.sound = await this.file.isStill(indexed);
        },
        () => {
          if (this.known === known) this.known = undefined;
        },
      );
    }
    return this.known.rows;
  }

  /** What has changed since the rows were last looked at. To be called as soon as the file is found changed. */
  async change(now: Indexed): Promise<DatasetChange> {
    const { known } = this;
    const before = await known?.rows.catch(() => undefined);
    const after = before === undefined ? undefined : await this.of(now).catch(() => undefined);
    return tableChange(known?.sound === true ? before : undefined, after);
  }

  /** Takes over what is known of the file as it was before some of its rows were written anew, by us, with these bytes. */
  async rewritten(before: Indexed, rows: ReadonlyMap<number, Uint8Array>, state: FileState): Promise<void> {
    const known = this.known?.of === before ? await this.known.rows.catch(() => undefined) : undefined;
    const file = await this.file.open();
    try {
      const now = await carriedIndex(file, before, rows, state);
      if (now === undefined) return;
      const changed = new Map<number, { readonly name: string | undefined; readonly hash: string }>();
      for (const ordinal of known === undefined ? [] : rows.keys()) {
        const raw = await now.container.row(file, now.index, ordinal);
        changed.set(ordinal, { name: nameOfRow(raw.value === undefined ? [] : this.reader.read(raw.value).traces), hash: rowHash(raw.bytes) });
      }
      const table = known === undefined ? undefined : await carriedTable(known, changed);
      if (!(await this.file.isStill(now))) return;
      const adopted = this.file.adopt(now);
      if (table !== undefined) this.known = { of: now, rows: Promise.resolve(table), sound: true };
      await adopted;
    } finally {
      await file.close();
    }
  }

  private async make(indexed: Indexed): Promise<RowTable> {
    const file = await this.file.open();
    try {
      return await rowTable(file, indexed, (row) => this.reader.read(row));
    } finally {
      await file.close();
    }
  }
}
