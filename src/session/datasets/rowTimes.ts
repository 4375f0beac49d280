/** What VS Code was told of a row's document, and what a person saw of it. */
export interface SeenRow {
  /** `textHash` of the document as it was last read into an editor, or saved from one. */
  readonly seen: string;
  /** The time of change that VS Code knows, in milliseconds. */
  readonly mtime: number;
  /** Its length in bytes. */
  readonly size: number;
}

/** What `stat` answers. */
export type RowTime = Pick<SeenRow, 'mtime' | 'size'>;

/** The document as it stands in the dataset now. */
export interface RowNow {
  readonly hash: string;
  readonly size: number;
  /** When the dataset was last changed, in milliseconds. */
  readonly modified: number;
}

/** What sessions that are over have left: by address, what each of them saw last. */
export type EarlierRows = ReadonlyMap<string, readonly SeenRow[]>;

/**
 * The times of change of rows, which a file system has for files alone: one moves only when its row reads otherwise than before. While
 * a document has unsaved changes its time stands still, so that VS Code does not bring its own dialog beside ours. VS Code keeps
 * unsaved text over a reload, so what it was made from must be kept as well: see `SeenRows`.
 */
export class RowTimes {
  private readonly known = new Map<string, SeenRow>();
  /** Told to VS Code, but not read into an editor yet. */
  private readonly told = new Map<string, SeenRow>();
  /** Read while there were unsaved changes: by somebody else, or to throw the changes away. */
  private readonly readWhileDirty = new Map<string, SeenRow>();

  constructor(
    private readonly earlier: (uri: string) => readonly SeenRow[],
    private readonly onDidSee: () => void = () => undefined,
  ) {}

  /** What has been seen of every document, to be kept. */
  get seen(): ReadonlyMap<string, SeenRow> {
    return this.known;
  }

  stat(uri: string, now: RowNow, dirty: boolean): RowTime {
    const known = this.of(uri);
    if (known !== undefined && (dirty || known.seen === now.hash)) return { mtime: known.mtime, size: dirty ? known.size : now.size };
    return this.tell(uri, now, known);
  }

  /** The time of a document whose row cannot be read any more, but which has unsaved changes; `undefined` where nothing is known. */
  lastTold(uri: string): RowTime | undefined {
    return this.of(uri);
  }

  /** The document was read. */
  read(uri: string, now: RowNow, dirty: boolean): void {
    const known = this.of(uri);
    if (dirty && known !== undefined) {
      // The time that VS Code holds is the one it was told before it read.
      this.readWhileDirty.set(uri, { seen: now.hash, mtime: known.mtime, size: now.size });
      return;
    }
    const told = known?.seen === now.hash ? known : this.tell(uri, now, known);
    this.see(uri, told);
  }

  /** The document has no unsaved changes any more, and was not saved: they were thrown away, and it was read anew. */
  reverted(uri: string): void {
    const read = this.readWhileDirty.get(uri);
    this.readWhileDirty.delete(uri);
    if (read !== undefined) this.see(uri, read);
  }

  /** The document was saved, and reads so now. */
  saved(uri: string, now: RowNow): void {
    this.readWhileDirty.delete(uri);
    this.told.delete(uri);
    const known = this.of(uri);
    this.see(uri, known?.seen === now.hash ? known : this.tell(uri, now, known));
  }

  /** What the unsaved text was made from; `undefined` where that cannot be known: nothing may be written over then unasked. */
  base(uri: string): string | undefined {
    return this.of(uri)?.seen;
  }

  /** The document was closed: what was seen of it means nothing for the next time it opens. */
  closed(uri: string): void {
    this.readWhileDirty.delete(uri);
    this.told.delete(uri);
    this.known.delete(uri);
  }

  private tell(uri: string, now: RowNow, known: SeenRow | undefined): SeenRow {
    const told = this.told.get(uri);
    if (told?.seen === now.hash) return told;
    const last = Math.max(known?.mtime ?? 0, told?.mtime ?? 0);
    const next = { seen: now.hash, mtime: Math.max(last + 1, Math.floor(now.modified)), size: now.size };
    this.told.set(uri, next);
    return next;
  }

  private see(uri: string, seen: SeenRow): void {
    this.told.delete(uri);
    this.known.set(uri, seen);
    this.onDidSee();
  }

  /** Of a document that nobody opened in this session yet: what the sessions before saw of it, if they agree. */
  private of(uri: string): SeenRow | undefined {
    const known = this.known.get(uri);
    if (known !== undefined) return known;
    const [first, ...others] = this.earlier(uri);
    return first !== undefined && others.every(({ seen }) => seen === first.seen) ? first : undefined;
  }
}
