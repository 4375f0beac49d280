import type { RunOnPage, RunsPageModel } from '../../src/curve/runsPageModel';
import { groupLetter } from '../means/groupStyles';
import { number } from './number';

/** Series that have a name of ours; others keep their trainer's. */
const TITLES: Readonly<Record<string, string>> = {
  loss: 'Loss',
  eval_loss: 'Loss on held-out rows',
  reward: 'Reward',
  learning_rate: 'Learning rate',
  grad_norm: 'Gradient norm',
  epoch: 'Epoch',
};

export function seriesTitle(name: string): string {
  return Object.hasOwn(TITLES, name) ? (TITLES[name] ?? name) : name;
}

/** All series of the runs: what training is about first, then the learning rate, then the rest by name. */
export function allSeries({ runs }: Pick<RunsPageModel, 'runs'>): readonly string[] {
  const first = ['reward', 'loss', 'learning_rate'];
  const rank = (name: string): number => (first.includes(name) ? first.indexOf(name) : first.length);
  return [...new Set(runs.flatMap(({ series }) => Object.keys(series)))].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** What is shown where nobody chose: the reward, else the loss, and the learning rate. */
export function defaultSeries(all: readonly string[]): readonly string[] {
  const aim = ['reward', 'loss', 'train_loss', 'eval_loss'].find((name) => all.includes(name)) ?? all.find((name) => name !== 'learning_rate');
  return [...(aim === undefined ? [] : [aim]), ...(all.includes('learning_rate') ? ['learning_rate'] : [])];
}

/** `45 s`, `12 min`, `3 h 5 min`, `2 d 4 h`. */
export function durationInWords(seconds: number): string {
  const both = (large: number, unit: string, small: number, of: string): string => `${String(large)} ${unit}${small === 0 ? '' : ` ${String(small)} ${of}`}`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${String(whole)} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${String(minutes)} min`;
  if (minutes < 24 * 60) return both(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return both(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** A run's title; where several are shown with its letter, since one that was launched again has the title of the one before. */
export function nameInWords(run: number, title: string, several: boolean): string {
  return several ? `${groupLetter(run)}: ${title}` : title;
}

/** What became of the runs, for who cannot see it: each with its state, and why. */
export function statesInWords({ runs }: Pick<RunsPageModel, 'runs'>): string {
  return runs.map(({ title, stateInWords, reason, hint }, i) => sentences([`${nameInWords(i, title, runs.length > 1)}: ${stateInWords}`, reason, hint].filter((part) => part !== null))).join(' ');
}

/** What tells a run from others of the same title: `tiny-model, launched 2026-11-21 10:00:00 UTC` */
export function launchInWords({ from, created }: Pick<RunOnPage, 'from' | 'created'>): string {
  return `${from === null ? '' : `${from}, `}launched ${created.slice(0, 19).replace('T', ' ')} UTC`;
}

/** Sentences after one another, each with its stop. */
export function sentences(parts: readonly string[]): string {
  return parts.map((part) => (/[.!?…]["”’)]?$/.test(part) ? part : `${part}.`)).join(' ');
}

/** `running · step 12 of 40 · 3 min · about 7 min left` */
export function runLine({ stateInWords, step, expected, elapsed, remaining }: RunOnPage): string {
  const of = expected === null ? '' : ` of ${expected.toLocaleString('en-US')}`;
  return [
    stateInWords,
    ...(step === null ? [] : [`step ${step.toLocaleString('en-US')}${of}`]),
    ...(elapsed === null ? [] : [durationInWords(elapsed)]),
    ...(remaining === null ? [] : [`about ${durationInWords(remaining)} left`]),
  ].join(' · ');
}

/** The last number of each shown series: `loss 2.31 · learning rate 8e−5`. */
export function lastInWords({ last }: RunOnPage, shown: readonly string[]): string {
  return shown.flatMap((name) => (Object.hasOwn(last, name) ? [`${seriesTitle(name).toLowerCase()} ${number(last[name] ?? 0)}`] : [])).join(' · ');
}

/** What the drawing shows, in a sentence a run, for who cannot see it. */
export function chartInWords({ runs }: RunsPageModel, shown: readonly string[]): string {
  const lines = runs.flatMap(({ title, series }, run) =>
    shown.flatMap((name) => {
      const points = Object.hasOwn(series, name) ? (series[name] ?? []) : [];
      const [first, last] = [points[0], points.at(-1)];
      if (first === undefined || last === undefined) return [];
      const values = points.map(([, value]) => value);
      const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
      return [`${runs.length > 1 ? `${groupLetter(run)}, ` : ''}${title}: ${seriesTitle(name).toLowerCase()} from ${number(first[1])} at step ${String(first[0])} to ${number(last[1])} at step ${String(last[0])}, lowest ${number(low)}, highest ${number(high)}`];
    }),
  );
  return lines.length === 0 ? 'No numbers yet.' : `${lines.join('. ')}.`;
}
