import type { RunOnPage, RunsPageModel } from '../../curve/runsPageModel';
import { hasEnded, isLookable, type Run } from '../../train/runs/run';
import { compareRuns } from './compareRuns';
import type { RunLog } from './keptLog';
import { recipeInWords, stateInWords, versionsInWords } from './runInWords';
import { thinnedPoints } from './runsModelPoints';

/** A run with what was read of its log. */
export interface RunWithLog {
  readonly run: Run;
  readonly log: Pick<RunLog, 'metrics'>;
  /** What keeps it from being followed now (`RunFollower.troubleOf`). */
  readonly trouble?: string | undefined;
}

/** Names of numbers that a run may have: a log is others' text. Ours. */
const MOST_SERIES = 200;
const LONGEST_NAME = 200;
/** In this order, then the others by name. */
const FIRST = ['loss', 'reward', 'learning_rate', 'grad_norm'];
/** Nothing is said of the time left once an update takes so many times as long as those before: it may stand still. Ours. */
const STANDS_STILL = 10;

/** What the page shows of these runs, in their order; of two or more, what differs. */
export function runsModel(runs: readonly RunWithLog[], now: Date): RunsPageModel {
  return { runs: runs.map(({ run, log, trouble }) => runOnPage(run, log, now, trouble)), differences: runs.length < 2 ? [] : compareRuns(runs.map(({ run }) => run)) };
}

/** A run as lists and pages show it. @param trouble what keeps it from being followed now */
export function runOnPage(run: Run, { metrics }: Pick<RunLog, 'metrics'>, now: Date, trouble?: string): RunOnPage {
  const every = updatesPerLine(run);
  const all = new Map<string, Map<number, number>>();
  const last = new Map<string, number>();
  let step = 0;
  let numbers = false;
  for (const { step: line, values, last: isSummary } of metrics) {
    if (!isSummary) [step, numbers] = [line * every, true];
    for (const [name, value] of Object.entries(values)) {
      if (name.length > LONGEST_NAME || (!last.has(name) && last.size >= MOST_SERIES)) continue;
      last.set(name, value);
      if (isSummary) continue;
      let series = all.get(name);
      if (series === undefined) all.set(name, (series = new Map<number, number>()));
      series.set(line * every, value);
    }
  }
  const names = [...last.keys()].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const ended = hasEnded(run.state);
  return {
    id: run.id,
    title: run.title,
    state: run.state,
    stateInWords: stateInWords(run.state),
    recipe: recipeInWords(run.recipe),
    backend: run.backend.name,
    set: run.set.name,
    from: modelOf(run),
    created: run.created,
    elapsed: elapsedOf(run, now),
    remaining: remainingOf(run, metrics.filter((one) => !one.last), every, now),
    step: numbers ? step : null,
    expected: run.expected.optimiserSteps ?? null,
    series: Object.fromEntries(
      names.flatMap((name) => {
        const points = all.get(name);
        return points === undefined ? [] : [[name, thinnedPoints([...points].sort((a, b) => a[0] - b[0]))] as const];
      }),
    ),
    last: Object.fromEntries(names.map((name) => [name, last.get(name) ?? 0])),
    reason: ended ? (run.reason ?? null) : (trouble ?? run.reason ?? null),
    hint: run.hint ?? null,
    model: run.model ?? outputDirOf(run) ?? null,
    lookable: isLookable(run),
    versions: versionsInWords(run.versions),
  };
}

function rank(name: string): number {
  const at = FIRST.indexOf(name);
  return at === -1 ? FIRST.length : at;
}

/** A trainer writes its numbers after each update, unless the recipe says otherwise. */
function updatesPerLine({ values }: Run): number {
  const { trlSettings } = (values ?? {}) as { readonly trlSettings?: unknown };
  const { logging_steps: every } = (trlSettings ?? {}) as { readonly logging_steps?: unknown };
  return typeof every === 'number' && Number.isInteger(every) && every > 0 ? every : 1;
}

/** Only by the backend's word: what waits for its turn has not begun. */
function elapsedOf({ state, started, ended, heard }: Run, now: Date): number | null {
  if (started === undefined || state === 'pending') return null;
  // Of what ended without a word of when, what was heard last is the best there is.
  const until = hasEnded(state) ? Date.parse(ended ?? heard) : now.getTime();
  const seconds = (until - Date.parse(started)) / 1000;
  // The clocks of this machine and the backend's may differ.
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

/** By the mean time of the updates between the first and the last that were read at different times. */
function remainingOf({ state, expected: { optimiserSteps } }: Run, lines: readonly { readonly step: number; readonly at: string }[], every: number, now: Date): number | null {
  const [first, last] = [lines[0], lines.at(-1)];
  if (state !== 'running' || optimiserSteps === undefined || first === undefined || last === undefined) return null;
  // What was read at once says nothing of when it was written: of the first reading its last line counts.
  const begin = lines.findLast(({ at }) => at === first.at) ?? first;
  const [since, latest] = [Date.parse(begin.at), Date.parse(last.at)];
  const done = (last.step - begin.step) * every;
  const left = optimiserSteps - last.step * every;
  if (!(done > 0) || !(latest > since) || left < 0) return null;
  const each = (latest - since) / done;
  const waited = now.getTime() - latest;
  if (waited > STANDS_STILL * Math.max(each, 60_000)) return null;
  return Math.max(0, (left * each - Math.max(0, waited)) / 1000);
}

function modelOf({ values }: Run): string | null {
  const { model } = (values ?? {}) as { readonly model?: unknown };
  return typeof model === 'string' && model !== '' ? model : null;
}

/** The folder on the cluster that the run was told to write to; an API has none. */
export function outputDirOf({ values }: Pick<Run, 'values'>): string | undefined {
  const { outputDir } = (values ?? {}) as { readonly outputDir?: unknown };
  return typeof outputDir === 'string' && outputDir !== '' ? outputDir : undefined;
}
