import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { printSample } from '../../../src/curate/sampleLine';
import type { CuratedSample } from '../../../src/curate/sample';
import { CuratedSetsOnDisk } from '../../../src/session/curated/curatedSetFiles';
import { nodeFiles } from '../../../src/session/nodeFiles';
import { plainSample } from '../curate/plainSample';
import { setPlaces } from './curatedPlaces';

export interface SetFolder {
  readonly path: string;
  readonly logged: string[];
  /** Sets as another window has them: nothing is shared but the disk. */
  window(): CuratedSetsOnDisk;
  file(name?: string): string;
  write(content: string | Uint8Array, name?: string): string;
  read(name?: string): string;
}

/** A folder for sets; what was made goes with the test. */
export function setFolder(): SetFolder {
  const folder = mkdtempSync(path.join(tmpdir(), 'cot-lens-sets-'));
  const windows: CuratedSetsOnDisk[] = [];
  const logged: string[] = [];
  onTestFinished(() => {
    for (const one of windows) one.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
  const file = (name = 'train'): string => path.join(folder, `${name}.curated.jsonl`);
  const say = (message: string): void => void logged.push(message);
  return {
    path: folder,
    logged,
    file,
    window() {
      const sets = new CuratedSetsOnDisk({ ...setPlaces(folder), log: { info: say, warn: say, error: say }, debounce: 20 }, nodeFiles);
      windows.push(sets);
      return sets;
    },
    write(content, name) {
      writeFileSync(file(name), content);
      return file(name);
    },
    read: (name) => readFileSync(file(name), 'utf8'),
  };
}

/** A sample's line as another program might have written it: other order, spaces, a field of its own. */
export function foreignLine(id: string, more: Partial<CuratedSample> = {}): string {
  const { prompt, ...rest } = JSON.parse(printSample(plainSample(id, more))) as Record<string, unknown>;
  return JSON.stringify({ tags: ['größe', 12], ...rest, prompt }).replaceAll('","', '" ,  "').replace('"tags":', '"tags" : ');
}
