import { basename } from 'node:path';
import { EventSource, type Disposable } from '../../trace/event';
import type { Container, FileBytes, RowIndex } from '../../trace/containers/container';
import { fileState, sameState, type FileState } from './replaceFile';

/** A file's bytes, to be closed after use. */
export interface OpenBytes extends FileBytes {
  close(): Promise<void>;
}

/** Where rows lie in a file as it was at one moment. */
export interface Indexed {
  readonly container: Container;
  readonly index: RowIndex;
  readonly state: FileState;
}

/** Keeps indexes from one session to the next. Never rejects: without it a file is indexed again. */
export interface KeptIndexes {
  load(path: string, state: FileState): Promise<{ readonly container: string; readonly index: RowIndex } | undefined>;
  save(path: string, indexed: Indexed): Promise<void>;
}

export interface IndexingTools {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((share: number) => void) | undefined;
}

export interface FileTools {
  readonly containers: readonly Container[];
  readonly openBytes: (path: string) => Promise<OpenBytes>;
  readonly kept: KeptIndexes;
}

/** Bytes by which a container is told. */
export const HEAD = 65_536;
/** How often a file that changes while it is read is begun again. */
const TRIES = 5;

/** A file with the index of its rows, which is made again whenever the file has changed. */
export class IndexedFile implements Disposable {
  private now: Indexed | undefined;
  private working: Promise<Indexed> | undefined;
  private held: Promise<void> | undefined;
  private readonly changes = new EventSource<Indexed>();
  private readonly ending = new AbortController();

  constructor(
    readonly path: string,
    private readonly tools: FileTools,
  ) {}

  /** Fires with the new index when the file was found changed. */
  get onDidChange(): (listener: (indexed: Indexed) => void) => Disposable {
    return this.changes.event;
  }

  /** The index last made. @throws Error before the first `current` */
  get last(): Indexed {
    if (this.now === undefined) throw new Error(`${basename(this.path)} was not indexed yet.`);
    return this.now;
  }

  /**
   * The index of the file as it is now.
   * @throws Error in words where the file is gone or holds no rows that can be read; the signal's reason
   */
  async current(tools: IndexingTools = {}): Promise<Indexed> {
    await this.held;
    if (this.working !== undefined) return this.working;
    const state = await this.state();
    if (this.now !== undefined && sameState(state, this.now.state)) return this.now;
    // Somebody else may have begun while we looked.
    this.working ??= this.make(tools).finally(() => {
      this.working = undefined;
    });
    return this.working;
  }

  /** Runs with the file's bytes as they are now, and the index that fits them. */
  async reading<T>(run: (file: FileBytes, indexed: Indexed) => Promise<T>): Promise<T> {
    const { file, indexed } = await this.opened();
    try {
      return await run(file, indexed);
    } finally {
      await file.close();
    }
  }

  /** The file's bytes, to be closed, and the index that fits them: another file may take the name in between. */
  async opened(tools: IndexingTools = {}): Promise<{ readonly file: OpenBytes; readonly indexed: Indexed }> {
    for (let left = TRIES; left > 0; left--) {
      const indexed = await this.current(tools);
      const file = await this.open();
      if (await this.isStill(indexed)) return { file, indexed };
      await file.close();
    }
    throw this.restless();
  }

  /** Is the file in the state that this index was made of? */
  async isStill({ state }: Indexed): Promise<boolean> {
    return this.state().then(
      (now) => sameState(now, state),
      () => false,
    );
  }

  /** From now on until it is released nobody looks at the file: we are putting another in its place, and know what will be in it. */
  hold(): () => void {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    this.held = held;
    return () => {
      if (this.held === held) this.held = undefined;
      release();
    };
  }

  /** Takes the index of a file that we have just written ourselves, so that it need not be looked through again. */
  async adopt(indexed: Indexed): Promise<void> {
    this.now = indexed;
    this.changes.fire(indexed);
    await this.tools.kept.save(this.path, indexed);
  }

  async open(): Promise<OpenBytes> {
    try {
      return await this.tools.openBytes(this.path);
    } catch (error) {
      throw this.inWords(error);
    }
  }

  dispose(): void {
    this.ending.abort(new Error(`${basename(this.path)} was closed.`));
    this.changes.dispose();
  }

  private async make(tools: IndexingTools): Promise<Indexed> {
    const before = this.now;
    for (let left = TRIES; left > 0; left--) {
      const state = await this.state();
      const indexed = await this.fromKept(state).then((kept) => kept ?? this.index(state, tools));
      if (!sameState(await this.state(), state)) continue;
      this.now = indexed;
      if (before !== undefined) this.changes.fire(indexed);
      return indexed;
    }
    throw this.restless();
  }

  private restless(): Error {
    return new Error(`${basename(this.path)} is changed again and again while it is being read. Open it when it is finished.`);
  }

  private async fromKept(state: FileState): Promise<Indexed | undefined> {
    const kept = await this.tools.kept.load(this.path, state);
    const container = this.tools.containers.find(({ name }) => name === kept?.container);
    return kept === undefined || container === undefined ? undefined : { container, index: kept.index, state };
  }

  private async index(state: FileState, { signal, progress }: IndexingTools): Promise<Indexed> {
    const file = await this.open();
    try {
      const container = await containerOf(file, this.tools.containers);
      const index = await container.index(file, {
        signal: signal === undefined ? this.ending.signal : AbortSignal.any([signal, this.ending.signal]),
        progress: (bytes) => progress?.(state.size === 0 ? 1 : bytes / state.size),
      });
      const indexed = { container, index, state };
      await this.tools.kept.save(this.path, indexed);
      return indexed;
    } finally {
      await file.close();
    }
  }

  private async state(): Promise<FileState> {
    try {
      return await fileState(this.path);
    } catch (error) {
      throw this.inWords(error);
    }
  }

  private inWords(error: unknown): unknown {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['ENOENT', 'ENOTDIR'].includes(code)) return error;
    return new FileGone(`${basename(this.path)} is not there any more: it was deleted, moved or renamed.`, { cause: error });
  }
}

/** The file that held the rows is gone. */
export class FileGone extends Error {
  override readonly name = 'FileGone';
}

/** @throws Error in words where it is none that is read here */
async function containerOf(file: FileBytes, containers: readonly Container[]): Promise<Container> {
  const head = await file.read(0, Math.min(HEAD, file.size));
  const name = basename(file.path);
  const found = containers.find((container) => container.detect(head, name));
  if (found !== undefined) return found;
  const names = containers.map((container) => container.name).join(', ');
  throw new Error(`${name} is no dataset that can be read here: neither its name nor its first bytes are those of ${names}.`);
}
