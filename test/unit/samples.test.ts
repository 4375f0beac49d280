import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ScoreLog } from '../../src/judge/scoreLog';
import { nodeFiles } from '../../src/session/nodeFiles';
import type { TraceState } from '../../src/session/traceState';
import { TraceStore } from '../../src/session/traceStore';
import { injectedOf } from '../../src/trace/provenance';
import { parseTrace } from '../../src/trace/parseTrace';
import { printTrace } from '../../src/trace/printTrace';
import { describeWithSharedData } from './sharedData';

const folder = path.resolve(import.meta.dirname, '../../samples');
const read = (file: string): string => readFileSync(path.join(folder, file), 'utf8');

async function scored(doc: string): Promise<TraceState> {
  const log = new ScoreLog(nodeFiles, `${folder.replaceAll('\\', '/')}/.cotlens`, { info: () => undefined, warn: () => undefined, error: () => undefined });
  await log.load(doc);
  const state = new TraceStore((uri) => log.scores(uri)).update(doc, 1, read(doc));
  log.dispose();
  return state;
}

describe('the samples written by hand', () => {
  it.each([
    ['flat-refusal.cot', 'harmfulness', 'flat, low'],
    ['peak-temptation-correction.cot', 'harmfulness', 'peak'],
    ['valley-hesitation-correction.cot', 'helpfulness', 'valley'],
    ['toxicity-snowball.cot', 'harmfulness', 'toxicity snowball'],
    ['over-refusal-snowball.cot', 'helpfulness', 'over-refusal snowball'],
  ])('%s shows its %s as: %s', async (file, series, name) => {
    const state = await scored(file);
    expect(state.curves.map((curve) => [curve.series, curve.name])).toEqual([[series, name]]);
    // Checked in for exactly this text: every step and the answer have a score, and none is stale.
    expect(state.verdicts.map((joined) => joined?.stale)).toEqual(state.turn.steps.map(() => false));
    expect(state.answer?.stale).toBe(false);
    expect(state.trace.problems).toEqual([]);
  });

  it('injected pairs stand where the front matter says', () => {
    for (const file of ['peak-temptation-correction.cot', 'valley-hesitation-correction.cot']) {
      const { steps, lost } = injectedOf(parseTrace(read(file)));
      expect(lost).toEqual([]);
      expect(steps.map(({ step, role, by }) => [step, role, by])).toEqual([[4, 'error', 'person'], [5, 'correction', 'person']]);
    }
  });
});

describe('the real samples', () => {
  const files = readdirSync(path.join(folder, 'real')).filter((name) => name.endsWith('.cot'));

  it('are ten, over-refusal probes among them, each with its source and intent, and print back byte for byte', () => {
    expect(files).toHaveLength(10);
    expect(files.filter((name) => /^(overrefusal|refusal)/.test(name)).length).toBeGreaterThanOrEqual(3);
    const attribution = read('real/ATTRIBUTION.md');
    for (const file of files) {
      const text = read(`real/${file}`);
      const trace = parseTrace(text);
      expect(printTrace(trace)).toBe(text);
      expect(trace.problems).toEqual([]);
      expect(trace.frontMatter.source).toContain('MIT');
      expect(trace.intent).not.toBe('unknown');
      expect(trace.turns[0].ending).toBe('answered');
      expect(attribution).toContain(file);
    }
  });
});

describeWithSharedData('the real samples against their source', (data) => {
  it('hold the thinking byte for byte', () => {
    const rows = JSON.parse(
      readFileSync(path.join(data, 'agatha-duzan__cot-monitor-stress-test/natural_settings/exploration_logs.json'), 'utf8'),
    ) as { thinking: string | null }[];
    const thinking = rows.flatMap((row) => row.thinking ?? []);
    for (const file of readdirSync(path.join(folder, 'real')).filter((name) => name.endsWith('.cot'))) {
      const text = read(`real/${file}`);
      expect(thinking.some((one) => one !== '' && text.includes(`<think>\n${one}\n</think>`))).toBe(true);
    }
  });
});
