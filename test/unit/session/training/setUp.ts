import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

export { heard, planOf, type Heard } from './plan';

/** A folder on disk for a test, with its files by name. */
export function runsFolder(): { readonly path: string; read(name: string): string; write(name: string, text: string): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'cot-lens-runs-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return { path: folder, read: (name) => readFileSync(path.join(folder, name), 'utf8'), write: (name, text) => { writeFileSync(path.join(folder, name), text); } };
}
