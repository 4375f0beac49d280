/** One line of `npm run bench`. A file test/bench/*.bench.ts exports `rows(): Promise<Row[]>`. */
export interface Row {
  readonly name: string;
  readonly figure: number;
  readonly unit?: string;
  /** The most that the figure may be; without one the row only informs. */
  readonly bound?: number;
  /** Overrides the comparison with the bound, for rows where more is better. */
  readonly ok?: boolean;
}
