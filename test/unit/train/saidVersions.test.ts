import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sayingVersions, versionsFile } from '../../../src/train/recipes/saidVersions';
import { versionsIn } from '../../../src/train/logs/trainerVersions';
import { RayBackend } from '../../../src/train/backends/ray/rayBackend';
import { trainingRecipe } from '../../../src/train/recipes';
import { ROWS_FILE } from '../../../src/train/rowsFile';
import { planOf } from './plannedRun';

const python = ['python3', 'python'].map((name) => spawnSync(name, ['-c', 'import sys; print(sys.executable) if sys.version_info >= (3, 9) else sys.exit(1)'], { encoding: 'utf8' })).find(({ status }) => status === 0)?.stdout.trim();
const skips = python === undefined || process.platform === 'win32';

/** As Ray starts it: `/bin/sh -c`, in the folder of the package, in a process group of its own. */
describe.skipIf(skips)(`an entry point that says its versions${skips ? ' (skipped: no POSIX shell, or no Python 3.9 or later on this machine)' : ''}`, () => {
  let folder = '';
  const at = (...names: string[]): string => path.join(folder, ...names);
  const script = (name: string, text: string): void => {
    mkdirSync(path.dirname(at(name)), { recursive: true });
    writeFileSync(at(name), text);
    chmodSync(at(name), 0o755);
  };
  const run = (command: string, ...commands: string[]): SpawnSyncReturns<string> => spawnSync('/bin/sh', ['-c', command], { cwd: at('package'), encoding: 'utf8', env: { PATH: commands.map((name) => at(name)).join(':'), PYTHONPATH: at('site') } });
  const entry = sayingVersions('trl', 'trl sft --config sft.yaml');

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'cot-entry-'));
    mkdirSync(at('package'));
    for (const [name, text] of Object.entries(versionsFile)) writeFileSync(at('package', name), text);
    mkdirSync(at('site', 'trl-1.13.0.dist-info'), { recursive: true });
    writeFileSync(at('site', 'trl-1.13.0.dist-info', 'METADATA'), 'Metadata-Version: 2.1\nName: trl\nVersion: 1.13.0\n');
    script('trainer/trl', '#!/bin/sh\necho "trains $* as $$"\nexit 7\n');
    script('killed/trl', '#!/bin/sh\nkill -9 $$\n');
    script('broken/python3', '#!/bin/sh\necho broken >&2\nexit 3\n');
    for (const name of ['python3', 'python']) mkdirSync(at(`with-${name}`));
    for (const name of ['python3', 'python']) symlinkSync(python ?? '', at(`with-${name}`, name));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('says them first; then the shell is the trainer, whose exit status is its own', () => {
    const { status, stdout, stderr, pid } = run(entry, 'trainer', 'with-python3');
    expect(versionsIn(stdout)).toMatchObject({ trl: '1.13.0', python: expect.stringMatching(/^3\.\d+\.\d+/) as string });
    expect(stdout.split('\n').slice(1)).toEqual([`trains sft --config sft.yaml as ${String(pid)}`, '']);
    expect([status, stderr]).toEqual([7, '']);
  });

  it('says them by a Python that is only called python, or where python3 fails', () => {
    expect(versionsIn(run(entry, 'trainer', 'with-python').stdout)).toMatchObject({ trl: '1.13.0' });
    const { stdout, stderr } = run(entry, 'trainer', 'broken', 'with-python');
    expect([versionsIn(stdout)?.['trl'], stderr]).toEqual(['1.13.0', '']);
  });

  it.each([
    ['there is no Python', ['trainer']],
    ['the only one fails', ['trainer', 'broken']],
  ])('trains all the same where %s', (_, commands) => {
    const { status, stdout, stderr, pid } = run(entry, ...commands);
    expect([status, stdout, stderr]).toEqual([7, `trains sft --config sft.yaml as ${String(pid)}\n`, '']);
  });

  it('is killed where its trainer is, and says where there is none', () => {
    expect(run(entry, 'killed', 'with-python3')).toMatchObject({ status: null, signal: 'SIGKILL' });
    const { status, stdout, stderr } = run(entry, 'with-python3');
    expect([status, versionsIn(stdout)?.['trl'], stderr]).toEqual([127, '1.13.0', expect.stringMatching(/trl: not found/) as string]);
  });

  it('of a module is said by the Python that runs it', () => {
    const { status, stdout } = run(sayingVersions('python3', "python3 -c 'import sys; sys.exit(5)'"), 'with-python3');
    expect([status, versionsIn(stdout)?.['trl']]).toEqual([5, '1.13.0']);
  });

  it('ends when it is told to, while it says them and while it trains', async () => {
    script('waits/trl', '#!/bin/sh\necho trains\nexec sleep 60\n');
    script('slow/python3', '#!/bin/sh\necho asks\nexec sleep 60\n');
    symlinkSync('/bin/sleep', at('waits', 'sleep'));
    symlinkSync('/bin/sleep', at('slow', 'sleep'));
    for (const [commands, until] of [[['waits', 'with-python3'], 'trains'], [['slow', 'trainer'], 'asks']] as const) {
      const job = spawn('/bin/sh', ['-c', entry], { cwd: at('package'), detached: true, env: { PATH: commands.map((name) => at(name)).join(':') } });
      let said = '';
      const ended = new Promise<NodeJS.Signals | null>((resolve) => {
        job.on('close', (_code, signal) => {
          resolve(signal);
        });
      });
      await new Promise<void>((resolve) => {
        job.stdout.on('data', (some: Buffer) => {
          said += some.toString();
          if (said.includes(until)) resolve();
        });
      });
      process.kill(-(job.pid ?? 0), 'SIGTERM');
      // Nobody holds its output any more: nothing of it is left.
      expect([await ended, said.includes('trains sft')]).toEqual(['SIGTERM', false]);
    }
  });
});

it.each(['advchain-sft', 'recap-trl-grpo', 'recap-verl'])('what leaves for %s shows the file that says them, whole, and the line that starts it', async (name) => {
  const read = trainingRecipe(name)?.read({ recipe: name, model: 'org/model', outputDir: '/shared/out' });
  if (read === undefined || 'faults' in read) throw new Error('no recipe');
  const [upload, start] = await new RayBackend({ name: 'cluster', url: 'http://ray.invalid:8265' }).planned(planOf('a'), { rows: new Uint8Array(), job: read.job(ROWS_FILE) }, new AbortController().signal);
  expect(upload?.body).toContain(`── versions.py ──\n${versionsFile['versions.py'] ?? ''}`);
  expect((JSON.parse(start?.body ?? '') as { entrypoint: string }).entrypoint).toMatch(/^python3 versions\.py .*; exec (?:trl|python3 -m verl)/);
});
