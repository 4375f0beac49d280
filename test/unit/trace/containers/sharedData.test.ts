import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openFileBytes } from '../../../../src/session/datasets/nodeFileBytes';
import { containers, detectContainer } from '../../../../src/trace/containers';
import { packIndex, unpackIndex } from '../../../../src/trace/containers/indexFile';
import type { JsonObject } from '../../../../src/trace/rows/fieldRef';
import { describeWithSharedData } from '../../sharedData';
import { editedText, joined, tools } from './memoryBytes';

describeWithSharedData('real files of traces', (folder) => {
  it.each<[string, string, number]>([
    ['UCSC-VLAA__STAR-1/STAR-1.json', 'json', 1000],
    ['agatha-duzan__cot-monitor-stress-test/natural_settings/exploration_logs.json', 'json', 216],
    ['agatha-duzan__cot-monitor-stress-test/setting2_expanded/results/raw/glm_creative_cw_02_editorial_neutral.jsonl', 'jsonl', 40],
    ['chuhac__Reasoning-to-Defend/xstest/xstest_prompts.csv', 'csv', 450],
    ['UKGovernmentBEIS__inspect_ai/tests/log_read_sample.json', 'json', 1],
  ])('%s is read and written back', async (name, kind, count) => {
    const file = await openFileBytes(path.join(folder, name), 5000);
    try {
      const content = await readFile(file.path);
      const container = detectContainer(containers(), content.subarray(0, 65536), name);
      expect(container?.name).toBe(kind);
      if (container?.withRows === undefined) throw new Error('It cannot be written.');
      const index = await container.index(file, tools);
      expect(index.problems).toEqual([]);
      expect(index.count).toBe(count);
      const facts = { container: kind, size: file.size, modified: 1, identity: '1' };
      expect(unpackIndex(packIndex(index, facts), facts)).toEqual(index);
      expect((await joined(container.withRows(file, index, new Map(), tools.signal))).equals(content)).toBe(true);
      for (let i = 0; i < count; i++) {
        const raw = await container.row(file, index, i);
        expect(raw.problem).toBeUndefined();
        // A text is written as its row writes, and back again: the bytes are what they were.
        const field = Object.keys(raw.value ?? {}).find((key) => typeof raw.value?.[key] === 'string' && raw.value[key] !== '') ?? '';
        const before = raw.value?.[field];
        if (typeof before !== 'string') throw new Error(`Row ${String(i + 1)} has no text.`);
        const edited = editedText(container, raw, [{ path: [field], value: `${before.slice(0, 1)}ü\n${before.slice(1)}` }], index);
        const row = { bytes: Buffer.from(edited), value: { ...raw.value, [field]: '?' } satisfies JsonObject };
        const again = editedText(container, row, [{ path: [field], value: before }], index);
        if (kind === 'csv') expect(again.replaceAll('"', '')).toBe(Buffer.from(raw.bytes).toString().replaceAll('"', ''));
        else expect(again).toBe(Buffer.from(raw.bytes).toString());
      }
    } finally {
      await file.close();
    }
  });
});
