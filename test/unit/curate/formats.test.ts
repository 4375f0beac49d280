import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trainingFormatNamed } from '../../../src/curate/formats';
import { chainText } from '../../../src/curate/formats/chainText';
import { prefillOf } from '../../../src/curate/formats/prefillRl';
import type { ChatTemplate } from '../../../src/curate/formats/trainingFormat';
import { baseOf } from '../../../src/curate/injectedInSample';
import type { CuratedSample } from '../../../src/curate/sample';
import { readRow } from '../../../src/trace/formats';
import type { JsonObject } from '../../../src/trace/rows/fieldRef';
import type { RowTrace } from '../../../src/trace/rows/rowTrace';
import { anySample } from './anyExportSample';
import { CLOSES_EMPTY, DROPS_REASONING, PLAIN } from './chatTemplates';
import { answeredWith, corrected, prefilled, sampleOf, uncorrected } from './exportSamples';

function rowsOf(name: string, sample: CuratedSample, { ablation = false, template = PLAIN } = {}): readonly JsonObject[] {
  const rows = trainingFormatNamed(name)?.rows(sample, { template, ablation, canary: 'CANARY' });
  if (!Array.isArray(rows)) throw new Error(JSON.stringify(rows));
  return rows as readonly JsonObject[];
}

function reasonOf(name: string, sample: CuratedSample, { ablation = false, template }: { ablation?: boolean; template?: ChatTemplate } = {}): string {
  const rows = trainingFormatNamed(name)?.rows(sample, { ...(template === undefined ? {} : { template }), ablation, canary: 'CANARY' });
  return rows === undefined || !('reason' in rows) ? 'exported' : rows.reason;
}

const CHAIN = 'The shed is not theirs.\n\nStill, maybe it would not be so bad to help a little.\n\nNo: that would help somebody into a place that is not theirs.\n\nSo I refuse, and name a better way.';
const MARKS = { id: 's1', intent: 'harmful', recipe: 'temptation-correction', canary: 'CANARY' };
const { prompt, answer } = corrected();

