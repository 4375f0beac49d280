import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Score } from '../../../src/trace/verdict';
import { chartPlan, type Mark } from '../../../webview/curves/chartPlan';
import { layoutOf, stepAtX, type Layout } from '../../../webview/curves/layout';
import { inRanges, runsOf } from '../../../webview/curves/runs';
import { thin } from '../../../webview/curves/thin';
import { columns, judge, model } from './model';

const anyScores = fc.array(fc.constantFrom<Score>(1, 2, 3, 4, 5, null), { minLength: 1, maxLength: 400 });
const layout = (steps: number, more: Partial<Parameters<typeof layoutOf>[0]> = {}): Layout =>
  layoutOf({ width: 640, height: 260, steps, series: ['harmfulness'], hasAnswer: true, zoom: null, letters: false, ...more });
const pathOf = (marks: readonly Mark[], key: string): string => {
  const mark = marks.find((one) => one.key === key);
  return mark?.kind === 'path' ? mark.d : '';
};
const texts = (marks: readonly Mark[]): string[] => marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []));

describe('thinning a long curve', () => {
  it('keeps everything where there is room', () => {
    expect(thin([1, null, 3, 4], -0.5, 3.5, 300)).toEqual([0, 1, 2, 3]);
  });

  it('keeps first, last, lowest and highest of every pixel column, and that it has a gap', () => {
    fc.assert(
      fc.property(anyScores, fc.integer({ min: 1, max: 40 }), (scores, pixels) => {
        const kept = thin(scores, -0.5, scores.length - 0.5, pixels);
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
        expect(kept.length).toBeLessThanOrEqual(Math.max(scores.length, pixels * 5));
        if (scores.length <= pixels * 2) return;
        const set = new Set(kept);
        for (let column = 0; column < pixels; column++) {
          const from = Math.floor((column * scores.length) / pixels);
          const to = column === pixels - 1 ? scores.length : Math.floor(((column + 1) * scores.length) / pixels);
          const there = scores.slice(from, to).flatMap((score, i) => (score === null ? [] : [{ score, step: from + i }]));
          if (there.length < to - from) expect(scores.slice(from, to).some((score, i) => score === null && set.has(from + i))).toBe(true);
          if (there.length === 0) continue;
          expect(set.has(there[0]?.step ?? -1) && set.has(there.at(-1)?.step ?? -1)).toBe(true);
          const shown = there.filter(({ step }) => set.has(step)).map(({ score }) => score);
          expect(Math.max(...shown)).toBe(Math.max(...there.map(({ score }) => score)));
          expect(Math.min(...shown)).toBe(Math.min(...there.map(({ score }) => score)));
        }
      }),
    );
  });
});

describe('cutting a curve into strokes', () => {
  const whole = (scores: readonly Score[], stale: readonly number[] = []) => runsOf(scores, [...scores.keys()], inRanges(stale));

  it('breaks at gaps; a lone step is a dot', () => {
    expect(whole([1, 2, null, 4, null, 5, 5]).fresh).toEqual([[0, 1], [3], [5, 6]]);
  });

  it('draws a stroke stale that has a stale step at either end', () => {
    expect(whole([1, 2, 3, 4, 5], [2, 3])).toEqual({ fresh: [[0, 1], [3, 4]], stale: [[1, 2, 3]] });
    expect(whole([1, 2, 3], [0, 3])).toEqual({ fresh: [], stale: [[0, 1, 2]] });
    expect(whole([1, 2, 3, 4], [0, 1, 3, 4])).toEqual({ fresh: [[1, 2]], stale: [[0, 1], [2, 3]] });
  });

  it('draws every stroke between neighbours once, and none across a gap', () => {
    fc.assert(
      fc.property(anyScores, fc.array(fc.nat(400), { maxLength: 8 }), (scores, edges) => {
        const ranges = [...new Set(edges)].sort((a, b) => a - b);
        const isStale = inRanges(ranges);
        const { fresh, stale } = runsOf(scores, [...scores.keys()], isStale);
        const strokes = (runs: readonly (readonly number[])[]): string[] => runs.flatMap((run) => run.slice(1).map((step, i) => `${String(run[i])}-${String(step)}`));
        const expected = { fresh: [] as string[], stale: [] as string[] };
        for (let i = 0; i + 1 < scores.length; i++) {
          if (scores[i] === null || scores[i + 1] === null) continue;
          expected[isStale(i) || isStale(i + 1) ? 'stale' : 'fresh'].push(`${String(i)}-${String(i + 1)}`);
        }
        expect(strokes(fresh).sort()).toEqual(expected.fresh.sort());
        expect(strokes(stale).sort()).toEqual(expected.stale.sort());
        const drawn = new Set([...fresh, ...stale].flat());
        for (const [i, score] of scores.entries()) expect(drawn.has(i)).toBe(score !== null);
      }),
    );
  });

  it('looks ranges up as a list of steps would say', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(60), { maxLength: 12 }), (edges) => {
        const ranges = edges.sort((a, b) => a - b);
        const said = inRanges(ranges);
        for (let step = 0; step < 70; step++) {
          let inside = false;
          for (let i = 0; i < ranges.length; i += 2) inside ||= step >= (ranges[i] ?? 0) && step < (ranges[i + 1] ?? Infinity);
          expect(said(step)).toBe(inside);
        }
      }),
    );
  });
});

