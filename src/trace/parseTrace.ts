import { brokenCharacters } from './brokenCharacters';
import { countOf } from './countOf';
import { findFrontMatter, NO_FRONT_MATTER, readFrontMatter, type FrontMatter } from './frontMatter';
import { LineIndex } from './lineIndex';
import type { Problem } from './problem';
import { DEFAULT_SPLITTER, type Splitter } from './splitters';
import { withoutMark } from './roleLines';
import { documentSections, type DocumentSection } from './sections';
import type { ThinkBlock } from './thinkTags';
import type { Part, PartKind, Step, Trace, Turn } from './trace';
import { answerIn, chainOf, outerSpan, trimmed, turnGroups, turnOf } from './turns';
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
  const { mark } = frontMatter;
  const found = documentSections(text, bodyStart, mark, problems);
  const isMarked = found.some(({ line, block }) => line !== undefined || block !== undefined);
  const sections = isMarked ? found : [unmarked(bodyStart, text.length)];

  const stepper = new Steps(text, splitter, lines, mark);
  const turns: Turn[] = [];
  const all = { text, sections, mark, steps: stepper.list };
  for (const group of turnGroups(sections)) {
    const answer = answerIn(text, group);
    const first = stepper.list.length;
    for (const section of group) addSection(parts, section, section === answer, stepper);
    turns.push(turnOf(all, group, stepper.list.slice(first)));
  }
  const chain = chainOf(all);
  const [turn = chain, ...more] = turns;

  noteMissing(text, isMarked, chain, problems);
  brokenCharacters(text, problems);
  return {
    text,
    parts: parts.list,
    frontMatter,
    intent: frontMatter.intent,
    turns: [turn, ...more],
    chain,
    splitter: splitter.name,
    lines,
    problems,
  };
}

/** Text without any mark: all of it is steps. */
function unmarked(start: number, end: number): DocumentSection {
  const block = { open: undefined, close: undefined, inner: { start, end } };
  return { kind: 'reasoning', name: undefined, line: undefined, block, start, end };
}

function addSection(parts: PartList, { kind, line, block, start, end }: DocumentSection, isAnswer: boolean, steps: Steps): void {
  if (block !== undefined) {
    if (block.open !== undefined) parts.exact('openTag', block.open.end);
    steps.add(parts, block);
    if (block.close !== undefined) parts.exact('closeTag', block.close.end);
    return;
  }
  if (line !== undefined) parts.exact('roleLine', start);
  const isAsking = kind === 'user' || kind === 'system';
  parts.section(isAnswer ? 'answer' : isAsking ? 'prompt' : 'interlude', end);
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

  /** Adds what stands before `end`, the white space around it apart. */
  section(kind: PartKind, end: number): void {
    const start = skipSpace(this.text, this.end, end);
    this.exact('separator', start);
    if (start >= end) return;
    this.exact(kind, trimEnd(this.text, start, end));
    this.exact('separator', end);
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

/** Cuts the reasoning of one block after the other into the document's steps. */
class Steps {
  readonly list: Step[] = [];
  private line = 0;
  private block = 0;
  /** Where the block before ended. */
  private last: number | undefined;
  private leads: string[] = [];

  constructor(
    private readonly text: string,
    private readonly splitter: Splitter,
    private readonly lines: LineIndex,
    private readonly mark: string | undefined,
  ) {}

  add(parts: PartList, block: ThinkBlock): void {
    const { text, lines } = this;
    const { inner } = block;
    this.noteLead(block);
    const spans = this.splitter.split(text, inner.start, inner.end);
    for (const [i, { start, end }] of spans.entries()) {
      parts.exact('separator', start);
      parts.exact('step', end);
      this.line = lines.lineAtOrAfter(this.line, start);
      const firstLine = this.line;
      this.line = lines.lineAtOrAfter(this.line, end);
      const lead = i === 0 && this.leads.length > 0 ? { lead: this.leads.join('\n\n') } : {};
      this.list.push({
        index: this.list.length,
        start,
        end,
        text: parts.list.at(-1)?.text ?? '',
        separator: text.slice(end, spans[i + 1]?.start ?? inner.end),
        block: this.block,
        firstLine,
        lastLine: this.line,
        ...lead,
      });
    }
    if (spans.length > 0) this.leads = [];
    parts.exact('separator', inner.end);
    this.block++;
  }

  /** What stands before a block without a step leads to the next step there is. */
  private noteLead(block: ThinkBlock): void {
    const { start, end } = outerSpan(block);
    const lead = this.last === undefined ? undefined : trimmed(this.text, this.last, start);
    if (lead !== undefined) this.leads.push(withoutMark(lead.text, this.mark));
    this.last = end;
  }
}

function noteMissing(text: string, isMarked: boolean, { blocks, steps }: Turn, problems: Problem[]): void {
  const [first, second] = blocks;
  if (steps.length === 0 && (first === undefined || !isMarked)) {
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
  if (second !== undefined) {
    // A block whose opening tag is missing begins with white space.
    const start = skipSpace(text, second.start, second.end - 1);
    problems.push({
      code: 'several-blocks',
      severity: 'information',
      message: `${String(blocks.length)} reasoning blocks with ${countOf(steps.length, 'step')}, read as one chain; the text between them is given to judges, but it is part of neither the reasoning nor the answer.`,
      start,
      end: Math.min(second.end, start + 7),
    });
  }
}
