import type { RunOnPage } from '../../src/curve/runsPageModel';
import type { RunAct } from './messages';

/** The buttons of a run as it is now, in their order. */
export function runActs({ state, lookable, model }: Pick<RunOnPage, 'state' | 'lookable' | 'model'>): readonly (readonly [act: RunAct, label: string])[] {
  // What its backend may not have cannot be asked for its end, nor what was asked for it.
  const stoppable = state === 'pending' || state === 'running' || state === 'paused';
  return [
    ['log', 'Show Log'],
    ...(stoppable ? ([['stop', 'Stop Run…']] as const) : []),
    ...(lookable ? ([['look', 'Look Now']] as const) : []),
    ['recipe', 'Open Recipe'],
    ['set', 'Open Set'],
    ...(model === null ? [] : ([['copyModel', state === 'succeeded' ? 'Copy Model’s Place' : 'Copy Output’s Place']] as const)),
    ['relaunch', 'Relaunch with Changes…'],
  ];
}
