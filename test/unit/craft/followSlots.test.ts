import { describe, expect, it } from 'vitest';
import { craftEdit } from '../../../src/craft/craftEdit';
import { followSlots, movedSpan, type FollowedSlot } from '../../../src/craft/followSlots';
import { isRefusal } from '../../../src/craft/recipe';
import { temptationCorrection } from '../../../src/craft/recipes/temptationCorrection';
import { parseTrace } from '../../../src/trace/parseTrace';
import { injectedOf } from '../../../src/trace/provenance';
import { withEdits } from '../../../src/trace/textEdit';
import type { Trace } from '../../../src/trace/trace';

const TEXT = '---\nintent: harmful\n---\nQ?\n\n<think>\nFirst.\n\nSecond.\n</think>\n\nNo.\n';

/** A trace with a pair of guides, and the two slots. */
function begun(): { trace: Trace; slots: FollowedSlot[] } {
  const trace = parseTrace(TEXT);
  const at = TEXT.indexOf('First.') + 6;
  const target = temptationCorrection.place(trace, { start: at, end: at }, { harmfulness: [], helpfulness: [] });
  if (isRefusal(target)) throw new Error(target.reason);
  const made = craftEdit(trace, target, ['Guide one.', 'Guide two.'], { recipe: 'temptation-correction', by: 'person' });
  if (isRefusal(made)) throw new Error(made.reason);
  const { injected } = made.trace.frontMatter;
  return { trace: made.trace, slots: made.slots.map((span, i) => ({ ...span, entries: [[injected[i] as object]] })) };
}

/** The trace after a change, with the slots where they then are. */
function changed({ trace, slots }: { trace: Trace; slots: readonly FollowedSlot[] }, from: string, to: string): { trace: Trace; slots: FollowedSlot[] } {
  const start = trace.text.indexOf(from);
  const change = { start, end: start + from.length, length: to.length };
  return { trace: parseTrace(withEdits(trace.text, [{ ...change, text: to }])), slots: slots.map((slot) => ({ ...slot, ...movedSpan(slot, change) })) };
}

function followed(now: { trace: Trace; slots: readonly FollowedSlot[] }): { trace: Trace; slots: FollowedSlot[]; edited: boolean } {
  const made = followSlots(now.trace, now.slots);
  if (isRefusal(made)) throw new Error(made.reason);
  const { edit } = made;
  if (edit === undefined) return { trace: now.trace, slots: [...made.slots], edited: false };
  const shift = edit.text.length - (edit.end - edit.start);
  return { trace: parseTrace(withEdits(now.trace.text, [edit])), slots: made.slots.map((slot) => ({ ...slot, start: slot.start + shift, end: slot.end + shift })), edited: true };
}

const named = (trace: Trace): unknown[] => injectedOf(trace).steps.map(({ step, role, by }) => [trace.chain.steps[step]?.text, role, by]);

