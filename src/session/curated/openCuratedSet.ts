import { basename } from 'node:path';
import { isNoSample, printSample, readSample } from '../../curate/sampleLine';
import type { BrokenLine, CuratedSample, SampleVerdicts } from '../../curate/sample';
import { editedJson } from '../../trace/containers/editedJson';
import { jsonRow } from '../../trace/containers/readRow';
import { writesAscii } from '../../trace/containers/jsonWriting';
import { EventSource, type Disposable } from '../../trace/event';
import type { Logger } from '../../trace/logger';
import type { FieldEdit, JsonObject, JsonValue } from '../../trace/rows/fieldRef';
import { breather } from '../datasets/breather';
import type { OpenFileBytes } from '../datasets/nodeFileBytes';
import { inPieces } from '../datasets/pieces';
import { ChangedMeanwhile, fileState, replaceFile, sameState } from '../datasets/replaceFile';
import { rowHash } from '../datasets/rowHash';
import { appendBytes } from './appendBytes';
import type { CuratedSet, Removed, RemovedLine, SampleCard } from './curatedSet';
import { NO_FILE, openWithState, readSet, sampleIn, type SetState } from './readSet';
import { restoredLines } from './restoredLines';
import { cardOf } from './sampleCard';
import { setFault } from './setFault';
import type { LineSpan } from './setLines';
import { splicedFile, type Splice } from './splicedFile';
import { takenOver } from './takenOver';

/** What a set is opened with. */
export interface SetTools {
  /** Keeps other windows, and rows of it that are saved as documents, from writing the file meanwhile. */
  readonly lock: <T>(path: string, run: () => Promise<T>) => Promise<T>;
  readonly watch: (path: string, changed: () => void) => Disposable;
  /** Milliseconds between a change of the file and the look at it. */
  readonly debounce: number;
  readonly log: Logger;
}

/** How often a change begins anew where another program changes the file at the same moment. */
const TRIES = 3;
/** Bytes by which it is told how a file writes characters beyond ASCII. */
const HEAD = 65_536;

/** A set on this machine's disk. What it does it does one after the other. */
export class OpenCuratedSet implements CuratedSet {
  private now: SetState = NO_FILE;
  private before: Promise<unknown> = Promise.resolve();
  private readonly changes: EventSource<undefined>;
  private readonly ending = new AbortController();
  private readonly watching: Disposable;
  private looking: NodeJS.Timeout | undefined;

  constructor(
    readonly path: string,
    private readonly tools: SetTools,
    private readonly onDispose: () => void,
  ) {
    this.changes = new EventSource((error) => {
      tools.log.error(`A part that shows ${basename(path)} failed: ${String(error)}`);
    });
    this.watching = tools.watch(path, () => {
      // A writer writes in several steps; one look after the last of them is enough.
      clearTimeout(this.looking);
      this.looking = setTimeout(() => void this.look(), tools.debounce);
    });
  }

  get name(): string {
    return basename(this.path).replace(/\.curated\.jsonl$/i, '');
  }
  get cards(): readonly SampleCard[] {
    return this.now.cards;
  }
  get broken(): readonly BrokenLine[] {
    return this.now.broken;
  }

  onDidChange(listener: () => void): Disposable {
    return this.changes.event(listener);
  }

  /** Reads the file; before it nothing else may be asked. @throws Error in words */
  begin(): Promise<void> {
    return this.inTurn(() => this.refresh(false));
  }

  read(places?: readonly number[], signal: AbortSignal = this.ending.signal): Promise<readonly CuratedSample[]> {
    const ids = places?.map((place) => this.idAt(place));
    return this.reading(async (file) => {
      const cards = ids === undefined ? this.now.cards : ids.map((id) => this.card(id));
      const buffered = inPieces(file);
      const breathe = breather(signal);
      const samples: CuratedSample[] = [];
      for (const card of cards) {
        signal.throwIfAborted();
        const span = this.spanOf(card);
        const read = sampleIn({ ...span, bytes: await buffered.read(span.start, span.end) }, card.line);
        // Written over in its place by another program: what it is now is read anew.
        if ('why' in read) throw new ChangedMeanwhile(`${basename(this.path)} was changed while it was being read. ${read.why}`);
        samples.push(read.sample);
        await breathe();
      }
      return samples;
    });
  }

