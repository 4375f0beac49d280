/** Writes media/recipes/<recipe>.schema.json, by which VS Code checks recipe files: node scripts/recipeSchemas.mjs */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as esbuild from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const folder = path.join(root, 'media/recipes');

const temporary = await mkdtemp(path.join(tmpdir(), 'cot-schemas-'));
try {
  const bundle = path.join(temporary, 'recipeSchemas.cjs');
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['src/train/recipeSchemas.ts'],
    bundle: true,
    outfile: bundle,
    platform: 'node',
    format: 'cjs',
    logLevel: 'warning',
    loader: { '.py': 'text' },
  });
  const made = /** @type {{ recipeSchemaFiles(): ReadonlyMap<string, string> }} */ (createRequire(import.meta.url)(bundle));
  const files = made.recipeSchemaFiles();
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) if (name.endsWith('.schema.json') && !files.has(name)) await rm(path.join(folder, name));
  for (const [name, text] of files) await writeFile(path.join(folder, name), text);
  console.log(`${String(files.size)} schemas in media/recipes.`);
} finally {
  await rm(temporary, { recursive: true });
}
