import { basename } from 'node:path';
import type { JsonObject } from '../../trace/rows/fieldRef';
import type { AppliedEdits, EditConflict, FieldsSave, RowSave, RowSaved } from './dataset';
import type { AsideEdit } from './editsAside';
import type { Indexed } from './indexedFile';
import type { OpenDataset } from './openDataset';
import { ChangedMeanwhile, replaceFile, writeFaultInWords } from './replaceFile';
import { rowHash, textHash } from './rowHash';
import { RowRewrite, type HashedSave, type NotTaken } from './rowRewrite';
import { renamedRows, type RenamedRow, type RowTable } from './rowTable';

/** How often a file that others write at the same time is begun again. */
const TRIES = 4;
/** *Save All* saves one document after the other, with a little time between. Milliseconds; ours. */
const GATHER = 30;

interface Waiting {
  readonly save: RowSave;
  readonly done: (saved: RowSaved) => void;
  readonly failed: (error: unknown) => void;
}

/** A save in a rewrite: where its row is, or why it is not taken. */
interface Placed {
  readonly save: RowSave;
  readonly rewrite: RowRewrite | undefined;
  readonly not: NotTaken | undefined;
}

/** The one queue by which a dataset is written: what is saved at about the same time is written in one go. */
export class RowSaves {
  private waiting: Waiting[] = [];
  private running: Promise<void> = Promise.resolve();
  private gathering = false;

  constructor(private readonly dataset: OpenDataset) {}

  save(save: RowSave): Promise<RowSaved> {
    return new Promise((done, failed) => {
      this.waiting.push({ save, done, failed });
      if (this.gathering) return;
      this.gathering = true;
      this.running = this.running.then(() => new Promise((resolve) => setTimeout(resolve, GATHER))).then(() => this.flush());
    });
  }

  /** Writes the edits kept aside into the dataset, after what is being saved. */
  apply(signal: AbortSignal, progress: (share: number) => void): Promise<AppliedEdits> {
    const applying = this.running.then(() => this.dataset.tools.lock(this.dataset.path, () => this.applyAll(signal, progress)));
    this.running = applying.then(
      () => undefined,
      () => undefined,
    );
    return applying;
  }

