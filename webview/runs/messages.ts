import * as z from 'zod';
import type { RunsPageModel } from '../../src/curve/runsPageModel';
import type { Contract } from '../channel';
import { SMOOTHINGS, type Smoothing } from './smooth';

/** Every message between the Runs page and the extension, as schemas that both ends check. Sizes are bounded. */

/** Runs that one page compares. Ours. */
export const MOST_COMPARED = 6;
/** The most points of a line that a page takes. Ours, far above any run that logs each update. */
const MOST_POINTS = 1_000_000;

const words = z.string().max(20_000);
const id = z.string().min(1).max(300);
const isPoint = (one: unknown): boolean => Array.isArray(one) && one.length === 2 && Number.isFinite(one[0]) && Number.isFinite(one[1]);
/** Checked in one go: a schema's own walk over thousands of points would be felt. */
const points = z.custom<readonly (readonly [number, number])[]>((value) => Array.isArray(value) && value.length <= MOST_POINTS && value.every(isPoint));
const seconds = z.number().min(0).nullable();

const run = z.object({
  id,
  title: words,
  state: z.enum(['preparing', 'submitting', 'unknown', 'pending', 'running', 'paused', 'stop requested', 'not started', 'succeeded', 'failed', 'stopped', 'lost']),
  stateInWords: words,
  recipe: words,
  backend: words,
  set: words,
  from: words.nullable(),
  created: z.string().max(100),
  elapsed: seconds,
  remaining: seconds,
  step: z.number().min(0).nullable(),
  expected: z.number().min(0).nullable(),
  series: z.record(z.string().max(200), points),
  last: z.record(z.string().max(200), z.number()),
  reason: words.nullable(),
  hint: words.nullable(),
  model: words.nullable(),
  lookable: z.boolean(),
  versions: words,
});

/** @see RunsPageModel */
export const runsPageModel = z.object({
  runs: z.array(run).max(MOST_COMPARED),
  differences: z.array(z.object({ name: words, values: z.array(words.nullable()).max(MOST_COMPARED) })).max(1000),
}) satisfies z.ZodType<RunsPageModel>;

/** What a page remembers over a reload. */
export const runsState = z.object({
  v: z.literal(1),
  /** The runs it shows, by id. */
  runs: z.array(id).max(MOST_COMPARED),
  /** The series to show; `null`: the loss or reward, and the learning rate. */
  series: z.array(z.string().max(200)).max(50).nullable(),
  smoothing: z.custom<Smoothing>((value) => (SMOOTHINGS as readonly unknown[]).includes(value)),
  table: z.boolean(),
});
export type RunsState = z.infer<typeof runsState>;

export const DEFAULT_RUNS_STATE: RunsState = { v: 1, runs: [], series: null, smoothing: 0, table: false };

/** What can be done with a run from the page; each is a command of the extension. */
export const runAct = z.enum(['log', 'stop', 'recipe', 'set', 'relaunch', 'copyModel', 'look']);
export type RunAct = z.infer<typeof runAct>;

/** What the page may send. */
export const fromRunsPage = {
  events: {
    ready: z.object({ state: runsState.nullable() }),
    act: z.object({ run: id, act: runAct }),
    failed: z.object({ message: z.string().max(4000) }),
  },
  requests: {
    save: {
      asks: z.object({ format: z.enum(['svg', 'csv']), data: z.string().max(200_000_000) }),
      answers: z.object({ saved: z.string().nullable() }),
    },
  },
} satisfies Contract;

/** What the extension may send. */
export const toRunsPage = {
  events: {
    /** What a new page begins with. */
    begin: z.object({ state: runsState }),
    model: z.object({ model: runsPageModel }),
    /** Why there is nothing to show. */
    problem: z.object({ message: words }),
  },
  requests: {},
} satisfies Contract;
