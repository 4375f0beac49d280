/** Runs a program in the foreground, passing stop signals on, and resolves to its exit code. */
import { spawn } from 'node:child_process';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '..');

/** @param {string[]} args what Node runs @param {NodeJS.ProcessEnv} [env] added to ours @returns {Promise<number>} */
export function runNode(args, env = {}) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });
  // It gets Ctrl+C from the terminal itself; other signals reach us alone. Either way we wait for it to
  // clean up, and then end too.
  let told = false;
  const wait = () => (told = true);
  const passOn = () => {
    told = true;
    child.kill('SIGTERM');
  };
  process.on('SIGINT', wait).on('SIGTERM', passOn).on('SIGHUP', passOn);
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      process.off('SIGINT', wait).off('SIGTERM', passOn).off('SIGHUP', passOn);
      if (told) process.exit(code ?? 1);
      resolve(code ?? 1);
    });
  });
}

/** Makes dist/cot-lens.vsix, in a process of its own, since vsce ends the process when something is wrong. */
export async function makePackage() {
  if ((await runNode(['scripts/package.mjs'])) !== 0) throw new Error('The package could not be made.');
}
