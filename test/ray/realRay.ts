import { setTimeout as pause } from 'node:timers/promises';
import { RayBackend } from '../../src/train/backends/ray/rayBackend';
import { isWrong } from '../../src/train/trainingRecipe';
import { MetricLines, type MetricLine } from '../../src/train/logs/metricLines';
import { trainingRecipe } from '../../src/train/recipes';
import { ROWS_FILE } from '../../src/train/rowsFile';
import { launchOnce } from '../../src/train/runs/launchOnce';
import { hasEnded, withEvent, runOf, type Run, type RunPlan } from '../../src/train/runs/run';
import type { ExportedFile } from '../../src/session/exportSet';
import { versionsFromLog } from '../../src/session/training/followRunsNews';

/** A cluster with TRL and a tiny model, named by the environment. */
export interface RealRay {
  readonly url: string;
  readonly model: string;
  readonly bin: string;
}

export function realRay(): RealRay | undefined {
  const { COT_LENS_RAY_URL: url, COT_LENS_RAY_MODEL: model, COT_LENS_RAY_BIN: bin } = process.env;
  return url === undefined || model === undefined || bin === undefined ? undefined : { url, model, bin };
}

export const NO_RAY = 'skipped: no Ray cluster (COT_LENS_RAY_URL, COT_LENS_RAY_MODEL and COT_LENS_RAY_BIN are not set)';

export function backendOf({ url, bin }: RealRay): RayBackend {
  return new RayBackend({ name: 'real Ray', url, path: bin, environment: { HF_HUB_OFFLINE: '1' } });
}

let count = 0;

export interface Started {
  readonly backend: RayBackend;
  readonly run: () => Run;
  /** Asks until this holds, and reads the log along. @throws Error where the run ends otherwise, or it lasts nine minutes */
  until(holds: (run: Run, lines: readonly MetricLine[]) => boolean): Promise<Run>;
  readonly log: () => string;
  readonly metrics: () => readonly MetricLine[];
}

/** Launches an exported file by a recipe as the extension does. */
export async function start(ray: RealRay, recipeName: string, values: object, exported: Pick<ExportedFile, 'text' | 'rows' | 'sha256'>): Promise<Started> {
  const recipe = trainingRecipe(recipeName)?.read({ recipe: recipeName, ...values });
  if (recipe === undefined || 'faults' in recipe) throw new Error(recipe?.faults.join('\n') ?? `No recipe ${recipeName}`);
  const come = recipe.arithmetic(exported.rows);
  if (isWrong(come)) throw new Error(come.wrong);
  const backend = backendOf(ray);
  const plan: RunPlan = {
    id: `test-${recipeName}-${String(Date.now())}-${String(count++)}`,
    title: 'A test',
    backend: { kind: 'ray', name: 'real Ray', url: ray.url },
    set: { path: 'test.curated.jsonl', name: 'test', sha256: '0' },
    file: { format: 'trl-messages', rows: exported.rows, sha256: exported.sha256, ablation: false },
    recipe: recipeName,
    values: recipe.values,
    expected: come.optimiserSteps === undefined ? {} : { optimiserSteps: come.optimiserSteps },
    versions: { cotLens: '0.0.0' },
    created: new Date().toISOString(),
  };
  let run = runOf(plan, []);
  const note = (_id: string, event: object): Promise<void> => {
    run = withEvent(run, { at: new Date().toISOString(), ...event });
    return Promise.resolve();
  };
  const never = new AbortController().signal;
  const shipment = { rows: new TextEncoder().encode(exported.text), job: recipe.job(ROWS_FILE) };
  await launchOnce(plan, shipment, backend, { note }, { signal: never, progress: () => undefined, wait: (ms) => pause(ms) });
  const lines = new MetricLines();
  let [log, next]: [string, number] = ['', 0];
  const metrics: MetricLine[] = [];
  const look = async (): Promise<void> => {
    const seen = await backend.see(run, never);
    if (seen.kind === 'seen') await note(run.id, { state: seen.state, reason: seen.reason, started: seen.started, ended: seen.ended });
    if (run.state === 'pending') return;
    const part = await backend.log(run, next, never);
    next = part.next;
    const versions = versionsFromLog(run, log, part.text);
    if (versions !== undefined) await note(run.id, versions);
    log += part.text;
    metrics.push(...lines.read(part.text));
  };
  return {
    backend,
    run: () => run,
    log: () => log,
    metrics: () => metrics,
    async until(holds) {
      for (let tries = 0; tries < 1080; tries++) {
        await look();
        if (holds(run, metrics)) return run;
        if (hasEnded(run.state)) throw new Error(`The run is ${run.state}: ${run.reason ?? ''}\n${log.slice(-3000)}`);
        await pause(500);
      }
      throw new Error(`The run is still ${run.state}.\n${log.slice(-3000)}`);
    },
  };
}
