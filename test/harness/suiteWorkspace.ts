import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { samplesFolder, testWorkspace } from './places';
import type { TemporaryFolder } from './temporary';

/**
 * What the host suite opens: a workspace of two folders, `traces`, which has no scores yet, and `samples` with those that are
 * checked in. Two, because scores are filed by the path inside a folder, and a folder with scores gets no `.gitignore`.
 */
export function suiteWorkspace(folder: TemporaryFolder): string {
  folder.copyIn(testWorkspace, 'traces');
  folder.copyIn(samplesFolder(), 'samples');
  const file = path.join(folder.path, 'suite.code-workspace');
  writeFileSync(file, JSON.stringify({ folders: [{ path: 'traces' }, { path: 'samples' }] }));
  return file;
}
