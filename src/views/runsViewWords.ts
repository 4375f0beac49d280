import type { RunOnPage } from '../curve/runsPageModel';
import { secondsInWords } from '../session/training/runInWords';
import { hasEnded, type Run } from '../train/runs/run';
import { countOf } from '../trace/countOf';

/** What the *Runs* view says; all of it plain text, not yet made safe for labels. */

/** May it be running? What can be asked for its end. */
export function isUnderWay({ state }: Pick<Run, 'state'>): boolean {
  return !hasEnded(state) && state !== 'preparing';
}

/** How many runs go on; nothing where none does. */
export function badgeOf(runs: readonly Pick<Run, 'state'>[]): { readonly value: number; readonly tooltip: string } | undefined {
  const value = runs.filter(isUnderWay).length;
  return value === 0 ? undefined : { value, tooltip: `${countOf(value, 'training run')} under way` };
}

/** `step 12 of 40`; nothing before the first. */
export function stepInWords({ step, expected }: Pick<RunOnPage, 'step' | 'expected'>): string {
  if (step === null) return '';
  return `step ${step.toLocaleString('en-US')}${expected === null ? '' : ` of ${expected.toLocaleString('en-US')}`}`;
}

/** The last reward, else the last loss. */
export function lastNumber({ last }: Pick<RunOnPage, 'last'>): string {
  for (const name of ['reward', 'loss', 'train_loss']) {
    if (Object.hasOwn(last, name)) return `${name === 'reward' ? 'reward' : 'loss'} ${String(Number((last[name] ?? 0).toPrecision(3))).replace('-', '−')}`;
  }
  return '';
}

/** What tells a run from others of the same title: `2026-11-21 10:00:00 UTC`. @param created ISO 8601 */
export function launchedAt({ created }: Pick<RunOnPage, 'created'>): string {
  return `${created.slice(0, 19).replace('T', ' ')} UTC`;
}

/** What stands behind a run's title in the tree: `running · step 12 of 40 · loss 2.31 · 3 min · launched 2026-11-21 10:00:00 UTC`. */
export function runWithLaunch(run: RunOnPage): string {
  return `${runInWords(run)} · launched ${launchedAt(run)}`;
}

/** How far a run is: `running · step 12 of 40 · loss 2.31 · 3 min`. */
export function runInWords(run: RunOnPage): string {
  return [run.stateInWords, stepInWords(run), lastNumber(run), run.elapsed === null ? '' : secondsInWords(run.elapsed)].filter((part) => part !== '').join(' · ');
}

/** Everything that is known of a run without opening it, a line each. */
export function runLines(run: RunOnPage, { set, backend }: Pick<Run, 'set' | 'backend'>): readonly string[] {
  return [
    run.title,
    runInWords(run),
    ...(run.remaining === null ? [] : [`About ${secondsInWords(run.remaining)} left, by the time that its steps took so far.`]),
    `Recipe: ${run.recipe}`,
    `Set: ${set.path}`,
    `Backend: ${backend.name}, ${backend.url}`,
    ...(run.from === null ? [] : [`Trained from: ${run.from}`]),
    ...(run.model === null ? [] : [`${run.state === 'succeeded' ? 'Model' : 'Output'}: ${run.model}`]),
    ...(run.reason === null ? [] : [`Why: ${run.reason}`]),
    ...(run.hint === null ? [] : [run.hint]),
    `Launched: ${launchedAt(run)}`,
  ];
}
