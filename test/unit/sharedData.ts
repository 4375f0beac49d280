import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * Real traces that are too large, or not ours, to keep in the repository: `$COT_LENS_SHARED/data`, or
 * `shared/data` beside the repository. Undefined where there are none; every test must manage without.
 */
export function sharedData(): string | undefined {
  const folder = path.join(process.env['COT_LENS_SHARED'] ?? path.join(root, '../shared'), 'data');
  return existsSync(folder) ? folder : undefined;
}

/** A `describe` over the shared data; where it is absent, one test that says it was skipped. */
export function describeWithSharedData(name: string, body: (folder: string) => void): void {
  const folder = sharedData();
  describe(name, () => {
    if (folder === undefined) it.skipIf(true)('skipped: no shared data', () => undefined);
    else body(folder);
  });
}
