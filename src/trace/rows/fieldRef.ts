import type { Span } from '../span';

/** The way from a row's root to a value in it: keys of objects, indices of arrays; of a table's row, the column's name alone. */
export type FieldPath = readonly (string | number)[];

/** Where a text stands in its row, so that it can be written back there and nowhere else. */
export interface FieldRef {
  readonly path: FieldPath;
  /** Only this stretch of the string at `path`; the whole string where absent. */
  readonly slice?: Span;
  /**
   * The row has no such text yet: no such field, or with `slice` (then empty) nothing at that place of the string.
   * What is written there is put between `before` and `after`, such as the tags that a model would have written around it.
   * A field that is missing or null counts as the empty string, so that several texts of one missing string can be written, in the
   * order of the parts.
   */
  readonly absent?: { readonly before: string; readonly after: string };
  /** What goes from the string when the text is taken away as a whole: the slice with the marks around it. */
  readonly whole?: Span;
}

/** A change of one value of a row. */
export interface FieldEdit {
  readonly path: FieldPath;
  /** The new value; `undefined` removes the field (of an object) where it is there. */
  readonly value: JsonValue | undefined;
}

/** Any JSON value. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}
