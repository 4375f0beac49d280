import { describe, expect, it } from 'vitest';
import { textChain } from '../../../src/judge/textChain';
import { parseTrace } from '../../../src/trace/parseTrace';
import { injectedOf, injectedSteps } from '../../../src/trace/provenance';
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
        { step: 1, role: 'error', recipe: 'temptation' },
        { step: 2, role: 'correction', recipe: undefined },
      ],
      lost: 0,
    });
    expect(injectedSteps(trace(marks, ['New.', 'One.', 'Two.', 'One.']))).toEqual([2, 3]);
  });

  it('that are gone or cannot be read are counted, never guessed', () => {
    const marks = [entry('Gone.'), entry('One.', 'occurrence: 3, role: error'), entry('One.', 'occurrence: 0, role: error'), entry('Two.', 'role: other'), '  - 7', entry('Four.')].join('\n');
    expect(injectedOf(trace(marks))).toEqual({ steps: [{ step: 3, role: 'error', recipe: undefined }], lost: 5 });
    expect(injectedOf(parseTrace('Q'))).toEqual({ steps: [], lost: 0 });
  });
});
