import { describe, expect, it } from 'vitest';
import { textChain } from '../../../src/judge/textChain';
import { parseTrace } from '../../../src/trace/parseTrace';
import { anchorOf, anchorsOf, chainHash, injectedOf, injectedSteps, readEntry } from '../../../src/trace/provenance';
import { stepHash } from '../../../src/trace/stepHash';

const trace = (injected: string, steps = ['One.', 'Two.', 'One.', 'Four.']): ReturnType<typeof parseTrace> =>
  parseTrace(`---\ninjected:\n${injected}\n---\nQ\n\n<think>\n${steps.join('\n\n')}\n</think>\n\nA`);
const entry = (text: string, more = 'role: error'): string => `  - { step: "${stepHash(text)}", ${more} }`;

describe('a step’s hash', () => {
  it('is what score records call its text, whatever its line ends', () => {
    expect(stepHash('One.\nMore.')).toBe(textChain('Q', ['One.\nMore.']).own[0]);
    expect(stepHash('One.\r\nMore.')).toBe(stepHash('One.\nMore.'));
  });
});

describe('injected steps', () => {
  it('are found by the hash of their text and which of its occurrences they are, wherever they have moved', () => {
    const marks = `${entry('Two.', 'occurrence: 1, role: error, recipe: temptation')}\n${entry('One.', 'occurrence: 2, role: correction')}`;
    expect(injectedOf(trace(marks))).toEqual({
      steps: [
        { step: 1, role: 'error', recipe: 'temptation', entry: 0 },
        { step: 2, role: 'correction', entry: 1 },
      ],
      lost: [],
    });
    expect(injectedSteps(trace(marks, ['New.', 'One.', 'Two.', 'One.']))).toEqual([2, 3]);
  });

  it('come in the order of the text, with all that is known of how they were made', () => {
    const made = 'by: person, edited: true, instructions: "x@1", at: "2026-01-01", base: b, from: m, counterAligned: declared, words: 7, guard: no, other: 1';
    const { steps } = injectedOf(trace(`${entry('Four.', 'role: correction')}\n${entry('Two.', `role: error, ${made}`)}`));
    expect(steps).toEqual([
      { step: 1, role: 'error', entry: 1, by: 'person', edited: true, instructions: 'x@1', at: '2026-01-01', base: 'b', from: 'm', counterAligned: 'declared', words: 7, guard: 'no' },
      { step: 3, role: 'correction', entry: 0 },
    ]);
  });

  it('that are gone or cannot be read are listed with the reason, never guessed', () => {
    const marks = [entry('Gone.'), entry('One.', 'occurrence: 3, role: error'), entry('One.', 'occurrence: 0, role: error'), entry('Two.', 'role: other'), '  - 7', entry('Four.')].join('\n');
    const { steps, lost } = injectedOf(trace(marks));
    expect(steps).toEqual([{ step: 3, role: 'error', entry: 5 }]);
    expect(lost.map(({ entry: place, why, read }) => [place, why, read?.step])).toEqual([
      [0, 'gone', stepHash('Gone.')],
      [1, 'ambiguous', stepHash('One.')],
      [2, 'unreadable', undefined],
      [3, 'unreadable', undefined],
      [4, 'unreadable', undefined],
    ]);
    expect(injectedOf(parseTrace('Q'))).toEqual({ steps: [], lost: [] });
  });

  it('are uncertain where more or fewer steps have their text than were noted', () => {
    const noted = entry('Two.', 'occurrence: 1, of: 1, role: error');
    expect(injectedSteps(trace(noted))).toEqual([1]);
    expect(injectedOf(trace(noted, ['Two.', 'One.', 'Two.'])).lost).toMatchObject([{ entry: 0, why: 'ambiguous' }]);
    expect(injectedOf(trace(entry('One.', 'occurrence: 1, of: 2, role: error'), ['One.', 'Two.'])).lost).toMatchObject([{ entry: 0, why: 'ambiguous' }]);
  });

  it('are named once: a second entry for the same step is uncertain, and none is dropped', () => {
    const { steps, lost } = injectedOf(trace(`${entry('Two.')}\n${entry('Two.', 'role: correction')}`));
    expect(steps).toMatchObject([{ step: 1, role: 'error', entry: 0 }]);
    expect(lost).toMatchObject([{ entry: 1, why: 'ambiguous', read: { role: 'correction' } }]);
  });
});

describe('an anchor', () => {
  it('is a step’s hash, which of its occurrences it is, and of how many', () => {
    const steps = ['a', 'b', 'a'].map((text) => ({ text }));
    expect(anchorsOf(steps)).toEqual([
      { step: stepHash('a'), occurrence: 1, of: 2 },
      { step: stepHash('b'), occurrence: 1, of: 1 },
      { step: stepHash('a'), occurrence: 2, of: 2 },
    ]);
    expect(anchorOf(steps, 2)).toEqual({ step: stepHash('a'), occurrence: 2, of: 2 });
    expect(() => anchorOf(steps, 3)).toThrow(RangeError);
  });

  it('names a chain by its texts, in their order, whatever stands between them', () => {
    const hashOf = (text: string): string => chainHash(parseTrace(text).chain.steps);
    expect(hashOf('<think>\nOne.\n\nTwo\nlines.\n</think>\nA')).toBe(hashOf('Q\r\n<think>\r\nOne.\r\n\r\n\r\nTwo\r\nlines.\r\n</think>\r\nB'));
    expect(hashOf('One.\n\nTwo.')).not.toBe(hashOf('Two.\n\nOne.'));
    expect(hashOf('One.\n\nTwo.')).not.toBe(hashOf('One.\nTwo.'));
  });
});

describe('an entry', () => {
  it.each([undefined, null, 7, 'x', [], {}, { step: 1, role: 'error' }, { step: 'a' }, { step: 'a', role: 'error', occurrence: 1.5 }, { step: 'a', role: 'error', of: 0 }])('that is none: %j', (written) => {
    expect(readEntry(written)).toBeUndefined();
  });

  it('takes the first occurrence where none is said, and leaves out what is of another type', () => {
    expect(readEntry({ step: 'a', role: 'prefill', by: 7, words: 'many', edited: 1 })).toEqual({ step: 'a', role: 'prefill', occurrence: 1 });
  });
});
