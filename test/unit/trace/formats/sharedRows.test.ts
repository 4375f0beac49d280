import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { readRow } from '../../../../src/trace/formats';
import { parseTrace } from '../../../../src/trace/parseTrace';
import type { JsonObject } from '../../../../src/trace/rows/fieldRef';
import { composeRow, rowEdits } from '../../../../src/trace/rows/rowDocument';
import type { RowTrace } from '../../../../src/trace/rows/rowTrace';
import { describeWithSharedData } from '../../sharedData';
import { expectPlaced } from './rowLaws';

function countOfFormats(rows: readonly JsonObject[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) {
    const { format = 'none', traces } = readRow(row);
    counts[format] = (counts[format] ?? 0) + 1;
    for (const trace of traces) expectPlaced(row, trace);
  }
  return counts;
}

const only = (row: JsonObject): RowTrace => {
  const { traces } = readRow(row);
  const [trace] = traces;
  if (trace === undefined || traces.length !== 1) throw new Error('not one trace');
  return trace;
};

const reasoningOf = (row: JsonObject): string =>
  only(row).messages.flatMap(({ parts }) => parts.flatMap(({ kind, text }) => (kind === 'reasoning' ? [text] : []))).join('');

describeWithSharedData('the rows of the shared data', (folder) => {
  const read = (file: string): string => readFileSync(path.join(folder, file), 'utf8');

  it('1,000 of STAR-1 have 1 to 12 steps, and none says an intent', { timeout: 60_000 }, () => {
    const rows = JSON.parse(read('UCSC-VLAA__STAR-1/STAR-1.json')) as JsonObject[];
    expect(countOfFormats(rows)).toEqual({ 'STAR-1': 1000 });
    const steps = rows.map((row) => {
      const trace = only(row);
      expect(trace.intent).toBe('unknown');
      const text = composeRow(trace, undefined);
      expect(rowEdits(trace, undefined, row, text).edits).toEqual([]);
      return parseTrace(text).turns[0].steps.length;
    });
    expect([Math.min(...steps), Math.max(...steps), steps.toSorted((a, b) => a - b)[500]]).toEqual([1, 12, 5]);
  });

  it('216 runs, 162 with reasoning', () => {
    const rows = JSON.parse(read('agatha-duzan__cot-monitor-stress-test/natural_settings/exploration_logs.json')) as JsonObject[];
    expect(countOfFormats(rows)).toEqual({ 'separate reasoning': 216 });
    expect(rows.filter((row) => reasoningOf(row) !== '')).toHaveLength(162);
    expect(rows.filter((row) => only(row).messages.some(({ role }) => role === 'system')).length).toBe(rows.filter((row) => typeof row['system_prompt'] === 'string').length);
    expect(only(rows[0] ?? {}).model?.value).toBe(rows[0]?.['model']);
  });

  it('450 prompts of XSTest, 250 benign and 200 harmful', () => {
    const rows: JsonObject[] = parse(read('chuhac__Reasoning-to-Defend/xstest/xstest_prompts.csv'), { columns: true });
    expect(countOfFormats(rows)).toEqual({ XSTest: 450 });
    const intents = rows.map((row) => only(row).intent);
    expect([intents.filter((intent) => intent === 'benign').length, intents.filter((intent) => intent === 'harmful').length]).toEqual([250, 200]);
  });

  it('40 GLM runs, 38 with reasoning', () => {
    const file = 'agatha-duzan__cot-monitor-stress-test/setting2_expanded/results/raw/glm_creative_cw_02_editorial_neutral.jsonl';
    const rows = read(file).split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as JsonObject);
    expect(countOfFormats(rows)).toEqual({ 'separate reasoning': 40 });
    expect(rows.filter((row) => reasoningOf(row) !== '')).toHaveLength(38);
    expect(only(rows[0] ?? {}).model?.value).toBe('z-ai/glm-4.7');
  });

  it('the sample of an Inspect log, with its scores', () => {
    const { samples } = JSON.parse(read('UKGovernmentBEIS__inspect_ai/tests/log_read_sample.json')) as { samples: JsonObject[] };
    expect(countOfFormats(samples)).toEqual({ 'Inspect sample': samples.length });
    const trace = only(samples[0] ?? {});
    expect(trace.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant']);
    expect(trace.messages[2]?.parts.at(-1)?.text).toBe('Yes\n');
    expect(trace.messages[2]?.parts.at(-1)?.copies).toHaveLength(1);
    expect([trace.id?.value, trace.model?.value]).toEqual(['1', 'gemma3']);
    expect(trace.facts).toContainEqual({ name: 'score match', text: 'C' });
    expect(trace.facts).toContainEqual({ name: 'label_confidence', text: '0.8860552919198255' });
  });
});

it('the dataset among the samples: eight runs, seven with reasoning', () => {
  const file = path.resolve(import.meta.dirname, '../../../../samples/over-refusal-probes.jsonl');
  const rows = readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as JsonObject);
  expect(countOfFormats(rows)).toEqual({ 'separate reasoning': 8 });
  expect(rows.filter((row) => reasoningOf(row) !== '')).toHaveLength(7);
});
