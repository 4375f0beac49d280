import * as z from 'zod';
import type { Contract } from '../channel';

/** Every message between the *Traces* view and the extension, as schemas that both ends check and types that follow from them. */

const count = z.int().min(0).max(100_000_000);
const name = z.string().max(10_000);
const series = z.enum(['harmfulness', 'helpfulness']);
const intent = z.enum(['harmful', 'benign', 'ambiguous', 'unknown']);
const mark = z.enum(['truncated', 'summary', 'variants', 'problem', 'parted']);
const range = z.tuple([z.int().min(1).max(5), z.int().min(1).max(5)]);
/** Grows whenever positions stand for other rows: what is said of positions says of which generation. */
const generation = count;

/** Which rows, in which order; a `RowQuery` of the extension's session. */
export const query = z.object({
  text: name,
  shapes: z.array(name).max(20),
  intents: z.array(intent).max(4),
  harmfulness: range.nullable(),
  helpfulness: range.nullable(),
  answer: range.nullable(),
  judged: z.enum(['any', 'yes', 'no']),
  marks: z.array(mark).max(5),
  judge: name.nullable(),
  sort: z.enum(['file', 'id', 'steps', 'harmfulness', 'helpfulness']),
  descending: z.boolean(),
  sample: z.object({ n: count, seed: z.int().min(0).max(4_294_967_295) }).nullable(),
});
export type Query = z.infer<typeof query>;

export const ALL: Query = {
  ...{ text: '', shapes: [], intents: [], harmfulness: null, helpfulness: null, answer: null, judged: 'any', marks: [], judge: null },
  ...{ sort: 'file', descending: false, sample: null },
};

/** A row as it is shown. All text is plain, on one line. */
export const card = z.object({
  ordinal: count,
  id: name.nullable(),
  prompt: name,
  steps: count,
  intent,
  model: name.nullable(),
  variants: count,
  truncated: z.boolean(),
  summary: z.boolean(),
  problem: name.nullable(),
  curves: z.array(z.object({ series, name, bars: name })).max(2),
  judge: name.nullable(),
  stale: count,
  parted: name.nullable(),
});
export type Card = z.infer<typeof card>;

/** How far the list of rows is; a `ListStatus` of the extension's session. */
export const status = z.object({ generation, count, of: count, running: z.boolean(), share: z.number().min(0).max(1), changed: count });
export type Status = z.infer<typeof status>;

/** A file that can be chosen. */
export const listed = z.object({ id: name, name, detail: name });
export type Listed = z.infer<typeof listed>;

/** The dataset that is shown, and what is to be known of it. */
export const dataset = z.object({
  id: name,
  name,
  /** Formats, container and size in words, edits kept aside. */
  facts: z.array(name).max(10),
  rows: count,
  problems: z.array(name).max(100),
});
export type ShownDataset = z.infer<typeof dataset>;

const positions = z.array(z.tuple([count, count])).max(100_000);
export const action = z.enum(['score', 'means', 'copyPrompt', 'reveal']);
export type Action = z.infer<typeof action>;

/** What the page may send. */
export const fromPage = {
  events: {
    ready: z.object({}),
    /** Show this dataset. */
    choose: z.object({ id: name }),
    openDataset: z.object({}),
    openSample: z.object({}),
    /** Look for datasets again. */
    look: z.object({}),
    ask: z.object({ query }),
    cancel: z.object({}),
    /** These rows are in view, and no others: their cards are wanted. */
    wanted: z.object({ generation, from: count, to: count }),
    /** What is selected, as stretches of positions without their ends, and where the keyboard is. */
    selected: z.object({ generation, positions, active: count.nullable() }),
    /** Open a row: as a preview, or to keep. */
    open: z.object({ generation, position: count, keep: z.boolean() }),
    act: z.object({ action }),
    failed: z.object({ message: z.string().max(4000) }),
  },
  requests: {},
} satisfies Contract;

/** What the extension may send. */
export const toPage = {
  events: {
    /** Datasets of the workspace found so far. */
    datasets: z.object({ list: z.array(listed).max(20_000), looking: z.boolean() }),
    /** Which one is shown; `null`: none. While it is being read `loading` says how far that is, 0 … 1. */
    dataset: z.object({ dataset: dataset.nullable(), loading: z.object({ name, share: z.number().min(0).max(1) }).nullable(), error: name.nullable() }),
    /** What is asked, where the page did not ask it itself: as remembered of this dataset. */
    query: z.object({ query }),
    judges: z.object({ judges: z.array(z.object({ key: name, name, rows: count })).max(1000) }),
    /** `changed`: rows that changed since the list was made, and stay where they are until it is asked for anew. */
    status,
    cards: z.object({ generation, cards: z.array(z.tuple([count, card])).max(1000) }),
    /** Cards are to be asked for again. */
    stale: z.object({}),
    /** Where the row of the active editor is in the list; `null`: it is not. With `reveal` it is brought into view. */
    shown: z.object({ generation, position: count.nullable(), reveal: z.boolean() }),
    /** Select these, where the page did not choose itself: the same rows as before, at their new places. */
    select: z.object({ generation, positions, active: count.nullable() }),
    failed: z.object({ message: name }),
  },
  requests: {},
} satisfies Contract;
