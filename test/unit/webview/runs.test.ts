import { csvParse } from 'd3-dsv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunOnPage, RunsPageModel } from '../../../src/curve/runsPageModel';
import { valuesAt } from '../../../webview/runs/hoverCard';
import { nearest, runLayout, stepsOf, valueAt, type RunLayout } from '../../../webview/runs/layout';
import { DEFAULT_RUNS_STATE, runsPageModel, runsState } from '../../../webview/runs/messages';
import { number } from '../../../webview/runs/number';
import { runPlan } from '../../../webview/runs/plan';
import { RUN_STATES, isStoppable } from '../../../src/train/runs/run';
import { runActs } from '../../../webview/runs/runActs';
import { runsCsv, runsLegend } from '../../../webview/runs/runExports';
import { smoothed, type Point } from '../../../webview/runs/smooth';
import { thinPoints } from '../../../webview/runs/thinPoints';
import { allSeries, chartInWords, defaultSeries, durationInWords, lastInWords, launchInWords, nameInWords, runLine, sentences, seriesTitle, statesInWords } from '../../../webview/runs/words';

function run(part: Partial<RunOnPage> = {}): RunOnPage {
  return {
    ...{ id: 'a', title: 'kitchen · AdvChain SFT', state: 'running', stateInWords: 'running', recipe: 'AdvChain SFT', backend: 'cluster', set: 'kitchen', from: 'tiny-model', created: '2026-11-21T10:00:00.000Z' },
    ...{ elapsed: 185, remaining: 420, step: 3, expected: 40, series: { loss: [[1, 4], [2, 3], [3, 2]], learning_rate: [[1, 1e-5], [2, 2e-5], [3, 3e-5]] } },
    ...{ last: { loss: 2, learning_rate: 3e-5 }, reason: null, hint: null, model: null, lookable: false, versions: 'CoT Lens 0.5.0' },
    ...part,
  };
}

const model = (...runs: RunOnPage[]): RunsPageModel => ({ runs, differences: [] });
const layout = (runs: readonly RunOnPage[], { weight = 0, width = 700, shown = ['loss', 'learning_rate'] } = {}): RunLayout => runLayout(runs, shown, seriesTitle, weight, width);
const points = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.double({ min: -50, max: 50, noNaN: true })), { selector: ([step]) => step, maxLength: 200 }).map((all): Point[] => all.sort((a, b) => a[0] - b[0]));

describe('smoothing', () => {
  it('leaves lines alone unless it is asked for', () => {
    const line: Point[] = [[1, 2], [2, 4]];
    expect(smoothed(line, 0)).toBe(line);
  });

  it('is the weighted mean of what came so far, by hand', () => {
    // 0.5: 1; (0.5·1 + 1·3) / 1.5; (0.25·1 + 0.5·3 + 1·5) / 1.75, all over the same weights halved.
    const [first, second, third] = smoothed([[1, 1], [5, 3], [9, 5]], 0.5);
    expect(first).toEqual([1, 1]);
    expect(second?.[0]).toBe(5);
    expect(second?.[1]).toBeCloseTo((0.5 * 1 + 3) / 1.5, 12);
    expect(third?.[1]).toBeCloseTo((0.25 * 1 + 0.5 * 3 + 5) / 1.75, 12);
  });

  it('keeps steps, and stays between the lowest and the highest value', () => {
    fc.assert(
      fc.property(points, fc.constantFrom(0, 0.6, 0.9, 0.97), (line, weight) => {
        const made = smoothed(line, weight);
        const values = line.map(([, value]) => value);
        expect(made.map(([step]) => step)).toEqual(line.map(([step]) => step));
        for (const [, value] of made) {
          expect(value).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
          expect(value).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
        }
      }),
      { seed: 11 },
    );
  });
});

describe('the buttons of a run', () => {
  it('ask for an end where the backend has the run and was not asked', () => {
    for (const state of RUN_STATES) expect(runActs(run({ state })).some(([act]) => act === 'stop'), state).toBe(isStoppable({ state }));
    expect(runActs(run({ model: '/out', state: 'failed', lookable: true })).map(([, label]) => label)).toEqual(['Show Log', 'Look Now', 'Open Recipe', 'Open Set', 'Copy Output’s Place', 'Relaunch with Changes…']);
  });
});

