import type { Run } from '../../train/runs/run';
import type { Followed } from '../../train/runs/pollPlan';

/** How a run was followed by this window so far. */
export interface Track {
  look: Followed;
  log: Followed;
  /** Characters of its log. */
  logLength: number;
  /** That the backend has none of it, in looks in a row. */
  absent: { readonly since: number; readonly looks: number } | undefined;
  /** What it said last of when it was heard of, and when that was noticed here. */
  noticed: { readonly heard: string; readonly at: number } | undefined;
  /** When and how it was seen last, in words. */
  seen: string | undefined;
  /** What the backend said of its failure. */
  message: string | undefined;
  /** What speaks against its log being given any more, how often and since when, of a run that has ended. */
  refusals: { readonly since: number; readonly count: number } | undefined;
  /** Of a launch that may never be settled: how long is waited between looks, in milliseconds. */
  rare: number | undefined;
  /** When its end was asked for last. */
  stopAsked: number | undefined;
  /** Was it looked up here? */
  recovered: boolean;
  /** Was its end told, or is it not to be? */
  told: boolean;
}

export function newTrack(now: number): Track {
  const followed: Followed = { asked: 0, changed: now, failures: 0 };
  return { look: followed, log: followed, logLength: 0, absent: undefined, noticed: undefined, seen: undefined, message: undefined, refusals: undefined, rare: undefined, stopAsked: undefined, recovered: false, told: false };
}

/** All runs at one backend: asked for one after the other. */
export interface Lane {
  readonly name: string;
  readonly backend: Run['backend'];
  busy: boolean;
  /** Until then nothing is asked, after an error of our own. */
  rests: number;
  trouble: string | undefined;
}

/** Has it ended, and its log not been read to its end? */
export function lacksLog({ state, logRead }: Pick<Run, 'state' | 'logRead'>): boolean {
  return (state === 'succeeded' || state === 'failed' || state === 'stopped') && logRead !== true;
}
