import { existsSync } from 'node:fs';
import path from 'node:path';

/** The repository's folder, found from wherever this file or its bundle stands. */
function findRoot(folder: string): string {
  if (existsSync(path.join(folder, 'scripts/ensure-installed.mjs'))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error('The harness stands outside the CoT Lens repository.');
  return findRoot(parent);
}

export const root = findRoot(import.meta.dirname);

/** Where what is installed on demand is kept. */
export const cacheFolder = path.join(root, '.vscode-test');
