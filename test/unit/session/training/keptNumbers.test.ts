import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeptNumbers } from '../../../../src/session/training/keptNumbers';

const line = (step: number): { readonly step: number; readonly values: Readonly<Record<string, number>>; readonly last: boolean } => ({ step, values: { loss: step }, last: false });
/** What one of them takes. */
const ONE = 354;

describe('the numbers of a log', () => {
  it('law: are all there while they are few, and within bounds when they are many: in order, with the first and the newest half', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.integer({ min: 3, max: 40 }), (count, most) => {
        const kept = new KeptNumbers(most * ONE);
        for (let step = 1; step <= count; step++) {
          kept.add(line(step));
          if (kept.weight > most * ONE || kept.all.at(-1)?.step !== step) throw new Error(`at ${String(step)}`);
        }
        const steps = kept.all.map(({ step }) => step);
        expect(kept.weight).toBe(steps.length * ONE);
        expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
        if (count <= most) expect(steps).toHaveLength(count);
        else {
          expect(steps[0]).toBe(1);
          expect(steps.length).toBeGreaterThanOrEqual(Math.floor((most * 2) / 3));
          const newest = Math.floor(most / 4);
          expect(steps.slice(steps.length - newest)).toEqual(Array.from({ length: newest }, (_, i) => count - newest + 1 + i));
        }
      }),
    );
  });

  it('with long names weigh more', () => {
    const kept = new KeptNumbers(4000);
    for (let step = 1; step <= 50; step++) kept.add({ step, values: { ['x'.repeat(1500)]: 1 }, last: true });
    expect(kept.all.map(({ step }) => step)).toEqual([1, 50]);
  });
});
