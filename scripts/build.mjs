/**
 * Builds what runs: node scripts/build.mjs [--production] [--tests] [--watch]
 *   dist/  the extension, the command line and the pages, with dist/meta.json
 *   out/   the test bundles, with --tests
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as esbuild from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');

/** The files directly in a folder that end so; none when there is no such folder. */
export function filesIn(/** @type {string} */ folder, /** @type {string} */ ending) {
  const directory = path.join(root, folder);
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name.replaceAll(path.sep, '/')}`)
    .sort();
}

/** @returns {import('esbuild').BuildOptions} */
function common(/** @type {boolean} */ production) {
  return {
    absWorkingDir: root,
    bundle: true,
    metafile: true,
    logLevel: 'warning',
    minify: production,
    // Maps stay beside the bundles for stack traces; the package leaves them out.
    sourcemap: production ? 'external' : 'linked',
    // Class names are read in logs and errors.
    keepNames: true,
    // Files that are sent along with a training run travel in the bundle as text.
    loader: { '.py': 'text' },
  };
}

/**
 * Parts with heavy libraries, each a bundle of its own, read when `import()` first asks for it. What such a bundle shares with the
 * entry bundle it holds a copy of: no `instanceof` and no state across.
 */
const onDemand = filesIn('src', '.onDemand.ts');

/** Leaves `import('./x.onDemand')` in place, pointed to the bundle of that part. @type {import('esbuild').Plugin} */
const loadOnDemand = {
  name: 'load on demand',
  setup(api) {
    api.onResolve({ filter: /\.onDemand$/ }, ({ kind, path: target, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const file = path.relative(path.join(root, 'src'), path.join(resolveDir, target)).replaceAll(path.sep, '/');
      return { path: `./${file}.js`, external: true };
    });
  },
};

/** What the .vsix holds. @returns {import('esbuild').BuildOptions[]} */
function product(/** @type {boolean} */ production) {
  /** @type {import('esbuild').BuildOptions} */
  const node = {
    ...common(production),
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['vscode'],
    // yaml and others ship a CommonJS `main` and a smaller ES `module`, which can be shaken.
    mainFields: ['module', 'main'],
    outbase: 'src',
    outdir: 'dist',
  };
  /** @type {import('esbuild').BuildOptions} */
  const browser = {
    ...common(production),
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    outbase: 'webview',
    outdir: 'dist/webview',
  };
  const programs = ['src/extension.ts', 'src/cli.ts'].filter((file) => existsSync(path.join(root, file)));
  const pages = filesIn('webview', '/index.ts');
  return [
    { ...node, entryPoints: [...programs, ...onDemand], plugins: [loadOnDemand] },
    ...(pages.length > 0 ? [{ ...browser, entryPoints: pages }] : []),
  ];
}

/** What only the tests run. Packages stay outside where Node can import them by itself. @returns {import('esbuild').BuildOptions[]} */
export function testBundles() {
  /** @type {import('esbuild').BuildOptions} */
  const node = {
    ...common(false),
    // Functions that are sent into a browser page must not call a helper that only the bundle has.
    keepNames: false,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    packages: 'external',
    // Chunks keep one copy of what test files share, such as the running server.
    splitting: true,
    outbase: 'test',
    outdir: 'out',
  };
  return [
    {
      ...node,
      entryPoints: [
        ...filesIn('test/harness/runs', '.ts'),
        ...filesIn('test/ui', '.test.ts'),
        ...filesIn('test/screenshots', '.shots.ts'),
        ...filesIn('test/bench', '.bench.ts'),
      ],
    },
    {
      ...common(false),
      platform: 'node',
      target: 'node22',
      format: 'cjs',
      // One bundle, so that the suite and its tests share one mocha.
      stdin: { contents: suiteEntry(), resolveDir: root, loader: 'ts', sourcefile: 'out/suite/entry.ts' },
      external: ['vscode', 'mocha'],
      outfile: 'out/suite/index.js',
    },
  ];
}

/** A test file that is written is a test file that runs: the list is made here, not by hand. */
function suiteEntry() {
  const tests = filesIn('test/suite', '.test.ts').map((file) => `  () => require('./${file}'),`);
  return `import { runSuite } from './test/suite/index.ts';\nexport const run = () => runSuite([\n${tests.join('\n')}\n]);\n`;
}

/** Builds once. `tests` adds the test bundles. */
export async function build({ production = false, tests = false } = {}) {
  rmSync(path.join(root, 'dist'), { recursive: true, force: true });
  if (tests) rmSync(path.join(root, 'out'), { recursive: true, force: true });
  const [results] = await Promise.all([
    Promise.all(product(production).map((options) => esbuild.build(options))),
    tests ? Promise.all(testBundles().map((options) => esbuild.build(options))) : undefined,
  ]);
  /** @type {import('esbuild').Metafile} */
  const meta = { inputs: {}, outputs: {} };
  for (const { metafile } of results) {
    Object.assign(meta.inputs, metafile?.inputs);
    Object.assign(meta.outputs, metafile?.outputs);
  }
  await mkdir(path.join(root, 'dist'), { recursive: true });
  await writeFile(path.join(root, 'dist/meta.json'), JSON.stringify(meta));
}

async function watch() {
  for (const options of product(false)) {
    const context = await esbuild.context({
      ...options,
      logLevel: 'info',
      plugins: [
        ...(options.plugins ?? []),
        {
          // The task in .vscode/tasks.json waits for these words.
          name: 'announce',
          setup(api) {
            api.onStart(() => console.log('build started'));
            api.onEnd(() => console.log('build finished'));
          },
        },
      ],
    });
    await context.watch();
  }
}

if (process.argv[1] === import.meta.filename) {
  const has = (/** @type {string} */ flag) => process.argv.includes(flag);
  if (has('--watch')) await watch();
  else await build({ production: has('--production'), tests: has('--tests') });
}
