import type { TrainingFormat } from '../../curate/formats/trainingFormat';
import type { ReadRecipe, AnyRecipe } from '../../train/anyRecipe';
import type { Shipment } from '../../train/backends/backend';
import { LARGEST_PACKAGE, rayPackage } from '../../train/backends/ray/rayPackage';
import { ROWS_FILE } from '../../train/rowsFile';
import type { RunPlan } from '../../train/runs/run';
import { isWrong, type TrainingJob } from '../../train/trainingRecipe';
import type { ExportedFile, SetToExport } from '../exportSet';
import type { PackageSize } from './preflight';
import { runId } from './runId';

/** All that was chosen for a run. */
export interface LaunchChoice {
  readonly set: SetToExport;
  /** Of the set's file, from the workspace folder. */
  readonly setPath: string;
  readonly backend: RunPlan['backend'];
  readonly recipe: AnyRecipe;
  readonly read: ReadRecipe;
  readonly format: TrainingFormat;
  readonly ablation: boolean;
  readonly exported: ExportedFile;
  /** What stands in the file, or in this record alone where its rows cannot hold it. */
  readonly canary: string;
  /** Where the cluster reads the rows, where they do not travel in the package. */
  readonly at: string | undefined;
  readonly versions: Readonly<Record<string, string>>;
}

/** What is kept of a run, and what leaves the machine for it. */
export interface PreparedLaunch {
  readonly plan: RunPlan;
  readonly shipment: Shipment;
}

/** Makes a run of what was chosen; nothing is written or sent. @throws Error in words where the recipe's values contradict each other */
export function prepareLaunch({ set, setPath, backend, recipe, read, format, ablation, exported, canary, at, versions }: LaunchChoice, now: Date): PreparedLaunch {
  const job = read.job(at ?? ROWS_FILE);
  const found = read.arithmetic(exported.rows);
  if (isWrong(found)) throw new Error(found.wrong);
  const { tokens } = exported;
  const plan: RunPlan = {
    id: runId(recipe.name, now),
    title: `${set.name} · ${recipe.short}`,
    backend,
    set: { path: setPath, name: set.name, sha256: set.sha256 },
    file: { format: format.name, rows: exported.rows, sha256: exported.sha256, ablation, canary, ablations: exported.ablations, ...(at === undefined ? {} : { at }) },
    recipe: recipe.name,
    values: read.values,
    expected: {
      ...(found.optimiserSteps === undefined ? {} : { optimiserSteps: found.optimiserSteps }),
      ...(tokens === undefined || typeof tokens === 'string' ? {} : { trainedTokens: tokens.trained }),
    },
    versions,
    created: now.toISOString(),
  };
  return { plan, shipment: { rows: at === undefined ? new TextEncoder().encode(exported.text) : undefined, job } };
}

/** What is sent where the rows alone are: no model, no trainer. */
export function rowsAlone(kind: 'ray' | 'openai'): TrainingJob {
  return kind === 'ray' ? { kind: 'trainer', files: {}, entrypoint: '', environment: {}, outputDir: '' } : { kind: 'fine-tuning', model: '', body: {} };
}

/** Above this share of the limit a package is packed to see how large it is; below, what is in it is. Zip adds some hundred bytes a file. Ours. */
const SURELY = 0.95;

/** How large a run's package is, where it is one. @param limit bytes that the backend takes @throws the signal's reason */
export async function packageSize({ rows, job }: Shipment, signal: AbortSignal, limit = LARGEST_PACKAGE): Promise<PackageSize | undefined> {
  if (job.kind !== 'trainer') return undefined;
  const encoder = new TextEncoder();
  const files: Record<string, Uint8Array> = { ...Object.fromEntries(Object.entries(job.files).map(([name, text]) => [name, encoder.encode(text)])), ...(rows === undefined ? {} : { [ROWS_FILE]: rows }) };
  const most = Object.values(files).reduce((sum, { length }) => sum + length, 0);
  if (most <= SURELY * limit) return { bytes: most, atMost: true, limit };
  return { bytes: (await rayPackage(files, signal)).bytes.length, atMost: false, limit };
}
