import { fork } from 'node:child_process';
import path from 'node:path';
import { root } from '../harness/root';
import { median } from './measure';
import type { Row } from './row';

const PROCESSES = 15;

interface Took {
  readonly load: number;
  readonly activate: number;
}

/** What a user waits for when the extension starts, without VS Code's own share: medians of fresh processes. */
export async function rows(): Promise<Row[]> {
  const times: Took[] = [];
  for (let i = 0; i < PROCESSES; i++) times.push(await once());
  const row = (name: string, of: (took: Took) => number): Row => ({ name, figure: median(times.map(of)), unit: 'ms' });
  return [
    row('load and activate', ({ load, activate }) => load + activate),
    row('… of it loading dist/extension.js', ({ load }) => load),
    row('… of it activate()', ({ activate }) => activate),
  ];
}

function once(): Promise<Took> {
  // Without what this process was given: a user's VS Code has none of it.
  const child = fork(path.join(root, 'out/harness/runs/activate.mjs'), { cwd: root, execArgv: [] });
  return new Promise((resolve, reject) => {
    child.on('message', (took) => {
      resolve(took as Took);
    });
    child.on('exit', (code) => {
      reject(new Error(`Activation ended with ${String(code)} and told no time.`));
    });
  });
}
