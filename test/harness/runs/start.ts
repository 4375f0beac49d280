import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { hostRunsHere, installHost } from '../host';
import { packagedExtension, samplesFolder } from '../places';
import { onStopSignal } from '../processes';
import { printProgress } from '../progress';
import { root } from '../root';
import { startServer } from '../server';
import { makeTemporaryFolder } from '../temporary';
import { workbenchUrl } from '../urls';

/** npm start -- [--port N] [--desktop] [FOLDER]: shows CoT Lens on the samples, or on a folder of one's own. */
const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  options: { port: { type: 'string' }, desktop: { type: 'boolean', default: false } },
  allowPositionals: true,
});

/** A folder given by name is opened in place; the samples are copied, so that playing with them costs nothing. */
function folderToOpen(copyIn: (folder: string) => string): string {
  const [own] = positionals;
  if (own === undefined) return copyIn(samplesFolder());
  const folder = path.resolve(own);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Error(`There is no folder ${folder}.`);
  return folder;
}

/** The file to show first: among our samples, the one with a peak, which says most at one glance. */
function firstTrace(folder: string): string | undefined {
  const names = readdirSync(folder)
    .filter((one) => one.endsWith('.cot'))
    .sort();
  const name = names.find((one) => one.startsWith('peak')) ?? names[0];
  return name === undefined ? undefined : path.join(folder, name);
}

function portNumber(): number | undefined {
  if (values.port === undefined) return undefined;
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new Error(`--port ${values.port} is not a port.`);
  return port;
}

const temporary = makeTemporaryFolder();

async function inServer(): Promise<void> {
  const port = portNumber();
  const host = installHost(printProgress);
  const folder = folderToOpen((source) => temporary.copyIn(source, 'samples'));
  const server = await startServer(host, {
    folder: temporary,
    vsix: packagedExtension(),
    // The samples are ours; a person's own folder is theirs to trust.
    workspaceTrust: positionals.length > 0,
    ...(port === undefined ? {} : { port }),
  });
  onStopSignal(async () => {
    console.log('\nStopping …');
    await server.stop();
    await temporary.remove();
  });
  const file = firstTrace(folder);
  console.log(`\nOpen ${workbenchUrl(server, { folder, ...(file === undefined ? {} : { file }) })}\n`);
  console.log('VS Code runs on this machine alone (127.0.0.1). Ctrl+C stops it and removes what it made.');
  // Only a signal ends it.
  setInterval(() => undefined, 1 << 30);
}

async function onDesktop(): Promise<void> {
  const program = process.env['VSCODE_EXECUTABLE_PATH'] ?? 'code';
  const folder = folderToOpen((source) => temporary.copyIn(source, 'samples'));
  const file = firstTrace(folder);
  const args = ['--wait', '--new-window', `--extensionDevelopmentPath=${root}`];
  args.push(`--user-data-dir=${path.join(temporary.path, 'user')}`, folder, ...(file === undefined ? [] : [file]));
  console.log(`Opening ${program}; closing its window ends this.`);
  const child = spawn(program, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  onStopSignal(async () => {
    child.kill();
    await temporary.remove();
  });
  await new Promise<void>((resolve, reject) => {
    child.on('error', () =>
      reject(new Error(`Could not run ${program}. Put VS Code's "code" on the PATH, or set VSCODE_EXECUTABLE_PATH.`)),
    );
    child.on('exit', () => resolve());
  });
  await temporary.remove();
}

try {
  if (values.desktop) await onDesktop();
  else if (hostRunsHere) await inServer();
  else {
    throw new Error(
      `The built-in server runs on Linux x64 only. Here, use npm start -- --desktop, or open this folder in VS Code and press F5.`,
    );
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await temporary.remove();
  process.exitCode = 1;
}
