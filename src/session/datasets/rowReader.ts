import type { FieldEdit, JsonObject } from '../../trace/rows/fieldRef';
import type { RowTrace } from '../../trace/rows/rowTrace';
import type { FormatChoice } from './dataset';

/** A row as its format understands it. */
export interface ReadRow {
  /** `undefined` where no format fits. */
  readonly format: string | undefined;
  readonly traces: readonly RowTrace[];
  /** Why there are none. */
  readonly problem?: string | undefined;
}

/** What a changed document means for its row. */
export interface RowChange {
  readonly edits: readonly FieldEdit[];
  /** What is to be kept beside the row's own fields now (the key `cotlens`, of this trace). */
  readonly overlay: JsonObject | undefined;
}

/** Makes documents of rows and of documents rows: the formats and the row document, as one. */
export interface RowReader {
  /** The names of all formats. */
  readonly formats: readonly string[];
  read(row: JsonObject, choice?: FormatChoice): ReadRow;
  /** The document of a trace, with what is kept beside the row's own fields. */
  compose(trace: RowTrace, overlay: JsonObject | undefined): string;
  /**
   * What has changed in the document.
   * @param row the row that the trace was read from
   * @throws Error that says to the researcher what cannot be written, and why
   */
  changes(trace: RowTrace, overlay: JsonObject | undefined, row: JsonObject, text: string): RowChange;
}
