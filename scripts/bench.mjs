/** Runs each test/bench/*.bench.ts in a process of its own and prints its rows; a missed bound fails. */
import { fork } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, filesIn } from './build.mjs';
import { makePackage, root } from './run.mjs';

/** @typedef {import('../test/bench/row').Row} Row */

/**
 * Garbage is collected between samples, and hardly within one: what is measured is our code, not the collector's mood.
 * On one thread processor time is the work's own.
 */
const engine = ['--expose-gc', '--min-semi-space-size=512', '--max-semi-space-size=512', '--single-threaded'];

/** @param {string} file a bundle @returns {Promise<Row[]>} */
function rowsOf(file) {
  const child = fork(import.meta.filename, ['--rows-of', file], { cwd: root, execArgv: engine });
  return new Promise((resolve, reject) => {
    /** @type {Row[] | undefined} */
    let rows;
    child.on('message', (message) => (rows = /** @type {Row[]} */ (message)));
    child.on('exit', (code) => (rows ? resolve(rows) : reject(new Error(`${file} ended with ${code} and no rows.`))));
  });
}

/** @param {Row} row */
function verdict({ figure, bound, ok }) {
  if (ok === undefined && bound === undefined) return 'info';
  return (ok ?? figure <= (bound ?? Infinity)) ? 'ok' : 'MISS';
}

async function main() {
  await build({ tests: true });
  await makePackage();
  const wanted = process.argv.slice(2);
  const files = filesIn('out/bench', '.bench.mjs').filter(
    (file) => wanted.length === 0 || wanted.some((word) => file.includes(word)),
  );
  if (files.length === 0) throw new Error('No bench was found in test/bench/.');
  let missed = 0;
  for (const file of files) {
    console.log(`\n${path.basename(file, '.bench.mjs')}`);
    for (const row of await rowsOf(file)) {
      const said = verdict(row);
      if (said === 'MISS') missed += 1;
      const figure = `${Number(row.figure.toPrecision(4))} ${row.unit ?? ''}`.trim();
      const bound = row.bound === undefined ? '' : `bound ${row.bound} ${row.unit ?? ''}`.trim();
      console.log(`  ${said.padEnd(5)} ${row.name.padEnd(52)} ${figure.padStart(14)}  ${bound}`.trimEnd());
    }
  }
  console.log(missed === 0 ? '\nEvery bound is met.' : `\n${missed} missed.`);
  process.exitCode = missed === 0 ? 0 : 1;
}

const [mode, file] = process.argv.slice(2);
if (mode === '--rows-of' && file !== undefined) {
  const bench = await import(pathToFileURL(path.join(root, file)).href);
  process.send?.(await bench.rows(), () => process.disconnect());
} else await main();
