import { brokenCharacters } from './brokenCharacters';
import { countOf } from './countOf';
import { findFrontMatter, NO_FRONT_MATTER, readFrontMatter, type FrontMatter } from './frontMatter';
import { LineIndex } from './lineIndex';
import type { Problem } from './problem';
import type { Span } from './span';
import { DEFAULT_SPLITTER, type Splitter } from './splitters';
import { findThinkBlocks, type ThinkBlock } from './thinkTags';
import type { Ending, Part, PartKind, Section, Step, Trace } from './trace';
import { skipSpace, trimEnd } from './whitespace';

/**
 * Reads a trace document. Any text is a trace: what is missing or broken is listed in `problems`, and nothing throws.
 * `printTrace(parseTrace(text)) === text` for every text. Takes time linear in the length.
 */
export function parseTrace(text: string, splitter: Splitter = DEFAULT_SPLITTER): Trace {
  const problems: Problem[] = [];
  const lines = LineIndex.of(text);
  const parts = new PartList(text);
  const frontMatter = readHead(text, parts, problems);
  const bodyStart = parts.end;
  const tagged = findThinkBlocks(text, bodyStart, problems);
  const blocks: ThinkBlock[] =
    tagged.length > 0
      ? tagged
      : [{ open: undefined, close: undefined, inner: { start: bodyStart, end: text.length } }];

  const steps: Step[] = [];
  let prompt: Section | undefined;
  for (const [number, block] of blocks.entries()) {
    const section = parts.section(number === 0 ? 'prompt' : 'interlude', (block.open ?? block.inner).start);
    if (number === 0) prompt = section;
    if (block.open !== undefined) parts.exact('openTag', block.open.end);
    addSteps(parts, splitter.split(text, block.inner.start, block.inner.end), block.inner.end, number, lines, steps);
    if (block.close !== undefined) parts.exact('closeTag', block.close.end);
  }
  const answer = parts.section('answer', text.length);

  const spans = blocks.map((block) => outerSpan(block));
  noteMissing(text, tagged, spans, steps, problems);
  brokenCharacters(text, problems);
  return {
    text,
    parts: parts.list,
    frontMatter,
    intent: frontMatter.intent,
    turns: [{ prompt, blocks: spans, steps, answer, ending: endingOf(tagged, answer) }],
    splitter: splitter.name,
    lines,
    problems,
  };
}

/** Grows the gapless list of parts from the start of the text to its end. */
class PartList {
  readonly list: Part[] = [];
  end = 0;

  constructor(private readonly text: string) {}

  /** Adds everything up to `end` as one part; nothing where there is nothing. */
  exact(kind: PartKind, end: number): void {
    if (end <= this.end) return;
    this.list.push({ kind, start: this.end, end, text: this.text.slice(this.end, end) });
    this.end = end;
  }

  textBetween(start: number, end: number): string {
    return this.text.slice(start, end);
  }

  /** Adds what stands before `end` as a section with the white space around it apart. */
  section(kind: PartKind, end: number): Section | undefined {
    const start = skipSpace(this.text, this.end, end);
    this.exact('separator', start);
    if (start >= end) return undefined;
    this.exact(kind, trimEnd(this.text, start, end));
    const section = { start, end: this.end, text: this.text.slice(start, this.end) };
    this.exact('separator', end);
    return section;
  }
}

function readHead(text: string, parts: PartList, problems: Problem[]): FrontMatter {
  if (text.charCodeAt(0) === 0xfeff) parts.exact('bom', 1);
  const place = findFrontMatter(text, parts.end);
  if (place === undefined) return NO_FRONT_MATTER;
  if (place === 'unclosed') {
    problems.push({
      code: 'front-matter-unclosed',
      severity: 'error',
      message: 'This front matter is never closed, so its lines were read as text of the trace. End it with a line of `---`.',
      start: parts.end,
      end: parts.end + 3,
    });
    return NO_FRONT_MATTER;
  }
  const frontMatter = readFrontMatter(text, place, problems);
  parts.exact('frontMatter', place.block.end);
  return frontMatter;
}

function addSteps(
  parts: PartList,
  spans: readonly Span[],
  innerEnd: number,
  block: number,
  lines: LineIndex,
  steps: Step[],
): void {
  let line = steps.at(-1)?.lastLine ?? 0;
  for (const [i, { start, end }] of spans.entries()) {
    parts.exact('separator', start);
    parts.exact('step', end);
    line = lines.lineAtOrAfter(line, start);
    const firstLine = line;
    line = lines.lineAtOrAfter(line, end);
    const next = spans[i + 1]?.start ?? innerEnd;
    steps.push({
      index: steps.length,
      start,
      end,
      text: parts.list.at(-1)?.text ?? '',
      separator: parts.textBetween(end, next),
      block,
      firstLine,
      lastLine: line,
    });
  }
  parts.exact('separator', innerEnd);
}

function outerSpan({ open, close, inner }: ThinkBlock): Span {
  return { start: (open ?? inner).start, end: (close ?? inner).end };
}

function endingOf(tagged: readonly ThinkBlock[], answer: Section | undefined): Ending {
  if (tagged.length === 0) return 'unmarked';
  return answer === undefined ? 'truncated' : 'answered';
}

function noteMissing(
  text: string,
  tagged: readonly ThinkBlock[],
  spans: readonly Span[],
  steps: readonly Step[],
  problems: Problem[],
): void {
  const first = spans[0];
  if (steps.length === 0 && tagged.length === 0) {
    problems.push({
      code: 'empty-trace',
      severity: 'information',
      message: 'There are no steps here yet. Write or paste reasoning: steps are separated by blank lines, and stand between <think> and </think> where a prompt or an answer goes with them.',
      start: 0,
      end: Math.min(text.length, 1),
    });
  } else if (steps.length === 0 && first !== undefined) {
    problems.push({
      code: 'empty-reasoning',
      severity: 'information',
      message: 'The reasoning is empty: there is no step to score between these tags.',
      ...first,
    });
  }
  const second = spans[1];
  if (second !== undefined) {
    // A block whose opening tag is missing begins with white space.
    const start = skipSpace(text, second.start, second.end - 1);
    problems.push({
      code: 'several-blocks',
      severity: 'information',
      message: `${String(spans.length)} reasoning blocks with ${countOf(steps.length, 'step')}, read as one chain; the text between them is part of neither the reasoning nor the answer.`,
      start,
      end: Math.min(second.end, start + 7),
    });
  }
}
