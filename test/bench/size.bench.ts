import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { entryBundle } from '../../scripts/entryBundle.mjs';
import { packagedExtension } from '../harness/places';
import { root } from '../harness/root';
import type { Row } from './row';

const LARGEST_SHOWN = 6;

const kibibytes = (bytes: number): number => bytes / 1024;

/** What a user downloads, and what VS Code reads before the extension can start. */
export function rows(): Promise<Row[]> {
  const meta = JSON.parse(readFileSync(path.join(root, 'dist/meta.json'), 'utf8')) as Metafile;
  const { size, inputs, onDemand } = entryBundle(meta);
  const packages = new Map<string, number>();
  for (const { file, bytes } of inputs) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? file;
    packages.set(name, (packages.get(name) ?? 0) + bytes);
  }
  const largest = [...packages].sort(([, a], [, b]) => b - a).slice(0, LARGEST_SHOWN);
  return Promise.resolve([
    { name: 'the package', figure: kibibytes(statSync(packagedExtension()).size), unit: 'KiB', bound: 2048 },
    { name: 'files of openai, zod or d3 in dist/extension.js', figure: onDemand.length, bound: 0 },
    { name: 'dist/extension.js', figure: kibibytes(size), unit: 'KiB' },
    ...largest.map(([name, bytes]) => ({ name: `… of it ${name}`, figure: kibibytes(bytes), unit: 'KiB' })),
  ]);
}
