import type { Span } from './span';

export type ProblemCode =
  | 'empty-trace'
  | 'empty-reasoning'
  | 'missing-open-tag'
  | 'missing-close-tag'
  | 'doubled-open-tag'
  | 'doubled-close-tag'
  | 'nested-tag'
  | 'several-blocks'
  | 'front-matter-unclosed'
  | 'front-matter-invalid'
  | 'unknown-intent'
  | 'reasoning-summary'
  | 'invalid-mark'
  | 'not-utf8'
  | 'broken-character';

/** Something about a trace that a researcher should know; never an exception. */
export interface Problem extends Span {
  readonly code: ProblemCode;
  readonly severity: 'error' | 'warning' | 'information';
  /** What was seen, how it was read, and what to do. */
  readonly message: string;
}
