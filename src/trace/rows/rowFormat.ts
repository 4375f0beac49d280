import type { Intent } from '../intent';
import type { JsonObject } from './fieldRef';
import type { RowTrace } from './rowTrace';

/**
 * Which fields of a row mean what, where a person has said so (*Choose Format…*); paths as `a.b.0` or, of tables, column names.
 * What is absent is left to the format.
 */
export interface ColumnMapping {
  readonly id?: string;
  readonly prompt?: string;
  readonly reasoning?: string;
  readonly answer?: string;
  readonly model?: string;
  readonly source?: string;
  /** A field that holds an intent or a label, or with `=` before it the intent of all rows: `=harmful`. */
  readonly intent?: string;
  /** Which values of the field `intent` mean which intent, beside the names of intents themselves. */
  readonly intents?: Readonly<Record<string, Intent>>;
}

/** A shape of rows: how prompt, reasoning and answer lie in them. One file each; adding one touches nothing else but the list. */
export interface RowFormat {
  /** Its name for people, also in settings: `STAR-1`, `chat messages`, `TRL stepwise`. Never changed once released. */
  readonly name: string;
  /** How surely a row is of this shape: 0 not at all … 1 by a mark that no other has. Never throws. */
  detect(row: JsonObject): number;
  /**
   * Reads a row of this shape; at least one trace. Missing fields make absent parts, never an exception.
   * Takes time linear in the row's length.
   */
  read(row: JsonObject, mapping?: ColumnMapping): readonly RowTrace[];
}