  async add(sample: CuratedSample): Promise<SampleCard> {
    const line = printSample(sample);
    const read = readSample(JSON.parse(line) as JsonObject);
    if (isNoSample(read)) throw new Error(`This sample cannot be added to ${basename(this.path)}: ${read.wrong}`);
    await this.addLines([{ id: sample.id, text: line }]);
    return this.card(sample.id);
  }

  /** Appends lines as they are. @throws Error where one's id is there already; the file is then as it was */
  addLines(lines: readonly { readonly id: string; readonly text: string }[]): Promise<void> {
    return this.changing(async () => {
      const there = lines.find(({ id }) => this.now.byId.has(id));
      if (there !== undefined) throw new Error(`${basename(this.path)} has a sample ${there.id} already, in line ${String(this.now.byId.get(there.id)?.line)}. Nothing was added.`);
      const last = this.now.lines.at(-1);
      const isOpen = last !== undefined && last.next === last.end;
      const bytes = new TextEncoder().encode(`${isOpen ? '\n' : ''}${lines.map(({ text }) => `${text}\n`).join('')}`);
      await appendBytes(this.path, bytes);
      if (!(await this.adopted(lines, bytes.length, isOpen))) await this.refresh(true);
    });
  }

  remove(ids: readonly string[]): Promise<Removed> {
    return this.removeIf(ids, () => true);
  }

  /** The samples' lines as they are, in the order of the file, without line ends. @throws Error where one is not there */
  linesOf(ids: readonly string[]): Promise<readonly { readonly id: string; readonly text: string }[]> {
    return this.reading(async (file) => {
      const lines: { id: string; text: string }[] = [];
      for (const card of this.cardsOf(ids)) lines.push({ id: card.id, text: await this.textOf(file, this.spanOf(card)) });
      return lines;
    });
  }

  /** @param isStill asked of each line; where one is not what it is to be nothing is removed */
  removeIf(ids: readonly string[], isStill: (id: string, line: string) => boolean): Promise<Removed> {
    return this.changing(async () => {
      const cards = this.cardsOf(ids);
      const lines: RemovedLine[] = [];
      await this.rewrite(async (file) => {
        lines.length = 0;
        for (const card of cards) {
          const span = this.spanOf(card);
          if (!isStill(card.id, await this.textOf(file, span))) throw new Error(`The sample ${card.id} was changed in ${basename(this.path)} meanwhile, so it was left there.`);
          lines.push(await this.removedLine(file, card, span));
        }
        return cards.map((card) => ({ start: this.spanOf(card).start, end: this.spanOf(card).next, bytes: new Uint8Array(0) }));
      });
      // A line with the same id, which was left out until now, has come to be a sample: what is put back stands beside it as before.
      return { set: this.path, lines: lines.map((line, i) => (this.now.byId.has(cards[i]?.id ?? '') ? { ...line, twin: true } : line)) };
    });
  }

  restore(removed: Removed): Promise<void> {
    return this.changing(async () => {
      for (const { bytes, twin } of removed.lines) {
        if (twin === true) continue;
        const read = sampleIn({ start: 0, end: 0, next: 1, bytes: new TextEncoder().encode(bytes.replace(/\r?\n$/, '')) }, 1);
        const there = 'sample' in read ? this.now.byId.get(read.sample.id) : undefined;
        if (there !== undefined) throw new Error(`${basename(this.path)} has a sample ${there.id} again, in line ${String(there.line)}. Nothing was put back.`);
      }
      if (this.now.file === undefined) await appendBytes(this.path, new Uint8Array(0)).then(() => this.refresh(true));
      await this.rewrite(async (file) => {
        const buffered = inPieces(file);
        const breathe = breather(this.ending.signal);
        const hashes: string[] = [];
        for (const { start, end } of this.now.lines) {
          hashes.push(rowHash(await buffered.read(start, end)));
          await breathe();
        }
        const samples = new Set(this.now.cards.map(({ line }) => line - 1));
        return restoredLines({ size: file.size, lines: this.now.lines, hashes, samples }, removed.lines, (line) => rowHash(new TextEncoder().encode(line)));
      });
    });
  }

