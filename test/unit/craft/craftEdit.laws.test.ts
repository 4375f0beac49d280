import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { craftEdit, withoutInjected } from '../../../src/craft/craftEdit';
import { isRefusal, type Slot, type Target } from '../../../src/craft/recipe';
import { parseTrace } from '../../../src/trace/parseTrace';
import { injectedOf } from '../../../src/trace/provenance';
import { SPLITTERS, type Splitter } from '../../../src/trace/splitters';
import { withEdits } from '../../../src/trace/textEdit';
import type { Trace } from '../../../src/trace/trace';
import { traceText } from '../trace/traceText';
import { craftDocument, slotText } from './craftDocuments';

const PAIR: readonly Slot[] = [
  { name: 'temptation', role: 'error', guide: '[a]', steps: 'one' },
  { name: 'correction', role: 'correction', guide: '[b]', steps: 'one' },
];
const MAKING = { recipe: 'temptation-correction', by: 'person', at: '2026-01-01T00:00:00Z' };

/** Every place of a pair: after each step, and before one that begins another block. */
function placesOf({ chain: { steps } }: Trace): Target[] {
  return steps.flatMap(({ index, block }) => {
    const after = { from: index + 1, to: index + 1, slots: PAIR };
    const next = steps[index + 1];
    return next !== undefined && next.block !== block ? [after, { ...after, before: true }] : [after];
  });
}

/** More draws than a run of all tests has time for: `COT_LENS_DRAWS=10`. */
const draws = (count: number): { numRuns: number } => ({ numRuns: count * Number(process.env['COT_LENS_DRAWS'] ?? 1) });

/** A fence in the middle of a line, or right behind a byte-order mark, is none until something is put before it: there a pair is refused. */
const plainDocument = craftDocument().filter((text) => !/[\uFEFF>]```/.test(text));

const tally = { tried: 0, accepted: 0 };

/** So many neighbours of a list, from anywhere in it. */
function some<T>(all: readonly T[], pick: number, count: number): T[] {
  const from = pick % Math.max(1, all.length);
  return all.slice(from, from + count);
}

function insertedAndRemoved(text: string, splitter: Splitter, texts: readonly string[], places: (all: Target[]) => readonly Target[]): void {
  const base = parseTrace(text, splitter);
  for (const target of places(placesOf(base))) {
    tally.tried++;
    const crafted = craftEdit(base, target, texts, MAKING);
    if (isRefusal(crafted)) {
      expect(crafted.reason).not.toBe('');
      continue;
    }
    tally.accepted++;
    const after = withEdits(text, crafted.edits);
    expect(crafted.trace.text).toBe(after);
    expect(crafted.steps).toEqual([{ step: target.from, role: 'error' }, { step: target.from + 1, role: 'correction' }]);
    const now = parseTrace(after, splitter);
    // The base's steps with the two between them, and the slots' places are theirs.
    expect(now.chain.steps.map((step) => step.text).toSpliced(target.from, 2)).toEqual(base.chain.steps.map((step) => step.text));
    expect(crafted.slots).toEqual([0, 1].map((i) => ({ start: now.chain.steps[target.from + i]?.start, end: now.chain.steps[target.from + i]?.end })));
    expect(now.chain.prompt?.text).toBe(base.chain.prompt?.text);
    expect(now.chain.answer?.text).toBe(base.chain.answer?.text);
    // All it says besides `injected` is as it was.
    expect({ ...now.frontMatter, injected: [] }).toEqual({ ...base.frontMatter, injected: [] });
    expect(now.frontMatter.injected.slice(0, -2)).toHaveLength(base.frontMatter.injected.length);
    const removed = withoutInjected(now, [target.from, target.from + 1]);
    if (isRefusal(removed)) throw new Error(`${removed.reason} ${JSON.stringify(after)}`);
    expect(withEdits(after, removed)).toBe(text);
  }
}

describe('a pair that is inserted and removed again', { timeout: 60_000 }, () => {
  it('leaves the base byte for byte, at every boundary of every well-formed document, with every splitter', () => {
    tally.tried = tally.accepted = 0;
    fc.assert(
      fc.property(craftDocument(), fc.constantFrom(...SPLITTERS), slotText(), slotText(), fc.nat(), (text, splitter, first, second, pick) => {
        insertedAndRemoved(text, splitter, [first, second], (all) => some(all, pick, 2));
      }),
      draws(120),
    );
    expect(tally.accepted / tally.tried).toBeGreaterThan(0.4);
  });

  it('does so with plain texts at every boundary by blank lines', () => {
    tally.tried = tally.accepted = 0;
    fc.assert(
      fc.property(plainDocument, (text) => {
        insertedAndRemoved(text, SPLITTERS[0] ?? { name: '', split: () => [] }, ['Maybe it would not be so bad.', 'No, it would.'], (all) => all);
      }),
      draws(60),
    );
    expect(tally.accepted).toBe(tally.tried);
  });

  it('does so in any text whatever, or says why it cannot', () => {
    tally.tried = tally.accepted = 0;
    fc.assert(
      fc.property(traceText(), fc.constantFrom(...SPLITTERS), slotText(), slotText(), fc.nat(), (text, splitter, first, second, pick) => {
        insertedAndRemoved(text, splitter, [first, second], (all) => some(all, pick, 1));
      }),
      draws(250),
    );
    expect(tally.accepted / tally.tried).toBeGreaterThan(0.3);
  });

  it('does so one pair over the other, removed in any order', () => {
    fc.assert(
      fc.property(plainDocument, fc.array(fc.nat(), { minLength: 2, maxLength: 4 }), fc.nat(), (text, picks, order) => {
        let trace = parseTrace(text);
        for (const [i, pick] of picks.entries()) {
          const places = placesOf(trace);
          const target = places[pick % places.length];
          if (target === undefined) return;
          const crafted = craftEdit(trace, target, [`Pair ${String(i)} goes wrong here.`, `Pair ${String(i)} is put right.`], { ...MAKING, at: String(i) });
          if (isRefusal(crafted)) throw new Error(crafted.reason);
          trace = crafted.trace;
        }
        const ids = picks.map((_pick, i) => i);
        while (ids.length > 0) {
          const id = String(ids.splice(order % ids.length, 1)[0] ?? 0);
          const own = injectedOf(trace).steps.filter(({ at }) => at === id);
          expect(own).toHaveLength(2);
          const removed = withoutInjected(trace, own.map(({ step }) => step));
          if (isRefusal(removed)) throw new Error(removed.reason);
          trace = parseTrace(withEdits(trace.text, removed));
        }
        expect(trace.text).toBe(text);
      }),
      draws(40),
    );
  });
});
