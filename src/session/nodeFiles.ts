import { statSync, watch as watchFolder, type FSWatcher } from 'node:fs';
import { appendFile, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Disposable } from '../trace/event';
import type { FileFacts, Files } from '../trace/files';

/** How often a folder that does not exist yet is looked for, in milliseconds. */
const LOOK_AGAIN = 2000;

/** The `Files` port on the file system of this machine. */
export const nodeFiles: Files = {
  async facts(path) {
    try {
      const facts = await stat(path);
      return { size: facts.size, identity: `${String(facts.dev)}:${String(facts.ino)}`, modified: facts.mtimeMs } satisfies FileFacts;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },

  async read(path, start = 0) {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const bytes = new Uint8Array(Math.max(0, size - start));
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    } finally {
      await file.close();
    }
  },

  async append(path, text) {
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, text, 'utf8');
  },

  async replace(path, text) {
    const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
    try {
      await writeFile(temporary, text, 'utf8');
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  },

  async create(path, text) {
    await mkdir(dirname(path), { recursive: true });
    try {
      await writeFile(path, text, { encoding: 'utf8', flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  },

  rename: (from, to) => rename(from, to),

  remove: (path) => rm(path, { force: true }),

  async list(folder) {
    try {
      return await readdir(folder);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  },

  watch: (folder, changed) => new FolderWatch(folder, changed),
};

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Tells one folder from another that took its name; `undefined` where there is none. */
function folderNumber(folder: string): string | undefined {
  const facts = statSync(folder, { throwIfNoEntry: false });
  // A number alone is given again as soon as it is free.
  return facts === undefined ? undefined : `${String(facts.ino)} ${String(facts.birthtimeMs)}`;
}

/** Follows a folder, also one that is created later or goes away and comes back. */
class FolderWatch implements Disposable {
  private watcher: FSWatcher | undefined;
  private again: NodeJS.Timeout | undefined;
  private disposed = false;

  constructor(
    private readonly folder: string,
    private readonly changed: (name: string) => void,
  ) {
    this.start(false);
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.again);
    this.watcher?.close();
  }

  private start(late: boolean): void {
    if (this.disposed) return;
    try {
      const watched = folderNumber(this.folder);
      const watcher = watchFolder(this.folder, { persistent: false }, (_kind, name) => {
        if (name !== null) this.changed(name);
        // Where the folder itself goes away its watcher stays silent for ever, also when another takes its place.
        if (folderNumber(this.folder) !== watched) this.later(watcher);
      });
      this.watcher = watcher;
      watcher.on('error', () => {
        this.later(watcher);
      });
      // What was written before the folder could be watched must not be missed.
      if (late) {
        void nodeFiles.list(this.folder).then(
          (names) => {
            names.forEach(this.changed);
          },
          () => undefined,
        );
      }
    } catch {
      this.later(undefined);
    }
  }

  private later(watcher: FSWatcher | undefined): void {
    watcher?.close();
    if (this.disposed) return;
    clearTimeout(this.again);
    this.again = setTimeout(() => {
      this.start(true);
    }, LOOK_AGAIN);
    this.again.unref();
  }
}
