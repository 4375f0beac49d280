import { describe, expect, it } from 'vitest';
import { trainingFormatNamed } from '../../../src/curate/formats';
import type { TrainingFormat } from '../../../src/curate/formats/trainingFormat';
import type { CuratedSample } from '../../../src/curate/sample';
import { checkFor, exportSet, sha256, sha256Of, type ExportedFile, type ExportTools, type SetToExport } from '../../../src/session/exportSet';
import { exportInBrief, exportReport } from '../../../src/session/exportSetInWords';
import { exportRecord, recordPath } from '../../../src/session/exportSetRecord';
import { DROPS_REASONING, PLAIN } from '../curate/chatTemplates';
import { answeredWith, corrected, prefilled, uncorrected } from '../curate/exportSamples';

const format = (name: string): TrainingFormat => {
  const found = trainingFormatNamed(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};
const options = { ablation: false, canary: 'CANARY' };
const setOf = (...samples: CuratedSample[]): SetToExport => ({ name: 'kitchen', sha256: 'abc', samples, broken: [{ line: 3, why: 'The field “id” is missing.', text: '{}' }] });
const run = (set: SetToExport, name = 'trl-messages', more: Partial<ExportTools> = {}, asked: Parameters<typeof exportSet>[2] = options): Promise<ExportedFile> =>
  exportSet(set, format(name), asked, { signal: new AbortController().signal, progress: () => undefined, ...more });

const SET = setOf(corrected({ verdicts: [answeredWith(1)] }), uncorrected({ id: 'bad' }), corrected({ id: 'second' }), prefilled({ id: 'pre' }));

describe('a training file of a set', () => {
  it('holds a line for each sample in the order of the set; what is left out is named with the reason, broken lines too', async () => {
    const made = await run(SET);
    expect(made.text.endsWith('\n')).toBe(true);
    expect(made.text.trimEnd().split('\n').map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(['s1', 'second']);
    expect(made.rows).toBe(2);
    expect(made.leftOut.map(({ id }) => id)).toEqual(['line 3', 'bad', 'pre']);
    expect(made.notChecked).toEqual(['second']);
    expect(made.ablations).toEqual([]);
  });

  it('is an ablation only where asked for, and then says which samples', async () => {
    const set = setOf(uncorrected({ ablation: true }), corrected({ id: 'second' }));
    expect((await run(set)).rows).toBe(1);
    const made = await run(set, 'trl-messages', {}, { ...options, ablation: true });
    expect(made.ablations).toEqual(['s1']);
    for (const line of made.text.trimEnd().split('\n')) expect(JSON.parse(line)).toMatchObject({ ablation: true });
  });

  it('has one line for each row for every program', async () => {
    const made = await run(setOf(corrected({ answer: 'one\u2028two\u2029three\u0085four\r\nfive' })));
    expect(made.text).not.toMatch(/[\u2028\u2029\u0085\r]/);
    expect(made.text.trimEnd().split('\n')).toHaveLength(1);
    const [, assistant] = (JSON.parse(made.text) as { messages: { content: string }[] }).messages;
    expect(assistant?.content).toContain('one\u2028two\u2029three\u0085four\r\nfive');
  });

  it('adds up the tokens of all rows, or says why it cannot', async () => {
    const counting = await run(SET, 'trl-messages', { count: (_messages, most) => ({ tokens: most, trained: 5, cut: 7 }) });
    expect(counting.tokens).toEqual({ maxLength: 8192, tokens: 2 * 8192, trained: 10, cutRows: 2 });
    let calls = 0;
    const failing = await run(SET, 'trl-messages', {
      count: () => {
        calls++;
        throw new Error('Token 2 is not found.');
      },
    });
    expect([failing.tokens, calls]).toEqual(['Token 2 is not found.', 1]);
    const shorter = await run(SET, 'trl-messages', { count: (_messages, most) => ({ tokens: most, trained: 0, cut: 0 }), maxLength: 100 });
    expect(shorter.tokens).toMatchObject({ maxLength: 100, tokens: 200 });
  });

  it('checks every sample that the template matters to, and names those that it renders wrongly', async () => {
    const long = { ...PLAIN, template: PLAIN.template.replace('{{ message.content +', "{{ ('lost' if 'second' in message.content else message.content) +") };
    expect(long.template).not.toBe(PLAIN.template);
    const set = setOf(corrected({ id: 'a' }), corrected({ id: 'b', answer: 'The second one.' }), corrected({ id: 'c' }));
    const made = await run(set, 'trl-messages', {}, { ...options, template: long });
    expect(made.checked).toEqual({ samples: 3, failed: ['b'] });
    expect(made.check?.problems.map(({ code }) => code)).toEqual(['reasoning-dropped', 'answer-dropped']);
    expect(exportReport(made, set, format('trl-messages'), options)).toContain('The chat template renders 1 of 3 samples wrongly (b). The first of them is shown here.');
    const right = await run(set, 'trl-messages', {}, { ...options, template: PLAIN });
    expect(right.checked).toEqual({ samples: 3, failed: [] });
    expect(exportReport(right, set, format('trl-messages'), options)).toContain('Chat template: checked on 3 samples; the first one is shown here.');
  });

  it('has its first sample rendered where a template is chosen; what does not matter to the format is no problem', async () => {
    const set = setOf(corrected());
    expect((await run(set)).check).toBeUndefined();
    expect((await run(set, 'trl-messages', {}, { ...options, template: PLAIN })).check?.problems).toEqual([]);
    const codes = async (name: string): Promise<string[] | undefined> => (await run(set, name, {}, { ...options, template: DROPS_REASONING })).check?.problems.map(({ code }) => code);
    expect(await codes('trl-messages')).toEqual(['reasoning-dropped']);
    expect(await codes('trl-prompt-completion')).toEqual(['reasoning-dropped', 'prompt-not-kept']);
    const kept = { what: '', rendered: '', problems: [{ code: 'prompt-not-kept' as const, message: '' }], asMessage: [] };
    expect(checkFor({}, kept).problems).toEqual([]);
  });

  it('can be cancelled', async () => {
    const many = setOf(...Array.from({ length: 5000 }, (_, i) => corrected({ id: String(i) })));
    const cancel = new AbortController();
    const progress = (share: number): void => {
      if (share > 0.2) cancel.abort(new Error('enough'));
    };
    await expect(run(many, 'trl-messages', { signal: cancel.signal, progress })).rejects.toThrow('enough');
  });
});

describe('the record beside a training file', () => {
  it('names set, format, versions, canary, ablation and what was left out, and holds no text of a sample', async () => {
    const made = await run(SET);
    const text = exportRecord(SET, format('trl-messages'), { ...options, template: PLAIN }, made, { file: 'a.jsonl', version: '1.2.3', at: '2026-01-01T00:00:00.000Z' });
    const record = JSON.parse(text) as Record<string, unknown>;
    expect(record).toMatchObject({
      file: 'a.jsonl',
      sha256: await sha256Of(Buffer.from(made.text)),
      format: 'trl-messages',
      rows: 2,
      set: { name: 'kitchen', sha256: 'abc', samples: 4, brokenLines: 1 },
      versions: { cotLens: '1.2.3' },
      canary: 'CANARY',
      canaryInRows: true,
      ablation: false,
      answersNotChecked: ['second'],
      template: { model: 'plain', sha256: sha256(PLAIN.template) },
      templateCheck: 'not checked',
    });
    expect(await sha256Of(Buffer.from(made.text))).toBe(sha256(made.text));
    expect(record['leftOut']).toHaveLength(3);
    for (const step of corrected().steps) expect(text).not.toContain(step.trim());
    expect(recordPath('/a/b.jsonl')).toBe('/a/b.export.json');
    const bare = await run(SET, 'openai-chat');
    expect(JSON.parse(exportRecord(SET, format('openai-chat'), options, bare, { file: 'a', version: '1', at: '' }))).toMatchObject({ canaryInRows: false });
  });
});

describe('an export in words', () => {
  it('counts, and gives each sample that is left out a line', async () => {
    const made = await run(SET);
    expect(exportInBrief(made, SET)).toBe('2 rows of 4 samples, 3 left out, 1 answer not checked.');
    const report = exportReport(made, SET, format('trl-messages'), options);
    expect(report).toMatch(/^ {2}line 3: it is no sample: The field “id” is missing\.$/m);
    expect(report).toMatch(/^ {2}bad: no correction follows its error \(step 2\)\..*$/m);
    expect(report).toMatch(/^ {2}pre: it begins with a flawed prefill.*$/m);
    expect(report).toContain('Canary: CANARY');
    expect(report).toContain('Chat template: not checked.');
  });

  it('says nothing of answers where only prompts go out, and calls preference pairs an ablation', async () => {
    const set = setOf(prefilled());
    const prompts = exportReport(await run(set, 'prefill-rl', {}, { ...options, template: PLAIN }), set, format('prefill-rl'), options);
    expect(prompts).toContain('Prompts only');
    expect(prompts).not.toMatch(/answer.* checked|No ablation/);
    const pairs = setOf(corrected());
    const asked = { ...options, ablation: true };
    const report = exportReport(await run(pairs, 'trl-preference', {}, asked), pairs, format('trl-preference'), asked);
    expect(report).toContain('1 sample that departs from the dual-use rule is in it (s1).');
    expect(report).toContain('Not checked: no named judge has scored the final answer of 1 sample (s1).');
  });

  it('says loudly that a template failed, and what it rendered', async () => {
    const asked = { ...options, template: DROPS_REASONING };
    const made = await run(setOf(corrected()), 'trl-messages', { count: 'no tokenizer.json lies beside it.' }, asked);
    const report = exportReport(made, SET, format('trl-messages'), asked);
    expect(report).toContain('Chat template: FAILED on a whole row.');
    expect(report).toContain('<｜Assistant｜>');
    expect(report).toContain('Tokens are not counted: no tokenizer.json lies beside it.');
    expect(exportInBrief(made, SET)).toContain('FAILED');
  });
});
