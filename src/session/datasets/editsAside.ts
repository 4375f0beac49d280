import type { Files } from '../../trace/files';
import { textHash } from './rowHash';

/** An edit of a row that is not in its dataset yet, since to write it there would mean to write a large file anew. */
export interface AsideEdit {
  readonly key: string;
  /** 0-based; where the row lay. */
  readonly ordinal: number;
  /** `nameOf` the trace's variant; absent for a row's first trace. */
  readonly variant?: string;
  /** Hash of the row's bytes that the edit was made on. */
  readonly hash: string;
  /** The whole document as it was saved. */
  readonly text: string;
}

/** Says of an edit with this text that it is done with: written into the dataset, or discarded. */
interface Done {
  readonly key: string;
  readonly variant?: string;
  readonly done: string;
}

/**
 * The edits kept aside of one dataset, in an append-only file: of several of one trace the last counts. Other windows append to it
 * too, so it is read again whenever it has changed.
 */
export class EditsAside {
  private edits = new Map<string, AsideEdit>();
  private read: { readonly size: number; readonly identity: string } | undefined;

  /** @param path of the file; with its folders it is made with the first edit */
  constructor(
    private readonly files: Pick<Files, 'facts' | 'read' | 'append' | 'remove'>,
    readonly path: string,
  ) {}

  async all(): Promise<readonly AsideEdit[]> {
    await this.refresh();
    return [...this.edits.values()];
  }

  async of(key: string, variant: string | undefined): Promise<AsideEdit | undefined> {
    await this.refresh();
    return this.edits.get(nameOfEdit({ key, variant }));
  }

  async add(edit: AsideEdit): Promise<void> {
    await this.append([edit]);
  }

  /** Takes edits out, except where somebody has edited the trace again meanwhile. The file goes with the last of them. */
  async done(edits: readonly AsideEdit[]): Promise<void> {
    if (edits.length === 0) return;
    await this.append(edits.map(({ key, variant, text }): Done => ({ key, ...(variant === undefined ? {} : { variant }), done: textHash(text) })));
    if ((await this.all()).length === 0) {
      await this.files.remove(this.path);
      this.read = undefined;
    }
  }

  private async append(lines: readonly (AsideEdit | Done)[]): Promise<void> {
    // A line end goes before as well: the last line may be torn.
    await this.files.append(this.path, `\n${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
  }

  private async refresh(): Promise<void> {
    const facts = await this.files.facts(this.path);
    if (facts?.size === this.read?.size && facts?.identity === this.read?.identity) return;
    const edits = new Map<string, AsideEdit>();
    const text = facts === undefined ? '' : new TextDecoder().decode(await this.files.read(this.path));
    for (const line of text.split('\n')) {
      const entry = entryOf(line);
      if (entry === undefined) continue;
      const name = nameOfEdit(entry);
      if ('text' in entry) edits.set(name, entry);
      else if (textHash(edits.get(name)?.text ?? '') === entry.done) edits.delete(name);
    }
    this.edits = edits;
    this.read = facts;
  }
}

function nameOfEdit({ key, variant }: { readonly key: string; readonly variant?: string | undefined }): string {
  return variant === undefined ? key : `${key}.${variant}`;
}

/** A torn line, or one by a later version, is passed over. */
function entryOf(line: string): AsideEdit | Done | undefined {
  if (line === '') return undefined;
  try {
    const { key, variant, ordinal, hash, text, done } = JSON.parse(line) as Partial<AsideEdit & Done>;
    if (typeof key !== 'string' || (variant !== undefined && typeof variant !== 'string')) return undefined;
    const of = { key, ...(variant === undefined ? {} : { variant }) };
    if (typeof done === 'string') return { ...of, done };
    return typeof ordinal === 'number' && typeof hash === 'string' && typeof text === 'string' ? { ...of, ordinal, hash, text } : undefined;
  } catch {
    return undefined;
  }
}
