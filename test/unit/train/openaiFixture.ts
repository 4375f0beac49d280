import { createHash } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { MayAsk, RunName, Shipment } from '../../../src/train/backends/backend';
import { OpenAiBackend, type OpenAiBackendOptions } from '../../../src/train/backends/openai/openAiBackend';
import { trainingRecipe } from '../../../src/train/recipes';
import type { RunPlan } from '../../../src/train/runs/run';
import { startFakeFineTuning, type FakeFineTuning, type FakeFineTuningOptions } from '../../harness/fakeFineTuning';

export const KEY = 'sk-secret"7f3a\\9c2e51d0b864';
export const CREATED = '2026-01-01T00:00:00.000Z';
export const NEVER = new AbortController().signal;
export const MAY: MayAsk = { take: () => true };

/** Lets so many requests be made, and counts them. */
export function counted(most: number): MayAsk & { readonly taken: number; left: number } {
  let taken = 0;
  return {
    left: most,
    get taken() {
      return taken;
    },
    take() {
      if (this.left === 0) return false;
      this.left--;
      taken++;
      return true;
    },
  };
}

/** Stopped when the test is over. */
export async function serve(options?: FakeFineTuningOptions): Promise<FakeFineTuning> {
  const server = await startFakeFineTuning(options);
  onTestFinished(() => server.stop());
  return server;
}

export function backendAt({ url }: Pick<FakeFineTuning, 'url'>, options: Partial<OpenAiBackendOptions> = {}): OpenAiBackend {
  return new OpenAiBackend({ name: 'the fake', url, key: KEY, ...options });
}

export const ROWS = Buffer.from(Array.from({ length: 20 }, (_, i) => `${JSON.stringify({ messages: [{ role: 'user', content: `question ${String(i)}` }, { role: 'assistant', content: '<think>\none\n</think>\ntwo' }] })}\n`).join(''));

export function planOf(id = 'advchain-fine-tuning-api-20260101-000000-abc123', values: Record<string, unknown> = {}): { readonly plan: RunPlan; readonly shipment: Shipment } {
  const read = trainingRecipe('advchain-fine-tuning-api')?.read({ recipe: 'advchain-fine-tuning-api', model: 'base-model', ...values });
  if (read === undefined || 'faults' in read) throw new Error(`The values are wrong: ${JSON.stringify(read)}`);
  const sha256 = createHash('sha256').update(ROWS).digest('hex');
  const plan: RunPlan = {
    id,
    title: 'a run',
    backend: { kind: 'openai', name: 'the fake', url: 'http://127.0.0.1/v1' },
    set: { path: 'set.jsonl', name: 'set', sha256: 'ab'.repeat(32) },
    file: { format: 'openai-chat', rows: 20, sha256, ablation: false },
    recipe: 'advchain-fine-tuning-api',
    values: read.values,
    expected: {},
    versions: {},
    created: CREATED,
  };
  return { plan, shipment: { rows: ROWS, job: read.job('train.jsonl') } };
}

export function runName(id: string, job?: string): RunName {
  return { id, job, created: CREATED, values: { model: 'base-model' } };
}

/** The error's words. */
export async function wordsOf(work: Promise<unknown>): Promise<{ readonly kind: unknown; readonly message: string }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error) return { kind: (error as { kind?: unknown }).kind, message: error.message };
  }
  throw new Error('It went well, and should not have.');
}

export const nothing = (): void => undefined;
