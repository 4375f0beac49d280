import type { FieldEdit, JsonObject } from './fieldRef';
import type { RowTrace } from './rowTrace';

export { RowNotWritable } from './rowNotWritable';

/** What an edited document changes in its row. */
export interface RowEdits {
  /** At most one for each path. */
  readonly edits: readonly FieldEdit[];
  /** What the row's `cotlens` key holds from now on; `undefined` where nothing is left for it. */
  readonly overlay: JsonObject | undefined;
}

/** The document of a row's trace: a `.cot` text. `overlay` is what the row's `cotlens` key (or its stand-in) holds. */
export function composeRow(_trace: RowTrace, _overlay: JsonObject | undefined): string {
  throw new Error('not yet');
}

/**
 * Turns an edited document back into changes of its row.
 * @param trace as it was read from `row`, the row as it is
 * @throws RowNotWritable where a change has no place in the row
 */
export function rowEdits(_trace: RowTrace, _overlay: JsonObject | undefined, _row: JsonObject, _text: string): RowEdits {
  throw new Error('not yet');
}
