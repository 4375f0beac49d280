import { BackendFault, type Artifact, type Backend, type BackendCheck, type LaunchOutcome, type LogPart, type MayAsk, type PlannedRequest, type Pushed, type RunName, type RunSeen, type Shipment } from '../train/backends/backend';
import type { RunPlan } from '../train/runs/run';
import type { TrainingJob } from '../train/trainingRecipe';

/**
 * A backend to which nothing is sent from a workspace that is not trusted, whoever asks. What a person starts is refused before, with an
 * offer to manage trust; this is the last door.
 */
export function trustedBackend(backend: Backend, isTrusted: () => boolean): Backend {
  const refusal = `Nothing was sent to ${backend.url}: this workspace is not trusted. Trust it with “Workspaces: Manage Workspace Trust”, then do this again.`;
  const door = <T>(go: () => Promise<T>): Promise<T> => (isTrusted() ? go() : Promise.reject(new BackendFault('refused', refusal)));
  return {
    kind: backend.kind,
    name: backend.name,
    url: backend.url,
    launchesOnce: backend.launchesOnce,
    check: (signal: AbortSignal, model?: string): Promise<BackendCheck> => door(() => backend.check(signal, model)),
    // Sends nothing.
    planned: (plan: RunPlan, shipment: Shipment, signal: AbortSignal): Promise<readonly PlannedRequest[]> => backend.planned(plan, shipment, signal),
    push: (plan: RunPlan, shipment: Shipment, signal: AbortSignal, progress: (share: number) => void): Promise<Pushed> => door(() => backend.push(plan, shipment, signal, progress)),
    launch: (plan: RunPlan, job: TrainingJob, pushed: Pushed, signal: AbortSignal): Promise<LaunchOutcome> =>
      isTrusted() ? backend.launch(plan, job, pushed, signal) : Promise.resolve({ kind: 'refused', reason: refusal }),
    see: (run: RunName, signal: AbortSignal, may?: MayAsk): Promise<RunSeen> => (isTrusted() ? backend.see(run, signal, may) : Promise.resolve({ kind: 'unreachable', reason: refusal })),
    seeAll: (runs: readonly RunName[], may: MayAsk, signal: AbortSignal): Promise<ReadonlyMap<string, RunSeen>> =>
      isTrusted() ? backend.seeAll(runs, may, signal) : Promise.resolve(new Map(runs.map(({ id }) => [id, { kind: 'unreachable', reason: refusal }]))),
    stop: (run: RunName, signal: AbortSignal): Promise<void> => door(() => backend.stop(run, signal)),
    ...(backend.pause === undefined ? {} : { pause: (run: RunName, signal: AbortSignal): Promise<void> => door(async () => backend.pause?.(run, signal)) }),
    ...(backend.resume === undefined ? {} : { resume: (run: RunName, signal: AbortSignal): Promise<void> => door(async () => backend.resume?.(run, signal)) }),
    log: (run: RunName, from: number, signal: AbortSignal, may?: MayAsk): Promise<LogPart> => door(() => backend.log(run, from, signal, may)),
    artifacts: (run: RunName, signal: AbortSignal, may?: MayAsk): Promise<readonly Artifact[]> => door(() => backend.artifacts(run, signal, may)),
  };
}
