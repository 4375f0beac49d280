/**
 * Runs `npm ci` when node_modules is missing or is not what package-lock.json asks for.
 * Plain Node without dependencies, since it runs before there are any.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/** @returns {Record<string, {version?: string, optional?: boolean}>} */
function lockedPackages(/** @type {string} */ file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

/** The first package that is not installed as locked; npm leaves out optional ones made for other platforms. */
function firstDifference() {
  const installed = lockedPackages('node_modules/.package-lock.json');
  return Object.entries(lockedPackages('package-lock.json')).find(
    ([where, wanted]) =>
      where !== '' &&
      installed[where]?.version !== wanted.version &&
      !(wanted.optional && installed[where] === undefined),
  )?.[0];
}

const difference = firstDifference();
if (difference !== undefined) {
  console.log('Installing the development packages …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  process.exitCode = status ?? 1;
}