describe('entries of what a person is writing', () => {
  it('follow the text that stands where the guide stood, again and again', () => {
    const start = begun();
    expect(followed(start).edited).toBe(false);
    const one = changed(start, 'Guide one.', 'Maybe it would be all right.');
    expect(injectedOf(one.trace).lost).toHaveLength(1);
    const two = followed(one);
    expect(two.edited).toBe(true);
    expect(named(two.trace)).toEqual([['Maybe it would be all right.', 'error', 'person'], ['Guide two.', 'correction', 'person']]);
    const three = followed(changed(changed(two, 'Guide two.', 'No.'), 'Maybe', 'Perhaps'));
    expect(named(three.trace)).toEqual([['Perhaps it would be all right.', 'error', 'person'], ['No.', 'correction', 'person']]);
    expect(three.trace.text.replace(/injected:[^]*?\n(?=---)/, '')).toBe(TEXT.replace('First.', 'First.\n\nPerhaps it would be all right.\n\nNo.'));
  });

  it('grow by one for each step more in a slot, and shrink again', () => {
    const more = followed(changed(begun(), 'Guide two.', 'No.\n\nReally not.'));
    expect(named(more.trace)).toEqual([['Guide one.', 'error', 'person'], ['No.', 'correction', 'person'], ['Really not.', 'correction', 'person']]);
    const fewer = followed(changed(more, 'No.\n\nReally not.', 'No, really not.'));
    expect(named(fewer.trace)).toEqual([['Guide one.', 'error', 'person'], ['No, really not.', 'correction', 'person']]);
  });

  it('stay, and are lost, where a slot is emptied or grows together with its neighbour', () => {
    const empty = changed(begun(), 'Guide one.\n\n', '');
    expect(followed(empty).edited).toBe(false);
    expect(injectedOf(empty.trace).lost.map(({ why }) => why)).toEqual(['gone']);
    const grown = changed(begun(), 'First.\n\nGuide one.', 'First. Guide one.');
    expect(followed({ ...grown, slots: begun().slots.map((slot) => ({ ...slot, start: slot.start - 1, end: slot.end - 1 })) }).edited).toBe(false);
  });

  it('are found again when undo has brought older ones back, and when redo has brought back newer ones', () => {
    const start = begun();
    const one = followed(changed(start, 'Guide one.', 'Maybe.'));
    const two = followed(changed(one, 'Maybe.', 'Maybe so.\n\nIndeed.'));
    // The slots still have what was written last.
    const undone = { trace: one.trace, slots: one.slots.map((slot, i) => ({ ...slot, entries: two.slots[i]?.entries ?? [] })) };
    const three = followed(changed(undone, 'Maybe.', 'Maybe it is.'));
    expect(named(three.trace)).toEqual([['Maybe it is.', 'error', 'person'], ['Guide two.', 'correction', 'person']]);
    expect(three.slots.map(({ entries }) => entries.length)).toEqual([4, 1]);
    const redone = { trace: two.trace, slots: two.slots.map((slot, i) => ({ ...slot, entries: three.slots[i]?.entries ?? [] })) };
    const four = followed(changed(redone, 'Indeed.', 'Indeed!'));
    expect(named(four.trace)).toEqual([['Maybe so.', 'error', 'person'], ['Indeed!', 'error', 'person'], ['Guide two.', 'correction', 'person']]);
    expect(followed({ ...four, slots: followed(four).slots }).edited).toBe(false);
  });

  it('that a person took out of the front matter are not written again', () => {
    const start = begun();
    const without = changed(start, /injected:[^]*?\n(?=---)/.exec(start.trace.text)?.[0] ?? '', '');
    expect(followed(changed(without, 'Guide one.', 'Maybe.'))).toMatchObject({ edited: false, slots: [] });
  });

  it('follow under twins: a text that stands there twice is told apart', () => {
    const twins = followed(changed(begun(), 'Guide one.', 'Second.'));
    expect(named(twins.trace)).toEqual([['Second.', 'error', 'person'], ['Guide two.', 'correction', 'person']]);
    expect(injectedOf(twins.trace).steps[0]?.step).toBe(1);
  });

  it('cannot follow into front matter that cannot be read', () => {
    const start = begun();
    const broken = changed(changed(start, 'intent: harmful', 'intent: ['), 'Guide one.', 'Maybe.');
    const made = followSlots(broken.trace, broken.slots);
    expect(isRefusal(made) || made.slots.length === 0).toBe(true);
  });
});

describe('a stretch of text', () => {
  it('moves with changes before it, grows with those in it and at its edges, and stays at those behind', () => {
    const span = { start: 10, end: 20 };
    expect(movedSpan(span, { start: 0, end: 2, length: 5 })).toEqual({ start: 13, end: 23 });
    expect(movedSpan(span, { start: 8, end: 10, length: 0 })).toEqual({ start: 8, end: 18 });
    expect(movedSpan(span, { start: 10, end: 10, length: 3 })).toEqual({ start: 10, end: 23 });
    expect(movedSpan(span, { start: 10, end: 20, length: 1 })).toEqual({ start: 10, end: 11 });
    expect(movedSpan(span, { start: 20, end: 20, length: 4 })).toEqual({ start: 10, end: 24 });
    expect(movedSpan(span, { start: 12, end: 15, length: 0 })).toEqual({ start: 10, end: 17 });
    expect(movedSpan(span, { start: 21, end: 25, length: 0 })).toEqual(span);
  });
});
