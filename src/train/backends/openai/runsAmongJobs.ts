import type { RunName } from '../backend';
import type { FineTuningJobTold } from './fineTuningReplies';

/** The field of a job's metadata that holds our run's id. */
export const RUN_MARK = 'cot_lens_run';
/** How far the server's clock may be off ours, in seconds; a day. Ours. */
const CLOCKS_APART = 86_400;

/**
 * Is this job that run? By the backend's name of it where that is known; else by the mark in its metadata; and where that is not there,
 * as on servers that keep no metadata or only their own, by a suffix that carries the run's id.
 */
export function isRun({ id, metadata, suffix, trainedModel }: FineTuningJobTold, run: RunName): boolean {
  if (run.job !== undefined) return id === run.job;
  const mark = metadata?.[RUN_MARK];
  if (mark !== undefined && mark !== null) return mark === run.id;
  return [suffix, trainedModel].some((name) => name?.includes(run.id) === true);
}

/** The job of a run among these. Should a gateway have asked twice for one, the earlier. */
export function jobOf(run: RunName, jobs: readonly FineTuningJobTold[]): FineTuningJobTold | undefined {
  return jobs.filter((job) => isRun(job, run)).reduce<FineTuningJobTold | undefined>((first, job) => (first === undefined || (job.created ?? 0) < (first.created ?? 0) ? job : first), undefined);
}

/**
 * Does the list lead to nothing older that could be one of these runs? Lists go from new to old; of one that does not, all is read.
 * @param page in the order it came
 */
export function isBefore(page: readonly FineTuningJobTold[], runs: readonly RunName[]): boolean {
  const times = page.map(({ created }) => created);
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined || first < last) return false;
  const earliest = Math.min(...runs.map(({ created }) => Date.parse(created) / 1000));
  return times.every((time) => time !== undefined && time < earliest - CLOCKS_APART);
}

/**
 * Jobs of which nobody can say whether one of them is this run: made at its time, of its model, on a server that keeps no metadata, and
 * not told apart by a suffix.
 */
export function doubtful(run: RunName, jobs: readonly FineTuningJobTold[]): readonly FineTuningJobTold[] {
  if (run.job !== undefined || jobs.some(({ metadata }) => metadata !== undefined)) return [];
  const from = Date.parse(run.created) / 1000 - CLOCKS_APART;
  const { model: asked } = (run.values ?? {}) as { readonly model?: unknown };
  return jobs.filter(({ created, model, suffix }) => (created === undefined || created >= from) && (model === undefined || typeof asked !== 'string' || model.startsWith(asked)) && suffix === undefined);
}
