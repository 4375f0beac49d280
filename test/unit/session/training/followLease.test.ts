import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { LockHeld } from '../../../../src/session/datasets/fileLock';
import { nodeFiles } from '../../../../src/session/nodeFiles';
import { FollowLease, launchLock, unlessLaunching } from '../../../../src/session/training/followLease';
import { heard, runsFolder, type Heard } from './setUp';

let built = '';
let child = '';

beforeAll(async () => {
  built = mkdtempSync(path.join(tmpdir(), 'cot-lens-lease-'));
  child = path.join(built, 'child.cjs');
  await build({ entryPoints: [path.resolve(import.meta.dirname, 'leaseChild.ts')], outfile: child, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
}, 60_000);

afterAll(() => {
  rmSync(built, { recursive: true, force: true });
});

function lease(folder: string): { lease: FollowLease; log: Heard } {
  const log = heard();
  const one = new FollowLease(folder, nodeFiles, log);
  onTestFinished(async () => {
    one.dispose();
    await one.giveBack();
  });
  return { lease: one, log };
}

/** Another process that has said that it is at it. */
function other(task: string, folder: string, said: string): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const process_ = spawn(process.execPath, [child, task, folder], { stdio: ['ignore', 'pipe', 'pipe'] });
    onTestFinished(() => {
      process_.kill('SIGKILL');
    });
    let all = '';
    process_.stdout.on('data', (text: Buffer) => {
      all += text.toString();
      if (all.includes(said)) resolve(process_);
    });
    process_.stderr.on('data', (text: Buffer) => (all += text.toString()));
    process_.on('error', reject);
    process_.on('close', () => {
      reject(new Error(`It ended, having said: ${all}`));
    });
  });
}

async function killed(process_: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => process_.once('close', resolve));
  process_.kill('SIGKILL');
  await gone;
}

/** As if so much time had gone by since a dead window renewed its lock. */
function later(lock: string): void {
  const then = Date.now() / 1000 - 16;
  utimesSync(lock, then, then);
}

describe('who follows', { timeout: 60_000 }, () => {
  it('is one window; another can as soon as it gives back', async () => {
    const folder = runsFolder();
    const [{ lease: one }, { lease: two }] = [lease(folder.path), lease(folder.path)];
    expect(await Promise.all([one.take(), one.take()])).toEqual([true, true]);
    expect(await two.take()).toBe(false);
    expect(await one.take()).toBe(true);
    await one.giveBack();
    expect(await two.take()).toBe(true);
    expect(await one.take()).toBe(false);
    two.dispose();
    await two.giveBack();
    expect(await two.take()).toBe(false);
    expect(await one.take()).toBe(true);
  });

  it('is another a while after the window was killed, and not before', async () => {
    const folder = runsFolder();
    const process_ = await other('follow', folder.path, 'follows true');
    const { lease: one, log } = lease(folder.path);
    expect(await one.take()).toBe(false);
    await killed(process_);
    expect(await one.take()).toBe(false);
    later(path.join(folder.path, 'following.lock'));
    expect(await one.take()).toBe(true);
    expect(await one.take()).toBe(true);
    expect(log.said).toEqual([]);
  });

  it('is not any more who slept while another took it', async () => {
    const folder = runsFolder();
    const { lease: one } = lease(folder.path);
    expect(await one.take()).toBe(true);
    later(path.join(folder.path, 'following.lock'));
    await other('follow', folder.path, 'follows true');
    expect(await one.take()).toBe(false);
    await one.giveBack();
    // Theirs is not taken away.
    expect(existsSync(path.join(folder.path, 'following.lock'))).toBe(true);
    expect(await lease(folder.path).lease.take()).toBe(false);
  });

  it('is nobody where the disk does not let it, which is said once', async () => {
    const folder = runsFolder();
    folder.write('file', '');
    const { lease: one, log } = lease(`${folder.path}/file/runs`);
    for (let i = 0; i < 3; i++) expect(await one.take()).toBe(false);
    expect(log.said).toEqual([expect.stringMatching(/^error: The runs cannot be followed from this window: /)]);
  });
});

describe('a launch', { timeout: 60_000 }, () => {
  it('is not taken for dead while its window lives; when it was killed it is looked up', async () => {
    const folder = runsFolder();
    let looked = 0;
    const look = (): Promise<boolean> => unlessLaunching(folder.path, 'a', () => Promise.resolve(void looked++));
    const process_ = await other('launch', folder.path, 'launches');
    expect([await look(), looked]).toEqual([false, 0]);
    await expect(launchLock(folder.path, 'a', () => Promise.resolve())).rejects.toThrow(LockHeld);
    expect(await unlessLaunching(folder.path, 'b', () => Promise.resolve())).toBe(true);
    await killed(process_);
    later(path.join(folder.path, 'a.launch.lock'));
    expect([await look(), looked]).toEqual([true, 1]);
    expect(existsSync(path.join(folder.path, 'a.launch.lock'))).toBe(false);
  });

  it('that is looked up and fails says so', async () => {
    const folder = runsFolder();
    await expect(unlessLaunching(folder.path, 'a', () => Promise.reject(new LockHeld('of something else')))).rejects.toThrow('of something else');
    expect(await unlessLaunching(folder.path, 'a', () => Promise.resolve())).toBe(true);
  });
});
