/** Type-checks each folder that has a tsconfig of its own. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const tsc = path.join(root, 'node_modules/typescript/bin/tsc');

/** tsc calls a project without files an error; a folder still empty is none. */
const folders = ['src', 'webview', 'test', 'scripts'].filter((folder) =>
  readdirSync(path.join(root, folder), { recursive: true }).some((name) => /\.(ts|mjs)$/.test(String(name))),
);

/** @returns {Promise<number>} */
function check(/** @type {string} */ folder) {
  return new Promise((resolve) => {
    // What was checked is remembered, so that the next check reads only what has changed.
    const memory = path.join(root, 'node_modules/.cache/types', `${folder}.tsbuildinfo`);
    const child = spawn(process.execPath, [tsc, '-p', folder, '--pretty', '--incremental', '--tsBuildInfoFile', memory], { cwd: root, stdio: 'inherit' });
    child.on('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}

const codes = await Promise.all(folders.map(check));
process.exitCode = Math.max(...codes);
