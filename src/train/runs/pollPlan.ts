import { hasEnded, type Run } from './run';

/** What is known of how a run was followed so far. */
export interface Followed {
  /** When it was asked about last, in milliseconds; 0: never. */
  readonly asked: number;
  /** When anything of it changed last. */
  readonly changed: number;
  /** How often in a row nobody answered. */
  readonly failures: number;
}

const SOON = 5_000;
const LATE = 60_000;
/** A backend that is down is asked at least so often. */
const DOWN = 300_000;

/**
 * When a run is to be asked about again, in milliseconds of the same clock; `undefined`: never, since it has ended. What has just changed
 * is asked about soon, what goes on for hours each minute, and a backend that does not answer ever more rarely. Ours.
 */
export function nextLook(run: Pick<Run, 'state'>, { asked, changed, failures }: Followed, now: number): number | undefined {
  if (hasEnded(run.state) || run.state === 'preparing') return undefined;
  if (asked === 0) return now;
  if (failures > 0) return asked + Math.min(DOWN, SOON * 2 ** Math.min(failures, 10));
  return asked + Math.min(LATE, Math.max(SOON, (now - changed) / 12));
}
