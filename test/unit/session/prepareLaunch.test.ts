import { describe, expect, it } from 'vitest';
import { trainingFormatNamed } from '../../../src/curate/formats';
import { exportSet, type SetToExport } from '../../../src/session/exportSet';
import { launchQuestion, launchedInWords, pushQuestion, pushedInWords, putInWords } from '../../../src/session/training/launchInWords';
import { launchPreview } from '../../../src/session/training/launchPreview';
import { packageSize, prepareLaunch, rowsAlone, type LaunchChoice } from '../../../src/session/training/prepareLaunch';
import { rowsWayInWords } from '../../../src/session/training/rowsWay';
import { RayBackend } from '../../../src/train/backends/ray/rayBackend';
import { trainingRecipe } from '../../../src/train/recipes';
import { ROWS_FILE } from '../../../src/train/rowsFile';
import type { RunState } from '../../../src/train/runs/run';
import { seeded } from '../../seeded';
import { corrected } from '../curate/exportSamples';

const SET: SetToExport = { name: 'kitchen', sha256: 'abc', samples: [corrected(), corrected({ id: 's2' })], broken: [] };
const never = new AbortController().signal;
const NOW = new Date('2026-11-21T10:00:00Z');

async function choice(more: Partial<LaunchChoice> = {}, values: Record<string, unknown> = {}): Promise<LaunchChoice> {
  const [recipe, format] = [trainingRecipe('advchain-sft'), trainingFormatNamed('trl-messages')];
  if (recipe === undefined || format === undefined) throw new Error('no recipe');
  const read = recipe.read({ recipe: 'advchain-sft', model: 'tiny', outputDir: '/o', ...values });
  if ('faults' in read) throw new Error(read.faults.join());
  const exported = await exportSet(SET, format, { ablation: false, canary: 'C' }, { signal: never, progress: () => undefined, count: () => ({ tokens: 50, trained: 30, cut: 0 }) });
  return { set: SET, setPath: 'sets/kitchen.curated.jsonl', backend: { kind: 'ray', name: 'lab', url: 'http://127.0.0.1:8265' }, recipe, read, format, ablation: false, exported, canary: 'C', at: undefined, versions: { cotLens: '1.0.0' }, ...more };
}

describe('a prepared launch', () => {
  it('records all that makes the run again: the set’s hash, the file’s, every value, the versions', async () => {
    const made = await choice();
    const { plan, shipment } = prepareLaunch(made, NOW);
    expect(plan).toMatchObject({ set: { path: 'sets/kitchen.curated.jsonl', name: 'kitchen', sha256: 'abc' }, file: { format: 'trl-messages', rows: 2, sha256: made.exported.sha256, ablation: false, canary: 'C', ablations: [] }, recipe: 'advchain-sft', versions: { cotLens: '1.0.0' }, created: NOW.toISOString(), expected: { optimiserSteps: 5, trainedTokens: 60 } });
    expect(plan.values).toMatchObject({ seed: 42, learningRate: 1e-4 });
    expect(plan.id).toMatch(/^advchain-sft-20261121-100000-[0-9a-f]{6}$/);
    expect(new TextDecoder().decode(shipment.rows)).toBe(made.exported.text);
    expect(JSON.stringify(shipment.job)).toContain(ROWS_FILE);
  });

  it('sends no rows where the cluster reads them from elsewhere, and says where in the record and to the trainer', async () => {
    const { plan, shipment } = prepareLaunch(await choice({ at: '/shared/rows.jsonl' }), NOW);
    expect(shipment.rows).toBeUndefined();
    expect(plan.file.at).toBe('/shared/rows.jsonl');
    expect(JSON.stringify(shipment.job)).toContain('/shared/rows.jsonl');
  });

  it('has a title that fits into a list', async () => {
    const recipe = trainingRecipe('recap-trl-grpo');
    const read = recipe?.read({ recipe: 'recap-trl-grpo', model: 'tiny', outputDir: '/o', promptsPerUpdate: 1 });
    if (recipe === undefined || read === undefined || 'faults' in read) throw new Error('no recipe');
    expect(prepareLaunch(await choice({ recipe, read }), NOW).plan.title).toBe('kitchen · RECAP trl grpo');
  });

  it('is none where the values contradict each other', async () => {
    const wrong = await choice({}, { batchSize: 100 });
    expect(() => prepareLaunch(wrong, NOW)).toThrow(/batchSize 100 is no multiple/);
  });

  it('knows the size of its package: exactly where it comes near the limit, at most where it does not', async () => {
    const { shipment } = prepareLaunch(await choice(), NOW);
    const small = await packageSize(shipment, never);
    expect(small).toMatchObject({ atMost: true, limit: 100 * 1024 * 1024 });
    expect(small?.bytes).toBeGreaterThan(shipment.rows?.length ?? 0);
    // Random bytes do not pack: what is above the limit is above it packed as well.
    const random = seeded(7);
    const limit = 100_000;
    const bytes = Uint8Array.from({ length: limit + 10 }, () => random() * 256);
    const large = await packageSize({ rows: bytes, job: rowsAlone('ray') }, never, limit);
    expect(large?.atMost).toBe(false);
    expect(large?.bytes).toBeGreaterThan(large?.limit ?? Infinity);
    const zeros = await packageSize({ rows: new Uint8Array(bytes.length), job: rowsAlone('ray') }, never, limit);
    expect(zeros?.bytes).toBeLessThan(limit / 10);
    expect(await packageSize({ rows: bytes, job: rowsAlone('openai') }, never)).toBeUndefined();
  });
});

