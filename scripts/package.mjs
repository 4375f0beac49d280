/**
 * Makes dist/cot-lens.vsix, the extension as users install it.
 * Only what is named here goes in, by way of a folder of its own: vsce would otherwise walk through all
 * that is installed here, which takes longer than everything else together.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { build } from './build.mjs';
import { entryBundle } from './entryBundle.mjs';
import { root } from './run.mjs';

const limit = 2 * 1024 * 1024;
const contents = ['README.md', 'CHANGELOG.md', 'LICENSE', 'dist', 'syntaxes', 'media', 'samples'];
/** Files beside the manifest that VS Code reads: translations, the language's brackets and comments. */
const besideManifest = /^package\.nls.*\.json$|language-configuration\.json$/;
/** What stands in those folders and is of no use to a user of the extension. */
const left = /\.map$|\.vsix$|^dist\/(meta\.json|cli\.js)$|^media\/screenshots(\/|$)/;

const staging = path.join(root, 'out/package');
const packagePath = path.join(root, 'dist/cot-lens.vsix');

await build({ production: true });
const { onDemand } = entryBundle(JSON.parse(readFileSync(path.join(root, 'dist/meta.json'), 'utf8')));
if (onDemand.length > 0) {
  const files = onDemand.map(({ file }) => file).join(', ');
  throw new Error(`dist/extension.js is read at every start and must not hold ${files}: import them when they are needed.`);
}
rmSync(staging, { recursive: true, force: true });
mkdirSync(staging, { recursive: true });
for (const name of [...contents, ...readdirSync(root).filter((file) => besideManifest.test(file))]) {
  if (!existsSync(path.join(root, name))) continue;
  cpSync(path.join(root, name), path.join(staging, name), {
    recursive: true,
    filter: (source) => !left.test(path.relative(root, source).replaceAll(path.sep, '/')),
  });
}
// The manifest goes in without what only developers need.
const { scripts: _scripts, devDependencies: _development, dependencies: _bundled, ...manifest } = JSON.parse(
  readFileSync(path.join(root, 'package.json'), 'utf8'),
);
writeFileSync(path.join(staging, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
writeFileSync(path.join(staging, '.vscodeignore'), '.vscodeignore\n');

await createVSIX({ cwd: staging, packagePath, dependencies: false });
rmSync(staging, { recursive: true, force: true });

const { size } = statSync(packagePath);
console.log(`dist/cot-lens.vsix: ${Math.ceil(size / 1024)} KiB`);
if (size > limit) throw new Error(`The package may have ${limit / 1024} KiB at most.`);
