import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Disposable } from '../../trace/event';
import { isObject } from './overlays';
import type { SeenRow } from './rowTimes';

/** Files of sessions older than this are thrown away, in milliseconds: thirty days. */
const OLD = 30 * 24 * 3600 * 1000;
/** Milliseconds between something seen and its being written. */
const SOON = 200;

interface SessionFile {
  readonly pid: number;
  readonly ended: boolean;
  readonly rows: Readonly<Record<string, SeenRow>>;
}

/**
 * What each session (window) saw of its rows, kept over reloads in a file for each: windows on one workspace share their storage, and
 * what one of them saw must not stand for what another did. A session takes over what sessions that are over have left.
 */
export class SeenRows implements Disposable {
  private timer: NodeJS.Timeout | undefined;
  private readonly path: string;
  /** Reads what is to be kept. */
  private rows: () => ReadonlyMap<string, SeenRow> = () => new Map();

  /** @param session differs for each session */
  constructor(
    private readonly folder: string,
    session: string,
    private readonly isRunning: (pid: number) => boolean = runs,
  ) {
    this.path = join(folder, `${session.replace(/[^\w-]/g, '_')}.json`);
  }

  /** What to keep. */
  keep(rows: () => ReadonlyMap<string, SeenRow>): void {
    this.rows = rows;
  }

  /** What sessions that are over saw of a document. */
  earlier(uri: string): readonly SeenRow[] {
    return this.others().flatMap(({ pid, ended, rows }) => {
      const row = Object.hasOwn(rows, uri) ? rows[uri] : undefined;
      return row !== undefined && (ended || !this.isRunning(pid)) ? [row] : [];
    });
  }

  /** To be called when something was seen. */
  changed(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.write(false);
      this.takeOver();
    }, SOON);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.write(true);
  }

  /** Synchronous: VS Code waits for nothing when a window closes, and a crash leaves no other chance. */
  private write(ended: boolean): void {
    const rows = this.rows();
    if (rows.size === 0) return;
    try {
      mkdirSync(this.folder, { recursive: true });
      replace(this.path, { pid: process.pid, ended, rows: Object.fromEntries(rows) });
    } catch {
      // Without it a document that was restored with unsaved text asks before it is saved: nothing is lost.
      return;
    }
  }

  /** What this session saw itself, earlier sessions need not tell it. */
  private takeOver(): void {
    const own = this.rows();
    for (const { path, pid, ended, rows } of this.others()) {
      if (!ended && this.isRunning(pid)) continue;
      const left = Object.entries(rows).filter(([uri]) => !own.has(uri));
      if (left.length === Object.keys(rows).length) continue;
      if (left.length === 0) rmSync(path, { force: true });
      else replace(path, { pid, ended, rows: Object.fromEntries(left) });
    }
  }

  private others(): (SessionFile & { readonly path: string })[] {
    const names = this.names().filter((name) => name.endsWith('.json'));
    return names.flatMap((name) => {
      const path = join(this.folder, name);
      const read = path === this.path ? undefined : readSession(path);
      return read === undefined ? [] : [{ ...read, path }];
    });
  }

  private names(): readonly string[] {
    try {
      return readdirSync(this.folder);
    } catch {
      return [];
    }
  }
}

function replace(path: string, file: SessionFile): void {
  writeFileSync(`${path}.tmp`, JSON.stringify(file));
  renameSync(`${path}.tmp`, path);
}

function readSession(path: string): SessionFile | undefined {
  try {
    if (Date.now() - statSync(path).mtimeMs > OLD) {
      rmSync(path, { force: true });
      return undefined;
    }
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isObject(value) && typeof value['pid'] === 'number' && isObject(value['rows']) ? (value as unknown as SessionFile) : undefined;
  } catch {
    return undefined;
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
