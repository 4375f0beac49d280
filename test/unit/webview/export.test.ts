import { csvParse } from 'd3-dsv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chartPlan } from '../../../webview/curves/chartPlan';
import { exportCsv } from '../../../webview/curves/exportCsv';
import { counted, escaped, exportSvg, legendLines } from '../../../webview/curves/exportSvg';
import { layoutOf } from '../../../webview/curves/layout';
import type { ThemeColors } from '../../../webview/curves/themes';
import { columns, judge, model } from './model';

const spread = { n: [3, 0, 3], mean: [1.5, null, 4], low: [1, null, 3], high: [2, null, 5] };
const sampled = model([1, null, 4], { judges: [judge([1, null, 4], { harmfulness: columns([1, null, 4], { spread }), stale: [2, 3] })] });

describe('a CSV of the curves', () => {
  it('has a row a step and judge and one for the answer, with all that decides a score', () => {
    const two = { ...sampled, judges: [...sampled.judges, judge([5, 5, 5], { key: 'key-b', model: null, answer: null })] };
    const rows = csvParse(exportCsv(two));
    expect(rows).toHaveLength(3 + 1 + 3);
    expect({ ...rows[0] }).toEqual({
      ...{ step: '1', harmfulness: '1', helpfulness: '', stale: 'false' },
      ...{ harmfulness_n: '3', harmfulness_mean: '1.5', harmfulness_min: '1', harmfulness_max: '2' },
      ...{ helpfulness_n: '', helpfulness_mean: '', helpfulness_min: '', helpfulness_max: '' },
      ...{ judge: 'GPT-4o, prefix (κ 0.71 with you, n 30, 2026-11-21)', judge_key: 'key-a', model: 'gpt-4o-2026-08', protocol: 'prefix' },
      ...{ rubric: 'snowball-3', intent: 'harmful', splitter: 'blank-lines', doc: 'traces/one.cot' },
    });
    // What was not scored is empty, never 0.
    expect(rows[1]?.['harmfulness']).toBe('');
    expect(rows[1]?.['harmfulness_n']).toBe('');
    expect(rows[2]?.['stale']).toBe('true');
    expect(rows[3]?.['step']).toBe('answer');
    expect(rows[4]?.['judge_key']).toBe('key-b');
  });

  it('holds texts only when they were asked for, and gives any text back exactly', () => {
    expect(exportCsv(sampled)).not.toContain('text');
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 3, maxLength: 3 }), (steps) => {
        const rows = csvParse(exportCsv(sampled, { steps, answer: 'a "quoted", answer' }));
        expect(rows.map((row) => row['text'])).toEqual([...steps, 'a "quoted", answer']);
      }),
    );
  });
});

describe('an SVG of the curves', () => {
  const colors: ThemeColors = {
    ...{ background: '#ffffff', foreground: '#333333', fontFamily: '"Segoe UI", sans-serif' },
    scores: { harmfulness: ['#111111', '#222222', '#333333', '#444444', '#555555'], helpfulness: ['#111111', '#222222', '#333333', '#444444', '#555555'] },
  };
  const layout = layoutOf({ width: 600, height: 260, steps: 3, series: ['harmfulness'], hasAnswer: true, zoom: null, letters: false });
  const drawn = (given = sampled): string =>
    exportSvg({
      model: given,
      layout,
      marks: chartPlan(given, layout, { before: true }),
      series: ['harmfulness'],
      colors,
      lookOf: (mark) => (mark.kind === 'path' ? { fill: 'none', stroke: 'url(#by-harmfulness)' } : { fill: '#333333' }),
      day: '2026-11-21',
    });

  it('stands on its own, with its colours, and nothing that could run or be fetched', () => {
    const svg = drawn();
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="624"/);
    expect(svg).toContain('stop-color="#555555"');
    expect(svg).not.toMatch(/var\(|<script|href|style=|class=|NaN|undefined/);
    // Every tag that is opened is closed.
    const tags = [...svg.matchAll(/<(\/?)([a-zA-Z]+)[^>]*?(\/?)>/g)];
    const open: string[] = [];
    for (const [, closing, name, empty] of tags) {
      if (closing === '/') expect(open.pop()).toBe(name);
      else if (empty !== '/') open.push(name ?? '');
    }
    expect(open).toEqual([]);
  });

  it('says who judged, how many steps, by which rubric, and when', () => {
    const svg = drawn();
    for (const words of ['traces/one.cot', 'κ 0.71 with you', 'gpt-4o-2026-08', 'snowball-3', 'n = 2', '2026-11-21', '3 samples']) expect(svg).toContain(words);
    expect(legendLines(sampled, ['harmfulness'], '2026-11-21').join()).toContain('dashed');
  });

  it('keeps names text, however hostile', () => {
    const hostile = '"/><script>alert(1)</script><!--';
    const svg = drawn(model([1, 2, 3], { doc: hostile, judges: [judge([1, 2, 3], { name: hostile })] }));
    expect(svg).not.toMatch(/<script|<!--/);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // eslint-disable-next-line no-control-regex -- what XML forbids
        expect(escaped(text)).not.toMatch(/[<>"\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
      }),
    );
  });

  it('counts each series where they differ', () => {
    expect(counted(judge([1, null, 3]), ['harmfulness', 'helpfulness'])).toBe('n = 2 (harmfulness), n = 0 (helpfulness)');
    expect(counted(judge([1, null, 3]), ['harmfulness'])).toBe('n = 2');
  });
});