describe('runs that are compared', () => {
  it('are told apart by their letters also where they are read out', () => {
    expect(nameInWords(1, 'kitchen', true)).toBe('B: kitchen');
    expect(nameInWords(0, 'kitchen', false)).toBe('kitchen');
    expect(statesInWords(model(run({ title: 'kitchen' })))).toBe('kitchen: running.');
    expect(statesInWords(model(run({ title: 'kitchen' }), run({ id: 'b', title: 'kitchen', state: 'failed', stateInWords: 'failed', reason: 'It broke', hint: 'Mend it.' })))).toBe('A: kitchen: running. B: kitchen: failed. It broke. Mend it.');
  });
});

describe('thinning', () => {
  it('keeps the ends and the extremes of each pixel column, in order, and no more than four of one', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 300 }), (line, pixels) => {
        const column = (step: number): number => Math.floor((step / 3000) * pixels);
        const kept = thinPoints(line, column);
        expect([...kept].sort((a, b) => a[0] - b[0])).toEqual(kept);
        for (const at of new Set(line.map(([step]) => column(step)))) {
          const [all, left] = [line, kept].map((some) => some.filter(([step]) => column(step) === at)) as [Point[], Point[]];
          expect(left.length).toBeLessThanOrEqual(4);
          const values = (some: Point[]): number[] => some.map(([, value]) => value);
          expect([left[0], left.at(-1), Math.min(...values(left)), Math.max(...values(left))]).toEqual([all[0], all.at(-1), Math.min(...values(all)), Math.max(...values(all))]);
        }
      }),
      { seed: 12 },
    );
  });
});

describe('runs drawn', () => {
  it('have a panel a series, a line each, the expected end and no letter where there is one run', () => {
    const marks = runPlan(layout([run()]));
    expect(new Set(marks.map(({ key }) => key)).size).toBe(marks.length);
    const styles = (word: string): string[] => marks.filter(({ style }) => style.split(' ').includes(word)).map(({ style }) => style);
    expect(styles('line')).toEqual(['line group group1', 'line group group1']);
    expect(styles('raw')).toEqual([]);
    expect(styles('name')).toEqual([]);
    expect(marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []))).toEqual(expect.arrayContaining(['Loss', 'Learning rate', '40 expected', 'step']));
  });

  it('are told apart by dash, marker and letter, and share the line of an end that they share', () => {
    const marks = runPlan(layout([run(), run({ id: 'b', expected: 40 }), run({ id: 'c', expected: 80 })]));
    expect(marks.filter(({ style }) => style.startsWith('line')).map(({ style }) => style)).toEqual([1, 2, 3, 1, 2, 3].map((n) => `line group group${String(n)}`));
    const words = marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []));
    expect(words.filter((word) => /^[ABC]$/.test(word)).sort()).toEqual(['A', 'A', 'B', 'B', 'C', 'C']);
    expect(words).toEqual(expect.arrayContaining(['40 expected (A, B)', '80 expected (C)']));
    const letters = marks.filter(({ key }) => key.startsWith('loss') && key.endsWith('letter')).flatMap((mark) => (mark.kind === 'text' ? [mark.y] : [])).sort((a, b) => a - b);
    expect(Math.min(...letters.slice(1).map((y, i) => y - (letters[i] ?? 0)))).toBeGreaterThanOrEqual(12);
  });

  it('keep what was logged beneath the smoothed line; a learning rate is set, not measured, and is never smoothed', () => {
    const marks = runPlan(layout([run()], { weight: 0.9 }));
    expect(marks.filter(({ style }) => style.startsWith('raw')).map(({ key }) => key)).toEqual(['loss 0 raw']);
  });

  it('stay within their page, whatever was logged', () => {
    fc.assert(
      fc.property(points, points, fc.integer({ min: 240, max: 1600 }), fc.option(fc.integer({ min: 1, max: 5000 }), { nil: null }), (loss, reward, width, expected) => {
        const made = layout([run({ series: { loss }, expected }), run({ id: 'b', series: { loss: reward } })], { width, shown: ['loss'] });
        for (const mark of runPlan(made)) {
          const numbers = mark.kind === 'text' ? [mark.x, mark.y] : (mark.d.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number);
          expect(numbers.every(Number.isFinite)).toBe(true);
          if (mark.kind === 'text') {
            expect(mark.x).toBeGreaterThanOrEqual(0);
            expect(mark.x).toBeLessThanOrEqual(width);
            expect(mark.y).toBeLessThanOrEqual(made.height);
          } else if (mark.style.startsWith('line')) {
            for (const [, x = '0', y = '0'] of mark.d.matchAll(/([\d.]+),([\d.]+)/g)) {
              expect(Number(x)).toBeGreaterThanOrEqual(made.left - 0.1);
              expect(Number(x)).toBeLessThanOrEqual(made.right + 0.1);
              expect(Number(y)).toBeGreaterThanOrEqual((made.panels[0]?.top ?? 0) - 0.1);
              expect(Number(y)).toBeLessThanOrEqual((made.panels[0]?.bottom ?? 0) + 0.1);
            }
          }
        }
      }),
      { seed: 13, numRuns: 60 },
    );
  });

  it('take no series for one of the language’s own names', () => {
    expect(layout([run({ series: {} })], { shown: ['constructor', 'toString'] }).panels.map(({ lines }) => lines)).toEqual([[], []]);
  });
});