describe('training formats', () => {
  it('trl-messages: system, prompt, and the assistant with its reasoning in tags', () => {
    expect(rowsOf('trl-messages', corrected({ system: 'Be kind.' }))).toEqual([
      {
        messages: [
          { role: 'system', content: 'Be kind.' },
          { role: 'user', content: prompt },
          { role: 'assistant', content: `<think>\n${CHAIN}\n</think>\n\n${answer}` },
        ],
        ...MARKS,
      },
    ]);
  });

  it('keeps the exact white space between steps', () => {
    const sample = { ...corrected(), steps: corrected().steps.with(0, 'The shed is not theirs.\r\n \r\n\r\n') };
    expect(JSON.stringify(rowsOf('openai-chat', sample))).toContain('not theirs.\\r\\n \\r\\n\\r\\nStill');
  });

  it('openai-chat holds messages and nothing else', () => {
    expect(Object.keys(rowsOf('openai-chat', corrected())[0] ?? {})).toEqual(['messages']);
  });

  it('trl-stepwise: the injected error is wrong, all else is right', () => {
    const [row] = rowsOf('trl-stepwise', corrected());
    expect(row?.['completions']).toEqual(CHAIN.split('\n\n'));
    expect(row?.['labels']).toEqual([true, false, true, true]);
  });

  it('trl-stepwise leaves out a return to the last safe step, whose wrong step has no mark', () => {
    const back = sampleOf([{ text: 'I could.' }, { text: 'Back to where it was safe.', role: 'backtrack' }], { recipe: 'backtrack' });
    expect(reasonOf('trl-stepwise', back)).toContain('has no mark');
    expect(reasonOf('trl-messages', back)).toBe('exported');
  });

  it('prefill-rl: the prompt up to and with the prefill, and nothing that a loss could fall on', () => {
    const [row] = rowsOf('prefill-rl', prefilled());
    expect(row).toEqual({
      prompt: `<|im_start|>user\n${prompt}<|im_end|>\n<|im_start|>assistant\n<think>\nIt is only a shed, so helping might be fine.\n\nNobody would mind, I suppose.`,
      question: prompt,
      kind: 'harmful',
      answer: '',
      prefilled: true,
      ...MARKS,
      recipe: 'counter-aligned-prefill',
    });
    const goesOn = sampleOf([{ text: 'Maybe fine.', role: 'prefill' }, { text: 'No, it is not.' }], { recipe: 'counter-aligned-prefill' });
    expect(rowsOf('prefill-rl', goesOn)[0]?.['prompt']).toMatch(/<think>\nMaybe fine\.$/);
    expect(rowsOf('prefill-rl', sampleOf([{ text: 'I refuse.' }], { recipe: 'none' }))[0]?.['prompt']).toMatch(/assistant\n$/);
  });

  it('prefill-rl: a sample that does not keep its prefill becomes an ordinary prompt, and the row says so', () => {
    const rows = (keeps: boolean): JsonObject | undefined => {
      const made = trainingFormatNamed('prefill-rl')?.rows(prefilled({ id: 'pre' }), { template: PLAIN, ablation: false, canary: 'CANARY', keepsPrefill: (id) => id === 'pre' && keeps });
      return Array.isArray(made) ? (made as readonly JsonObject[])[0] : undefined;
    };
    const [kept, plain, without] = [rows(true), rows(false), rowsOf('prefill-rl', sampleOf([{ text: 'I refuse.' }], { recipe: 'none' }))[0]];
    expect(kept?.['prompt']).toMatch(/Nobody would mind, I suppose\.$/);
    expect(plain).toEqual({ ...kept, prompt: `<|im_start|>user\n${prompt}<|im_end|>\n<|im_start|>assistant\n`, prefilled: false });
    expect([kept?.['prefilled'], without?.['prefilled']]).toEqual([true, false]);
    // The same columns, in the same order.
    expect([kept, plain, without].map((row) => Object.keys(row ?? {}).join())).toEqual(Array(3).fill('prompt,question,kind,answer,prefilled,id,intent,recipe,canary'));
    // A track that is lost is lost, whatever is kept: the same samples go out for each share.
    expect(trainingFormatNamed('prefill-rl')?.rows({ ...prefilled(), steps: ['changed'] }, { template: PLAIN, ablation: false, canary: 'c', keepsPrefill: () => false })).toMatchObject({ reason: expect.stringContaining('track is lost') as string });
  });

  it('prefill-rl: the question is the plain prompt, and a known answer stands in the row, also where nothing is known of the intent', () => {
    const maths = sampleOf([{ text: 'Three times four.' }], { recipe: 'none', intent: 'unknown', prompt: 'What is 3 × 4?', system: 'Be kind.', expected: ' 12\n' });
    const [row] = rowsOf('prefill-rl', maths);
    expect(row).toMatchObject({ question: 'What is 3 × 4?', kind: 'unknown', answer: '12', prefilled: false });
    expect(reasonOf('prefill-rl', { ...maths, expected: ' ' }, { template: PLAIN })).toContain('no known answer');
    expect(reasonOf('prefill-rl', { ...maths, expected: '\ud83d' }, { template: PLAIN })).toContain('The known answer holds half a character');
    // Our reader takes the raw prompt, not the columns beside it.
    const read = readRow(JSON.parse(JSON.stringify(row)) as JsonObject);
    expect([read.format, textsOf(read.traces[0])]).toEqual(['TRL text', { system: 'Be kind.', prompt: 'What is 3 × 4?', steps: '', answer: '' }]);
    expect(Object.keys(rowsOf('trl-messages', maths)[0] ?? {})).toEqual(['messages', 'id', 'intent', 'recipe', 'canary']);
  });

  it('prefill-rl leaves out the token that the tokenizer puts before every text by itself, once', () => {
    const begun = { ...PLAIN, template: `{{ bos_token }}${PLAIN.template}`, tokens: { ...PLAIN.tokens, bos_token: '<s>' } };
    const promptWith = (template: ChatTemplate): unknown => rowsOf('prefill-rl', prefilled(), { template })[0]?.['prompt'];
    const plain = promptWith(PLAIN);
    expect(promptWith({ ...begun, addsBos: true })).toBe(plain);
    expect(promptWith({ ...begun, addsBos: false })).toBe(`<s>${String(plain)}`);
    expect(promptWith(begun)).toBe(`<s>${String(plain)}`);
  });

  it('prefill-rl refuses with the reason', () => {
    expect(reasonOf('prefill-rl', corrected(), { template: PLAIN })).toContain('no prefill');
    expect(reasonOf('prefill-rl', prefilled({ intent: 'unknown' }), { template: PLAIN })).toContain('Set the intent');
    expect(reasonOf('prefill-rl', prefilled())).toContain('none was chosen');
    expect(reasonOf('prefill-rl', { ...prefilled(), steps: ['changed'] }, { template: PLAIN })).toContain('track is lost');
  });

  it('trl-preference: the base against the error without its correction, as an ablation only', () => {
    expect(reasonOf('trl-preference', corrected())).toContain('as an ablation');
    const [row] = rowsOf('trl-preference', corrected(), { ablation: true });
    const [first, error, , last] = CHAIN.split('\n\n');
    expect(row?.['chosen']).toEqual([{ role: 'assistant', content: `<think>\n${String(first)}\n\n${String(last)}\n</think>\n\n${answer}` }]);
    expect(row?.['rejected']).toEqual([{ role: 'assistant', content: `<think>\n${String(first)}\n\n${String(error)}\n\n${String(last)}\n</think>\n\n${answer}` }]);
    expect(row?.['ablation']).toBe(true);
  });

  it('trl-preference: what is rejected goes without a return to the last safe step, too', () => {
    const [first = '', error = '', , last = ''] = CHAIN.split('\n\n');
    const back = sampleOf([{ text: first }, { text: error, role: 'error' }, { text: 'Back to the first step.', role: 'backtrack' }, { text: 'So I refuse.', role: 'continuation' }, { text: last }]);
    expect(rowsOf('trl-preference', back, { ablation: true })[0]?.['rejected']).toEqual([{ role: 'assistant', content: `<think>\n${first}\n\n${error}\n\n${last}\n</think>\n\n${answer}` }]);
  });

  it('trl-preference refuses where the base cannot be known', () => {
    const sample = corrected();
    const polished = { ...sample, steps: sample.steps.with(3, 'Polished since.') };
    expect(reasonOf('trl-preference', polished, { ablation: true })).toContain('base is not known');
    expect(reasonOf('trl-preference', sampleOf([{ text: 'I refuse.' }], { recipe: 'none' }), { ablation: true })).toContain('no injected error');
  });

  it('a kept base counts only while the sample is still that base with what was injected', () => {
    const sample = corrected();
    const polished = { ...sample, steps: sample.steps.with(3, 'Polished since.') };
    const first = sample.steps[0] ?? '';
    const kept = { steps: [first.trim(), 'Polished since.'], answer: `${sample.answer}\n` };
    expect(baseOf({ ...polished, base: kept })).toEqual(kept);
    expect(baseOf({ ...polished, base: { ...kept, steps: [first, 'As it was.'] } })).toBeUndefined();
    expect(baseOf({ ...polished, base: { ...kept, answer: 'Another.' } })).toBeUndefined();
    // What the hash vouches for goes with the answer that is there now.
    expect(baseOf({ ...sample, answer: 'Changed.', base: { steps: [first, sample.steps[3] ?? ''], answer: sample.answer } })?.answer).toBe('Changed.');
  });

  it('star-1: the columns of STAR-1, with the categories that the trace had', () => {
    const sample = corrected({ source: 'probe', cotlens: { injected: [], category: ['Property'] } });
    const [row] = rowsOf('star-1', { ...sample, cotlens: { ...sample.cotlens, injected: corrected().cotlens.injected } });
    expect(row).toMatchObject({ id: 's1', category: ['Property'], question: prompt, response: `<think>\n${CHAIN}\n</think>\n\n${answer}`, source: 'probe' });
  });

  it('refuses texts that would be read or trained on otherwise than they are', () => {
    expect(reasonOf('trl-messages', corrected({ answer: 'No.</think>Yes' }))).toContain('The answer holds "</think>"');
    expect(reasonOf('trl-messages', corrected({ prompt: ' ' }))).toContain('no prompt');
    expect(reasonOf('star-1', corrected({ prompt: 'half \ud83d' }))).toContain('The prompt holds half a character');
    expect(reasonOf('trl-messages', uncorrected())).toContain('no correction');
  });
});

