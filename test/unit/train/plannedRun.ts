import { createHash } from 'node:crypto';
import type { Shipment } from '../../../src/train/backends/backend';
import type { RunPlan } from '../../../src/train/runs/run';

/** Rows of a training file, without anything that could do harm. */
export const ROWS = new TextEncoder().encode(Array.from({ length: 20 }, (_, i) => `${JSON.stringify({ messages: [{ role: 'user', content: `Wie viel ist ${String(i)} + 1? 🧮` }, { role: 'assistant', content: `<think>\nHm.\n</think>\n\n${String(i + 1)}` }] })}\n`).join(''));

export function planOf(id: string, more: Partial<RunPlan> = {}): RunPlan {
  return {
    id,
    title: 'A run of the tests',
    backend: { kind: 'ray', name: 'the cluster', url: 'http://127.0.0.1:8265' },
    set: { path: 'sets/garden.curated.jsonl', name: 'garden', sha256: 'ab'.repeat(32) },
    file: { format: 'trl-messages', rows: 20, sha256: createHash('sha256').update(ROWS).digest('hex'), ablation: false },
    recipe: 'advchain-sft',
    values: { recipe: 'advchain-sft', model: 'tiny', outputDir: '/shared/out/garden' },
    expected: { optimiserSteps: 5 },
    versions: { 'cot-lens': '0.0.0' },
    created: '2026-11-21T12:00:00.000Z',
    ...more,
  };
}

export const SHIPMENT: Shipment = {
  rows: ROWS,
  job: { kind: 'trainer', files: { 'sft.yaml': 'seed: 42\nnote: "ü"\n' }, entrypoint: 'trl sft --config sft.yaml', environment: { PYTHONUNBUFFERED: '1' }, outputDir: '/shared/out/garden' },
};