  /** Writes fields of rows, after what is being saved. @returns the places of rows that changed meanwhile */
  async fields(saves: readonly FieldsSave[], signal: AbortSignal, progress: (share: number) => void): Promise<readonly number[]> {
    const writing = this.running.then(() => this.dataset.tools.lock(this.dataset.path, () => this.writeFields(saves, signal, progress)));
    this.running = writing.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await writing;
    } catch (error) {
      if (signal.aborted) throw error;
      throw new Error(writeFaultInWords(error, this.dataset.path), { cause: error });
    }
  }

  private async writeFields(saves: readonly FieldsSave[], signal: AbortSignal, progress: (share: number) => void): Promise<readonly number[]> {
    for (let left = TRIES; ; left--) {
      const indexed = await this.dataset.file.current({ signal });
      const rows = new Map<number, Uint8Array>();
      const changed: number[] = [];
      for (const { key, ordinal, hash, edits } of saves) {
        signal.throwIfAborted();
        const place = await this.dataset.find(key, ordinal);
        const full = place === undefined ? undefined : await this.dataset.full(place);
        if (place === undefined || full?.row.hash !== hash) changed.push(ordinal);
        else if (indexed.container.edited === undefined) throw new Error(`Rows of ${indexed.container.name} files cannot be written.`);
        else rows.set(place, indexed.container.edited(full.raw, edits, indexed.index));
      }
      try {
        if (rows.size > 0) await this.replace(indexed, rows, signal, progress);
        return changed;
      } catch (error) {
        if (!(error instanceof ChangedMeanwhile) || left <= 1) throw error;
      }
    }
  }

  private async flush(): Promise<void> {
    this.gathering = false;
    const batch = this.waiting;
    this.waiting = [];
    try {
      await this.dataset.file.current();
      const saved = await this.dataset.tools.lock(this.dataset.path, () => (this.dataset.large ? this.setAside(batch) : this.write(batch.map(({ save }) => save))));
      for (const [i, { done }] of batch.entries()) done(saved[i] ?? { how: 'gone', why: 'The row is gone.' });
    } catch (error) {
      const { name } = error as Error;
      const words = writeFaultInWords(error, this.dataset.path);
      for (const { done, failed } of batch) {
        if (name === 'FileGone') done({ how: 'gone', why: words });
        else failed(new Error(words, { cause: error }));
      }
    }
  }

  /** Writes what can be written in one rewrite of the file; begins again where somebody else changes the file meanwhile. */
  private async write(saves: readonly RowSave[]): Promise<RowSaved[]> {
    const signal = new AbortController().signal;
    const placed = await this.rewrite(saves, signal, () => undefined);
    const results: RowSaved[] = [];
    for (const { save, rewrite, not } of placed) results.push(not === undefined ? await this.savedAs(save, rewrite) : await this.notSaved(not));
    return results;
  }

  private async rewrite(saves: readonly HashedSave[], signal: AbortSignal, progress: (share: number) => void): Promise<Placed[]> {
    for (let left = TRIES; ; left--) {
      const indexed = await this.dataset.file.current({ signal });
      const placed = await this.place(saves);
      const rows = new Map<number, Uint8Array>();
      const beside = new Map<string, JsonObject | undefined>();
      const failed = new Map<RowRewrite, NotTaken>();
      for (const rewrite of new Set(placed.flatMap((one) => (one.not === undefined ? (one.rewrite ?? []) : [])))) {
        try {
          const bytes = rewrite.bytes(indexed);
          if (bytes !== undefined) rows.set(rewrite.full.row.ordinal, bytes);
          if (rewrite.keptBeside !== undefined) beside.set(rewrite.full.row.key, rewrite.keptBeside.value);
        } catch (error) {
          failed.set(rewrite, { how: 'refused', why: error instanceof Error ? error.message : String(error) });
        }
      }
      try {
        const renamed = rows.size > 0 ? await this.replace(indexed, rows, signal, progress) : [];
        const names = new Map(renamed.map(({ old, now }) => [old, now]));
        await this.dataset.keep(new Map([...beside].map(([key, value]) => [names.get(key) ?? key, value])));
        return placed.map((one) => ({ ...one, not: one.not ?? (one.rewrite === undefined ? undefined : failed.get(one.rewrite)) }));
      } catch (error) {
        if (!(error instanceof ChangedMeanwhile) || left <= 1) throw error;
      }
    }
  }

  /** Writes the file anew. @returns the rows that are called otherwise since, because their id or their prompt was edited */
  private async replace(before: Indexed, rows: ReadonlyMap<number, Uint8Array>, signal: AbortSignal, progress: (share: number) => void): Promise<readonly RenamedRow[]> {
    const { container, index, state } = before;
    if (container.withRows === undefined) throw new Error(`Rows of ${container.name} files cannot be written.`);
    const file = await this.dataset.file.open();
    let release = (): void => undefined;
    try {
      const known = await this.dataset.tableOf(before);
      const content = counted(container.withRows(file, index, rows, signal), (bytes) => {
        progress(state.size === 0 ? 1 : Math.min(1, bytes / state.size));
      });
      const written = await replaceFile(this.dataset.path, state, content, () => {
        release = this.dataset.file.hold();
      });
      // From here on the file is saved: what fails now costs time or names, and is no failure to save.
      await this.dataset.rewritten(before, rows, written).catch((error: unknown) => {
        this.dataset.tools.log.info(`${basename(this.dataset.path)} is indexed anew after saving: ${String(error)}`);
      });
      release();
      return known === undefined ? [] : await this.renames(known, rows);
    } finally {
      release();
      await file.close();
    }
  }

  /** Finds the rows that have other names since the rewrite; what belongs to them goes with them. */
  private async renames(before: RowTable, rows: ReadonlyMap<number, Uint8Array>): Promise<readonly RenamedRow[]> {
    let renamed: readonly RenamedRow[] = [];
    try {
      const now = await this.dataset.tableOf(await this.dataset.file.current());
      if (now === undefined || !onlyWritten(before, now, rows)) return [];
      renamed = renamedRows(before, now);
      await this.dataset.renamed(renamed);
    } catch (error) {
      const which = renamed.slice(0, 5).map(({ old, now }) => `${old} → ${now}`);
      this.dataset.tools.log.warn(`The new names of rows of ${basename(this.dataset.path)} cannot be remembered (${which.join(', ')}): ${String(error)}`);
    }
    return renamed;
  }

  /** Finds each save's row as it is now, and takes its changes into one rewrite for each row. */
  private async place(saves: readonly RowSave[]): Promise<Placed[]> {
    const rewrites = new Map<number, RowRewrite>();
    const placed: Placed[] = [];
    for (const save of saves) {
      const ordinal = await this.dataset.find(save.key, save.ordinal);
      if (ordinal === undefined) {
        placed.push({ save, rewrite: undefined, not: { how: 'gone', why: this.goneWords(save) } });
        continue;
      }
      const rewrite = rewrites.get(ordinal) ?? new RowRewrite(this.dataset, await this.dataset.full(ordinal));
      rewrites.set(ordinal, rewrite);
      placed.push({ save, rewrite, not: rewrite.take(save) });
    }
    return placed;
  }

  private goneWords({ key, ordinal }: RowSave): string {
    return `The row ${key} (number ${String(ordinal + 1)} when it was opened) is not in ${basename(this.dataset.path)} any more.`;
  }

  /** The row as it stands in the file after the save. */
  private async savedAs(save: RowSave, rewrite: RowRewrite | undefined): Promise<RowSaved> {
    const { ordinal } = rewrite?.full.row ?? save;
    return { how: 'saved', row: await this.dataset.text(ordinal, save.variant) };
  }

  private async notSaved(not: NotTaken): Promise<RowSaved> {
    if (not.how !== 'conflict') return not;
    return Promise.resolve({ how: 'conflict', row: this.dataset.textOf(not.now, undefined) });
  }

  /** Of a large file: the edits go to a file beside it. They are looked at as if they were written, so that none is kept that cannot be. */
  private async setAside(batch: readonly Waiting[]): Promise<RowSaved[]> {
    const results: RowSaved[] = [];
    for (const { save } of batch) results.push(await this.setOneAside(save));
    this.dataset.fireRows(results.flatMap((one) => (one.how === 'saved' ? [one.row.ordinal] : [])));
    return results;
  }

  private async setOneAside(save: RowSave): Promise<RowSaved> {
    const ordinal = await this.dataset.find(save.key, save.ordinal);
    if (ordinal === undefined) return { how: 'gone', why: this.goneWords(save) };
    const chosen = await this.dataset.trace(ordinal, save.variant);
    if ('why' in chosen) return { how: 'gone', why: chosen.why };
    const shown = this.dataset.textOf(chosen, await this.dataset.asideOf(chosen));
    if (shown.readOnly !== undefined) return { how: 'refused', why: shown.readOnly };
    if (save.base !== undefined && textHash(shown.text) !== save.base) return { how: 'conflict', row: shown };
    const rewrite = new RowRewrite(this.dataset, chosen);
    const not = rewrite.take({ variant: save.variant, base: undefined, text: save.text });
    if (not !== undefined) return this.notSaved(not);
    try {
      rewrite.bytes(this.dataset.file.last);
    } catch (error) {
      return { how: 'refused', why: error instanceof Error ? error.message : String(error) };
    }
    const { key, hash } = chosen.row;
    const { variant } = chosen;
    await this.dataset.edits.add({ key, ordinal, hash, text: save.text, ...(variant === undefined ? {} : { variant }) });
    return { how: 'saved', row: { ...shown, text: save.text } };
  }

  private async applyAll(signal: AbortSignal, progress: (share: number) => void): Promise<AppliedEdits> {
    const edits = await this.dataset.edits.all();
    const conflicts: EditConflict[] = [];
    const good: AsideEdit[] = [];
    const conflict = (edit: AsideEdit, why: string): void => {
      const { key, ordinal, text } = edit;
      conflicts.push({ key, ordinal, variant: edit.variant, text, why });
    };
    const saves: HashedSave[] = [];
    for (const edit of edits) {
      signal.throwIfAborted();
      const now = await this.rowOf(edit);
      if (now === undefined) conflict(edit, 'The row is not there any more.');
      else if (now !== edit.hash) conflict(edit, 'The row was changed in the file since it was edited.');
      else {
        good.push(edit);
        saves.push({ key: edit.key, ordinal: edit.ordinal, variant: edit.variant, text: edit.text, base: undefined, hash: edit.hash });
      }
    }
    const placed = await this.rewrite(saves, signal, progress);
    const applied = good.filter((edit, i) => {
      const not = placed[i]?.not;
      if (not === undefined) return true;
      conflict(edit, not.how === 'conflict' ? 'The row was changed in the file since it was edited.' : not.why);
      return false;
    });
    await this.dataset.edits.done(applied);
    // The file changed before; that they are aside no more is known only now.
    if (applied.length > 0) this.dataset.fireRows(applied.map(({ ordinal }) => ordinal));
    return { applied: applied.length, conflicts };
  }

  private async rowOf({ key, ordinal }: AsideEdit): Promise<string | undefined> {
    const place = await this.dataset.find(key, ordinal);
    return place === undefined ? undefined : (await this.dataset.row(place)).hash;
  }
}

/** Do two states of a file differ by just these new rows? Then each row stands where it stood. */
function onlyWritten(before: RowTable, now: RowTable, rows: ReadonlyMap<number, Uint8Array>): boolean {
  const wanted = (i: number): string | undefined => {
    const bytes = rows.get(i);
    return bytes === undefined ? before.hashes[i] : rowHash(bytes);
  };
  return before.hashes.length === now.hashes.length && now.hashes.every((hash, i) => hash === wanted(i));
}

async function* counted(chunks: AsyncIterable<Uint8Array>, progress: (bytes: number) => void): AsyncIterable<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    yield chunk;
    bytes += chunk.length;
    progress(bytes);
  }
}
