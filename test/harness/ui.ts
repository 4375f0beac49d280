import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser';
import { installHost } from './host';
import { packagedExtension, testWorkspace } from './places';
import { printProgress } from './progress';
import { startServer, type Server, type ServerOptions } from './server';
import { makeTemporaryFolder } from './temporary';
import { workbenchUrl } from './urls';
import { openWorkbench } from './workbench';

/** A person's VS Code with the packaged extension installed. */
export interface Ui {
  readonly server: Server;
  /** Kills VS Code as a power cut does, and starts it again with the same profile at the same address. Windows have to be opened anew. */
  crash(): Promise<void>;
  readonly browser: Browser;
  /** The copy of the workspace that is open. */
  readonly workspace: string;
  /** Opens the workspace in a tab of its own; close its context when done with it. */
  open(file?: string): Promise<Page>;
  stop(): Promise<void>;
}

export type UiOptions = Pick<ServerOptions, 'settings' | 'workspaceTrust' | 'env'> & {
  /** The folder to open a copy of. */
  readonly workspace?: string;
};

/** Starts a server and a browser; for tests that need settings or an environment of their own. */
export async function startUi({ workspace: source = testWorkspace, ...options }: UiOptions = {}): Promise<Ui> {
  const host = installHost(printProgress);
  const folder = makeTemporaryFolder();
  const workspace = folder.copyIn(source, 'samples');
  try {
    let server = await startServer(host, { ...options, folder, vsix: packagedExtension() });
    try {
      const browser = await launchBrowser(folder, printProgress);
      return {
        get server() {
          return server;
        },
        ...{ browser, workspace },
        async crash() {
          const { port } = server;
          await server.kill();
          server = await startServer(host, { ...options, folder, port });
        },
        open: (file) =>
          openWorkbench(
            browser,
            workbenchUrl(server, { folder: workspace, ...(file === undefined ? {} : { file: path.join(workspace, file) }) }),
          ),
        async stop() {
          await browser.close();
          await server.stop();
          await folder.remove();
        },
      };
    } catch (error) {
      await server.stop();
      throw error;
    }
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

let shared: Promise<Ui> | undefined;

/** The server and browser that tests share, for speed. Leave its settings as you found them. */
export function sharedUi(): Promise<Ui> {
  return (shared ??= startUi());
}

/** Stops what `sharedUi` started; the runner calls it once. */
export async function stopSharedUi(): Promise<void> {
  const ui = await shared?.catch(() => undefined);
  shared = undefined;
  await ui?.stop();
}