describe('steps', () => {
  it('are found by pixel and by number', () => {
    fc.assert(
      fc.property(points, fc.double({ min: -10, max: 4000, noNaN: true }), (line, to) => {
        const steps = line.map(([step]) => step);
        const found = nearest(steps, to);
        if (steps.length === 0) expect(found).toBe(-1);
        else expect(Math.abs((steps[found] ?? NaN) - to)).toBe(Math.min(...steps.map((step) => Math.abs(step - to))));
        for (const [step, value] of line) expect(valueAt(line, step)).toBe(value);
        expect(valueAt(line, 0.5)).toBeUndefined();
      }),
      { seed: 14 },
    );
  });

  it('are those of all runs, each once, with what was logged there exactly', () => {
    const runs = [run({ series: { loss: [[1, 0.1 + 0.2], [3, 2]] } }), run({ id: 'b', series: { loss: [[2, 5], [3, -1e-7]] } })];
    const made = layout(runs, { shown: ['loss'] });
    expect(stepsOf(made)).toEqual([1, 2, 3]);
    expect(valuesAt(made, model(...runs), 1)).toEqual(['A loss 0.30000000000000004']);
    expect(valuesAt(made, model(...runs), 3)).toEqual(['A loss 2', 'B loss −1e−7']);
    expect(valuesAt(layout(runs, { shown: ['loss'], weight: 0.6 }), model(...runs), 3)[0]).toMatch(/^A loss 2, average 1\.3/);
  });
});

