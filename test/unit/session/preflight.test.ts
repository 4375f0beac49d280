import { describe, expect, it } from 'vitest';
import { ADVCHAIN_MIX } from '../../../src/curate/mix';
import type { CuratedSample } from '../../../src/curate/sample';
import { trainingFormatNamed } from '../../../src/curate/formats';
import { exportSet, type ExportedFile, type SetToExport } from '../../../src/session/exportSet';
import { arithmeticCheck, backendCheck, dualUseCheck, duplicatesCheck, gpusCheck, guardCheck, leavesOutCheck, lengthCheck, mayLaunch, mixCheck, modelCheck, recipeCheck, sizeCheck, templateCheck, trainedInAll } from '../../../src/session/training/preflight';
import { prefillCheck, prefillChoice } from '../../../src/session/training/preflightPrefill';
import type { ReadRecipe } from '../../../src/train/anyRecipe';
import { trainingRecipe } from '../../../src/train/recipes';
import { DROPS_REASONING, PLAIN } from '../curate/chatTemplates';
import { corrected, prefilled, uncorrected } from '../curate/exportSamples';

const read = (more: Record<string, unknown> = {}, name = 'advchain-sft'): ReadRecipe => {
  const found = trainingRecipe(name)?.read({ recipe: name, model: 'm', outputDir: '/o', ...more });
  if (found === undefined || 'faults' in found) throw new Error(JSON.stringify(found));
  return found;
};
const exported = (more: Partial<ExportedFile> = {}): ExportedFile => ({ text: '', sha256: '', rows: 1000, leftOut: [], notChecked: [], ablations: [], ...more });
const setOf = (...samples: CuratedSample[]): SetToExport => ({ name: 'kitchen', sha256: 'abc', samples, broken: [] });
const run = (set: SetToExport, template: typeof PLAIN): Promise<ExportedFile> => {
  const format = trainingFormatNamed('trl-messages');
  if (format === undefined) throw new Error('no format');
  return exportSet(set, format, { ablation: false, canary: 'C', template }, { signal: new AbortController().signal, progress: () => undefined });
};
const LAB = { name: 'lab', url: 'http://127.0.0.1:8265' };

