import { describe, expect, it } from 'vitest';
import { craftEdit } from '../../../src/craft/craftEdit';
import { polishedDraft, type PolishedDraft } from '../../../src/craft/polishedDraft';
import { isRefusal } from '../../../src/craft/recipe';
import { temptationCorrection } from '../../../src/craft/recipes/temptationCorrection';
import { parseTrace } from '../../../src/trace/parseTrace';
import { injectedOf } from '../../../src/trace/provenance';
import { withEdits } from '../../../src/trace/textEdit';
import type { Trace } from '../../../src/trace/trace';

const TEXT = '---\nintent: harmful\n---\nQ?\n\n<think>\nFirst 🔒 step.\n\nSecond step.\n\nThird step.\n</think>\n\nNo.\n';
const STEPS = [1, 2];

/** A trace with a pair after its first step, that a guard has seen. */
function pair(guard: string | null = 'no by a guard, rubric 1', text = TEXT): Trace {
  const trace = parseTrace(text);
  const at = text.indexOf(' step.') + 6;
  const target = temptationCorrection.place(trace, { start: at, end: at }, { harmfulness: [], helpfulness: [] });
  if (isRefusal(target)) throw new Error(target.reason);
  const made = craftEdit(trace, target, ['Maybe it is fine.', 'No, it is not.'], { recipe: 'temptation-correction', by: 'a teacher', ...(guard === null ? {} : { guard }) });
  if (isRefusal(made)) throw new Error(made.reason);
  return made.trace;
}

function read(trace: Trace, text: string, checked = true): PolishedDraft {
  const made = polishedDraft(trace, STEPS, text, checked);
  if (isRefusal(made)) throw new Error(made.reason);
  return made;
}

describe('polishedDraft', () => {
  it('gives the guard the whole changed steps, and of other text the changed lines', () => {
    const trace = pair();
    expect(read(trace, trace.text.replace('First', 'Very first').replace('Second', 'The second')).texts).toEqual(['Very first 🔒 step.', 'The second step.']);
    expect(read(trace, trace.text.replace('No.\n', 'No, never.\n')).texts).toEqual(['No, never.']);
    expect(read(trace, trace.text.replace('\n\nSecond step.', '')).texts).toContain('Third step.');
  });

  it('makes the draft of the trace, and leaves provenance as it is where a guard said no', () => {
    const trace = pair();
    const text = trace.text.replace('Second', 'The second');
    const { edits, cursor } = read(trace, text);
    expect(withEdits(trace.text, edits)).toBe(text);
    expect(text.slice(cursor)).toMatch(/^The second/);
  });

  it.each([['\n'], ['\r\n']])('takes away what a guard said of the pair where the polish was not checked (%j)', (eol) => {
    const trace = pair('no by a guard, rubric 1', TEXT.replaceAll('\n', eol));
    const text = trace.text.replace('Second', 'The second');
    const { edits, cursor } = read(trace, text, false);
    const after = withEdits(trace.text, edits);
    const { steps, lost } = injectedOf(parseTrace(after));
    expect(lost).toEqual([]);
    expect(steps.map(({ role, by, guard }) => [role, by, guard])).toEqual([['error', 'a teacher', undefined], ['correction', 'a teacher', undefined]]);
    expect(after.slice(cursor)).toMatch(/^The second/);
    expect(after.slice(after.indexOf('<think>'))).toBe(text.slice(text.indexOf('<think>')));
  });

  it('does so too where the front matter was changed in the draft', () => {
    const trace = pair();
    const text = trace.text.replace('intent: harmful', 'intent: benign').replace('Second', 'The second');
    const after = parseTrace(withEdits(trace.text, read(trace, text, false).edits));
    expect([after.intent, after.chain.steps[3]?.text]).toEqual(['benign', 'The second step.']);
    expect(injectedOf(after).steps.map(({ guard }) => guard)).toEqual([undefined, undefined]);
  });

  it('touches no provenance that names no guard, nor that of other steps', () => {
    const plain = pair(null);
    const text = plain.text.replace('Second', 'The second');
    expect(withEdits(plain.text, read(plain, text, false).edits)).toBe(text);
    const guarded = pair();
    const made = polishedDraft(guarded, [2], guarded.text.replace('Second', 'The second'), false);
    expect(isRefusal(made) ? [] : injectedOf(parseTrace(withEdits(guarded.text, made.edits))).steps.map(({ guard }) => guard)).toEqual(['no by a guard, rubric 1', undefined]);
  });

  it('never cuts a character or a line end in two', () => {
    for (const [from, to] of [['🔒', '🔓'], ['🔒', '🐒'], ['🔒', '\u{1F112}'], ['\n\nSecond', '\r\n\r\nSecond']] as const) {
      const trace = pair();
      const text = trace.text.replace(from, to);
      const { edits } = read(trace, text);
      expect(withEdits(trace.text, edits)).toBe(text);
      for (const { start, end, text: put } of edits) {
        for (const piece of [trace.text.slice(0, start), trace.text.slice(start, end), trace.text.slice(end), put]) expect(piece).not.toMatch(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/);
        expect(put.startsWith('\n') && text[start - 1] === '\r').toBe(false);
      }
    }
  });

  it('refuses a draft that changes nothing', () => {
    const trace = pair();
    expect(polishedDraft(trace, STEPS, trace.text, true)).toEqual({ reason: 'The draft is the trace as it is: there is nothing to accept. Discard it.' });
  });
});