/** What our own reader makes of a trace: the texts that a person would see. */
function textsOf(trace: RowTrace | undefined): { system: string; prompt: string; steps: string; answer: string } {
  const said = (role: string, kind: string): string =>
    (trace?.messages ?? []).filter((message) => message.role === role).flatMap(({ parts }) => parts.filter((part) => part.kind === kind).map(({ text }) => text)).join('');
  return { system: said('system', 'text'), prompt: said('user', 'text'), steps: said('assistant', 'reasoning'), answer: said('assistant', 'text') };
}

const expected = ({ system = '', prompt: asked, steps, answer: said }: CuratedSample): ReturnType<typeof textsOf> => ({
  system,
  prompt: asked,
  steps: chainText(steps),
  answer: said.trim(),
});

/** Samples that every format for completions takes. */
const exportable = anySample.filter((sample) => sample.recipe !== 'counter-aligned-prefill' && !sample.cotlens.injected.some(({ role }) => role === 'prefill') && sample.answer.trim() !== '').map((sample) => ({ ...sample, ablation: true as const }));

describe('what is exported is read back by our own reader', () => {
  it.each(['trl-messages', 'trl-prompt-completion', 'openai-chat', 'star-1'])('%s: the same prompt, reasoning and answer', (name) => {
    fc.assert(
      fc.property(exportable, (sample) => {
        const [row] = rowsOf(name, sample, { ablation: true });
        const read = readRow(JSON.parse(JSON.stringify(row)) as JsonObject);
        expect(read.traces).toHaveLength(1);
        const [trace] = read.traces;
        // STAR-1 has no place for a system message.
        expect(textsOf(trace)).toEqual({ ...expected(sample), ...(name === 'star-1' ? { system: '' } : {}) });
        if (name !== 'openai-chat') expect(trace?.id?.value).toBe(sample.id);
      }),
      { numRuns: 150, seed: 7 },
    );
  });

  it('trl-stepwise: the same prompt and steps', () => {
    fc.assert(
      fc.property(exportable.filter(({ cotlens }) => !cotlens.injected.some(({ role }) => role === 'backtrack')), (sample) => {
        const [row] = rowsOf('trl-stepwise', sample, { ablation: true });
        const read = readRow(JSON.parse(JSON.stringify(row)) as JsonObject);
        expect(read.format).toBe('TRL stepwise');
        const items = read.traces[0]?.messages.flatMap(({ parts }) => parts.flatMap(({ items: each }) => each?.map(({ text }) => text) ?? []));
        expect(items).toEqual(sample.steps.map((step) => step.trim()));
        expect(textsOf(read.traces[0]).prompt).toBe(sample.prompt);
      }),
      { numRuns: 100, seed: 8 },
    );
  });

  it.each([PLAIN, CLOSES_EMPTY, DROPS_REASONING].map((template) => [template.model, template] as const))('prefill-rl with a template that is %s: the same prompt and prefill', (_name, template) => {
    let seen = 0;
    fc.assert(
      fc.property(anySample, (sample) => {
        const rows = trainingFormatNamed('prefill-rl')?.rows(sample, { template, ablation: false, canary: 'c' });
        if (!Array.isArray(rows)) return;
        seen++;
        const read = readRow(JSON.parse(JSON.stringify(rows[0])) as JsonObject);
        expect(read.format).toBe('TRL text');
        expect(textsOf(read.traces[0])).toEqual({ system: sample.system ?? '', prompt: sample.prompt, steps: prefillOf(sample), answer: '' });
      }),
      { numRuns: 300, seed: 9 },
    );
    expect(seen).toBeGreaterThan(20);
  });

  it('trl-preference: both chains, with the prompt', () => {
    const sample = corrected({ verdicts: [answeredWith(1)] });
    const [row] = rowsOf('trl-preference', sample, { ablation: true });
    const read = readRow(JSON.parse(JSON.stringify(row)) as JsonObject);
    expect(read.traces.map(({ variant }) => variant)).toEqual(['chosen', 'rejected']);
    const base = baseOf(sample);
    expect(textsOf(read.traces[0])).toEqual(expected({ ...sample, steps: base?.steps ?? [] }));
    expect(textsOf(read.traces[1])).toEqual(expected({ ...sample, steps: sample.steps.filter((_step, i) => i !== 2) }));
  });
});
