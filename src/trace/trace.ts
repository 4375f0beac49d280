import type { Span } from './span';
import type { FrontMatter } from './frontMatter';
import type { LineIndex } from './lineIndex';
import type { Problem } from './problem';
import type { Intent } from './intent';

/** What a stretch of a trace document is. Together the parts of a trace cover its text without gap or overlap. */
export type PartKind =
  | 'bom'
  | 'frontMatter'
  /** A line that says whose text follows: `--- user ---`. */
  | 'roleLine'
  | 'prompt'
  | 'openTag'
  | 'step'
  /** White space between two other parts, kept exactly (CRLF, indentation, trailing blanks). */
  | 'separator'
  | 'closeTag'
  /** Text that is neither prompt nor answer: between two think blocks, of a tool. */
  | 'interlude'
  | 'answer';

/** One contiguous stretch of a trace document. Concatenating all `text`s gives the document back byte for byte. */
export interface Part extends Span {
  readonly kind: PartKind;
  readonly text: string;
}

/** A run of reasoning text between blank lines. */
export interface Step extends Span {
  /** 0-based position in the document; shown to people as `index + 1`. */
  readonly index: number;
  /** The step's text without the white space around it. */
  readonly text: string;
  /** The exact white space after the step up to the next step or tag. */
  readonly separator: string;
  /** Which think block of the document the step stands in, 0-based. */
  readonly block: number;
  /**
   * Of the first step of a block after the first: what stands between that block and the one before, role lines included, without the
   * white space around it and without the document's mark. `undefined` where nothing does.
   */
  readonly lead?: string;
  /** First document line of the step, 0-based. */
  readonly firstLine: number;
  /** Last document line of the step, 0-based. */
  readonly lastLine: number;
}

/** A stretch of text with its place. */
export interface Section extends Span {
  readonly text: string;
}

/** What the model says last. */
export interface Answer extends Section {
  /** What stands between the last reasoning and it, as a step's lead does; `undefined` where nothing does. */
  readonly lead?: string;
}

/**
 * How the reasoning ends: with an answer after it, `truncated` (no answer follows),
 * or `unmarked` (the file has no tag at all, so all of it is steps and nothing can be said about an answer).
 */
export type Ending = 'answered' | 'truncated' | 'unmarked';

/** What a tool was asked and what it gave back, as far as the document has it. */
export interface ToolCall {
  readonly name: string | undefined;
  readonly call: Section | undefined;
  readonly result: Section | undefined;
  /** Where it begins: the role line. */
  readonly line: Span;
}

/** One exchange: a prompt, the reasoning steps, what tools were asked, an answer. */
export interface Turn extends Span {
  /**
   * What stands before the model's first word; where that is more than one text, with the role lines between them. The mark that a
   * document may have is left out of the lines.
   */
  readonly prompt: Section | undefined;
  /** The reasoning blocks, tags included; more than one where a model opened several. */
  readonly blocks: readonly Span[];
  readonly steps: readonly Step[];
  readonly toolCalls: readonly ToolCall[];
  /** What the model says last, after its last reasoning. */
  readonly answer: Answer | undefined;
  readonly ending: Ending;
}

/** A trace document, parsed without loss. */
export interface Trace {
  readonly text: string;
  readonly parts: readonly Part[];
  readonly frontMatter: FrontMatter;
  readonly intent: Intent;
  /** One for each time that the user speaks after the model; a text without role lines is one turn. */
  readonly turns: readonly [Turn, ...Turn[]];
  /**
   * All turns as one chain, which is what is scored: all blocks and steps; as its prompt all before the first block, as its answer
   * what the model says last, unless more than blanks follows.
   */
  readonly chain: Turn;
  /** Name of the splitter that cut the steps; recorded with every score. */
  readonly splitter: string;
  readonly lines: LineIndex;
  readonly problems: readonly Problem[];
}