describe('words of the page', () => {
  it('say how far a run is', () => {
    expect(runLine(run())).toBe('running · step 3 of 40 · 3 min · about 7 min left');
    expect(runLine(run({ stateInWords: 'waiting to begin', step: null, elapsed: null, remaining: null }))).toBe('waiting to begin');
    expect(runLine(run({ expected: null, remaining: null }))).toBe('running · step 3 · 3 min');
    expect(lastInWords(run(), ['loss', 'learning_rate', 'reward'])).toBe('loss 2 · learning rate 3e−5');
    expect([5, 59.6, 3600, 3660, 86_400, 100_000].map(durationInWords)).toEqual(['5 s', '1 min', '1 h', '1 h 1 min', '1 d', '1 d 4 h']);
  });

  it('tell runs of the same title apart', () => {
    expect(launchInWords(run())).toBe('tiny-model, launched 2026-11-21 10:00:00 UTC');
    expect(launchInWords(run({ from: null }))).toBe('launched 2026-11-21 10:00:00 UTC');
  });

  it('end each sentence once', () => {
    expect(sentences(['kitchen: failed', 'It broke.', 'Mend it', 'Why?'])).toBe('kitchen: failed. It broke. Mend it. Why?');
  });

  it('show what training is about first', () => {
    expect(allSeries(model(run({ series: { zeal: [], loss: [], grad_norm: [] } }), run({ series: { reward: [], learning_rate: [] } })))).toEqual(['reward', 'loss', 'learning_rate', 'grad_norm', 'zeal']);
    expect(defaultSeries(['reward', 'loss', 'learning_rate'])).toEqual(['reward', 'learning_rate']);
    expect(defaultSeries(['loss', 'entropy'])).toEqual(['loss']);
    expect(defaultSeries(['entropy'])).toEqual(['entropy']);
    expect(defaultSeries([])).toEqual([]);
  });

  it('write numbers short, with a real minus', () => {
    expect([0, 2.31449, 1e-4, 8.25e-5, -3.5, 12_345.6, 5e9].map((value) => number(value))).toEqual(['0', '2.314', '1e−4', '8.25e−5', '−3.5', '12,346', '5e9']);
  });

  it('say what the drawing shows', () => {
    expect(chartInWords(model(run()), ['loss'])).toBe('kitchen · AdvChain SFT: loss from 4 at step 1 to 2 at step 3, lowest 2, highest 4.');
    expect(chartInWords(model(run({ series: {} })), ['loss'])).toBe('No numbers yet.');
  });
});

describe('exports', () => {
  it('have every number as it was logged, and quote what is not a word', () => {
    const title = 'a "quoted", title\nwith a line';
    const table = csvParse(runsCsv(model(run({ title }), run({ id: 'b', series: { loss: [[7, 1.5]] } }))));
    expect(table).toHaveLength(7);
    expect(table[0]).toMatchObject({ run: title, id: 'a', series: 'loss', step: '1', value: '4', recipe: 'AdvChain SFT', backend: 'cluster', state: 'running', model: 'tiny-model', launched: '2026-11-21T10:00:00.000Z' });
    expect(table.at(-1)).toMatchObject({ id: 'b', step: '7', value: '1.5' });
  });

  it('say whose lines they are, and whether they are smoothed', () => {
    const legend = runsLegend(model(run(), run({ id: 'b', title: 'other' })), ['loss'], 0.9, '2026-11-21');
    expect(legend).toEqual([
      'A: kitchen · AdvChain SFT · running · step 3 of 40 · 3 min · about 7 min left',
      '    tiny-model, launched 2026-11-21 10:00:00 UTC · AdvChain SFT · kitchen · cluster · loss 2',
      'B: other · running · step 3 of 40 · 3 min · about 7 min left',
      '    tiny-model, launched 2026-11-21 10:00:00 UTC · AdvChain SFT · kitchen · cluster · loss 2',
      'exponential moving average, weight 0.9; what was logged is drawn faintly',
      'drawn 2026-11-21',
    ]);
    expect(runsLegend(model(run()), [], 0, '')).toContain('as it was logged, not smoothed');
  });
});

describe('messages of the page', () => {
  it('take a model as it is made, and nothing that is none', () => {
    expect(runsPageModel.safeParse(model(run(), run({ state: 'lost', remaining: null }))).success).toBe(true);
    const wrong: unknown[] = [
      model(run({ series: { loss: [[1, NaN]] } })),
      model(run({ series: { loss: [[1, 2, 3]] as unknown as [number, number][] } })),
      model(run({ state: 'asleep' as 'running' })),
      model(...Array.from({ length: 7 }, () => run())),
      { runs: [] },
    ];
    for (const one of wrong) expect(runsPageModel.safeParse(one).success).toBe(false);
  });

  it('remember the smoothings there are', () => {
    expect(runsState.safeParse(DEFAULT_RUNS_STATE).success).toBe(true);
    expect(runsState.safeParse({ ...DEFAULT_RUNS_STATE, smoothing: 0.9 }).success).toBe(true);
    expect(runsState.safeParse({ ...DEFAULT_RUNS_STATE, smoothing: 0.5 }).success).toBe(false);
  });
});
