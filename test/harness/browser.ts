import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { installOnDemand } from './onDemand';
import type { Progress } from './progress';
import type { TemporaryFolder } from './temporary';

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
  'C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe',
];

/** The last two keep out everything but this machine: tests prove that nothing outside is needed. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--no-proxy-server',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

interface PackedChromium {
  readonly default: { executablePath(): Promise<string> };
}

/** A Chromium from npm, which needs no root; it unpacks itself into TMPDIR. */
async function packedBrowser(scratch: string, progress: Progress): Promise<string> {
  const folder = installOnDemand('browser', () => progress('Installing a Chromium, once (75 MB) …'));
  const entry = createRequire(path.join(folder, 'package.json')).resolve('@sparticuz/chromium');
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = scratch;
  try {
    return await ((await import(entry)) as PackedChromium).default.executablePath();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

/** Finds a Chromium-like browser: $CHROME_PATH, an installed one, or one from npm. */
export async function findBrowser(scratch: string, progress: Progress): Promise<string> {
  const wanted = process.env['CHROME_PATH'];
  if (wanted !== undefined && wanted !== '') {
    if (!existsSync(wanted)) throw new Error(`CHROME_PATH names ${wanted}, which is not there.`);
    return wanted;
  }
  const found = installed.find((file) => existsSync(file));
  if (found !== undefined) return found;
  try {
    return await packedBrowser(scratch, progress);
  } catch (error) {
    throw new Error(
      'No browser was found. On Debian or Ubuntu: apt-get install chromium. Elsewhere set CHROME_PATH to a Chromium, Chrome or Edge.',
      { cause: error },
    );
  }
}

export async function launchBrowser(folder: TemporaryFolder, progress: Progress): Promise<Browser> {
  return chromium.launch({
    executablePath: await findBrowser(folder.scratch, progress),
    args: flags,
    env: { ...(process.env as Record<string, string>), TMPDIR: folder.scratch, XDG_CONFIG_HOME: folder.scratch },
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}
