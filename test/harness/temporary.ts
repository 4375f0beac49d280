import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A throw-away folder. `scratch` serves as TMPDIR of what is started, so that its litter goes too. */
export interface TemporaryFolder {
  readonly path: string;
  readonly scratch: string;
  /** Copies a folder in, under its own name, and returns the copy's path. */
  copyIn(folder: string, name?: string): string;
  remove(): Promise<void>;
}

export function makeTemporaryFolder(): TemporaryFolder {
  // A short name: sockets below it have only about 100 characters for their whole path.
  const folder = mkdtempSync(path.join(tmpdir(), 'cot-'));
  const scratch = path.join(folder, 'tmp');
  mkdirSync(scratch);
  // What is killed without warning leaves at least no folder behind when Node itself ends in good order.
  const lastResort = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', lastResort);
  return {
    path: folder,
    scratch,
    copyIn(source, name = path.basename(source)) {
      const copy = path.join(folder, name);
      cpSync(source, copy, { recursive: true });
      return copy;
    },
    async remove() {
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
      process.off('exit', lastResort);
    },
  };
}
