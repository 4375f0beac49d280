/**
 * npm test: node scripts/test.mjs [STAGE…] [--grep WORDS]
 * Runs the stages (unless some are named: all but `desktop`, and `ray` and `ray-ui` only where a server, a Python or a cluster for it is at hand), then prints
 * what each came to. The last line is `N passed, N failed`, with `, N skipped` when some were.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build, filesIn } from './build.mjs';
import { makePackage, root, runNode } from './run.mjs';

/**
 * `counts` reads what the runner itself reported; types and lint count as one test each.
 * `failures` holds the title and the reason of each failed test.
 * @typedef {{passed: number, failed: number, skipped: string[], failures: string[]}} Counts
 * @typedef {{name: string, run: () => Promise<number>, counts: (code: number) => Counts | undefined}} Stage
 */

const reports = path.join(root, 'out/reports');
const words = process.argv.slice(2);
const grepAt = words.indexOf('--grep');
const grep = grepAt < 0 ? [] : words.splice(grepAt, 2);

/** @param {string} name @returns {any} */
function readReport(name) {
  const file = path.join(reports, `${name}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** @param {number} code @returns {Counts} */
const asOneTest = (code) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [], failures: [] });

/** @param {string} name @returns {Counts | undefined} */
function vitestCounts(name) {
  const report = readReport(name);
  if (report === undefined) return undefined;
  /** @type {any[]} */
  const tests = report.testResults.flatMap((/** @type {any} */ file) => file.assertionResults);
  // A file that cannot be loaded has failed although none of its tests has.
  const broken = report.testResults.filter((/** @type {any} */ file) => file.status === 'failed' && file.assertionResults.every((/** @type {any} */ test) => test.status !== 'failed'));
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: tests.filter(({ status }) => status === 'failed').length + broken.length,
    skipped: tests.filter(({ status }) => status !== 'passed' && status !== 'failed').map(({ fullName }) => fullName),
    failures: [
      ...tests.filter(({ status }) => status === 'failed').map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages.join('\n')}`),
      ...broken.map((/** @type {any} */ file) => `${file.name}: ${file.message}`),
    ],
  };
}

/** @param {string} name @param {string[]} args @returns {Stage} */
const mochaStage = (name, args) => ({
  name,
  run: () => runNode(args, { COT_LENS_REPORT: path.join(reports, `${name}.json`), COT_LENS_GREP: grep[1] }),
  counts: () => readReport(name),
});

const realRay = 'out/ui/realRay.test.mjs';

/** @type {Stage[]} */
const stages = [
  { name: 'types', run: () => runNode(['scripts/types.mjs']), counts: asOneTest },
  { name: 'lint', run: () => runNode(['node_modules/eslint/bin/eslint.js', '.', '--max-warnings=0']), counts: asOneTest },
  {
    name: 'unit',
    run: () => runNode(['node_modules/vitest/vitest.mjs', 'run', ...(grep[1] ? ['-t', grep[1]] : [])]),
    counts: () => vitestCounts('unit'),
  },
  mochaStage('host', ['out/harness/runs/host.mjs']),
  // The built files are listed when the stage runs, after the build.
  { ...mochaStage('ui', []), run: () => mochaStage('ui', ['out/harness/runs/ui.mjs', ...filesIn('out/ui', '.test.mjs').filter((file) => file !== realRay)]).run() },
  {
    name: 'ray',
    run: () => runNode(['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.ray.config.mjs', ...(grep[1] ? ['-t', grep[1]] : [])]),
    counts: () => vitestCounts('ray'),
  },
  // From the palette of a real VS Code to a real cluster.
  mochaStage('ray-ui', ['out/harness/runs/ui.mjs', realRay]),
  mochaStage('desktop', ['out/harness/runs/desktop.mjs']),
];

const unknown = words.filter((word) => stages.every(({ name }) => name !== word));
if (unknown.length > 0) throw new Error(`No stage ${unknown.join(', ')}; there are ${stages.map(({ name }) => name).join(', ')}.`);
/** What was started or installed for the tests: a real model server (an OpenAI-compatible API with a model behind it), a Python with TRL. */
const servers = ['COT_LENS_TARGET_URL', 'COT_LENS_RAY_BIN'].filter((name) => process.env[name]);
const byDefault = (/** @type {string} */ name) => name !== 'desktop' && (name !== 'ray' || servers.length > 0) && (name !== 'ray-ui' || process.env['COT_LENS_RAY_URL'] !== undefined);
const chosen = stages.filter(({ name }) => (words.length > 0 ? words.includes(name) : byDefault(name)));

/** Builds what the chosen stages run. */
async function prepare() {
  const runs = (/** @type {string} */ name) => chosen.some((stage) => stage.name === name);
  if (!['host', 'ui', 'ray-ui', 'desktop'].some(runs)) return;
  await build({ production: true, tests: true });
  if (runs('ui') || runs('ray-ui')) await makePackage();
}

rmSync(reports, { recursive: true, force: true });
/** @type {(Counts & {name: string, silent: boolean, seconds: number})[]} */
const results = [];
let prepared = false;
for (const { name, run, counts } of chosen) {
  console.log(`\n── ${name} ${'─'.repeat(60 - name.length)}`);
  const started = Date.now();
  let code = 1;
  try {
    if (!prepared && !['types', 'lint', 'unit'].includes(name)) {
      await prepare();
      prepared = true;
    }
    mkdirSync(reports, { recursive: true });
    code = await run();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
  const found = counts(code) ?? { passed: 0, failed: 0, skipped: [], failures: [] };
  // A stage that crashed, or ran nothing, has failed even if no test says so; without either of them nothing of `ray` can run.
  const none = name === 'ray' ? servers.length === 0 : name === 'ray-ui' && process.env['COT_LENS_RAY_URL'] === undefined;
  const idle = none && found.skipped.length > 0;
  const silent = found.failed === 0 && (code !== 0 || (found.passed === 0 && !idle));
  results.push({ name, ...found, failed: found.failed + (silent ? 1 : 0), silent, seconds: (Date.now() - started) / 1000 });
}

console.log('\nstage     passed  failed  skipped  seconds');
for (const { name, passed, failed, skipped, seconds, silent } of results) {
  const cells = [passed, failed].map((count) => String(count).padStart(8)).join('');
  const note = silent ? '  the stage itself failed, or ran no test' : '';
  console.log(`${name.padEnd(8)}${cells}${String(skipped.length).padStart(9)}${seconds.toFixed(1).padStart(9)}${note}`);
}
const skippedTitles = results.flatMap(({ name, skipped }) => skipped.map((title) => `  ${name}: ${title}`));
if (skippedTitles.length > 0) console.log(['\nskipped:', ...skippedTitles, ''].join('\n'));

// Once more at the end: of a long log, the end is what is kept and read.
const REASON_LENGTH = 1500;
const failures = results.flatMap(({ name, failures }) => failures.map((failure) => `  ${name}: ${failure.slice(0, REASON_LENGTH)}`));
if (failures.length > 0) console.log(['\nfailed:', ...failures, ''].join('\n'));

/** @param {'passed' | 'failed'} what */
const total = (what) => results.reduce((sum, result) => sum + result[what], 0);
process.exitCode = total('failed') > 0 ? 1 : 0;
console.log(`${total('passed')} passed, ${total('failed')} failed${skippedTitles.length > 0 ? `, ${skippedTitles.length} skipped` : ''}`);
