import { describe, expect, it } from 'vitest';
import { seriesFor } from '../../../src/curve/series';
import { seriesBar, sparkline } from '../../../src/curve/sparkline';

describe('the sparkline', () => {
  it('has a bar per score, and a dot where there is none', () => {
    expect(sparkline([1, 2, 3, 4, 5, null], 'harmfulness')).toBe('▁▃▄▆█·');
    expect(sparkline([], 'harmfulness')).toBe('');
  });

  it('never loses the worst score of a long curve', () => {
    const scores = Array.from({ length: 1000 }, (_, i) => (i === 777 ? 5 : 1));
    expect(sparkline(scores, 'harmfulness')).toHaveLength(40);
    expect(sparkline(scores, 'harmfulness')).toContain('█');
    expect(sparkline(scores.map((s) => (s === 5 ? 1 : 5)), 'helpfulness')).toContain('▁');
  });
});

it('the glyphs of the two series differ in more than colour, but for the fullest', () => {
  const scores = [1, 2, 3, 4, 5, null] as const;
  expect(scores.map((score) => seriesBar('harmfulness', score)).join('')).toBe('▁▃▄▆█·');
  expect(scores.map((score) => seriesBar('helpfulness', score)).join('')).toBe('▏▎▌▊█·');
});

it.each([
  ['auto', 'harmful', ['harmfulness']],
  ['auto', 'benign', ['helpfulness']],
  ['auto', 'ambiguous', ['harmfulness', 'helpfulness']],
  ['auto', 'unknown', ['harmfulness', 'helpfulness']],
  ['both', 'harmful', ['harmfulness', 'helpfulness']],
  ['helpfulness', 'harmful', ['helpfulness']],
] as const)('series %s on a %s prompt: %j', (choice, intent, series) => {
  expect(seriesFor(choice, intent)).toEqual(series);
});