  note(id: string, note: string | undefined): Promise<void> {
    return this.edit([id], () => [{ path: ['note'], value: note === '' ? undefined : note }]);
  }

  markAblation(ids: readonly string[], ablation: boolean): Promise<void> {
    return this.edit(ids, () => [{ path: ['ablation'], value: ablation ? true : undefined }]);
  }

  rescored(id: string, verdicts: readonly SampleVerdicts[], findings: readonly string[]): Promise<void> {
    return this.edit([id], (sample) => [
      { path: ['verdicts'], value: takenOver(sample, verdicts) as unknown as JsonValue },
      { path: ['findings'], value: findings },
    ]);
  }

  dispose(): void {
    this.onDispose();
  }

  /** Ends it for good: nobody has it open any more. */
  end(): void {
    clearTimeout(this.looking);
    this.watching.dispose();
    this.changes.dispose();
    this.ending.abort(new Error(`${basename(this.path)} was closed.`));
  }

  /** @param editsOf asked with each sample as it is in the file, under the lock */
  private edit(ids: readonly string[], editsOf: (sample: CuratedSample) => readonly FieldEdit[]): Promise<void> {
    return this.changing(async () => {
      const cards = this.cardsOf(ids);
      await this.rewrite(async (file) => {
        const ascii = writesAscii(await file.read(0, Math.min(HEAD, file.size)));
        const splices: Splice[] = [];
        for (const card of cards) {
          const span = this.spanOf(card);
          const { start, end } = span;
          const line = await file.read(start, end);
          const read = sampleIn({ ...span, bytes: line }, card.line);
          if ('why' in read) throw new ChangedMeanwhile(`${basename(this.path)} was changed meanwhile. ${read.why}`);
          splices.push({ start, end, bytes: editedJson(jsonRow(line, `Line ${String(card.line)}`), editsOf(read.sample), ascii) });
        }
        return splices;
      });
    });
  }

  /** Writes the file anew with these changes of its bytes, and reads it. */
  private async rewrite(splicesOf: (file: OpenFileBytes) => Promise<readonly Splice[]>): Promise<void> {
    const { file: state } = this.now;
    if (state === undefined) throw new Error(`${basename(this.path)} is not there any more: it was deleted, moved or renamed.`);
    await this.withLines(async (file) => {
      await replaceFile(this.path, state, splicedFile(file, await splicesOf(file)));
    });
    await this.refresh(true);
  }

  /** Runs with the bytes that the state was read from. @throws ChangedMeanwhile where others are there now */
  private async withLines<T>(run: (file: OpenFileBytes) => Promise<T>): Promise<T> {
    if (this.now.file === undefined && this.now.lines.length === 0) {
      const none = { path: this.path, size: 0, read: () => Promise.resolve(new Uint8Array(0)), chunks: noChunks, close: () => Promise.resolve() };
      return run(none);
    }
    const opened = await openWithState(this.path);
    if (opened === undefined) throw new ChangedMeanwhile(`${basename(this.path)} is not there any more.`);
    try {
      if (this.now.file === undefined || !sameState(opened.state, this.now.file)) throw new ChangedMeanwhile(`${basename(this.path)} was changed meanwhile.`);
      return await run(opened.bytes);
    } finally {
      await opened.bytes.close();
    }
  }

  private reading<T>(run: (file: OpenFileBytes) => Promise<T>): Promise<T> {
    return this.inTurn(() => this.calmly((locked) => this.onFileNow(locked, () => this.withLines(run))));
  }

  /** Looks at the file without the lock, and only with it where others write all the time. */
  private async calmly<T>(look: (locked: boolean) => Promise<T>): Promise<T> {
    try {
      return await look(false);
    } catch (error) {
      if ((error as Error).name !== 'ChangedMeanwhile') throw error;
      return this.tools.lock(this.path, () => look(true));
    }
  }

  /** A change of the file, under the lock. */
  private changing<T>(run: () => Promise<T>): Promise<T> {
    return this.inTurn(async () => {
      try {
        return await this.tools.lock(this.path, () => this.onFileNow(true, run));
      } catch (error) {
        throw setFault(error, this.path);
      }
    });
  }

