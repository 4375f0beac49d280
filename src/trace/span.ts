/** A half-open range of UTF-16 offsets in a text, as VS Code counts them. */
export interface Span {
  /** First offset inside the range. */
  readonly start: number;
  /** First offset after the range; never less than `start`. */
  readonly end: number;
}
