import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parseTrace } from '../../../src/trace/parseTrace';
import { printTrace } from '../../../src/trace/printTrace';
import { SPLITTERS } from '../../../src/trace/splitters';
import { describeWithSharedData } from '../sharedData';

const median = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;

describeWithSharedData('STAR-1', (folder) => {
  const rows = JSON.parse(readFileSync(path.join(folder, 'UCSC-VLAA__STAR-1/STAR-1.json'), 'utf8')) as { response: string }[];

  it('all 1,000 responses parse, split and print back byte for byte, with every splitter', () => {
    expect(rows).toHaveLength(1000);
    for (const { response } of rows) {
      for (const splitter of SPLITTERS) expect(printTrace(parseTrace(response, splitter))).toBe(response);
    }
  });

  it('have 1 to 12 steps, 5 in the median, one pair of tags and an answer', () => {
    const counts = rows.map(({ response }) => {
      const trace = parseTrace(response);
      expect(trace.problems).toEqual([]);
      expect(trace.turns[0].ending).toBe('answered');
      return trace.turns[0].steps.length;
    });
    expect([Math.min(...counts), median(counts), Math.max(...counts)]).toEqual([1, 5, 12]);
    // As `'…'.split('\n\n')` has them, empty ones dropped (AdvChain).
    const asAdvChain = rows.map(({ response }) => {
      const inner = /<think>(.*?)<\/think>/s.exec(response)?.[1] ?? '';
      return inner.split('\n\n').filter((step) => step.trim() !== '').length;
    });
    expect(counts).toEqual(asAdvChain);
  });
});

describeWithSharedData('exploration_logs.json', (folder) => {
  const file = path.join(folder, 'agatha-duzan__cot-monitor-stress-test/natural_settings/exploration_logs.json');
  const rows = JSON.parse(readFileSync(file, 'utf8')) as { thinking: string | null }[];
  const thinking = rows.flatMap((row) => (row.thinking === null || row.thinking === '' ? [] : [row.thinking]));

  it('all 162 reasoning texts of 216 runs parse, split and print back byte for byte', () => {
    expect(rows).toHaveLength(216);
    expect(thinking).toHaveLength(162);
    for (const text of thinking) {
      const trace = parseTrace(text);
      expect(printTrace(trace)).toBe(text);
      expect(trace.turns[0].ending).toBe('unmarked');
      expect(trace.turns[0].steps.length).toBeGreaterThan(0);
    }
  });

  it('split in the strict way give the steps that `split` on blank lines gives', () => {
    for (const text of thinking) {
      const strict = SPLITTERS.find(({ name }) => name === 'blank-lines-strict');
      const steps = parseTrace(text, strict).turns[0].steps.map((step) => step.text);
      expect(steps).toEqual(text.split(/\n(?:[^\S\n]*\n)+/).map((step) => step.trim()).filter((step) => step !== ''));
    }
  });
});
