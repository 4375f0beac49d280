import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curveName } from '../../../src/curve/curveName';
import { shapeOf, type ShapeKind } from '../../../src/curve/shape';
import { DEFAULT_SHAPE_RULES } from '../../../src/curve/shapeRules';

const _ = null;

describe('shapes', () => {
  const table: [string, (number | null)[], ShapeKind][] = [
    ['nothing', [], 'too short'],
    ['one step', [5], 'too short'],
    ['two steps', [1, 5], 'too short'],
    ['all gaps', [_, _, _, _], 'too short'],
    ['two scores among gaps', [1, _, _, 5], 'too short'],
    ['three equal', [1, 1, 1], 'flat'],
    ['ties throughout', [3, 3, 3, 3, 3], 'flat'],
    ['differs by one', [1, 2, 1, 2, 1], 'flat'],
    ['T-C', [1, 1, 1, 4, 1, 1, 1], 'peak'],
    ['peak of exactly 2', [1, 1, 3, 1, 1], 'peak'],
    ['peak of 1 is none', [1, 1, 2, 1, 1], 'flat'],
    ['peak that ends at 2', [1, 4, 2], 'peak'],
    ['peak that ends at 3', [1, 1, 5, 5, 3], 'rising'],
    ['peak that ends high', [1, 1, 5, 4, 4], 'rising'],
    ['plateau', [1, 4, 4, 4, 1], 'peak'],
    ['two peaks', [1, 4, 1, 5, 1], 'peak'],
    ['peak from a middle start', [3, 5, 1], 'peak'],
    ['top at the first step is no peak', [5, 1, 1, 1, 1], 'falling'],
    ['top at the last step is no peak', [1, 1, 1, 1, 5], 'rising'],
    ['only the step before is low', [1, 4, 4, 4, 4], 'rising'],
    ['H-C', [5, 5, 2, 5, 5], 'valley'],
    ['valley of exactly 2', [5, 5, 3, 5, 5], 'valley'],
    ['valley that ends at 4', [5, 1, 4], 'valley'],
    ['valley that ends at 3', [3, 1, 3, 1, 3], 'mixed'],
    ['toxicity snowball', [1, 1, 2, 3, 4, 4], 'rising'],
    ['rising by exactly 2', [2, 2, 3, 4, 4], 'rising'],
    ['rising by less than 2', [1, 1, 1, 1, 1, 1, 1, 2, 2, 3], 'mixed'],
    ['over-refusal snowball', [5, 5, 4, 3, 2, 1], 'falling'],
    ['a peak with gaps in it', [1, _, 1, 4, _, 1, 1], 'peak'],
    ['gaps are no zeros', [4, _, 4, _, 4], 'flat'],
    ['down and up to the middle', [4, 1, 3, 1, 3], 'mixed'],
  ];

  it.each(table)('%s', (_name, series, kind) => {
    expect(shapeOf(series).kind).toBe(kind);
  });

  it('says what was seen', () => {
    expect(shapeOf([1, 1, _, 4, 2, 1])).toEqual({
      kind: 'peak',
      level: undefined,
      start: 1,
      end: 1,
      extremum: { step: 3, score: 4, kind: 'top' },
      prominence: 3,
      turningPoints: [{ step: 3, score: 4, kind: 'top' }],
      scored: 5,
      of: 6,
    });
  });

  it('start and end are means of the first and last fifth', () => {
    const shape = shapeOf([1, 2, 3, 3, 3, 3, 3, 3, 4, 5]);
    expect([shape.start, shape.end]).toEqual([1.5, 4.5]);
  });

  it.each([
    [[1, 1, 2], 'low'],
    [[3, 3, 3], 'middle'],
    [[5, 4, 5], 'high'],
  ])('%j is flat and %s', (series, level) => {
    expect(shapeOf(series)).toMatchObject({ kind: 'flat', level });
  });

  it('two peaks give three turning points', () => {
    expect(shapeOf([1, 4, 1, 5, 1]).turningPoints.map(({ step }) => step)).toEqual([1, 2, 3]);
  });

  it('on a plateau the first step turns', () => {
    expect(shapeOf([1, 4, 4, 4, 1]).turningPoints).toEqual([{ step: 1, score: 4, kind: 'top' }]);
  });

  it('follows its rules', () => {
    const rules = { ...DEFAULT_SHAPE_RULES, prominence: 1, change: 1 };
    expect(shapeOf([1, 1, 2, 1, 1], rules).kind).toBe('peak');
    expect(shapeOf([1, 1, 3, 1, 1], { ...DEFAULT_SHAPE_RULES, minScored: 6 }).kind).toBe('too short');
    expect(shapeOf([1, 1, 4, 1, 3], { ...DEFAULT_SHAPE_RULES, low: 3 }).kind).toBe('peak');
  });

  const scores = fc.array(fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }), { maxLength: 40 });

  it('turned upside down, a peak is a valley and rising is falling', () => {
    const mirror: Record<ShapeKind, ShapeKind> = {
      flat: 'flat', rising: 'falling', falling: 'rising', peak: 'valley', valley: 'peak', mixed: 'mixed', 'too short': 'too short',
    };
    fc.assert(
      fc.property(scores, (series) => {
        const down = shapeOf(series.map((score) => (score === null ? null : 6 - score)));
        expect(down.kind).toBe(mirror[shapeOf(series).kind]);
      }),
    );
  });

  it('gaps change neither shape nor turning scores', () => {
    fc.assert(
      fc.property(scores, (series) => {
        const full = shapeOf(series.filter((score) => score !== null));
        const gappy = shapeOf(series);
        expect(gappy.kind).toBe(full.kind);
        expect(gappy.turningPoints.map(({ score }) => score)).toEqual(full.turningPoints.map(({ score }) => score));
        for (const { step } of gappy.turningPoints) expect(series[step]).not.toBeNull();
      }),
    );
  });

  it('turning points alternate between top and bottom, at least `prominence` apart', () => {
    fc.assert(
      fc.property(scores, (series) => {
        const points = shapeOf(series).turningPoints;
        for (const [i, point] of points.entries()) {
          const next = points[i + 1];
          if (next === undefined) continue;
          expect(next.kind).not.toBe(point.kind);
          expect(Math.abs(next.score - point.score)).toBeGreaterThanOrEqual(2);
        }
      }),
    );
  });
});

