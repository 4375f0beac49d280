import { spawnSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from './host';
import { spawnGroup } from './processes';
import { quietSettings, writeSettings, type Settings } from './settings';
import type { TemporaryFolder } from './temporary';

export interface ServerOptions {
  /** Holds user data, extensions and all else the server writes. */
  readonly folder: TemporaryFolder;
  readonly settings?: Settings;
  /** Installed before the start. */
  readonly vsix?: string;
  readonly port?: number;
  /** Starts with Workspace Trust, as a person's VS Code does; tests mostly do without. */
  readonly workspaceTrust?: boolean;
  /** Needed to run a test suite in the extension host. It hides notifications and dialogs. */
  readonly smokeTestDriver?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

export interface Server {
  readonly port: number;
  readonly origin: string;
  readonly userData: string;
  /** What the server has printed. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
  /** Ends the server and all extension hosts without a word, as a power cut does. */
  readonly kill: () => Promise<void>;
}

/** A port of the loopback interface that nothing uses. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** Ours without what a surrounding VS Code or code-server has left in it. */
function environment({ folder, env }: ServerOptions): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_.*|ELECTRON_RUN_AS_NODE|PORT|PASSWORD|HASHED_PASSWORD|NODE_OPTIONS)$/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    // No gallery: nothing is looked up on the network.
    EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}',
    TMPDIR: folder.scratch,
    XDG_RUNTIME_DIR: folder.scratch,
    ...env,
  };
}

function installExtension(host: Host, args: readonly string[], vsix: string, env: NodeJS.ProcessEnv): void {
  const { status, stdout, stderr } = spawnSync(host.node, [host.entry, ...args, '--install-extension', vsix, '--force'], {
    env,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`Could not install ${vsix}:\n${stdout}${stderr}`);
}

/** Starts a VS Code server on 127.0.0.1 alone, in a profile of its own. */
export async function startServer(host: Host, options: ServerOptions): Promise<Server> {
  const { folder } = options;
  const userData = path.join(folder.path, 'user');
  const port = options.port ?? (await freePort());
  const env = environment(options);
  // Its own configuration file too, else one is written into the home folder.
  const places = ['--config', 'config.yaml', '--user-data-dir', 'user', '--extensions-dir', 'extensions'].map((word) =>
    word.startsWith('--') ? word : path.join(folder.path, word),
  );
  writeSettings(userData, { ...quietSettings, ...options.settings });
  if (options.vsix !== undefined) installExtension(host, places, options.vsix, env);

  const group = spawnGroup(
    host.node,
    [
      host.entry,
      ...places,
      ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
      ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--ignore-last-opened'],
      ...(options.workspaceTrust === true ? [] : ['--disable-workspace-trust']),
      ...(options.smokeTestDriver === true ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
    ],
    env,
  );
  const origin = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 30_000;
  while (!(await isUp(origin))) {
    const ended = group.ended();
    if (ended === undefined && Date.now() < deadline) {
      await sleep(100);
      continue;
    }
    await group.stop();
    throw new Error(`The VS Code server ${ended ?? 'did not answer within 30 s'}:\n${group.output()}`);
  }
  return { port, origin, userData, output: group.output, stop: group.stop, kill: group.kill };
}

async function isUp(origin: string): Promise<boolean> {
  try {
    return (await fetch(`${origin}/healthz`)).ok;
  } catch {
    return false;
  }
}
