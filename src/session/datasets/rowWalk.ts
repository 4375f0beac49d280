/** An order of rows by which *Next Row* goes instead of that of the file: that of a view, as filtered and sorted there. */
export interface RowWalk {
  /** Does it speak of this dataset? */
  lists(dataset: string): boolean;
  /** The row after (1) or before (−1) a row, 0-based; `undefined` at the end. */
  neighbour(dataset: string, ordinal: number, by: 1 | -1): number | undefined;
}
