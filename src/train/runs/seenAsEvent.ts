import type { RunSeen } from '../backends/backend';
import type { RunEvent } from './run';

/** All that a backend told of a run, as it is noted of one of which nothing was known there. */
export function seenAsEvent({ state, job, reason, started, ended, model }: Extract<RunSeen, { kind: 'seen' }>): Omit<RunEvent, 'at'> {
  return {
    state,
    job,
    ...(reason === undefined ? {} : { reason }),
    ...(started === undefined ? {} : { started }),
    ...(ended === undefined ? {} : { ended }),
    ...(model === undefined ? {} : { model }),
  };
}