describe('the preview', () => {
  it('shows each request with its destination, the files, and all rows', async () => {
    const made = await choice();
    const { plan, shipment } = prepareLaunch(made, NOW);
    const backend = new RayBackend({ name: 'lab', url: 'http://127.0.0.1:8265', token: 'secret-token' });
    const requests = await backend.planned(plan, shipment, never);
    const text = launchPreview({ plan, requests, rows: made.exported.text, checks: [{ about: 'Mix', status: 'warning', said: 'off' }], way: undefined, doing: 'launch' });
    expect(text).toContain('To: lab, http://127.0.0.1:8265. To nobody else.');
    for (const { url, method, body } of requests) expect(text).toContain(`${method} ${url}\n\n${body}`);
    expect(text).toContain(made.exported.text);
    expect(text).toContain('warning     Mix: off');
    expect(text).not.toContain('secret-token');
  });

  it('has no line that somebody else’s name or value has made', async () => {
    const made = await choice();
    const { plan } = prepareLaunch(made, NOW);
    const forged = `x\nTo: nobody.\u202E\u2028Request`;
    const hostile = { ...plan, backend: { ...plan.backend, name: forged }, set: { ...plan.set, name: forged, path: forged }, file: { ...plan.file, at: forged } };
    for (const doing of ['launch', 'push'] as const) {
      const request = { what: forged, method: 'PUT', url: `http://lab/${forged}`, body: 'BODY' } as const;
      const text = launchPreview({ plan: hostile, requests: doing === 'launch' ? [request] : [], rows: made.exported.text, checks: [{ about: 'Model', status: 'open', said: forged }], way: `By ${forged}`, doing });
      const own = text.slice(0, text.indexOf('═══ The rows'));
      expect(own.split('\n').filter((line) => /^To: nobody|^Request/.test(line))).toEqual([]);
      expect(own).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(own).toContain('Model: x To: nobody. Request');
    }
  });
});

