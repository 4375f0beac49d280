import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { rayPackage } from '../../../src/train/backends/ray/rayPackage';

const never = new AbortController().signal;
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
/** One is larger than what is taken at a time, one is empty. */
const FILES = { 'train.jsonl': new Uint8Array(Buffer.concat([randomBytes(700_000), Buffer.alloc(1_900_000, 'row of a set\n')])), 'sft.yaml': bytesOf('note: "ü"\n'), 'empty.txt': new Uint8Array() };
const python = spawnSync('python3', ['-c', '']).status === 0;

describe('a package', () => {
  it('holds its files whole, sorted by name', async () => {
    const { bytes, name } = await rayPackage(FILES, never);
    expect(name).toMatch(/^_ray_pkg_[0-9a-f]{16}\.zip$/);
    const held = unzipSync(bytes);
    expect(Object.keys(held)).toEqual(['empty.txt', 'sft.yaml', 'train.jsonl']);
    for (const [file, content] of Object.entries(FILES)) expect(Buffer.from(held[file] ?? []).equals(content)).toBe(true);
  });

  it('is named by its content: the same for the same files, another for others', async () => {
    const first = await rayPackage(FILES, never);
    const again = await rayPackage(Object.fromEntries(Object.entries(FILES).reverse()), never);
    expect([again.name, Buffer.from(again.bytes).equals(first.bytes)]).toEqual([first.name, true]);
    expect((await rayPackage({ ...FILES, 'sft.yaml': bytesOf('note: "u"\n') }, never)).name).not.toBe(first.name);
    expect((await rayPackage({ ...FILES, 'dpo.yaml': bytesOf('') }, never)).name).not.toBe(first.name);
  });

  it.skipIf(!python)(`is read by Python’s zipfile, as Ray reads it${python ? '' : ' (skipped: no python3 on this machine)'}`, async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'cot-package-'));
    try {
      await writeFile(path.join(folder, 'p.zip'), (await rayPackage(FILES, never)).bytes);
      const { stdout, stderr } = spawnSync('python3', ['-c', 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), sorted((i.filename, i.file_size, i.date_time[0]) for i in z.infolist()))', path.join(folder, 'p.zip')], { encoding: 'utf8' });
      expect([stdout.trim(), stderr]).toEqual(["None [('empty.txt', 0, 1980), ('sft.yaml', 11, 1980), ('train.jsonl', 2600000, 1980)]", '']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('that is given up is not made', async () => {
    const stop = new AbortController();
    const making = rayPackage({ large: new Uint8Array(20_000_000) }, stop.signal);
    stop.abort(new Error('given up'));
    await expect(making).rejects.toThrow('given up');
    await expect(rayPackage(FILES, stop.signal)).rejects.toThrow('given up');
  });
});
