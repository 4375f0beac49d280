import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { MetricLines } from '../../src/train/logs/metricLines';
import type { RunEvent, RunPlan } from '../../src/train/runs/run';

/** A run's plan, on a cluster that the settings do not have unless a test gives its address. */
export function writtenPlan(id: string, more: Partial<RunPlan> = {}): RunPlan {
  return {
    ...{ id, title: 'kitchen · AdvChain SFT', backend: { kind: 'ray', name: 'elsewhere', url: 'http://127.0.0.1:9' } },
    set: { path: 'sets/kitchen.curated.jsonl', name: 'kitchen', sha256: 'ab'.repeat(32) },
    file: { format: 'trl-messages', rows: 1000, sha256: 'cd'.repeat(32), ablation: false },
    ...{ recipe: 'advchain-sft', values: { recipe: 'advchain-sft', model: 'tiny-model', learningRate: 1e-4, epochs: 5, outputDir: '/shared/out/kitchen' } },
    ...{ expected: { optimiserSteps: 40 }, versions: { cotLens: '0.0.0' }, created: new Date().toISOString() },
    ...more,
  };
}

/** Writes the files of runs as another window would: whole lines, appended. */
export class WrittenRuns {
  private readonly folder: string;
  private readonly logs = new Map<string, { next: number; readonly lines: MetricLines }>();

  constructor(workspace: string) {
    this.folder = path.join(workspace, '.cotlens/runs');
    mkdirSync(this.folder, { recursive: true });
  }

  add(plan: RunPlan, ...events: readonly Partial<RunEvent>[]): void {
    writeFileSync(path.join(this.folder, `${plan.id}.run.jsonl`), `${JSON.stringify({ plan })}\n`);
    this.note(plan.id, ...events);
  }

  note(id: string, ...events: readonly Partial<RunEvent>[]): void {
    for (const event of events) appendFileSync(path.join(this.folder, `${id}.run.jsonl`), `${JSON.stringify({ at: new Date().toISOString(), ...event })}\n`);
  }

  /** @param at when it was read, ISO 8601 */
  log(id: string, text: string, at = new Date().toISOString()): void {
    const log = this.logs.get(id) ?? { next: 0, lines: new MetricLines() };
    this.logs.set(id, log);
    const from = log.next;
    log.next += text.length;
    appendFileSync(path.join(this.folder, `${id}.log.jsonl`), `${JSON.stringify({ at, from, next: log.next, text, metrics: log.lines.read(text) })}\n`);
  }
}

/** A line as TRL writes it. */
export function trlLine(values: Readonly<Record<string, number>>): string {
  return `{${Object.entries(values).map(([name, value]) => `'${name}': '${String(value)}'`).join(', ')}}\n`;
}

/** The lines of these steps: a loss that falls with some noise, and a learning rate that rises to its peak over 5 % of them and falls along a cosine. */
export function sftLines(from: number, to: number, of = 40, shift = 0, peak = 1e-4): string {
  const warmup = of / 20;
  return Array.from({ length: to - from + 1 }, (_, i) => {
    const step = from + i;
    const loss = 1.2 + shift + 2.6 * Math.exp((-3 * step) / of) + 0.12 * Math.sin(step * 2.7 + shift);
    return trlLine({ loss: Number(loss.toFixed(4)), grad_norm: Number((2 + Math.cos(step)).toFixed(3)), learning_rate: Number((peak * (step <= warmup ? step / warmup : (1 + Math.cos((Math.PI * (step - warmup)) / (of - warmup))) / 2)).toExponential(4)), epoch: Number(((step / of) * 5).toFixed(3)) });
  }).join('');
}
