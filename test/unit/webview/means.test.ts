import { csvParse } from 'd3-dsv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MeanChoice, MeanCurvesModel } from '../../../src/curve/meanCurvesModel';
import { meanCurves } from '../../../src/session/means/meanCurves';
import { packedRanges } from '../../../src/session/means/rowRanges';
import type { Score } from '../../../src/trace/verdict';
import { meanLayout, type MeanView } from '../../../webview/means/layout';
import { meansCsv, meansLegend } from '../../../webview/means/meanExports';
import { meanPlan, signedNumber } from '../../../webview/means/meanPlan';
import { DEFAULT_MEAN_STATE, meanCurvesModel, meanState } from '../../../webview/means/messages';
import { groupInWords, modelInWords, pointInWords, titleLines } from '../../../webview/means/words';
import { svgFile } from '../../../webview/svgFile';
import { scored, setOf } from '../session/means/meanTraces';

const VIEW: MeanView = { series: ['harmfulness'], layout: 'overlay' };

async function model(groups: Readonly<Record<string, readonly (readonly Score[])[]>>, choice: Partial<MeanChoice> = {}, paired = false): Promise<MeanCurvesModel> {
  const names = Object.keys(groups);
  const traces = Object.entries(groups).flatMap(([file, all]) =>
    all.map((scores, number) => scored(scores, { file, source: file, answer: 2, ...(paired ? { pair: { number, side: file === names[0] ? 0 : 1 } } : {}) })),
  );
  const set = setOf(traces, { asked: 50, title: 'data/a.jsonl', ...(paired ? { paired: { names: [names[0] ?? '', names[1] ?? ''] as [string, string], pairs: 2 } } : {}) });
  const tools = { signal: new AbortController().signal, calibrationOf: () => undefined, bootstrap: { resamples: 50 } };
  return (await meanCurves(set, { judge: null, alignment: { kind: 'position', bins: 4 }, by: 'source', ...choice }, tools)).model;
}

const two = { before: [[1, 2, 3, 4], [1, 1, 5, 4]], after: [[1, 1, 2, 2]] } as const;

describe('mean curves drawn', () => {
  it('have a band, a line, points, an answer, a name and a line of n for each group, keyed once', async () => {
    const made = await model(two);
    const layout = meanLayout(made, VIEW, 700);
    const marks = meanPlan(made, layout);
    expect(new Set(marks.map(({ key }) => key)).size).toBe(marks.length);
    const styles = (word: string): string[] => marks.filter(({ style }) => style.split(' ').includes(word)).map(({ style }) => style);
    expect(styles('line')).toEqual(['line group group1', 'line group group2']);
    // One trace has no band.
    expect(styles('band')).toEqual(['band group group1']);
    expect(styles('name')).toHaveLength(2);
    const words = marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []));
    expect(words).toEqual(expect.arrayContaining(['A before', 'B after', 'A n', 'B n', 'answer', 'share of the reasoning']));
    expect(marks.filter(({ style }) => style === 'count').map((mark) => (mark.kind === 'text' ? mark.text : ''))).toEqual(['2', '2', '2', '2', '2']);
    expect(marks.filter(({ style }) => style === 'count few').map((mark) => (mark.kind === 'text' ? mark.text : ''))).toEqual(['1', '1', '1', '1', '1']);
  });

  it('have names with room: as long as they are, shortened in the middle where the page is narrow', async () => {
    const made = await model({ 'data/a-long-name-of-a-run/before': [[1, 2]], 'data/a-long-name-of-a-run/after': [[2, 2]] });
    const words = (width: number, layout: MeanView['layout'] = 'overlay'): string[] =>
      meanPlan(made, meanLayout(made, { ...VIEW, layout }, width)).flatMap((mark) => (mark.kind === 'text' && /name|title$/.test(mark.style) ? [mark.text] : []));
    expect(words(1400)).toEqual(expect.arrayContaining(['A data/a-long-name-of-a-run/after', 'B data/a-long-name-of-a-run/before']));
    expect(words(500)).toEqual(expect.arrayContaining(['A data/a-…n/after', 'B data/a-…/before']));
    expect(words(560, 'multiples').filter((one) => one.endsWith(': harmfulness'))).toHaveLength(2);
    expect(words(400)).toEqual(['Mean harmfulness (5 is worst)']);
  });

  it('stand side by side, a chart a group, within any width', async () => {
    const made = await model({ ...two, third: [[5, 5, 5, 5]] });
    for (const width of [200, 320, 640, 1200]) {
      for (const layout of ['overlay', 'multiples'] as const) {
        const { panels, height } = meanLayout(made, { series: ['harmfulness', 'helpfulness'], layout }, width);
        expect(panels).toHaveLength(layout === 'overlay' ? 2 : 6);
        for (const panel of panels) {
          expect(panel.left).toBeGreaterThanOrEqual(0);
          expect(panel.right).toBeGreaterThan(panel.left + 50);
          expect(panel.bottom).toBeLessThan(height);
          expect(panel.y(5)).toBeLessThan(panel.y(1));
        }
        const marks = meanPlan(made, meanLayout(made, { series: ['harmfulness'], layout }, width));
        expect(marks.some((mark) => mark.kind === 'path' && mark.d.includes('NaN'))).toBe(false);
      }
    }
  });

  it('of pairs add the difference on a scale of its own around 0', async () => {
    const made = await model({ a: [[1, 1], [2, 2]], b: [[3, 3], [5, 5]] }, { by: 'file' }, true);
    const { panels } = meanLayout(made, VIEW, 600);
    expect(panels.map(({ difference }) => difference)).toEqual([false, true]);
    expect(panels[1]?.ticks).toEqual([-3, -1.5, 0, 1.5, 3]);
    expect(meanPlan(made, meanLayout(made, VIEW, 600)).some((mark) => mark.kind === 'text' && mark.text === '+1.5')).toBe(true);
  });

  it('break where no trace speaks', async () => {
    const made = await model({ a: [[1, null, null, 4]], b: [[2, 2, 2, 2]] });
    const line = meanPlan(made, meanLayout(made, VIEW, 600)).find(({ key }) => key === 'harmfulness 0 line');
    expect(line?.kind === 'path' ? line.d.match(/M/g) : []).toHaveLength(2);
  });
});

