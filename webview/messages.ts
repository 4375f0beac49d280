import * as z from 'zod';
import type { ComparisonModel, CurvesModel } from '../src/curve/curvesModel';
import type { Score } from '../src/trace/verdict';
import type { Contract } from './channel';

/**
 * Every message between the Curves page and the extension, in both directions, as schemas that both ends check and types that
 * follow from them. Sizes are bounded: neither end takes what no trace or page could need.
 */

const count = z.int().min(0).max(10_000_000);
const step = count;
const uri = z.string().min(1).max(10_000);
const name = z.string().max(10_000);
const isScore = (value: unknown): value is Score => value === null || (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 5);
const score = z.custom<Score>(isScore);
const series = z.enum(['harmfulness', 'helpfulness']);

/** The most steps that a page takes; ours, far above any trace. */
const MOST = 1_000_000;
/** A column of one entry a step, checked in one go: a schema's own walk over thousands of entries would be felt at every key. */
const column = <T>(fits: (value: unknown) => value is T): z.ZodType<T[]> =>
  z.custom<T[]>((value) => Array.isArray(value) && value.length <= MOST && value.every(fits));
const scores = column(isScore);
const points = column(
  (value): value is number | null => value === null || (typeof value === 'number' && value >= 1 && value <= 5),
);
const counts = column((value): value is number => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST);
const place = z.union([step, z.literal('answer')]);

const columns = z.object({
  scores,
  n: count,
  words: name,
  turningPoints: z.array(z.object({ step, score: z.number().min(1).max(5), kind: z.enum(['top', 'bottom']) })),
  spread: z
    .object({ n: z.array(count), mean: points, low: points, high: points })
    .nullable(),
});

const choice = {
  key: name,
  name,
  judge: name,
  model: name.nullable(),
  protocol: name,
  rubric: name,
  person: z.boolean(),
};

const judge = z.object({
  ...choice,
  harmfulness: columns,
  helpfulness: columns,
  stale: counts,
  verdicts: count,
  answer: z.object({ harmfulness: score, helpfulness: score, stale: z.boolean() }).nullable(),
});

/** @see CurvesModel */
export const curvesModel = z.object({
  uri,
  doc: name,
  version: count,
  intent: z.enum(['harmful', 'benign', 'ambiguous', 'unknown']),
  splitter: name,
  steps: count,
  ending: name.nullable(),
  hasAnswer: z.boolean(),
  shown: z.array(series),
  thresholds: z.object({ low: z.number(), high: z.number() }),
  judges: z.array(judge).max(100),
  choices: z.array(z.object(choice)).max(1000),
  before: z.object({ harmfulness: scores, helpfulness: scores, steps: count }).nullable(),
  scoring: z.object({ done: count, total: count }).nullable(),
}) satisfies z.ZodType<CurvesModel>;

const figure = z.object({ value: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable() });

/** @see ComparisonModel */
export const comparisonModel = z.object({
  a: name,
  b: name,
  aKey: name,
  bKey: name,
  traces: count,
  series: z
    .array(z.object({ series, steps: count, kappa: figure, meanAbsoluteDifference: figure, bias: figure }))
    .max(2),
  sameShape: figure,
  shapedTraces: count,
  differences: z.array(z.object({ uri, doc: name, step, series, a: score, b: score })).max(10_000),
  differing: count,
}) satisfies z.ZodType<ComparisonModel>;

/** What a page remembers over a reload, and what a new one begins with. */
export const pageState = z.object({
  v: z.literal(1),
  uri: uri.nullable(),
  /** Judges laid over the shown one. */
  overlay: z.array(name).max(100),
  /** Stays with its trace when another becomes active. */
  pinned: z.boolean(),
  /** First and last step in view; `null`: all. */
  zoom: z.tuple([z.number(), z.number()]).nullable(),
  /** The series to show; `null`: as the settings say. */
  series: z.array(series).max(2).nullable(),
  before: z.boolean(),
  table: z.boolean(),
  /** Step texts go into CSV exports. */
  withText: z.boolean(),
});
export type PageState = z.infer<typeof pageState>;

export const DEFAULT_PAGE_STATE: PageState = {
  v: 1,
  uri: null,
  overlay: [],
  pinned: false,
  zoom: null,
  series: null,
  before: true,
  table: false,
  withText: false,
};

/** A place of a trace at the version that the page shows. */
const at = z.object({ uri, version: count, place });
const exportFormat = z.enum(['svg', 'png', 'csv']);
export type ExportFormat = z.infer<typeof exportFormat>;

/** What the page may send. */
export const fromPage = {
  events: {
    /** The page can be sent to; with what it remembers, if anything. */
    ready: z.object({ state: pageState.nullable() }),
    /** What of the page's state decides what it is sent. */
    chosen: z.object({ overlay: pageState.shape.overlay, pinned: z.boolean() }),
    /** Go there in the editor; with `focus` the editor takes the keyboard. */
    goTo: z.object({ uri, place, focus: z.boolean() }),
    /** Open what was sent as a document. */
    openSent: at.extend({ judge: name }),
    /** Score what is not scored, or stale, with the judge of the user's choice. */
    score: z.object({ uri }),
    /** The comparison was closed: nothing is to have its letters any more. */
    comparisonClosed: z.object({}),
    /** The page itself failed at something. */
    failed: z.object({ message: z.string().max(4000) }),
  },
  requests: {
    stepText: {
      asks: at.extend({ judge: name.nullable() }),
      answers: z.object({
        /** `null` where the text has changed since; the page is about to hear of it. */
        text: z.string().max(20_000).nullable(),
        /** Characters left out at the end. */
        more: count,
        reason: z.string().max(20_000),
        /** When the verdict came, ISO 8601. */
        time: z.string().max(100).nullable(),
      }),
    },
    /** The beginning of what a judge was sent for a place, and of its reply. */
    sent: {
      asks: at.extend({ judge: name }),
      answers: z.object({
        exchanges: z.array(z.object({ sent: z.string(), received: z.string(), status: z.number().nullable() })).max(100),
        /** Why there is none. */
        none: z.string().nullable(),
      }),
    },
    /** Every step's text, then the answer's, for an export that was asked to hold them. */
    texts: {
      asks: z.object({ uri, version: count }),
      answers: z.object({ steps: z.array(z.string()), answer: z.string().nullable() }),
    },
    /** Asks the person where to, and writes. */
    save: {
      asks: z.object({ uri, format: exportFormat, encoding: z.enum(['text', 'base64']), data: z.string().max(200_000_000) }),
      /** The file's name; `null` where the person chose none. */
      answers: z.object({ saved: z.string().nullable() }),
    },
  },
} satisfies Contract;

/** What the extension may send. */
export const toPage = {
  events: {
    /** What the page begins with, where it remembers nothing; and what commands change later. */
    state: pageState.pick({ overlay: true, pinned: true }).partial(),
    /** The trace to show; `null` where none is open. */
    model: z.object({ model: curvesModel.nullable() }),
    /** Where the editor's cursor is in the trace that the page shows. */
    cursor: z.object({ uri, place: place.nullable() }),
    comparison: z.object({ comparison: comparisonModel.nullable() }),
  },
  requests: {},
} satisfies Contract;