describe('the pre-flight', () => {
  it('blocks on a backend that does not answer, and says what speaks against one that does', () => {
    expect(backendCheck(LAB, { fault: 'The cluster does not answer.' })).toEqual({ about: 'Backend', status: 'error', said: 'The cluster does not answer.' });
    expect(backendCheck(LAB, { version: 'Ray 2.58.0', problems: [] })).toMatchObject({ status: 'ok', said: expect.stringContaining('Ray 2.58.0') as string });
    expect(backendCheck(LAB, { version: 'API', problems: ['It is closing.'] })).toMatchObject({ status: 'warning', said: 'It is closing.' });
  });

  it('says of a model what the backend tells, and nothing more', () => {
    expect(modelCheck('ray', 'm', { version: 'Ray', problems: [] })?.status).toBe('open');
    expect(modelCheck('openai', 'm', { version: 'API', problems: [] })?.status).toBe('ok');
    expect(modelCheck('openai', 'm', { version: 'API', problems: ['m is not listed'] })).toBeUndefined();
    expect(modelCheck('ray', 'm', { fault: 'down' })).toBeUndefined();
  });

  it('names each wrong value of a recipe', () => {
    expect(recipeCheck(['batchSize: too small', 'seed: no number'], 'a.recipe.json')).toMatchObject({ status: 'error', said: expect.stringMatching(/a\.recipe\.json: batchSize: too small; seed: no number\./) as string });
    expect(recipeCheck([], 'a.recipe.json').status).toBe('ok');
  });

  it('finds a template that drops the reasoning, and passes one that keeps it', async () => {
    const set = setOf(corrected(), corrected({ id: 's2' }));
    const bad = templateCheck(await run(set, DROPS_REASONING), true);
    expect(bad.status).toBe('error');
    expect(bad.said).toMatch(/renders 2 of 2 samples wrongly.*The reasoning does not survive the chat template/);
    expect(templateCheck(await run(set, PLAIN), true)).toMatchObject({ status: 'ok', said: 'The reasoning survives it in all of 2 samples.' });
    expect(templateCheck(exported(), true).status).toBe('warning');
    expect(templateCheck(exported(), false).status).toBe('open');
  });

  it('says which rows are cut, that none goes out, or why nobody counted', () => {
    const tokens = { maxLength: 8192, tokens: 10, trained: 5, cutRows: 0 };
    expect(lengthCheck(exported({ rows: 0 }), true).status).toBe('error');
    expect(lengthCheck(exported({ tokens }), true).status).toBe('ok');
    expect(lengthCheck(exported({ tokens: { ...tokens, cutRows: 3 } }), true)).toMatchObject({ status: 'warning', said: expect.stringMatching(/^3 rows longer than maxLength, 8,192 tokens, lose their end/) as string });
    expect(lengthCheck(exported({ tokens: 'no tokenizer.' }), true)).toMatchObject({ status: 'open', said: 'Not counted: no tokenizer.' });
    expect(lengthCheck(exported(), true).status).toBe('open');
    expect(lengthCheck(exported({ tokens }), false).status).toBe('open');
  });

  it('compares the mix with the target', () => {
    const many = (recipe: string, n: number): { recipe: string }[] => Array.from({ length: n }, () => ({ recipe }));
    expect(mixCheck([...many('temptation-correction', 800), ...many('hesitation-correction', 200)], ADVCHAIN_MIX).status).toBe('ok');
    const off = mixCheck([...many('temptation-correction', 80), ...many('hesitation-correction', 10)], ADVCHAIN_MIX);
    expect(off.status).toBe('warning');
    expect(off.said).toContain('For this mix add 10 H-C.');
  });

  it('counts duplicates by kind', () => {
    expect(duplicatesCheck([]).status).toBe('ok');
    const of = (code: string, ...samples: number[]): { code: string; samples: number[] } => ({ code, samples });
    expect(duplicatesCheck([of('duplicate', 0, 1), of('near-duplicate', 2, 3), of('near-duplicate', 4, 5)])).toMatchObject({ status: 'warning', said: expect.stringMatching(/^1 duplicate, 2 near duplicates:/) as string });
  });

  it('calls no duplicate what could not be compared, or what an evaluation asks', () => {
    expect(duplicatesCheck([{ code: 'evaluation-overlap', samples: [1] }])).toEqual({ about: 'Duplicates', status: 'ok', said: 'No two samples are alike.' });
    expect(duplicatesCheck([{ code: 'not-compared', samples: [1, 2] }, { code: 'not-compared', samples: [2] }])).toEqual({ about: 'Duplicates', status: 'warning', said: '2 samples could not be compared with all others; “Check Set” says why.' });
  });

  it('says what the dual-use rule keeps back, and never passes over an ablation', async () => {
    const set = setOf(corrected(), uncorrected({ id: 'bad' }));
    const found = dualUseCheck(await run(set, PLAIN), set, false);
    expect(found).toMatchObject({ status: 'warning', said: expect.stringMatching(/^1 row of 2 samples goes out; 1 left out \(bad: no correction follows its error.*no named judge has scored the final answer of 1 sample\.$/) as string });
    expect(dualUseCheck(exported({ rows: 2 }), set, false).status).toBe('ok');
    expect(dualUseCheck(exported({ rows: 2, ablations: ['bad'] }), set, true)).toMatchObject({ status: 'warning', said: expect.stringContaining('launched as an ablation, with 1 sample that departs from the rule') as string });
  });

  it('does AdvChain’s arithmetic: 1,000 rows make 40 updates, 2 of warm-up, and five times the tokens of a pass', () => {
    const file = exported({ tokens: { maxLength: 8192, tokens: 900_000, trained: 700_000, cutRows: 0 } });
    expect(arithmeticCheck(read(), file)).toEqual({ about: 'Steps', status: 'ok', said: '40 updates of batch 128; 2 of warm-up; 5,000 examples in all; the loss falls on 700,000 tokens a pass, 3,500,000 in all.' });
    expect(trainedInAll(read(), file)).toBe(3_500_000);
    expect(trainedInAll(read(), exported({ tokens: 'not counted' }))).toBeUndefined();
    expect(trainedInAll(read(), exported({ rows: 0 }))).toBeUndefined();
    expect(arithmeticCheck(read({ batchSize: 100 }), file)).toMatchObject({ status: 'error', said: expect.stringMatching(/batchSize 100 is no multiple.*Edit Recipe/) as string });
  });

  it('blocks a run that asks for other GPUs than the backend’s setting says', () => {
    expect(gpusCheck({ name: 'lab' }, read({ processes: 4 }))).toMatchObject({ status: 'open', said: expect.stringContaining('asks for 4 GPUs, on one node') as string });
    expect(gpusCheck({ name: 'lab', gpus: 4 }, read({ processes: 4 }))?.status).toBe('open');
    expect(gpusCheck({ name: 'lab', gpus: 1 }, read({ processes: 4 }))).toMatchObject({ status: 'error', said: expect.stringMatching(/asks for 4 GPUs.*setting of lab .* says 1\./) as string });
    expect(gpusCheck({ name: 'lab', gpus: 1 }, read({ device: 'cpu' }))).toBeUndefined();
    expect(gpusCheck({ name: 'lab', gpus: 1 }, read({ processes: 3 }))).toBeUndefined();
    expect(gpusCheck({ name: 'lab', gpus: 1 }, read({ gpusPerNode: 4, nodes: 2 }, 'recap-verl'))).toMatchObject({ status: 'open', said: expect.stringContaining('8 GPUs of the cluster by itself') as string });
  });

  it('warns of rewards that no guard gives', () => {
    expect(guardCheck(read({}, 'recap-trl-grpo'), 80)).toMatchObject({ status: 'warning', said: expect.stringContaining('learn to say the phrases') as string });
    expect(guardCheck(read({ guard: { baseUrl: 'http://guard/v1', model: 'g' } }, 'recap-verl'), 80)).toMatchObject({ status: 'open', said: expect.stringContaining('g at http://guard/v1 judges the answers, in about 1,280 requests, for which') as string });
    expect(guardCheck(read(), 80)).toBeUndefined();
  });

  it('passes on what the recipe leaves out of the paper’s way', () => {
    expect(leavesOutCheck(read()).status).toBe('ok');
    expect(leavesOutCheck(read({ lora: {} }))).toMatchObject({ status: 'warning', said: expect.stringContaining('adapters (LoRA)') as string });
  });

  it('blocks a package that is too large, and says where rows by path are read', () => {
    const limit = 100 * 1024 * 1024;
    expect(sizeCheck({ bytes: limit, atMost: false, limit }, undefined).status).toBe('ok');
    expect(sizeCheck({ bytes: limit + 1, atMost: false, limit }, undefined)).toMatchObject({ status: 'error', said: expect.stringContaining('Give the Rows by Path…') as string });
    expect(sizeCheck({ bytes: 1000, atMost: true, limit }, '/shared/a.jsonl')).toMatchObject({ status: 'warning', said: expect.stringContaining('/shared/a.jsonl') as string });
  });

  it('lets nothing but errors block', () => {
    expect(mayLaunch([{ about: 'a', status: 'ok', said: '' }, { about: 'b', status: 'open', said: '' }, { about: 'c', status: 'warning', said: '' }])).toBe(true);
    expect(mayLaunch([{ about: 'a', status: 'ok', said: '' }, { about: 'b', status: 'error', said: '' }])).toBe(false);
  });
});

describe('the share of prefills', () => {
  const samples = [...Array.from({ length: 6 }, (_, i) => prefilled({ id: `p${String(i)}` })), ...Array.from({ length: 6 }, (_, i) => corrected({ id: `n${String(i)}`, recipe: 'none', cotlens: { injected: [] } })), corrected({ id: 'no prompt' })];

  it('keeps as many as the recipe says, of the samples that make a prompt, and the same each time', () => {
    const choice = prefillChoice(samples, { prefillShare: 0.25, seed: 3 });
    expect(choice?.keep.size).toBe(3);
    expect([...(choice?.keep ?? [])].every((id) => id.startsWith('p'))).toBe(true);
    expect(prefillChoice([...samples].reverse(), { prefillShare: 0.25, seed: 3 })?.keep).toEqual(choice?.keep);
    expect(choice === undefined ? undefined : prefillCheck(choice)).toMatchObject({ status: 'ok', said: '3 prompts begin with flawed reasoning, 25 % of all (α 0.25): harmful 3 of 12.' });
  });

  it('says so where there are too few, and is none where the recipe has no share', () => {
    const choice = prefillChoice(samples.slice(4), { prefillShare: 0.5, seed: 3 });
    expect(choice === undefined ? undefined : prefillCheck(choice).status).toBe('warning');
    expect(prefillChoice(samples, { seed: 3 })).toBeUndefined();
  });
});