describe('mean curves in words and files', () => {
  it('say who judged, how, of what, how many, and whether they are conditioned', async () => {
    const made = await model(two);
    expect(titleLines(made)).toEqual([
      'data/a.jsonl · n = 3 of 50 traces; 47 not scored by it',
      'Model, prefix · m-1 · rubric r',
      'aligned by position, 4 bins · grouped by source · unconditioned',
    ]);
    expect(titleLines(await model(two, { alignment: { kind: 'extreme', from: -3, to: 5 } })).join()).toMatch(/at the worst score, −3 to \+5 steps.*CONDITIONED: aligned at each trace/);
    expect(groupInWords(made, 1, ['harmfulness'])).toBe('1 trace · no band: n is below 2');
    expect(modelInWords(made, ['harmfulness'])).toContain('before, mean harmfulness from 1.00 to 4.00, highest 4.00, lowest 1.00');
    expect([pointInWords({ n: 0, mean: null, low: null, high: null }), pointInWords({ n: 3, mean: -0.5, low: -1, high: 0 })]).toEqual(['–, n = 0', '−0.50 (−1.00 to 0.00), n = 3']);
    expect([2, 0, -1.5].map(signedNumber)).toEqual(['+2', '0', '−1.5']);
    expect(meansLegend(made, ['harmfulness'], '2026-11-21').join('\n')).toMatch(/A: before · 2 traces[^]*bootstrap over traces[^]*drawn 2026-11-21/);
  });

  it('hold every number in a CSV, empty where there is none', async () => {
    const rows = csvParse(meansCsv(await model(two)));
    expect(rows).toHaveLength(2 * 2 * (4 + 1));
    expect({ ...rows[0] }).toMatchObject({ group: 'before', series: 'harmfulness', place: '0.125', n: '2', mean: '1', low: '1', high: '1', judge: 'Model, prefix', alignment: 'position', conditioned: '' });
    expect(rows.find(({ group, place }) => group === 'after' && place === 'answer')).toMatchObject({ n: '1', mean: '2', low: '', high: '' });
    const pairs = csvParse(meansCsv(await model({ a: [[1, 1], [2, 2]], b: [[3, 3], [5, 5]] }, { by: 'file' }, true)));
    expect(pairs.find(({ group }) => group === 'difference: b less a')).toMatchObject({ n: '2', mean: '2.5', traces: '2' });
  });

  it('keep hostile names text, in drawings and in messages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (name) => {
        const made = await model({ [`<script>${name}`]: [[1, 2]], b: [[1, 1]] });
        const layout = meanLayout(made, VIEW, 600);
        const svg = svgFile({
          ...{ width: 600, height: layout.height, title: name, defs: '', marks: meanPlan(made, layout), lookOf: () => ({}) },
          legend: meansLegend(made, ['harmfulness'], '2026-11-21'),
          colors: { background: '#fff', foreground: '#000', fontFamily: 'x' },
        });
        expect(svg).not.toContain('<script');
      }),
      { numRuns: 20 },
    );
  });

  it('travel as messages, and a page’s memory is checked', async () => {
    const made = await model(two);
    expect(meanCurvesModel.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
    const state = { ...DEFAULT_MEAN_STATE, input: { kind: 'rows', sets: [{ dataset: '/a.jsonl', rows: packedRanges([0, 5]), of: 9, conditioned: null }] } };
    expect(meanState.parse(state)).toEqual(state);
    const wrong = [{ ...state, choice: { ...state.choice, alignment: { kind: 'position', bins: 0 } } }, { ...state, choice: { ...state.choice, by: 'text' } }, { ...state, v: 2 }, null];
    for (const one of wrong) expect(meanState.safeParse(one).success).toBe(false);
  });
});
