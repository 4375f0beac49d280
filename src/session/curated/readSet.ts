import { isAscii } from 'node:buffer';
import { basename } from 'node:path';
import { isNoSample, readSample } from '../../curate/sampleLine';
import type { BrokenLine, CuratedSample } from '../../curate/sample';
import { decoded, DEEPEST, jsonRow } from '../../trace/containers/readRow';
import type { JsonObject } from '../../trace/rows/fieldRef';
import { breather } from '../datasets/breather';
import { openFileBytes, type OpenFileBytes } from '../datasets/nodeFileBytes';
import { ChangedMeanwhile, fileState, sameState, type FileState } from '../datasets/replaceFile';
import type { SampleCard } from './curatedSet';
import { cardOf } from './sampleCard';
import { linesOf, type Line, type LineSpan } from './setLines';

/** A set's file as it was at one moment. */
export interface SetState {
  /** `undefined` where there was no such file. */
  readonly file: FileState | undefined;
  /** All lines, blank and broken ones too. */
  readonly lines: readonly LineSpan[];
  readonly cards: readonly SampleCard[];
  readonly broken: readonly BrokenLine[];
  /** By id: the card. */
  readonly byId: ReadonlyMap<string, SampleCard>;
}

/** How often a file that changes while it is read is begun again. */
const TRIES = 5;
/** How much of a broken line is shown. */
const LONGEST_SHOWN = 2000;

export const NO_FILE: SetState = { file: undefined, lines: [], cards: [], broken: [], byId: new Map() };

/** Opens a file together with its state: another may take the name in between. `undefined` where there is none. @throws Error in words */
export async function openWithState(path: string): Promise<{ readonly bytes: OpenFileBytes; readonly state: FileState } | undefined> {
  for (let left = TRIES; left > 0; left--) {
    try {
      const state = await fileState(path);
      const bytes = await openFileBytes(path);
      if (sameState(state, await fileState(path))) return { bytes, state };
      await bytes.close();
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw error;
    }
  }
  throw restless(path);
}

/** Reads a set in one pass: its cards, and which lines are none. @throws Error in words where it cannot be read; the signal's reason */
export async function readSet(path: string, signal: AbortSignal): Promise<SetState> {
  for (let left = TRIES; left > 0; left--) {
    const opened = await openWithState(path);
    if (opened === undefined) return NO_FILE;
    const { bytes, state } = opened;
    try {
      const read = await readLines(bytes, signal);
      const now = await fileState(path).catch(() => undefined);
      if (now !== undefined && sameState(now, state)) return { ...read, file: state };
    } finally {
      await bytes.close();
    }
  }
  throw restless(path);
}

async function readLines(file: OpenFileBytes, signal: AbortSignal): Promise<Omit<SetState, 'file'>> {
  const breathe = breather(signal);
  const lines: LineSpan[] = [];
  const cards: SampleCard[] = [];
  const broken: BrokenLine[] = [];
  const byId = new Map<string, SampleCard>();
  for await (const some of linesOf(file, signal)) {
    for (const line of some) {
      const { start, end, next, bytes } = line;
      lines.push({ start, end, next });
      if (bytes !== undefined && isBlank(bytes)) continue;
      const read = sampleIn(line, lines.length);
      const twin = 'sample' in read ? byId.get(read.sample.id) : undefined;
      if ('why' in read) broken.push({ line: lines.length, ...read });
      else if (twin !== undefined) broken.push({ line: lines.length, why: sameId(lines.length, twin), text: shown(line) });
      else {
        const card = cardOf(read.sample, cards.length, lines.length);
        cards.push(card);
        byId.set(card.id, card);
      }
      await breathe();
    }
  }
  return { lines, cards, broken, byId };
}

/** A line as a sample with its row, or why it is none. @param number 1-based */
export function sampleIn(line: Line, number: number): { readonly sample: CuratedSample; readonly row: JsonObject } | { readonly why: string; readonly text: string } {
  const name = `Line ${String(number)}`;
  if (line.bytes === undefined) return { why: `${name} is longer than 50 MB, which no sample is. Take it out of the file.`, text: '' };
  const quick = objectIn(line.bytes);
  if (quick !== undefined) {
    const sample = readSample(quick);
    if (!isNoSample(sample)) return { sample, row: quick };
  }
  const { value, problem } = jsonRow(line.bytes, name);
  const text = shown(line);
  if (value === undefined && line.next === line.end && !isWhole(line.bytes)) {
    return { why: `${name} is cut off: whoever wrote it did not finish, for it has no end. The samples before it are whole. What is added next gets a line of its own; correct this one in the file, or delete it there.`, text };
  }
  if (value === undefined || problem !== undefined) return { why: problem ?? `${name} cannot be read.`, text };
  const sample = readSample(value);
  if (isNoSample(sample)) return { why: `${name} is no sample: ${sample.wrong.charAt(0).toLowerCase()}${sample.wrong.slice(1)} Correct it in the file; the other lines are not touched by it.`, text };
  return { sample, row: value };
}

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The object that nearly every line is; `undefined` where it has to be looked at closely. */
function objectIn(bytes: Uint8Array): JsonObject | undefined {
  if (bytes.length > DEEPEST && mayBeDeep(bytes)) return undefined;
  try {
    const value: unknown = JSON.parse(textOf(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** @throws TypeError for what is not UTF-8 */
function textOf(bytes: Uint8Array): string {
  return isAscii(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1') : STRICT.decode(bytes);
}

/** Only what has many brackets can be nested deeply; the search for them is native. */
function mayBeDeep(bytes: Uint8Array): boolean {
  let left = DEEPEST;
  for (const bracket of [0x7b, 0x5b]) {
    for (let at = bytes.indexOf(bracket); at !== -1; at = bytes.indexOf(bracket, at + 1)) if (--left < 0) return true;
  }
  return false;
}

function sameId(number: number, { id, line }: SampleCard): string {
  return `Line ${String(number)} has the same id as line ${String(line)} (${id.slice(0, 80)}). Give one of them another id in the file; until then this one is left out.`;
}

function shown({ bytes }: Line): string {
  return decoded((bytes ?? new Uint8Array(0)).subarray(0, 4 * LONGEST_SHOWN)).text.slice(0, LONGEST_SHOWN);
}

/** Is the last character of these bytes a closing brace? Then it is not cut off, only wrong. */
function isWhole(bytes: Uint8Array): boolean {
  let end = bytes.length;
  while (end > 0 && isSpace(bytes[end - 1])) end--;
  return bytes[end - 1] === 0x7d;
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes[0] !== 0x7b && bytes.every(isSpace);
}

const isSpace = (byte: number | undefined): boolean => byte === 32 || byte === 9 || byte === 13;

function restless(path: string): Error {
  return new ChangedMeanwhile(`${basename(path)} is changed again and again while it is being read. Try again when whatever writes it is done.`);
}
