import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { craftEdit } from '../../../src/craft/craftEdit';
import { isRefusal } from '../../../src/craft/recipe';
import { makeSample, type SampleParts } from '../../../src/curate/makeSample';
import { printSample, readSample } from '../../../src/curate/sampleLine';
import { sampleDocument, sampleTrace } from '../../../src/curate/sampleTrace';
import type { CuratedSample } from '../../../src/curate/sample';
import { parseTrace } from '../../../src/trace/parseTrace';
import { injectedOf } from '../../../src/trace/provenance';
import type { JsonObject } from '../../../src/trace/rows/fieldRef';
import { anySample } from './sampleArbitrary';

const PARTS: SampleParts = { verdicts: [], findings: [], added: '2026-11-21T10:00:00.000Z', from: 'shed.cot' };

function made(text: string, parts: Partial<SampleParts> = {}): CuratedSample {
  const sample = makeSample(parseTrace(text), { ...PARTS, ...parts });
  if (isRefusal(sample)) throw new Error(sample.reason);
  return sample;
}

function refused(text: string): string {
  const sample = makeSample(parseTrace(text), PARTS);
  return isRefusal(sample) ? sample.reason : 'not refused';
}

const BASE = '---\nid: shed 3\nintent: harmful\nmodel: kitchen-7b\nsource: garden\ntopic: [a, b]\n---\n\nHow do I get into the locked shed?\n\n<think>\nIt is not theirs.\n\nI turn it away.\n\nAsking is better.\n</think>\n\nAsk them.\n';

const SLOTS = [
  { name: 'temptation', role: 'error', guide: 'g', steps: 'one' },
  { name: 'correction', role: 'correction', guide: 'g', steps: 'one' },
] as const;

/** The base with a pair before its last step. */
function crafted(text = BASE, at = 2, words = ['Maybe it is not so bad.', 'No, it is.']): string {
  const edit = craftEdit(parseTrace(text), { from: at, to: at, slots: SLOTS }, words, { recipe: 'temptation-correction', by: 'person', at: '2026-11-21T09:00:00.000Z' });
  if (isRefusal(edit)) throw new Error(edit.reason);
  return edit.trace.text;
}

