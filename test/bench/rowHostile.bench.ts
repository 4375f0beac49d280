import { KeyMaker, nameOfRow } from '../../src/session/datasets/rowKeys';
import { pairRows, type PairColumns } from '../../src/session/means/pairRows';
import { readRow } from '../../src/trace/formats';
import type { JsonObject } from '../../src/trace/rows/fieldRef';
import { compare, type Job, type Work } from './measure';
import type { Row } from './row';
import { scalingRow } from './scalingRow';

/** Of the smaller input: repetitions of a piece, messages, rows. */
const PIECES = 1500;
const MESSAGES = 2000;
const ROWS = 20_000;
/** Rows of one id, named in one go. */
const KEYS = 200_000;
/**
 * How many times as long as a bare Set and Map the keys may take. Ten times as many keys outgrow the processor's caches, and the
 * engine's own tables then take more than ten times as long: so it is told from those, at one size. 1.4 was measured, the rest is
 * margin; trying every number anew for each row takes thousands of times as long.
 */
const KEYS_BOUND = 3;

/** What stands over and over in the text of a row. */
const PIECE: Readonly<Record<string, string>> = {
  'tags': '<think>a</think>',
  'open tags': '<think>\n',
  'closing tags': '</think>\n',
  'harmony marks': '<|start|>assistant<|channel|>analysis<|message|>a<|end|>',
  'starts': '<|channel|><|start|><|message|>',
  'template marks': '<|im_start|>assistant\na<|im_end|>\n',
  'white space': ' \n',
  'angles': '<think ',
};

/** What the rows of a stranger's dataset can do to the formats, and many rows to what is made of all. */
export async function rows(): Promise<Row[]> {
  const found: Row[] = [];
  const add = async (name: string, make: (size: number) => Job, size: number): Promise<void> => {
    found.push(await scalingRow(name, make, size));
  };
  for (const [name, piece] of Object.entries(PIECE)) await add(`formats 10x: ${name}`, (size) => reading(textRows(piece.repeat(size))), PIECES);
  await add('formats 10x: messages and blocks', (size) => reading(messageRows(size)), MESSAGES);
  await add('pairs 10x: one prompt for all rows', (size) => pairing(size, () => 7), ROWS);
  await add('pairs 10x: each row its own prompt', (size) => pairing(size, (i) => i * 1_000_003), ROWS);
  const keys = compare(naming(KEYS), bare(KEYS), 9);
  found.push({ name: `row keys: ${KEYS.toLocaleString('en')} rows of one id, against a bare Set and Map`, figure: keys.ratio, unit: 'x', bound: KEYS_BOUND });
  return found;
}

const textRows = (text: string): JsonObject[] => [{ prompt: 'p', response: text }, { text }];

function messageRows(count: number): JsonObject[] {
  const messages = Array.from({ length: count }, (_, i) => ({ role: i % 2 === 0 ? 'user' : 'assistant', content: [{ type: 'text', text: 'a' }] }));
  return [{ messages }, { input: 'q', output: messages.map((message) => ({ type: 'message', ...message })) }];
}

const reading = (all: readonly JsonObject[]): Job => () => Promise.resolve(all.map((row) => readRow(row).traces.length));

function pairing(count: number, promptOf: (i: number) => number): Job {
  const numbers = Float64Array.from({ length: count }, (_, i) => i);
  const all: PairColumns = { prompts: numbers.map(promptOf), ids: numbers, rows: Uint32Array.from(numbers) };
  return () => {
    const run = pairRows(all, all);
    for (let next = run.next(); ; next = run.next()) if (next.done === true) return Promise.resolve(next.value);
  };
}

function naming(count: number): Work {
  const one = { variant: undefined, id: { value: 'same' }, intent: 'unknown', model: undefined, source: undefined, messages: [], notes: [], facts: [] } as const;
  return () => {
    const maker = new KeyMaker();
    let length = 0;
    for (let i = 0; i < count; i++) length += maker.key(i, nameOfRow([one])).length;
    return length;
  };
}

/** Texts of the same lengths, each added to a Set and noted in a Map: what names cannot be kept without. */
function bare(count: number): Work {
  return () => {
    const set = new Set<string>();
    const map = new Map<string, number>();
    let length = 0;
    for (let i = 0; i < count; i++) {
      const text = `same~${String(i + 1)}`;
      set.add(text);
      map.set('same', i);
      length += text.length;
    }
    return length + set.size + map.size;
  };
}
