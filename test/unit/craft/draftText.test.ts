import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { craftEdit } from '../../../src/craft/craftEdit';
import { draftPlace, draftText, readDraft, type DraftPlace } from '../../../src/craft/draftText';
import { isRefusal, type Target } from '../../../src/craft/recipe';
import { backtrack } from '../../../src/craft/recipes/backtrack';
import { temptationCorrection } from '../../../src/craft/recipes/temptationCorrection';
import { SPLITTERS } from '../../../src/trace/splitters';
import { parseTrace } from '../../../src/trace/parseTrace';
import { withEdits } from '../../../src/trace/textEdit';
import type { Trace } from '../../../src/trace/trace';

const TEXT = '---\nintent: harmful\n---\nHow do I get into the shed?\n\n<think>\nFirst.\n\nSecond.\n\nThird.\n</think>\n\nNo.\n';
const NONE = { harmfulness: [], helpfulness: [] };

function targetIn(trace: Trace, after: string): Target {
  const offset = trace.text.indexOf(after) + after.length;
  const target = temptationCorrection.place(trace, { start: offset, end: offset }, NONE);
  if (isRefusal(target)) throw new Error(target.reason);
  return target;
}

function placeOf(trace: Trace, target: Target): DraftPlace {
  const place = draftPlace(trace, target);
  if (isRefusal(place)) throw new Error(place.reason);
  return place;
}

describe('a draft', () => {
  it('shows the trace with what came so far, a blank line around each text', () => {
    const trace = parseTrace(TEXT);
    const place = placeOf(trace, targetIn(trace, 'Second.'));
    const shown = (...texts: string[]): string => draftText(trace.text, place, texts).text;
    expect(shown('', '')).toBe(TEXT);
    expect(shown()).toBe(TEXT);
    expect(shown('Maybe', '')).toBe(TEXT.replace('Second.\n', 'Second.\n\nMaybe\n'));
    expect(shown('Maybe.', 'No,')).toBe(TEXT.replace('Second.\n', 'Second.\n\nMaybe.\n\nNo,\n'));
    expect(shown('', 'No,')).toBe(TEXT);
    const { text, inserted } = draftText(trace.text, place, [' Maybe. ', 'No.\n']);
    expect(text.slice(inserted.start, inserted.end)).toBe('Maybe.\n\nNo.');
  });

  it('is the trace after craftEdit, but for the front matter', () => {
    fc.assert(
      fc.property(fc.constantFrom('First.', 'Second.', 'Third.'), fc.boolean(), fc.constantFrom('Maybe.', 'One line\nand another.', '- a\n- b'), (after, crlf, error) => {
        const trace = parseTrace(crlf ? TEXT.replaceAll('\n', '\r\n') : TEXT);
        const target = targetIn(trace, after);
        const texts = [error, 'No.'];
        const made = craftEdit(trace, target, texts, {});
        if (isRefusal(made)) throw new Error(made.reason);
        expect(draftText(trace.text, placeOf(trace, target), texts).text).toBe(withEdits(trace.text, [made.edits[0]]));
      }),
    );
  });

  it('gives the texts back, as a person left them', () => {
    const trace = parseTrace(TEXT);
    const target = targetIn(trace, 'First.');
    const place = placeOf(trace, target);
    const { text } = draftText(trace.text, place, ['Maybe.', 'No.']);
    expect(readDraft(trace, target, place, text)).toEqual({ texts: ['Maybe.', 'No.'], changedLine: undefined });
    expect(readDraft(trace, target, place, text.replace('Maybe.\n\nNo.', 'Perhaps so.\n \n\nBut no.'))).toEqual({ texts: ['Perhaps so.', 'But no.'], changedLine: undefined });
  });

  it('says where it was changed beside them', () => {
    const trace = parseTrace(TEXT);
    const target = targetIn(trace, 'First.');
    const place = placeOf(trace, target);
    const { text } = draftText(trace.text, place, ['Maybe.', 'No.']);
    expect(readDraft(trace, target, place, text.replace('First.', 'The first.'))).toEqual({ texts: ['Maybe.', 'No.'], changedLine: 7 });
    expect(readDraft(trace, target, place, text.replace('Third.', 'The third.'))).toEqual({ texts: ['Maybe.', 'No.'], changedLine: 15 });
    expect(readDraft(trace, target, place, text.replace('\n\nNo.\n', '\n\nNo.\n').replace(/No\.\n$/, 'Yes.\n'))).toEqual({ texts: ['Maybe.', 'No.'], changedLine: 18 });
  });

  it('of too few or too many steps is refused in words', () => {
    const trace = parseTrace(TEXT);
    const target = targetIn(trace, 'Third.');
    const place = placeOf(trace, target);
    const reason = (text: string): string => {
      const read = readDraft(trace, target, place, text);
      return isRefusal(read) ? read.reason : 'read';
    };
    expect(reason(TEXT)).toMatch(/^The draft holds no temptation and correction yet/);
    expect(reason(draftText(TEXT, place, ['Maybe.', '']).text)).toMatch(/holds 1 step, and 2 are needed/);
    expect(reason(draftText(TEXT, place, ['Maybe.', 'No.\n\nReally.']).text)).toMatch(/holds 3 steps, and 2 are needed/);
    expect(reason('')).toMatch(/holds no temptation/);
  });

  it('of a slot that takes several steps gives all of them to it', () => {
    const trace = parseTrace(TEXT);
    const at = trace.text.indexOf('Second.');
    const target = backtrack.place(trace, { start: at, end: at }, { harmfulness: [1, 4, 4], helpfulness: [] });
    if (isRefusal(target)) throw new Error(target.reason);
    const place = placeOf(trace, target);
    const { text } = draftText(TEXT, place, ['Wait.', 'So I go on.\n\nAnd on.']);
    expect(text).toBe(TEXT.replace('Third.', 'Wait.\n\nSo I go on.\n\nAnd on.'));
    expect(readDraft(trace, target, place, text)).toEqual({ texts: ['Wait.', 'So I go on.\n\nAnd on.'], changedLine: undefined });
  });

  it.each(SPLITTERS.map((splitter) => [splitter.name, splitter] as const))('finds its place by the splitter %s', (_name, splitter) => {
    const sentences = ['They want to get into the shed.', 'It is locked and not theirs.', 'So I will decline to help.'];
    const trace = parseTrace(`---\nintent: harmful\n---\nQ?\n\n<think>\n${sentences.join('\n\n')}\n</think>\n\nNo.\n`, splitter);
    expect(placeOf(trace, targetIn(trace, 'not theirs.')).start).toBe(trace.text.indexOf('not theirs.') + 'not theirs.'.length);
  });

  it('is refused where nothing fits, before anybody is asked to write', () => {
    const trace = parseTrace('---\nintent: harmful\nQ\n\n<think>\nFirst.\n</think>\n');
    const target: Target = { from: 1, to: 1, slots: targetIn(parseTrace(TEXT), 'First.').slots };
    expect(draftPlace(trace, target)).toHaveProperty('reason');
  });
});