describe('a sample of a trace', () => {
  it('holds all of it, and its base as it was before', () => {
    const judge = { judge: 'g', label: 'G', protocol: 'prefix', rubric: 'r', earnsNames: true } as const;
    const sample = made(crafted(), { note: 'Good.', findings: ['too-short'], verdicts: [{ judge, harmfulness: [1, 1, 4, 1, 1], helpfulness: [null, null, null, null, null] }] });
    expect(sample).toMatchObject({
      id: expect.stringMatching(/^shed-3\.temptation-correction\.[0-9a-f]{8}$/) as string,
      ...{ intent: 'harmful', recipe: 'temptation-correction', prompt: 'How do I get into the locked shed?', answer: 'Ask them.', model: 'kitchen-7b', source: 'garden' },
      steps: ['It is not theirs.\n\n', 'I turn it away.\n\n', 'Maybe it is not so bad.\n\n', 'No, it is.\n\n', 'Asking is better.'],
      base: { steps: ['It is not theirs.\n\n', 'I turn it away.\n\n', 'Asking is better.'], answer: 'Ask them.' },
      ...{ note: 'Good.', findings: ['too-short'], added: PARTS.added, from: 'shed.cot' },
      cotlens: { topic: ['a', 'b'], injected: [{ role: 'error', by: 'person' }, { role: 'correction' }] },
    });
    const again = readSample(JSON.parse(printSample(sample)) as JsonObject);
    expect(again).toEqual(sample);
    expect((again as CuratedSample).verdicts).toHaveLength(1);
  });

  it('takes the known answer from the front matter, as a text', () => {
    const told = (head: string): CuratedSample => made(BASE.replace('topic: [a, b]', head));
    expect(told('expected: 72')).toMatchObject({ expected: '72', cotlens: { injected: [] } });
    expect(told('expected: "1/2"').expected).toBe('1/2');
    expect(told('expected: [1]').expected).toBeUndefined();
    expect(Object.hasOwn(told('expected: 72').cotlens, 'expected')).toBe(false);
    // A document of the sample says it again.
    expect(made(sampleDocument(told('expected: 72'))).expected).toBe('72');
  });

  it('has an id that only its own text has', () => {
    const one = made(crafted());
    expect(made(crafted(), { added: 'later' }).id).toBe(one.id);
    const others = [made(crafted(BASE, 1)), made(crafted(BASE, 2, ['Maybe.', 'No, it is.'])), made(BASE), made(crafted(BASE.replace('id: shed 3\n', '')))];
    expect(new Set([one, ...others].map(({ id }) => id)).size).toBe(5);
    expect(others[2]).toMatchObject({ recipe: 'none', cotlens: { injected: [] } });
    expect(others[2]).not.toHaveProperty('base');
    expect(others[3]?.id).toMatch(/^temptation-correction\.[0-9a-f]{8}$/);
  });

  it('has no base where what stands around the pair was changed, and where a step was lost', () => {
    expect(made(crafted().replace('It is not theirs.', 'It is theirs.'))).not.toHaveProperty('base');
    expect(made(crafted().replace('Maybe it is', 'Perhaps it is'))).not.toHaveProperty('base');
    // Changed and changed back is as it was.
    expect(made(crafted())).toHaveProperty('base');
  });

  it('has the base before the first of two injections', () => {
    const twice = crafted(crafted(), 1, ['Or maybe yes.', 'No.']);
    expect(made(twice).base?.steps.map((step) => step.trim())).toEqual(['It is not theirs.', 'I turn it away.', 'Asking is better.']);
  });

  it('keeps a message of the system apart, also in a document with a mark', () => {
    const text = '---\nmark: 7f\n---\n--- system 7f ---\nYou are kind. <think>\n\n--- user 7f ---\nHow?\n\n<think-7f>\nSo.\n</think-7f>\n\nAsk.\n';
    expect(made(text)).toMatchObject({ system: 'You are kind. <think>', prompt: 'How?', steps: ['So.'], answer: 'Ask.' });
  });

  it.each([
    ['Only steps.\n\nNo mark.', /Nothing in this text tells the prompt/],
    ['<think>\nA\n</think>\n\nB', /There is no prompt before the reasoning/],
    ['Q\n\n<think>\n\n</think>\n\nB', /There is no reasoning here/],
    ['Q\n\n--- assistant ---\nB', /There is no reasoning here/],
    ['---\nreasoning: summary\n---\nQ\n\n<think>\nA\n</think>\n\nB', /summary that the provider wrote/],
    ['---\nid: [\n---\nQ\n\n<think>\nA\n</think>\n\nB', /front matter cannot be read/],
    ['Q\n\n<think>\nA\n</think>\n\nB\n\n--- user ---\nQ2\n\n<think>\nC\n</think>\n\nD', /This conversation has 2 turns/],
    ['Q\n\n<think>\nA\n</think>\n\nB\n\n<think>\nC\n</think>\n\nD', /The model’s text in line 7 has no place in a sample/],
    ['Q\n\n<think>\nA\n</think>\n<think>\nC\n</think>\n\nD', /The other block of reasoning in line 6/],
    ['Q\n\n<think>\nA\n</think>\n\n--- tool call search ---\n{}\n\n--- tool result search ---\nB\n\n--- assistant ---\nD', /The tool call in line 7/],
    ['Q\n\n--- user ---\nQ2\n\n<think>\nA\n</think>\n\nD', /Before the reasoning stand 2 messages/],
    ['Q\n\n--- system ---\nS\n\n<think>\nA\n</think>\n\nD', /Before the reasoning stand 2 messages/],
  ])('is refused in words where there is none: %j', (text, words) => {
    expect(refused(text)).toMatch(words);
  });
});

describe('a sample as a document', { timeout: 60_000 }, () => {
  it('is the document that it was made of, but for white space', () => {
    const text = crafted();
    const document = sampleDocument(made(text));
    expect(document.slice(document.indexOf('How do I'))).toBe(text.slice(text.indexOf('How do I')));
    expect(injectedOf(parseTrace(document))).toEqual(injectedOf(parseTrace(text)));
    // With the id that it has in its set, it is the same sample.
    const again = made(document);
    expect({ ...again, id: '' }).toEqual({ ...made(text), id: '' });
  });

  it('without an answer is not closed', () => {
    const sample = made('How?\n\n<think>\nA\n\nB');
    expect(sample).toMatchObject({ steps: ['A\n\n', 'B'], answer: '' });
    expect(sampleDocument(sample)).toMatch(/<think>\nA\n\nB\n$/);
    expect(sampleTrace(sample).chain.ending).toBe('truncated');
  });

  it('has the steps, the prompt and the answer of any sample', () => {
    fc.assert(
      fc.property(anySample(), (sample) => {
        const { chain } = sampleTrace(sample);
        const trimmed = (text: string): string => text.trim();
        const plain = sample.steps.every((step, i) => /\S/.test(step) && !/\n\s*\n\s*\S/.test(step) && !/```|~~~|\uFEFF/.test(step) && (i === sample.steps.length - 1 || /\n\s*\n\s*$/.test(step)));
        if (plain) expect(chain.steps.map(({ text }) => text)).toEqual(sample.steps.map(trimmed));
        expect(chain.steps.map(({ text, separator }) => text + separator).join('').trim()).toBe(sample.steps.join('').trim());
        if (sample.answer.trim() !== '' && !sample.answer.includes('\uFEFF')) expect(chain.answer?.text).toBe(sample.answer.trim());
      }),
      { numRuns: 200 },
    );
  });
});
