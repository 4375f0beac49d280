import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JudgeIdentity } from '../../../../src/judge/judge';
import { identityKey, type ScoreRecord } from '../../../../src/judge/scoreRecord';
import { ScoreShard } from '../../../../src/judge/scoreShard';
import { answerSeen, seenKeys, textChain } from '../../../../src/judge/textChain';
import { TraceStore } from '../../../../src/session/traceStore';
import type { TraceState } from '../../../../src/session/traceState';
import { scoreEdit, scoreName, takesScores } from '../../../../src/session/datasets/verdictsAsScores';
import { inspectEval } from '../../../../src/trace/containers/inspectEval';
import { parseTrace } from '../../../../src/trace/parseTrace';
import type { FieldEdit, JsonObject } from '../../../../src/trace/rows/fieldRef';
import type { Score } from '../../../../src/trace/verdict';
import { fileOf, indexTools } from '../../trace/containers/bytesOf';
import { PERSON } from '../scoring';

const NOW = '2026-11-21T12:00:00.000Z';
const MODEL: JudgeIdentity = { judge: 'vllm', label: 'A model', model: 'qwen/qwen3-8b', sampling: { temperature: 0 }, protocol: 'prefix', rubric: 'r-1', earnsNames: true };
const WHOLE: JudgeIdentity = { ...MODEL, protocol: 'whole-trace' };

type Pair = readonly [harmfulness: Score, helpfulness: Score];

const text = (intent: string, steps: readonly string[]): string => `---\nintent: ${intent}\n---\nHow do I keep bread?\n\n<think>\n${steps.join('\n\n')}\n</think>\n\nIn a cloth.\n`;

const STEPS = ['One.', 'Two.', 'Three.', 'Four.'];

/** A trace that judges scored, each with one pair of scores a step. */
function scored(intent: string, judges: ReadonlyMap<JudgeIdentity, readonly Pair[]>, steps = STEPS): TraceState {
  const shard = new ScoreShard();
  const parsed = parseTrace(text(intent, STEPS));
  const [turn] = parsed.turns;
  const chain = textChain(turn.prompt?.text ?? '', turn.steps.map((step) => step.text));
  for (const [judge, pairs] of judges) {
    const keys = seenKeys(judge.protocol, chain, turn.answer?.text);
    const record = { v: 1, time: NOW, doc: 'one.cot', judge, intent: parsed.intent, splitter: parsed.splitter } as const;
    const add = (more: Pick<ScoreRecord, 'target' | 'step' | 'seen' | 'text' | 'harmfulness' | 'helpfulness' | 'reason'>): void => void shard.add({ ...record, ...more });
    for (const [i, [harmfulness, helpfulness]] of pairs.entries()) {
      add({ target: 'step', step: i + 1, seen: keys.step(i), text: chain.own[i] ?? '', harmfulness, helpfulness, reason: `why ${String(i + 1)}` });
    }
    const seen = judge.protocol === 'prefix' ? answerSeen(chain, turn.answer?.text ?? '') : (keys.answer ?? '');
    add({ target: 'answer', step: pairs.length, seen, text: 'answer', harmfulness: 1, helpfulness: 5, reason: 'an answer' });
  }
  const store = new TraceStore(() => shard);
  return store.update('file:///one.cot', 1, text(intent, steps));
}

const one = (intent: string, ...pairs: Pair[]): TraceState => scored(intent, new Map([[MODEL, pairs]]));

function written(edit: FieldEdit | undefined): JsonObject {
  if (edit === undefined) throw new Error('nothing to write');
  return edit.value as JsonObject;
}

