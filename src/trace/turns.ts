import { withoutMark } from './roleLines';
import type { DocumentSection } from './sections';
import type { Span } from './span';
import type { Answer, Ending, Section, Step, ToolCall, Turn } from './trace';
import { skipSpace, trimEnd } from './whitespace';

/** What the turns of a document are made of. */
export interface TurnParts {
  readonly text: string;
  readonly sections: readonly DocumentSection[];
  readonly steps: readonly Step[];
  readonly mark: string | undefined;
}

/** The sections of each turn: one begins where the user or the system speaks after the model. */
export function turnGroups(sections: readonly DocumentSection[]): DocumentSection[][] {
  const groups: DocumentSection[][] = [];
  let modelSpoke = false;
  for (const section of sections) {
    const isAsking = section.kind === 'user' || section.kind === 'system';
    if (groups.length === 0 || (isAsking && modelSpoke)) groups.push([]);
    modelSpoke = !isAsking;
    groups.at(-1)?.push(section);
  }
  return groups;
}

/** The turn that these sections are, with the steps of its blocks. */
export function turnOf(parts: TurnParts, group: readonly DocumentSection[], steps: readonly Step[]): Turn {
  const asked = group.findIndex(({ kind }) => kind !== 'user' && kind !== 'system');
  return turn(parts, group, asked === -1 ? group : group.slice(0, asked), steps);
}

/** All of a document as one turn. */
export function chainOf(parts: TurnParts): Turn {
  const { sections, steps } = parts;
  const first = sections.findIndex(({ kind }) => kind === 'reasoning');
  const answer = answerIn(parts.text, sections);
  const before = first === -1 ? sections.filter((section) => section !== answer) : sections.slice(0, first);
  return turn(parts, sections, before, steps);
}

function turn(parts: TurnParts, group: readonly DocumentSection[], before: readonly DocumentSection[], steps: readonly Step[]): Turn {
  const answer = answerIn(parts.text, group);
  const [first, last] = [group[0], group.at(-1)];
  return {
    start: first?.line?.start ?? first?.start ?? 0,
    end: last?.block?.close?.end ?? last?.end ?? parts.text.length,
    prompt: promptOf(parts, before),
    blocks: group.flatMap(({ block }) => (block === undefined ? [] : [outerSpan(block)])),
    steps,
    toolCalls: toolCallsIn(parts.text, group),
    answer: answer === undefined ? undefined : answerOf(parts, group, answer),
    ending: endingOf(parts.sections, answer),
  };
}

/** A block with its tags. */
export function outerSpan({ open, close, inner }: NonNullable<DocumentSection['block']>): Span {
  return { start: (open ?? inner).start, end: (close ?? inner).end };
}

/** The last of these texts, if it is the model's and after all reasoning. */
export function answerIn(text: string, group: readonly DocumentSection[]): DocumentSection | undefined {
  for (let i = group.length - 1; i >= 0; i--) {
    const section = group[i];
    if (section === undefined) return undefined;
    const isBlank = trimmed(text, section.start, section.end) === undefined;
    if (section.kind === 'assistant' && !isBlank) return section;
    // A tool that was called without a word was called all the same.
    if (section.kind !== 'assistant' && (section.line !== undefined || section.block !== undefined || !isBlank)) return undefined;
  }
  return undefined;
}

function answerOf({ text, mark }: TurnParts, group: readonly DocumentSection[], answer: DocumentSection): Answer | undefined {
  const said = trimmed(text, answer.start, answer.end);
  const lead = withoutMark(leadTo(text, group, answer.line?.start ?? answer.start), mark);
  return said === undefined || lead === '' ? said : { ...said, lead };
}

/** What stands between the last reasoning that says something and this offset; tags around nothing are left out. */
function leadTo(text: string, group: readonly DocumentSection[], offset: number): string {
  let pieces: Section[] = [];
  let from: number | undefined;
  const add = (to: number): void => {
    const piece = from === undefined ? undefined : trimmed(text, from, to);
    if (piece !== undefined) pieces.push(piece);
  };
  for (const { block } of group) {
    if (block === undefined) continue;
    const { start, end } = outerSpan(block);
    add(start);
    if (skipSpace(text, block.inner.start, block.inner.end) < block.inner.end) pieces = [];
    from = end;
  }
  add(offset);
  return pieces.map((piece) => piece.text).join('\n\n');
}

/** What stands between two offsets without the white space around it; `undefined` where that is nothing. */
export function trimmed(text: string, from: number, to: number): Section | undefined {
  const start = skipSpace(text, from, to);
  if (start >= to) return undefined;
  const end = trimEnd(text, start, to);
  return { start, end, text: text.slice(start, end) };
}

function promptOf({ text, mark }: TurnParts, before: readonly DocumentSection[]): Section | undefined {
  const said = before.filter(({ start, end }) => skipSpace(text, start, end) < end);
  const [first, last] = [said[0], said.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const from = first === last && first.kind === 'user' ? first.start : (first.line?.start ?? first.start);
  const prompt = trimmed(text, from, last.end);
  return prompt === undefined ? undefined : { ...prompt, text: withoutMark(prompt.text, mark) };
}

/** Calls with their results, in order: a result belongs to the first call of its name that has none yet. */
function toolCallsIn(text: string, group: readonly DocumentSection[]): ToolCall[] {
  const calls: ToolCall[] = [];
  const waiting = new Map<string, { readonly asked: number[]; next: number }>();
  for (const { kind, name, line, start, end } of group) {
    if (line === undefined || (kind !== 'toolCall' && kind !== 'toolResult')) continue;
    const section = trimmed(text, start, end);
    const queue = waiting.get(name ?? '') ?? { asked: [], next: 0 };
    waiting.set(name ?? '', queue);
    if (kind === 'toolCall') {
      queue.asked.push(calls.length);
      calls.push({ name, call: section, result: undefined, line });
      continue;
    }
    const asked = queue.asked[queue.next++];
    const call = asked === undefined ? undefined : calls[asked];
    if (call !== undefined && asked !== undefined) calls[asked] = { ...call, result: section };
    else calls.push({ name, call: undefined, result: section, line });
  }
  return calls;
}

function endingOf(sections: readonly DocumentSection[], answer: DocumentSection | undefined): Ending {
  if (sections.every(({ line, block }) => line === undefined && (block === undefined || isBare(block)))) return 'unmarked';
  return answer === undefined ? 'truncated' : 'answered';
}

const isBare = ({ open, close }: NonNullable<DocumentSection['block']>): boolean => open === undefined && close === undefined;
