import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movesInOrder } from '../../../../src/session/datasets/movesInOrder';

/** What lies where after the moves; two things at one place are what must not be. */
function after(places: readonly string[], moves: readonly (readonly [string, string])[]): Map<string, string> {
  const held = new Map(places.map((place) => [place, place]));
  for (const [from, to] of moves) {
    const what = held.get(from);
    expect(held.has(to)).toBe(false);
    held.delete(from);
    if (what !== undefined) held.set(to, what);
  }
  return held;
}

describe('moves in order', () => {
  it('bring everything to its place and never two things to one, also in rings', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    fc.assert(
      fc.property(fc.shuffledSubarray(names), fc.shuffledSubarray(names, { minLength: 6 }), (from, targets) => {
        const moves = new Map(from.flatMap((name, i) => (targets[i] === undefined || targets[i] === name ? [] : [[name, targets[i]] as const])));
        // What lies at a target and does not leave would be in the way in any order.
        const places = names.filter((name) => moves.has(name) || ![...moves.values()].includes(name));
        const held = after(places, movesInOrder(moves));
        for (const place of places) expect(held.get(moves.get(place) ?? place)).toBe(place);
        expect(held.size).toBe(places.length);
      }),
    );
  });

  it('leave the first free place to the next of the same name', () => {
    expect(movesInOrder(new Map([['x~2', 'x'], ['x', 'y']]))).toEqual([['x', 'y'], ['x~2', 'x']]);
  });
});
