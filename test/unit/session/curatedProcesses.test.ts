import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printSample } from '../../../src/curate/sampleLine';
import { plainSample } from '../curate/plainSample';
import { foreignLine, setFolder } from './curatedSetUp';

const LINES = ['a', 'b', 'c'].map((id) => foreignLine(id));
const FILE = LINES.map((one) => `${one}\n`).join('');

let built = '';
let child = '';

beforeAll(async () => {
  built = mkdtempSync(path.join(tmpdir(), 'cot-lens-child-'));
  child = path.join(built, 'child.cjs');
  await build({ entryPoints: [path.resolve(import.meta.dirname, 'curatedChild.ts')], outfile: child, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
}, 60_000);

afterAll(() => {
  rmSync(built, { recursive: true, force: true });
});

function ended(...args: string[]): Promise<{ code: number | null; signal: NodeJS.Signals | null; said: string }> {
  return new Promise((resolve, reject) => {
    const process_ = spawn(process.execPath, [child, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    process_.stdout.on('data', (text: Buffer) => (said += text.toString()));
    process_.stderr.on('data', (text: Buffer) => (said += text.toString()));
    process_.on('error', reject);
    process_.on('close', (code, signal) => {
      resolve({ code, signal, said });
    });
  });
}

/** The lock of one who is dead is given up after a while: makes it as old as that. */
function forgetLocks(folder: string): void {
  const locks = path.join(folder, '.cotlens', 'locks');
  const names = readdirSync(locks);
  expect(names).toHaveLength(1);
  for (const name of names) utimesSync(path.join(locks, name), 0, 0);
}

describe('two processes', () => {
  it('that add 200 samples each to one set: 400 lines, all whole', { timeout: 120_000 }, async () => {
    const folder = setFolder();
    const file = folder.write('');
    const both = await Promise.all(['one', 'two'].map((name) => ended(folder.path, file, 'add', name, '200')));
    expect(both.map(({ code, said }) => [code, said])).toEqual([[0, ''], [0, '']]);
    const lines = folder.read().split('\n');
    expect(lines).toHaveLength(401);
    expect(lines.pop()).toBe('');
    const wanted = ['one', 'two'].flatMap((name) => Array.from({ length: 200 }, (_, i) => printSample(plainSample(`${name}${String(i)}`))));
    expect([...lines].sort()).toEqual(wanted.sort());
    // Each one's own in its order.
    for (const name of ['one', 'two']) expect(lines.filter((line) => line.includes(`"${name}`))).toEqual(Array.from({ length: 200 }, (_, i) => printSample(plainSample(`${name}${String(i)}`))));
  });
});

describe('a process that is killed', { timeout: 60_000 }, () => {
  it('while it adds leaves what was there and a torn line, which is shown and stays alone', async () => {
    const folder = setFolder();
    const file = folder.write(FILE);
    // The line of the sample is torn in its middle.
    expect((await ended(folder.path, file, 'die adding', 'new', '3')).signal).toBe('SIGKILL');
    const torn = folder.read();
    expect(torn.startsWith(FILE)).toBe(true);
    expect(torn.length).toBeGreaterThan(FILE.length + 1000);
    const set = await folder.window().open(file);
    expect(set.cards.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(set.broken).toMatchObject([{ line: 4, why: expect.stringMatching(/^Line 4 is cut off/) as string }]);
    forgetLocks(folder.path);
    await set.add(plainSample('next'));
    expect(folder.read()).toBe(`${torn}\n${printSample(plainSample('next'))}\n`);
    expect(set.broken.map(({ line }) => line)).toEqual([4]);
    expect(set.cards.at(-1)).toMatchObject({ id: 'next', place: 3, line: 5 });
  });

  it('while it writes the set anew leaves it as it was', async () => {
    const folder = setFolder();
    const file = folder.write(FILE);
    expect((await ended(folder.path, file, 'die rewriting', 'new', '3')).signal).toBe('SIGKILL');
    expect(folder.read()).toBe(FILE);
    const set = await folder.window().open(file);
    forgetLocks(folder.path);
    await set.note('a', 'n');
    expect(set.cards.map(({ id, note }) => [id, note])).toEqual([['a', 'n'], ['b', undefined], ['c', undefined]]);
  });
});

describe('a full disk', { timeout: 60_000 }, () => {
  const FULL = /^The disk is full, so train\.curated\.jsonl was left as it was\. Make room, then try again\.$/;

  it('is said in words, and the file is as it was', async () => {
    const folder = setFolder();
    const file = folder.write(FILE);
    const { said, code } = await ended(folder.path, file, 'full', 'new', '3');
    expect(code, said).toBe(0);
    expect(JSON.parse(said)).toEqual([expect.stringMatching(FULL), expect.stringMatching(FULL), 3]);
    expect(folder.read()).toBe(FILE);
    expect(readdirSync(folder.path).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  const limits = spawnSync('sh', ['-c', 'ulimit -f 100'], { encoding: 'utf8' });
  it.skipIf(limits.status !== 0)('is not even needed: where a process may write no larger files it is the same (skipped without `ulimit -f`)', () => {
    const folder = setFolder();
    const file = folder.write(FILE);
    const { status, stdout, stderr } = spawnSync('sh', ['-c', 'ulimit -f 100; exec "$0" "$@"', process.execPath, child, folder.path, file, 'limited', 'new', '300'], { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    const words = expect.stringMatching(/^train\.curated\.jsonl would become larger than files may be here, so it was left as it was\. Begin another set\.$/) as string;
    expect(JSON.parse(stdout)).toEqual([words, words, 3]);
    expect(folder.read()).toBe(FILE);
    expect(readdirSync(folder.path).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  /** A disk of 64 KB that only these commands see. */
  const onSmallDisk = (disk: string, commands: string, ...args: string[]): ReturnType<typeof spawnSync> =>
    spawnSync('unshare', ['-rm', 'sh', '-c', `mount -t tmpfs -o size=64k tmpfs ${disk} && ${commands}`, ...args], { encoding: 'utf8' });
  const canMount = onSmallDisk(tmpdir(), 'true').status === 0;
  it.skipIf(!canMount)('for real, on a disk of 64 KB (skipped where none can be mounted)', () => {
    const folder = setFolder();
    const before = folder.write(FILE, 'before');
    const disk = path.join(folder.path, 'disk');
    mkdirSync(disk);
    const file = path.join(disk, 'train.curated.jsonl');
    const { status, stdout, stderr } = onSmallDisk(disk, 'cp "$0" "$1" && "$2" "$3" "$4" "$1" full-for-real new 300 && cmp "$0" "$1" && ls -A "$4"', before, file, process.execPath, child, disk);
    expect(status, String(stderr)).toBe(0);
    const [said = '', ...left] = String(stdout).trim().split('\n');
    expect(JSON.parse(said)).toEqual([expect.stringMatching(FULL), expect.stringMatching(FULL), 3]);
    expect(left.sort()).toEqual(['.cotlens', 'train.curated.jsonl']);
  });
});
