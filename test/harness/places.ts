import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from './root';

/** The packaged extension, which `npm run package` makes. */
export function packagedExtension(): string {
  const file = path.join(root, 'dist/cot-lens.vsix');
  if (!existsSync(file)) throw new Error('There is no dist/cot-lens.vsix: run npm run package.');
  return file;
}

/** What a new user opens first; it ships with the extension. */
export function samplesFolder(): string {
  const folder = path.join(root, 'samples');
  if (!existsSync(folder)) throw new Error('There is no samples/ folder in the repository to open.');
  return folder;
}

/** The small workspace that tests open a copy of. */
export const testWorkspace = path.join(root, 'test/data/workspace');

/** An extension that offers language models to VS Code; the host suite runs beside it. */
export const modelProvider = path.join(root, 'test/data/modelProvider');
