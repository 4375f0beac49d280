import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFileBytes, type OpenFileBytes } from '../../../../src/session/datasets/nodeFileBytes';
import { jsonl } from '../../../../src/trace/containers/jsonl';
import { seeded } from '../../../seeded';
import { joined, tools } from '../../trace/containers/memoryBytes';

describe('the bytes of a file on disk', () => {
  let folder = '';
  beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'cot-bytes-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function withFile<T>(content: Uint8Array, work: (file: OpenFileBytes, name: string) => Promise<T>, chunk?: number): Promise<T> {
    const name = path.join(folder, 'set.jsonl');
    await writeFile(name, content);
    const file = await openFileBytes(name, chunk);
    try {
      return await work(file, name);
    } finally {
      await file.close();
    }
  }

  const random = seeded(1);
  const content = Buffer.from(Array.from({ length: 1000 }, () => Math.floor(random() * 256)));

  it.each([1, 7, 500, 999, 1000, 1001, 1 << 20])('come in order in chunks of %i', async (chunk) => {
    await withFile(content, async (file) => {
      expect(file.size).toBe(1000);
      for (const start of [0, 1, 500, 999, 1000, 2000]) {
        expect(await joined(file.chunks(start, tools.signal))).toEqual(content.subarray(start));
      }
    }, chunk);
  });

  it('can be read anywhere', async () => {
    await withFile(content, async (file) => {
      expect(await file.read(10, 20)).toEqual(content.subarray(10, 20));
      expect(await file.read(990, 2000)).toEqual(content.subarray(990));
      expect(await file.read(5000, 5010)).toHaveLength(0);
    });
  });

  it('can be left early, also by many readers at once', async () => {
    await withFile(content, async (file) => {
      const first = async (): Promise<number | undefined> => {
        for await (const chunk of file.chunks(0, tools.signal)) return chunk[0];
        return undefined;
      };
      expect(await Promise.all(Array.from({ length: 20 }, first))).toEqual(Array.from({ length: 20 }, () => content[0]));
    }, 10);
  });

  it('stop with the signal\'s reason', async () => {
    await withFile(content, async (file) => {
      const stop = new AbortController();
      const reading = async (): Promise<void> => {
        for await (const chunk of file.chunks(0, stop.signal)) if (chunk.length > 0) stop.abort(new Error('enough'));
      };
      await expect(reading()).rejects.toThrow('enough');
    }, 10);
  });

  it('end where the file has become shorter, and indexing says so', async () => {
    await withFile(Buffer.from('{"a":1}\n'.repeat(1000)), async (file, name) => {
      let first = true;
      const cut = { ...tools, progress: () => { first = false; } };
      await truncate(name, 4000);
      expect(await joined(file.chunks(0, tools.signal))).toHaveLength(4000);
      await expect(jsonl.index(file, cut)).rejects.toThrow(/became shorter while it was read: 4000 of 8000/);
      expect(first).toBe(false);
    }, 1000);
  });

  it('index a line of 100 MB, which takes no space on disk', { timeout: 30_000 }, async () => {
    await withFile(Buffer.from('{"a":1}\n{"a":"'), async (file, name) => {
      await truncate(name, 100_000_000);
      await writeFile(name, '"}\n{"a":2}\n', { flag: 'a' });
      const long = await openFileBytes(name);
      const index = await jsonl.index(long, tools);
      expect(index.count).toBe(3);
      expect((await jsonl.row(long, index, 1)).problem).toMatch(/95 MB long/);
      expect((await jsonl.row(long, index, 2)).value).toEqual({ a: 2 });
      await long.close();
      expect(file.size).toBe(14);
    });
  });

  it('are refused in the system\'s words where there is no file', async () => {
    await expect(openFileBytes(path.join(folder, 'none'))).rejects.toThrow(/ENOENT/);
  });
});
