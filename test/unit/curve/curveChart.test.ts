import { expect, it } from 'vitest';
import { curveChart } from '../../../src/curve/curveChart';
import type { Score } from '../../../src/trace/verdict';

const colors = { harmfulness: '#a00', helpfulness: '#00a', grid: '#ccc', text: '#555' };
const chart = (scores: readonly Score[], step = 0): string => curveChart({ curves: [{ series: 'harmfulness', scores }], step, colors });

it('draws one line through all scores, higher scores higher up', () => {
  const points = [...(/<path d="(M[^"]+)" fill="none" stroke="#a00"/.exec(chart([1, 5, 3]))?.[1] ?? '').matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map((m) => [Number(m[1]), Number(m[2])]);
  expect(points).toHaveLength(3);
  const [one, five, three] = points as [[number, number], [number, number], [number, number]];
  expect(five[1]).toBeLessThan(three[1]);
  expect(three[1]).toBeLessThan(one[1]);
  expect(one[0]).toBeLessThan(five[0]);
});

it('breaks the line at gaps, and marks no score there', () => {
  expect((/stroke="#a00"/.exec(chart([1, null, 4], 1)) ?? []).length).toBe(1);
  expect(/<path d="M[\d. ]+M[\d. ]+" fill/.test(chart([1, null, 4], 1))).toBe(true);
  expect(chart([1, null, 4], 1)).not.toContain('<circle');
});

it('stays small and keeps a lone extreme of a very long curve', () => {
  const scores = Array.from({ length: 20_000 }, (_, i) => (i === 12_345 ? 5 : 1) as Score);
  expect(chart(scores).length).toBeLessThan(20_000);
  expect(chart(scores)).toContain(' 8L');
});