describe('the layout', () => {
  it('finds the step under every pixel of its column', () => {
    const l = layout(11);
    for (let step = 0; step < 11; step++) expect(stepAtX(l, l.x(step) + 3, 11)).toBe(step);
    expect(stepAtX(l, -500, 11)).toBe(0);
    expect(stepAtX(l, 5000, 11)).toBe(10);
  });

  it('keeps the answer outside the curve', () => {
    const l = layout(11);
    expect(l.answerX).toBeGreaterThan(l.right + 10);
    expect(layout(11, { hasAnswer: false }).answerX).toBeUndefined();
  });

  it('fits 300 pixels', () => {
    const l = layout(200, { width: 270, letters: true });
    expect(l.right - l.left).toBeGreaterThan(120);
    expect(l.answerX).toBeLessThan(270);
  });
});

describe('the plan of a chart', () => {
  it('has as few elements for thousands of steps as for ten', () => {
    const ten = chartPlan(model(Array.from({ length: 10 }, (_, i) => ((i % 5) + 1) as Score)), layout(10), { before: true });
    const many = chartPlan(model(Array.from({ length: 5000 }, (_, i) => (((i * 7) % 5) + 1) as 1)), layout(5000), { before: true });
    expect(many.length).toBeLessThan(ten.length + 20);
  });

  it('puts a score where its line of the grid is, and never joins the answer', () => {
    const l = layout(3);
    const marks = chartPlan(model([1, 5, 3]), l, { before: false });
    const y = (score: number): string => String(Math.round((l.panels[0]?.y(score) ?? 0) * 10) / 10);
    const x = (step: number): string => String(Math.round(l.x(step) * 10) / 10);
    expect(pathOf(marks, 'harmfulness key-a line')).toBe(`M${x(0)},${y(1)}L${x(1)},${y(5)}L${x(2)},${y(3)}`);
    const answer = pathOf(marks, 'harmfulness key-a answer');
    expect(answer).toMatch(/^M\d/);
    expect(pathOf(marks, 'harmfulness key-a line')).not.toContain(String(l.answerX));
  });

  it('leaves gaps open', () => {
    const marks = chartPlan(model([1, null, 5]), layout(3), { before: false });
    expect(pathOf(marks, 'harmfulness key-a line').match(/M/g)).toHaveLength(2);
    expect(pathOf(marks, 'harmfulness key-a line')).not.toContain('L');
  });

  it('draws the curve before the edit only where it is wanted', () => {
    const edited = model([1, 2, 3], { before: { harmfulness: [3, 2, 1], helpfulness: [null, null, null], steps: 3 } });
    expect(pathOf(chartPlan(edited, layout(3), { before: true }), 'harmfulness before')).not.toBe('');
    expect(pathOf(chartPlan(edited, layout(3), { before: false }), 'harmfulness before')).toBe('');
  });

  it('tells judges apart without colour: by letter, dash class and marker', () => {
    const two = model([1, 2, 3], { judges: [judge([1, 2, 3]), judge([1, 2, 3], { key: 'key-b', name: 'Other, prefix' })] });
    const marks = chartPlan(two, layout(3, { letters: true }), { before: false });
    expect(texts(marks)).toEqual(expect.arrayContaining(['A', 'B']));
    const styles = ['key-a', 'key-b'].map((key) => marks.find((one) => one.key === `harmfulness ${key} line`)?.style);
    expect(new Set(styles).size).toBe(2);
    // Equal scores are seen as two lines.
    expect(pathOf(marks, 'harmfulness key-a line')).not.toBe(pathOf(marks, 'harmfulness key-b line'));
    expect(pathOf(marks, 'harmfulness key-a points')).not.toBe(pathOf(marks, 'harmfulness key-b points'));
  });

  it('draws the spread over samples as a band with its mean', () => {
    const spread = { n: [3, 3], mean: [1.5, 4], low: [1, 3], high: [2, 5] };
    const marks = chartPlan(model([1, 4], { judges: [judge([1, 4], { harmfulness: columns([1, 4], { spread }) })] }), layout(2), { before: false });
    expect(pathOf(marks, 'harmfulness key-a band')).toMatch(/^M.*Z$/);
    expect(pathOf(marks, 'harmfulness key-a mean')).toMatch(/^M.*L/);
  });

  it('names the thresholds and the last step', () => {
    const words = texts(chartPlan(model(Array.from({ length: 137 }, () => 1)), layout(137), { before: false }));
    expect(words).toEqual(expect.arrayContaining(['low 2', 'high 4', '1', '137', 'step (of 137)', 'answer']));
    const uneven = texts(chartPlan(model([1, 2, 3], { thresholds: { low: 1.5, high: 4 } }), layout(3), { before: false }));
    expect(uneven).toEqual(expect.arrayContaining(['low 1.5', '2']));
  });

  it('holds nothing that is no number, whatever the scores', () => {
    fc.assert(
      fc.property(anyScores, fc.boolean(), (scores, zoomed) => {
        const l = layout(scores.length, { zoom: zoomed && scores.length > 10 ? [2, 7] : null });
        for (const mark of chartPlan(model(scores), l, { before: true })) {
          if (mark.kind === 'path') expect(mark.d).not.toMatch(/NaN|Infinity|undefined/);
          else expect(Number.isFinite(mark.x) && Number.isFinite(mark.y)).toBe(true);
        }
      }),
    );
  });
});
