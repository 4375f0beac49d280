import type { Span } from './span';
import type { FrontMatter } from './frontMatter';
import type { LineIndex } from './lineIndex';
import type { Problem } from './problem';
import type { Intent } from './intent';

/** What a stretch of a trace document is. Together the parts of a trace cover its text without gap or overlap. */
export type PartKind =
  | 'bom'
  | 'frontMatter'
  | 'prompt'
  | 'openTag'
  | 'step'
  /** White space between two other parts, kept exactly (CRLF, indentation, trailing blanks). */
  | 'separator'
  | 'closeTag'
  /** Text between two think blocks. */
  | 'interlude'
  | 'answer';

/** One contiguous stretch of a trace document. Concatenating all `text`s gives the document back byte for byte. */
export interface Part extends Span {
  readonly kind: PartKind;
  readonly text: string;
}

/** A run of reasoning text between blank lines. */
export interface Step extends Span {
  /** 0-based position in its turn; shown to people as `index + 1`. */
  readonly index: number;
  /** The step's text without the white space around it. */
  readonly text: string;
  /** The exact white space after the step up to the next step or tag. */
  readonly separator: string;
  /** Which think block of the turn the step stands in, 0-based. */
  readonly block: number;
  /** First document line of the step, 0-based. */
  readonly firstLine: number;
  /** Last document line of the step, 0-based. */
  readonly lastLine: number;
}

/** A stretch of text with its place. */
export interface Section extends Span {
  readonly text: string;
}

/**
 * How the reasoning ends: with an answer after it, `truncated` (no answer follows),
 * or `unmarked` (the file has no tag at all, so all of it is steps and nothing can be said about an answer).
 */
export type Ending = 'answered' | 'truncated' | 'unmarked';

/** One exchange: a prompt, the reasoning steps, an answer. A `.cot` document holds one turn. */
export interface Turn {
  readonly prompt: Section | undefined;
  /** The reasoning blocks, tags included; more than one where a model opened several. */
  readonly blocks: readonly Span[];
  readonly steps: readonly Step[];
  readonly answer: Section | undefined;
  readonly ending: Ending;
}

/** A trace document, parsed without loss. */
export interface Trace {
  readonly text: string;
  readonly parts: readonly Part[];
  readonly frontMatter: FrontMatter;
  readonly intent: Intent;
  readonly turns: readonly [Turn, ...Turn[]];
  /** Name of the splitter that cut the steps; recorded with every score. */
  readonly splitter: string;
  readonly lines: LineIndex;
  readonly problems: readonly Problem[];
}
