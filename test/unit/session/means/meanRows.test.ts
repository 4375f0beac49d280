import { describe, expect, it } from 'vitest';
import { ScoreShard } from '../../../../src/judge/scoreShard';
import { answerSeen, textChain } from '../../../../src/judge/textChain';
import { identityKey, type ScoreRecord } from '../../../../src/judge/scoreRecord';
import type { Dataset, DatasetRow } from '../../../../src/session/datasets/dataset';
import { answerTextHash } from '../../../../src/session/joinVerdicts';
import { meanRows } from '../../../../src/session/means/meanRows';
import { DEFAULT_OPTIONS } from '../../../../src/session/traceStore';
import type { RowTrace } from '../../../../src/trace/rows/rowTrace';
import { stepHash } from '../../../../src/trace/stepHash';
import type { Score } from '../../../../src/trace/verdict';
import { MODEL } from './meanTraces';

const STEPS = ['Flour.', 'Salt.'];
const text = (ordinal: number): string =>
  `---\nintent: benign\nsource: kitchen\ninjected:\n  - { step: "${stepHash('Salt.')}", role: error }\n---\nBake ${String(ordinal)}.\n\n<think>\n${STEPS.join('\n\n')}\n</think>\n\nBread.`;

function records(ordinal: number, scores: readonly Score[], answer?: Score): ScoreShard {
  const chain = textChain(`Bake ${String(ordinal)}.`, STEPS);
  const shard = new ScoreShard();
  const add = (target: 'step' | 'answer', step: number, seen: string, hash: string, harmfulness: Score): void => {
    const record: ScoreRecord = {
      ...{ v: 1, time: '2026-01-01T00:00:00.000Z', doc: 'd', target, step, seen, text: hash, judge: MODEL },
      ...{ intent: 'benign', splitter: 'blank-lines', harmfulness, helpfulness: null, reason: '' },
    };
    shard.add(record);
  };
  for (const [i, score] of scores.entries()) add('step', i + 1, chain.seen[i] ?? '', chain.own[i] ?? '', score);
  if (answer !== undefined) add('answer', 2, answerSeen(chain, 'Bread.'), answerTextHash('Bread.'), answer);
  return shard;
}

const variants: Readonly<Record<number, readonly (string | undefined)[]>> = { 2: ['chosen', 'rejected'] };
const dataset = {
  path: '/data/set.jsonl',
  count: 4,
  find: (key: string) => Promise.resolve(key === 'gone' ? undefined : Number(key.replace('k', ''))),
  row: (ordinal: number) =>
    Promise.resolve({ ordinal, key: `k${String(ordinal)}`, traces: (variants[ordinal] ?? [undefined]).map((variant) => ({ variant }) as Partial<RowTrace> as RowTrace) } as Partial<DatasetRow> as DatasetRow),
  text: (ordinal: number) => Promise.resolve({ ordinal, key: '', variant: undefined, text: text(ordinal), hash: '', readOnly: undefined }),
} as Partial<Dataset> as Dataset;

describe('the scored traces of a dataset', () => {
  it('are read from score files alone, in file order, with what tells them apart; what is gone, stale or not wanted is left out', async () => {
    const file = (key: string, shard: ScoreShard, variant?: string): { key: string; variant: string | undefined; stamp: string; read: () => Promise<ScoreShard> } => ({ key, variant, stamp: '', read: () => Promise.resolve(shard) });
    const source = {
      list: () =>
        Promise.resolve([
          file('k3', records(3, [1, 2])),
          file('k2', records(2, [2, 2]), 'rejected'),
          file('k2', records(2, [2, 2]), 'of-yesterday'),
          file('k1', records(1, [3, 5], 4)),
          file('k0', records(7, [1, 1])),
          file('gone', records(0, [1, 1])),
        ]),
    };
    const tools = {
      ...{ file: 'set.jsonl', options: DEFAULT_OPTIONS, signal: new AbortController().signal },
      uriOf: ({ ordinal, variant }: { ordinal: number; variant: string | undefined }) => `row:${String(ordinal)}${variant ?? ''}`,
      progress: () => undefined,
    };
    const found = await meanRows(dataset, source, (ordinal) => (ordinal === 3 ? undefined : {}), tools);
    expect(found.map(({ uri, doc }) => [uri, doc])).toEqual([['row:1', 'set.jsonl row 2'], ['row:2rejected', 'set.jsonl row 3 (rejected)']]);
    expect(found[0]).toMatchObject({ file: 'set.jsonl', intent: 'benign', source: 'kitchen', model: undefined, steps: 2, ending: 'answered', injected: [1], injectedLost: 0, summary: false });
    expect(found[0]?.judges).toEqual([
      { key: identityKey(MODEL), identity: MODEL, scores: { harmfulness: [3, 5], helpfulness: [null, null] }, answer: { harmfulness: 4, helpfulness: null } },
    ]);
    const paired = await meanRows(dataset, source, (ordinal, trace) => (ordinal === 2 && trace === 1 ? { pair: { number: 5, side: 1 } } : undefined), tools);
    expect(paired.map(({ pair }) => pair)).toEqual([{ number: 5, side: 1 }]);
    await expect(meanRows(dataset, source, () => ({}), { ...tools, signal: AbortSignal.abort(new Error('ended')) })).rejects.toThrow('ended');
  });
});