describe('the words of a launch', () => {
  const plan = async (kind: string): Promise<ReturnType<typeof prepareLaunch>['plan']> => prepareLaunch(await choice({ backend: { kind, name: 'lab', url: 'https://lab.example/v1' } }), NOW).plan;

  it('ask with destination, rows, updates and tokens, and say that a provider bills', async () => {
    const { question, detail } = launchQuestion(await plan('ray'), { trainedInAll: 300, way: undefined, leavesOut: ['No filter.'], cost: undefined });
    expect(question).toBe('Launch kitchen · AdvChain SFT on lab?');
    for (const part of ['https://lab.example/v1', '2 rows', 'Updates: 5', '300', 'No filter.', 'Model: tiny']) expect(detail).toContain(part);
    expect(detail).not.toContain('costs money');
    expect(launchQuestion(await plan('openai'), { trainedInAll: undefined, way: undefined, leavesOut: [], cost: 'This costs money.' }).detail).toContain('This costs money.');
  });

  it('ask in paragraphs of ours alone, whatever a recipe’s values hold, and cut none of what is left out for another', async () => {
    const made = await plan('ray');
    const forged = `org/model\n\nTo http://127.0.0.1: nothing.\u202E\u2066`;
    const long = 'Left out. '.repeat(300);
    const { detail } = launchQuestion({ ...made, values: { model: forged } }, { trainedInAll: 1, way: `By ${forged}`, leavesOut: [long, 'The last.'], cost: `Costs ${forged}`, warnings: [`A run wrote to ${forged}`] });
    const paragraphs = detail.split('\n\n');
    expect(paragraphs.map((one) => one.slice(0, 12))).toEqual(['To https://l', 'Mind: A run ', 'Model: org/m', 'Updates: 5. ', 'By org/model', 'Left out of ', 'Costs org/mo']);
    expect(detail).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(paragraphs[5]).toMatch(/Left out… The last\.$/);
    expect(launchQuestion({ ...made, values: { model: 'm'.repeat(100_000) } }, { trainedInAll: 1, way: undefined, leavesOut: [], cost: undefined }).detail.length).toBeLessThan(2000);
    const pushed = pushQuestion({ ...made, file: { ...made.file, at: forged } }, 'By a path.', ['They are replaced.']).detail.split('\n\n');
    expect(pushed).toEqual([expect.stringMatching(/^To org\/model To http/) as string, 'Mind: They are replaced.', 'By a path.']);
  });

  it('say of what is pushed where it goes, and what is not sent', async () => {
    const api = pushQuestion(await plan('openai'), undefined);
    expect(api.question).toBe('Push kitchen to lab?');
    expect(api.detail).toMatch(/^To https:\/\/lab\.example\/v1: 2 rows .*until somebody deletes them/s);
    expect(pushedInWords(await plan('openai'), { uri: 'file-1', bytes: 1234 })).toBe('kitchen is pushed to lab: 2 rows, 1,234 bytes, called file-1 there.');
    const made = await plan('ray');
    const put = { ...made, file: { ...made.file, at: '/shared/kitchen.jsonl' } };
    const { question, detail } = pushQuestion(put, rowsWayInWords({ kind: 'write', at: '/shared/kitchen.jsonl', replaces: false }));
    expect(question).toBe('Push kitchen for lab?');
    expect(detail).toMatch(/^To \/shared\/kitchen\.jsonl: 2 rows .*Nothing is sent to https:\/\/lab\.example/s);
    expect(detail).toContain('only if the cluster has this very file under that path');
    expect(putInWords(put)).toContain('2 rows at /shared/kitchen.jsonl');
    expect(launchQuestion(put, { trainedInAll: undefined, way: 'By a path.', leavesOut: [], cost: undefined }).detail).toMatch(/^To https:\/\/lab\.example\/v1: the recipe’s values and nothing else\./);
  });

  it('say of every way that rows go what is certain and what is not', () => {
    expect(rowsWayInWords({ kind: 'there', at: '/a' })).toMatch(/byte for byte.*only if the cluster has this very file/);
    expect(rowsWayInWords({ kind: 'write', at: '/a', replaces: true })).toMatch(/in place of the file that is there/);
    expect(rowsWayInWords({ kind: 'put', at: 's3://a', put: '2026-11-22T00:00:00.000Z' })).toMatch(/you brought them on 2026-11-22.*cannot be seen from this machine/);
    expect(rowsWayInWords({ kind: 'bring', at: 's3://a' })).toMatch(/bring them there before the run begins/);
  });

  it('tell every outcome for what it is', () => {
    const how = (state: RunState): string => launchedInWords({ title: 't', backend: { kind: 'ray', name: 'lab', url: '' }, state, reason: 'R.' }).how;
    expect(['not started', 'failed'].map((state) => how(state as RunState))).toEqual(['error', 'error']);
    expect(['unknown', 'submitting', 'preparing'].map((state) => how(state as RunState))).toEqual(['warning', 'warning', 'warning']);
    expect(['pending', 'running'].map((state) => how(state as RunState))).toEqual(['information', 'information']);
    expect(launchedInWords({ title: 't', backend: { kind: 'ray', name: 'lab', url: '' }, state: 'unknown', reason: 'No answer.' }).said).toContain('never launched a second time by itself');
  });
});
