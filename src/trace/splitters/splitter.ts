import type { Span } from '../span';

/**
 * Cuts reasoning text into steps. Named and replaceable; the name is recorded with every score,
 * since verdicts of two splitters are not comparable step by step.
 */
export interface Splitter {
  readonly name: string;
  /**
   * The steps inside `text[start, end)`, in order. Spans neither overlap nor begin or end with white space,
   * and everything between them is white space. Takes time linear in the length.
   */
  split(text: string, start: number, end: number): Span[];
}
