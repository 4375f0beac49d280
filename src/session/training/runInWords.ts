import type { RunState } from '../../train/runs/run';

const STATES: Readonly<Record<RunState, string>> = {
  preparing: 'being prepared',
  submitting: 'being submitted',
  unknown: 'unknown whether the backend took it',
  pending: 'waiting to begin',
  running: 'running',
  paused: 'paused',
  'stop requested': 'stop requested',
  'not started': 'not started',
  succeeded: 'succeeded',
  failed: 'failed',
  stopped: 'stopped',
  lost: 'not on the backend any more',
};

export function stateInWords(state: RunState): string {
  return STATES[state];
}

/** By name, so that a list of runs need not load all recipes; that they are the recipes' own is tested. */
const LABELS: Readonly<Record<string, string>> = {
  'advchain-sft': 'AdvChain SFT',
  'advchain-fine-tuning-api': 'AdvChain SFT by a fine-tuning API',
  'recap-trl-grpo': 'RECAP RL by trl grpo (DAPO loss, no group filtering)',
  'recap-verl': 'RECAP RL by verl (DAPO with dynamic sampling)',
};

/** The recipe's label; the name of one that this version does not know. */
export function recipeInWords(name: string): string {
  return Object.hasOwn(LABELS, name) ? (LABELS[name] ?? name) : name;
}

/** `CoT Lens 0.6.0, Ray 2.58.0, Python 3.12.3, trl 1.13.0`; of packages their own names. @param versions of a run */
export function versionsInWords(versions: Readonly<Record<string, string>>): string {
  const named: Readonly<Record<string, string>> = { cotLens: 'CoT Lens ', backend: '', python: 'Python ' };
  return Object.entries(versions).map(([name, version]) => `${Object.hasOwn(named, name) ? (named[name] ?? '') : `${name} `}${version}`).join(', ');
}

/** `45 s`, `12 min`, `3 h 5 min`, `2 d 4 h`. @param seconds not negative */
export function secondsInWords(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${String(whole)} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${String(minutes)} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return both(hours, 'h', minutes % 60, 'min');
  const wholeHours = Math.round(minutes / 60);
  return both(Math.floor(wholeHours / 24), 'd', wholeHours % 24, 'h');
}

function both(large: number, unit: string, small: number, of: string): string {
  return small === 0 ? `${String(large)} ${unit}` : `${String(large)} ${unit} ${String(small)} ${of}`;
}