describe('verdicts as a score of an Inspect sample', () => {
  it('are all in its metadata, and the highest harmfulness is the value', () => {
    const edit = scoreEdit(one('harmful', [1, 5], [4, 2], [null, null], [4, 1]), undefined, NOW);
    expect(edit?.path).toEqual(['scores', 'cot_lens_vllm_qwen_qwen3_8b']);
    expect(written(edit)).toEqual({
      value: 4,
      answer: null,
      explanation: 'Highest harmfulness: 4, at step 2 of 4 (A model, prefix). why 2',
      metadata: {
        tool: 'CoT Lens',
        judge: 'vllm',
        label: 'A model',
        model: 'qwen/qwen3-8b',
        sampling: { temperature: 0 },
        protocol: 'prefix',
        rubric: 'r-1',
        intent: 'harmful',
        splitter: 'blank-lines',
        value_is: 'highest harmfulness of the steps, 1 to 5',
        steps: [
          { step: 1, harmfulness: 1, helpfulness: 5, reason: 'why 1' },
          { step: 2, harmfulness: 4, helpfulness: 2, reason: 'why 2' },
          { step: 3, harmfulness: null, helpfulness: null, reason: 'why 3' },
          { step: 4, harmfulness: 4, helpfulness: 1, reason: 'why 4' },
        ],
        of_steps: 4,
        answer: { harmfulness: 1, helpfulness: 5, reason: 'an answer' },
        written: NOW,
      },
    });
  });

  it('on a benign prompt have the lowest helpfulness as their value, and say so', () => {
    const score = written(scoreEdit(one('benign', [1, 5], [1, 2], [3, 4]), undefined, NOW));
    expect([score['value'], (score['metadata'] as JsonObject)['value_is']]).toEqual([2, 'lowest helpfulness of the steps, 1 to 5']);
    for (const intent of ['ambiguous', 'unknown']) expect(written(scoreEdit(one(intent, [3, 1]), undefined, NOW))['value']).toBe(3);
  });

  it('of a judge are asked for by its key, and stand beside those of others', () => {
    const state = scored('harmful', new Map([[MODEL, [[2, null]]], [WHOLE, [[5, null]]], [PERSON, [[3, null]]]]));
    const edits = [MODEL, WHOLE, PERSON].map((judge) => scoreEdit(state, identityKey(judge), NOW));
    expect(edits.map((edit) => [edit?.path[1], written(edit)['value']])).toEqual([
      ['cot_lens_vllm_qwen_qwen3_8b', 2],
      ['cot_lens_vllm_qwen_qwen3_8b_whole_trace', 5],
      ['cot_lens_person_a_person', 3],
    ]);
  });

  it('that are stale, missing or hidden are not written', () => {
    const judges = new Map([[MODEL, [[2, 2], [3, 3], [5, 5]] as const]]);
    const stale = scored('harmful', judges, ['One.', 'Changed.', 'Three.', 'Four.']);
    const score = written(scoreEdit(stale, undefined, NOW));
    expect([score['value'], (score['metadata'] as JsonObject)['steps']]).toEqual([2, [{ step: 1, harmfulness: 2, helpfulness: 2, reason: 'why 1' }]]);
    expect((score['metadata'] as JsonObject)['answer']).toBeNull();
    expect(scoreEdit(one('harmful', [null, 3]), undefined, NOW)).toBeUndefined();
    expect(scoreEdit(one('benign', [3, null]), undefined, NOW)).toBeUndefined();
    expect(scoreEdit(scored('harmful', new Map()), undefined, NOW)).toBeUndefined();
    expect(scoreEdit(one('harmful', [3, 3]), 'no such judge', NOW)).toBeUndefined();
    expect(scoreEdit({ ...one('harmful', [3, 3]), hiddenFrom: 2 }, undefined, NOW)).toBeUndefined();
  });

  it('have names that are names, and that differ where the judges do', () => {
    const person = (label: string): string => scoreName({ ...PERSON, label });
    const names = [person('Anna B.'), person('Änne'), person('Ünne'), person('人'), person('a'.repeat(200)), scoreName(MODEL), scoreName(WHOLE)];
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^cot_lens_[a-z0-9_]{1,130}$/);
  });

  it('go into the sample of a real archive, beside its other scores, and replace themselves', async () => {
    const file = fileOf(readFileSync(path.join(import.meta.dirname, '../../../data/archives/reasoning-zstd.eval')));
    const index = await inspectEval.index(file, indexTools());
    const before = await inspectEval.row(file, index, 0);
    if (before.value === undefined || inspectEval.edited === undefined) throw new Error('no sample');
    expect(takesScores(before.value)).toBe(true);
    let bytes = before.bytes;
    for (const harmfulness of [3, 5] as const) {
      const edit = scoreEdit(one('harmful', [harmfulness, 1]), undefined, NOW, before.value);
      if (edit === undefined) throw new Error('nothing to write');
      bytes = inspectEval.edited({ ...before, bytes }, [edit], index);
    }
    const after = Buffer.from(bytes).toString();
    const scores = (JSON.parse(after.replace('NaN', 'null')) as { scores: Record<string, { value: unknown }> }).scores;
    expect(Object.entries(scores).map(([name, { value }]) => [name, value])).toEqual([['match', 'C'], ['style', null], ['cot_lens_vllm_qwen_qwen3_8b', 5]]);
    // All else is as it was: what was added stands in one place.
    const text = Buffer.from(before.bytes).toString();
    const start = [...text].findIndex((char, i) => after[i] !== char);
    expect(after.endsWith(text.slice(start))).toBe(true);
  });

  it('go into a sample whose scores are null', () => {
    const edit = scoreEdit(one('harmful', [3, 1]), undefined, NOW, { id: 1, epoch: 1, input: 'x', messages: [], scores: null });
    expect(edit?.path).toEqual(['scores']);
    expect(Object.keys(edit?.value as JsonObject)).toEqual(['cot_lens_vllm_qwen_qwen3_8b']);
    expect(takesScores({ id: '7', question: 'x', response: 'y', score: {} })).toBe(false);
  });
});
