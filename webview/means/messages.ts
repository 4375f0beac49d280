import * as z from 'zod';
import type { Alignment } from '../../src/curve/alignment';
import type { MeanCurvesModel } from '../../src/curve/meanCurvesModel';
import type { Contract } from '../channel';

/** Every message between the Mean Curves page and the extension, as schemas that both ends check. Sizes are bounded. */

const name = z.string().max(10_000);
const path = z.string().min(1).max(10_000);
const count = z.int().min(0).max(100_000_000);
const series = z.enum(['harmfulness', 'helpfulness']);
const groupBy = z.enum(['none', 'recipe', 'shape', 'intent', 'source', 'model', 'file']);

/** The finest bins, and the farthest step from an event, that the page offers. Ours. */
export const MOST_BINS = 50;
export const FARTHEST = 50;
const MOST_PLACES = 2 * FARTHEST + 1;

const alignment = z.union([
  z.object({ kind: z.literal('position'), bins: z.int().min(1).max(MOST_BINS) }),
  z
    .object({ kind: z.enum(['injected', 'extreme']), from: z.int().min(-FARTHEST).max(0), to: z.int().min(0).max(FARTHEST) }),
]) satisfies z.ZodType<Alignment>;

const choice = z.object({ judge: name.nullable(), alignment, by: groupBy });

const point = z.number().min(-4).max(5).nullable();
const points = z.array(point).max(MOST_PLACES);
const columns = z.object({
  n: count,
  leftOut: count,
  count: z.array(count).max(MOST_PLACES),
  mean: points,
  low: points,
  high: points,
  answer: z.object({ n: count, mean: point, low: point, high: point }),
});
const bySeries = z.object({ harmfulness: columns, helpfulness: columns });
const judge = z.object({ key: name, name, model: name.nullable(), protocol: name, rubric: name, traces: count });

/** @see MeanCurvesModel */
export const meanCurvesModel = z.object({
  title: name,
  choice,
  judge: judge.nullable(),
  judges: z.array(judge).max(1000),
  why: name.nullable(),
  asked: count,
  scored: count,
  counted: name,
  shown: z.array(series).max(2),
  places: z.array(z.number()).max(MOST_PLACES),
  groups: z.array(z.object({ name, traces: count, truncated: count, series: bySeries })).max(100),
  conditioned: z.array(name).max(100),
  notes: z.array(name).max(100),
  difference: z.object({ name, series: bySeries }).nullable(),
  mix: z
    .object({ parts: z.array(z.object({ name, samples: count, target: z.number().min(0).max(1) })).max(100), words: z.array(name).max(20) })
    .optional(),
}) satisfies z.ZodType<MeanCurvesModel>;

/** Characters that name the rows of a selection, which a page remembers over a reload: every second row of five million. */
export const MOST_PACKED = 8_000_000;

/** What the traces are taken from. */
export const meanInput = z.union([
  z.object({
    kind: z.literal('rows'),
    sets: z
      .array(
        z.object({
          /** Absolute path; empty: the `.cot` files of the workspace, by name. */
          dataset: z.string().max(10_000),
          /** Rows as `packedRanges` writes them; `null`: all. */
          rows: z.string().max(MOST_PACKED).nullable(),
          /** How many rows the file had when they were chosen. */
          of: count.nullable(),
          /** How they were chosen, where that depends on scores. */
          conditioned: name.nullable(),
        }),
      )
      .max(100),
  }),
  /** The same-prompt traces of two files; paired anew whenever they are read. */
  z.object({ kind: z.literal('pairs'), datasets: z.tuple([path, path]) }),
  /** The samples of a curated set, with the verdicts they came with; followed as it changes. */
  z.object({ kind: z.literal('curated'), set: path }),
]);
export type MeanInput = z.infer<typeof meanInput>;

/** What a page remembers over a reload. */
export const meanState = z.object({
  v: z.literal(1),
  input: meanInput.nullable(),
  choice,
  /** The series to show; `null`: by the traces' intents. */
  series: z.array(series).max(2).nullable(),
  layout: z.enum(['overlay', 'multiples']),
  table: z.boolean(),
});
export type MeanState = z.infer<typeof meanState>;

export const DEFAULT_MEAN_STATE: MeanState = {
  v: 1,
  input: null,
  choice: { judge: null, alignment: { kind: 'position', bins: 10 }, by: 'none' },
  series: null,
  layout: 'overlay',
  table: false,
};

/** What the page may send. */
export const fromMeansPage = {
  events: {
    ready: z.object({ state: meanState.nullable() }),
    chosen: choice,
    /** Open a trace of the list that `members` gave. */
    open: z.object({ version: count, group: count, member: count }),
    /** Choose another judge, or have the traces scored. */
    chooseJudge: z.object({}),
    score: z.object({}),
    /** Read the scores again. */
    refresh: z.object({}),
    failed: z.object({ message: z.string().max(4000) }),
  },
  requests: {
    /** The traces behind a group, some at a time. */
    members: {
      asks: z.object({ version: count, group: count, begin: count }),
      answers: z.object({ total: count, items: z.array(z.object({ name, detail: name })).max(1000) }),
    },
    save: {
      asks: z.object({ format: z.enum(['svg', 'png', 'csv']), encoding: z.enum(['text', 'base64']), data: z.string().max(200_000_000) }),
      answers: z.object({ saved: z.string().nullable() }),
    },
  },
} satisfies Contract;

/** What the extension may send. */
export const toMeansPage = {
  events: {
    /** What a new page begins with. */
    begin: z.object({ state: meanState }),
    model: z.object({ version: count, model: meanCurvesModel }),
    /** What is being done, in words; `null`: nothing. */
    busy: z.object({ message: name.nullable() }),
    /** Why there is nothing to show. */
    problem: z.object({ message: name }),
  },
  requests: {},
} satisfies Contract;
