import type { RunOnPage } from '../curve/runsPageModel';
import { secondsInWords } from '../session/training/runInWords';
import type { Run } from '../train/runs/run';

/** What is said of a run that has ended: `AdvChain SFT on my-set: succeeded after 12 min, 40 of 40 steps.` Plain text, not yet made safe. */
export function endInWords({ state, set }: Pick<Run, 'state' | 'set'>, { recipe, elapsed, step, expected, reason, hint }: RunOnPage): string {
  const steps = step === null ? '' : `, ${step.toLocaleString('en-US')}${expected === null ? '' : ` of ${expected.toLocaleString('en-US')}`} steps`;
  const said = `${recipe} on ${set.name}: ${ENDED[state] ?? state}${elapsed === null ? '' : ` after ${secondsInWords(elapsed)}`}${steps}.`;
  if (state === 'succeeded' || state === 'stopped') return said;
  return [said, ...[reason, hint].flatMap((part) => (part === null || part.trim() === '' ? [] : [withStop(part.trim())]))].join(' ');
}

/** The last line of a log mostly has no stop of its own. */
function withStop(text: string): string {
  return /[.!?…]["”’)]?$/.test(text) ? text : `${text}.`;
}

const ENDED: Partial<Record<Run['state'], string>> = {
  'not started': 'was not started',
  lost: 'is not on the backend any more',
};
