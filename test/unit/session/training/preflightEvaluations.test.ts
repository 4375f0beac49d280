import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkSet } from '../../../../src/curate/checks';
import { NEAR_DUPLICATE } from '../../../../src/curate/checks/setCheck';
import type { CuratedSample } from '../../../../src/curate/sample';
import type { PreflightCheck } from '../../../../src/session/training/preflight';
import { evaluationsCheck, readEvaluations } from '../../../../src/session/training/preflightEvaluations';
import { corrected } from '../../curate/exportSamples';
import { makeFolder, starRow } from '../datasets/setUp';

const signal = new AbortController().signal;
const ASKED = 'Which of the herbs in a small kitchen garden are hardy enough for a long and snowy winter outside?';

async function lookedAt(files: Readonly<Record<string, string>>, samples: readonly CuratedSample[], chosen = Object.keys(files)): Promise<PreflightCheck & { readonly shares: readonly number[] }> {
  const folder = makeFolder();
  for (const [name, text] of Object.entries(files)) folder.write(name, text);
  const shares: number[] = [];
  const read = await readEvaluations(folder.set(), new Map(chosen.map((name) => [name, path.join(folder.path, name)])), signal, (share) => shares.push(share));
  const findings = await checkSet(samples, { evaluationPrompts: read.prompts, nearDuplicate: NEAR_DUPLICATE }, signal);
  return { ...evaluationsCheck(read, findings, samples), shares };
}

describe('the evaluations in the pre-flight', () => {
  it('are said to be not looked at where none is chosen, with what to do', async () => {
    const { status, said } = await lookedAt({}, [corrected({ prompt: ASKED })]);
    expect(status).toBe('open');
    expect(said).toMatch(/^Not checked whether samples hold what an evaluation asks: none is chosen\..*“Choose Evaluations…”.*“Check Set”/);
  });

  it('are looked for in the samples: how many hold their words, and which', async () => {
    const samples = [corrected({ id: 'own', prompt: 'How do bees find their way home?' }), corrected({ id: 'same', prompt: ASKED }), corrected({ id: 'quoted', answer: `You asked which ${ASKED.slice(9, 75)} they are.` })];
    const { status, said, shares } = await lookedAt({ 'probes.jsonl': starRow('1', ASKED), 'others.jsonl': starRow('1', 'What is the capital of a country that has none?') }, samples);
    expect(status).toBe('warning');
    expect(said).toMatch(/^2 samples hold words that probes\.jsonl, others\.jsonl ask, 1 of them most of a prompt: same, quoted\. .*“Check Set” shows which prompts/);
    expect(shares).toEqual([0, 0.5]);
  });

  it('pass a set that holds nothing of them, and name no more than ten samples', async () => {
    const probes = starRow('1', ASKED);
    expect(await lookedAt({ 'probes.jsonl': probes }, [corrected()])).toMatchObject({ status: 'ok', said: 'No sample holds what probes.jsonl asks.' });
    const many = Array.from({ length: 12 }, (_, i) => corrected({ id: `s${String(i)}`, prompt: `${ASKED} ${String(i)}` }));
    expect((await lookedAt({ 'probes.jsonl': probes }, many)).said).toContain('12 samples hold words that probes.jsonl asks, 12 of them most of a prompt: s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, and 2 more.');
  });

  it('that cannot be read, or not in full, are said, and the others looked for all the same', async () => {
    const files = { 'probes.jsonl': [starRow('1', ASKED), starRow('2', ' ')].join('\n'), 'none.jsonl': '{"a":1}\n' };
    const { status, said } = await lookedAt(files, [corrected({ id: 'same', prompt: ASKED })], ['gone.jsonl', 'none.jsonl', 'probes.jsonl']);
    expect(status).toBe('warning');
    expect(said).toMatch(/^1 sample holds words that probes\.jsonl asks/);
    expect(said).toMatch(/Not compared with gone\.jsonl: gone\.jsonl is not there any more.*\. Not compared with none\.jsonl: No prompt was found in .*\. Not compared with 1 row of probes\.jsonl, in which no prompt was found\.$/);
    expect(await lookedAt({}, [corrected()], ['gone.jsonl'])).toMatchObject({ status: 'warning', said: expect.stringMatching(/^Not compared with gone\.jsonl: /) as string });
  });

  it('end with the reason where the look is cancelled', async () => {
    const folder = makeFolder();
    const file = folder.write('probes.jsonl', starRow('1', ASKED));
    await expect(readEvaluations(folder.set(), new Map([['probes.jsonl', file]]), AbortSignal.abort(new Error('enough')), () => undefined)).rejects.toThrow('enough');
  });
});
