import type { Logger } from '../../../../src/trace/logger';
import type { RunPlan } from '../../../../src/train/runs/run';

export function planOf(id: string, over: Partial<RunPlan> = {}): RunPlan {
  return {
    id,
    title: `AdvChain SFT on shed (${id})`,
    backend: { kind: 'ray', name: 'cluster', url: 'http://ray.invalid:8265' },
    set: { path: 'shed.curated.jsonl', name: 'shed', sha256: 'aabbccddeeff00112233' },
    file: { format: 'trl-messages', rows: 1000, sha256: '0011', ablation: false },
    recipe: 'advchain-sft',
    values: { recipe: 'advchain-sft', outputDir: '/shared/out/shed', seed: 42 },
    expected: { optimiserSteps: 40 },
    versions: { cotLens: '0.5.0' },
    created: '2026-11-21T10:00:00.000Z',
    ...over,
  };
}

/** Keeps what was logged. */
export interface Heard extends Logger {
  readonly said: string[];
}

export function heard(): Heard {
  const said: string[] = [];
  const of = (kind: string) => (message: string): void => {
    said.push(`${kind}: ${message}`);
  };
  return { said, info: of('info'), warn: of('warn'), error: of('error') };
}
