import type { FieldEdit, JsonObject } from '../../trace/rows/fieldRef';
import type { RowSave } from './dataset';
import { chooseTrace, type ChosenTrace, type FullRow } from './chosenTrace';
import type { OpenDataset } from './openDataset';
import { isObject, withOverlay } from './overlays';
import { textHash } from './rowHash';
import type { Indexed } from './indexedFile';

/** Why a save was not taken into a rewrite. */
export type NotTaken = { readonly how: 'conflict'; readonly now: ChosenTrace } | { readonly how: 'gone' | 'refused'; readonly why: string };

/** A save that counts only for the row with these bytes. */
export interface HashedSave extends RowSave {
  /** `DatasetRow.hash`; absent: `base` alone says whether the row is still what it was. */
  readonly hash?: string;
}

/** One row that is being written anew: gathers the changes of its traces, each of which may be saved on its own. */
export class RowRewrite {
  private readonly edits = new Map<string, FieldEdit>();
  private kept: unknown;
  private keptChanged = false;

  constructor(
    private readonly dataset: OpenDataset,
    readonly full: FullRow,
  ) {
    this.kept = full.kept;
  }

  /** Takes a trace's document into the row. @returns why not */
  take({ variant, base, text, hash }: Pick<HashedSave, 'variant' | 'base' | 'text' | 'hash'>): NotTaken | undefined {
    const chosen = chooseTrace(this.full, variant);
    if ('why' in chosen) return { how: 'gone', why: chosen.why };
    if (hash !== undefined && hash !== chosen.row.hash) return { how: 'conflict', now: chosen };
    const now = this.dataset.textOf(chosen, undefined);
    if (now.readOnly !== undefined) return { how: 'refused', why: now.readOnly };
    if (base !== undefined && textHash(now.text) !== base) return { how: 'conflict', now: chosen };
    const { raw, trace, overlay } = chosen;
    try {
      const change = this.dataset.tools.reader.changes(trace, overlay, raw.value ?? {}, text);
      // Two traces of a row may share a text, such as their prompt.
      const clash = change.edits.find((edit) => this.clashes(edit));
      if (clash !== undefined) return { how: 'refused', why: `Another trace of this row is being saved with another text in ${clash.path.join('.')}, which both share. Save again to see it.` };
      for (const edit of change.edits) this.edits.set(JSON.stringify(edit.path), edit);
      if (JSON.stringify(change.overlay) !== JSON.stringify(overlay)) this.keep(chosen, change.overlay);
      return undefined;
    } catch (error) {
      return { how: 'refused', why: error instanceof Error ? error.message : String(error) };
    }
  }

  /** The row's new bytes; `undefined` where nothing of the row itself changed. @throws Error in words where a field cannot be written */
  bytes({ container, index }: Indexed): Uint8Array | undefined {
    const edits = [...this.edits.values()];
    if (this.keptChanged && this.dataset.holdsOverlays) edits.push({ path: ['cotlens'], value: this.kept as JsonObject | undefined });
    if (edits.length === 0) return undefined;
    if (container.edited === undefined) throw new Error(`Rows of ${container.name} files cannot be written.`);
    return container.edited(this.full.raw, edits, index);
  }

  /** What is to be kept beside the file from now on, where the row cannot hold it. */
  get keptBeside(): { readonly value: JsonObject | undefined } | undefined {
    return this.keptChanged && !this.dataset.holdsOverlays ? { value: this.kept as JsonObject | undefined } : undefined;
  }

  private clashes({ path, value }: FieldEdit): boolean {
    const other = this.edits.get(JSON.stringify(path));
    return other !== undefined && JSON.stringify(other.value) !== JSON.stringify(value);
  }

  private keep({ keptFor }: ChosenTrace, overlay: JsonObject | undefined): void {
    if (this.kept !== undefined && !isObject(this.kept)) {
      throw new Error('This row has a field “cotlens” of its own that is no object, so what belongs there cannot be kept. Rename that field first.');
    }
    this.kept = withOverlay(this.kept, keptFor, overlay);
    this.keptChanged = true;
  }
}