  /** Runs on what is in the file now; begins again where another program was quicker. */
  private async onFileNow<T>(locked: boolean, run: () => Promise<T>): Promise<T> {
    for (let left = TRIES; ; left--) {
      await this.refresh(locked);
      try {
        return await run();
      } catch (error) {
        if ((error as Error).name !== 'ChangedMeanwhile' || left <= 1) throw error;
      }
    }
  }

  /** Takes over what was appended by us, so that the file need not be read for it. @returns whether that is all that happened */
  private async adopted(added: readonly { readonly id: string; readonly text: string }[], length: number, wasOpen: boolean): Promise<boolean> {
    const { file: before, lines, cards, broken, byId } = this.now;
    const state = await fileState(this.path);
    if (before === undefined || wasOpen || state.size !== before.size + length) return false;
    const [nextLines, nextCards, nextIds] = [[...lines], [...cards], new Map(byId)];
    let start = before.size;
    for (const { text } of added) {
      const bytes = new TextEncoder().encode(text);
      const line = { start, end: start + bytes.length, next: start + bytes.length + 1 };
      nextLines.push(line);
      const read = sampleIn({ ...line, bytes }, nextLines.length);
      if ('why' in read) return false;
      const card = cardOf(read.sample, nextCards.length, nextLines.length);
      nextCards.push(card);
      nextIds.set(card.id, card);
      start = line.next;
    }
    this.now = { file: state, lines: nextLines, cards: nextCards, broken, byId: nextIds };
    this.changes.fire(undefined);
    return true;
  }

  /** Reads the file again if it is another than the one last read, and tells of it. */
  private async refresh(locked: boolean): Promise<void> {
    const state = await fileState(this.path).catch(() => undefined);
    const known = this.now.file;
    if (state === undefined ? this.now === NO_FILE : known !== undefined && sameState(state, known)) return;
    const read = (): Promise<SetState> => readSet(this.path, this.ending.signal);
    this.now = locked ? await read() : await this.calmly(read);
    this.changes.fire(undefined);
  }

  private async look(): Promise<void> {
    try {
      await this.inTurn(() => this.refresh(false));
    } catch (error) {
      if (!this.ending.signal.aborted) this.tools.log.warn(`${basename(this.path)} could not be read again: ${String(error)}`);
    }
  }

  /** Runs when what was begun before is done. */
  private inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.before.then(run);
    this.before = result.catch(() => undefined);
    return result;
  }

  private idAt(place: number): string {
    const card = this.now.cards[place];
    if (card === undefined) throw new RangeError(`${basename(this.path)} has no sample ${String(place + 1)}, only ${String(this.now.cards.length)}.`);
    return card.id;
  }

  private card(id: string): SampleCard {
    const card = this.now.byId.get(id);
    if (card === undefined) throw new Error(`The sample ${id} is not in ${basename(this.path)} any more.`);
    return card;
  }

  /** In the order of the file, each once. */
  private cardsOf(ids: readonly string[]): SampleCard[] {
    return [...new Set(ids)].map((id) => this.card(id)).sort((a, b) => a.place - b.place);
  }

  private spanOf({ line }: SampleCard): LineSpan {
    const span = this.now.lines[line - 1];
    if (span === undefined) throw new RangeError(`${basename(this.path)} has no line ${String(line)}.`);
    return span;
  }

  private async textOf(file: OpenFileBytes, { start, end }: Pick<LineSpan, 'start' | 'end'>): Promise<string> {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.read(start, end));
  }

  private async removedLine(file: OpenFileBytes, { place, line }: SampleCard, { start, next }: LineSpan): Promise<RemovedLine> {
    const hashAt = async (index: number, name: 'previous' | 'next'): Promise<{ previous?: string; next?: string }> => {
      const span = this.now.lines[index];
      return span === undefined ? {} : { [name]: rowHash(await file.read(span.start, span.end)) };
    };
    const bytes = await this.textOf(file, { start, end: next });
    return { place, bytes, line: line - 1, ...(await hashAt(line - 2, 'previous')), ...(await hashAt(line, 'next')) };
  }
}

async function* noChunks(): AsyncIterable<Uint8Array> {
  // A file that is not there has none.
}
