import { cpSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../browser';
import { installHost } from '../host';
import { onStopSignal } from '../processes';
import { modelProvider } from '../places';
import { printProgress } from '../progress';
import { root } from '../root';
import { startServer } from '../server';
import { suiteWorkspace } from '../suiteWorkspace';
import { makeTemporaryFolder } from '../temporary';
import { workbenchUrl } from '../urls';

/**
 * Runs the host suite (out/suite/index.js) in the extension host of a VS Code server. A browser must
 * show the workbench, since the workbench is what starts the suite and hears how it ends.
 */
const limitMs = 10 * 60_000;

/** What VS Code itself says at every start, which would bury what the tests say. */
const usual =
  /^(Resolv(ing|ed) connection|Creating a socket|Ignoring fetching additional|Updating additional builtin|\[(reconnection|Service Worker|AccountPolicyGate|AgentHost|CHAT\] extension request ERRORED)|Cannot find module '\.\/build\/Release\/watchdog')/;

/** Prints what the suite prints and resolves to its exit code. */
async function outcome(page: Page): Promise<() => Promise<number>> {
  let ended: (code: number) => void;
  const exit = new Promise<number>((resolve) => (ended = resolve));
  await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
    // Mocha's messages are format strings.
    const text = format(...args);
    if (!usual.test(text)) console.log(text);
  });
  await page.exposeFunction('codeAutomationExit', (code: number) => ended(code));
  return () => {
    let timer: NodeJS.Timeout | undefined;
    const failure = new Promise<never>((_resolve, reject) => {
      page.on('crash', () => reject(new Error('The browser page crashed.')));
      timer = setTimeout(() => reject(new Error('The host suite did not end in time.')), limitMs);
    });
    return Promise.race([exit, failure]).finally(() => clearTimeout(timer));
  };
}

const host = installHost(printProgress);
const folder = makeTemporaryFolder();
const workspace = suiteWorkspace(folder);
// A server runs one extension from its folder; what lies among the installed ones at the first start counts as installed.
cpSync(modelProvider, path.join(folder.path, 'extensions', path.basename(modelProvider)), { recursive: true });
const cleanUps = [(): Promise<void> => folder.remove()];
const cleanUp = async (): Promise<void> => {
  for (const one of cleanUps.splice(0).reverse()) await one();
};
onStopSignal(cleanUp);
try {
  const server = await startServer(host, { folder, smokeTestDriver: true });
  cleanUps.push(() => server.stop());
  const browser = await launchBrowser(folder, printProgress);
  cleanUps.push(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const result = await outcome(page);
  await page.goto(
    workbenchUrl(server, { folder: workspace, development: { extension: root, suite: `${root}/out/suite/index` } }),
  );
  process.exitCode = await result();
} finally {
  await cleanUp();
}