describe('names', () => {
  const rising = shapeOf([1, 1, 2, 4, 4]);
  const falling = shapeOf([5, 5, 3, 2, 1]);

  it('are earned on the intent\'s own series, by a judge that may', () => {
    expect(curveName(rising, 'harmfulness', 'harmful', true)).toBe('toxicity snowball');
    expect(curveName(falling, 'helpfulness', 'benign', true)).toBe('over-refusal snowball');
  });

  it.each([
    ['the offline heuristic', rising, 'harmfulness', 'harmful', false, 'rising'],
    ['unknown intent', rising, 'harmfulness', 'unknown', true, 'rising'],
    ['the other series', rising, 'helpfulness', 'harmful', true, 'rising'],
    ['a rise from the middle', shapeOf([3, 3, 4, 5, 5]), 'harmfulness', 'harmful', true, 'rising'],
    ['a rise that ends below 4', shapeOf([1, 1, 2, 3, 3]), 'harmfulness', 'harmful', true, 'rising'],
    ['helpfulness lost on a harmful prompt', falling, 'helpfulness', 'harmful', true, 'falling'],
    ['flat', shapeOf([1, 1, 1]), 'harmfulness', 'harmful', true, 'flat, low'],
  ] as const)('not by %s', (_what, shape, series, intent, earns, name) => {
    expect(curveName(shape, series, intent, earns)).toBe(name);
  });
});
