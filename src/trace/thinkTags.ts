import type { Span } from './span';
import type { Problem } from './problem';
import type { RoleLine } from './roleLines';
import { isSpace } from './whitespace';

/** One stretch of reasoning with the tags around it; a tag that the text lacks is `undefined`. */
export interface ThinkBlock {
  readonly open: Span | undefined;
  readonly close: Span | undefined;
  /** What lies between the tags. */
  readonly inner: Span;
}

interface Tag extends Span {
  readonly name: string;
  readonly closing: boolean;
  /** Stands where models write tags: at the start of a line, (closing) at its end, or where one block follows another. */
  readonly atEdge: boolean;
}

/** The names that models use; a document is read by the first one that marks a block in it. Attributes are allowed. */
const TAG = /<(\/?)(think|thinking|reasoning|thought)(?:\s[^<>]{0,200})?>/gi;

/** How far white space is followed from a tag to the edge of its line. Ours; bounds the work on hostile input. */
const EDGE_REACH = 64;

/**
 * Finds the reasoning blocks of `text` from `start` on. How incomplete marks are read (ours where the field has no rule):
 * - a closing tag without an opening one: all before it is reasoning (R1 templates put the opening tag in the prompt);
 * - an opening tag without a closing one: all after it is reasoning, and the trace is truncated;
 * - several pairs: several blocks of one chain;
 * - nested pairs: the outer pair counts, the inner tags are text;
 * - a tag in the middle of a line is text, as long as others stand at line edges (a prompt may speak of `<think>`).
 * Problems are pushed for all but the plain single pair. No tag at all gives an empty list.
 * `roleLines` are all lines of that form: reasoning without an opening tag begins no earlier than the last of them before it.
 * With a mark only tags that carry it count (`<think-7f>`), wherever they stand.
 */
export function findThinkBlocks(
  text: string,
  start: number,
  problems: Problem[],
  { mark, roleLines = [] }: { readonly mark?: string | undefined; readonly roleLines?: readonly RoleLine[] } = {},
): ThinkBlock[] {
  const tags = mark === undefined ? structuralTags(text, start) : markedTags(text, start, mark);
  const blocks: ThinkBlock[] = [];
  let regionStart = start;
  let nextLine = 0;
  let i = 0;
  while (i < tags.length) {
    const tag = tags[i];
    if (tag === undefined) break;
    if (tag.closing) {
      for (let line = roleLines[nextLine]; line !== undefined && line.end <= tag.start; line = roleLines[++nextLine]) {
        regionStart = Math.max(regionStart, line.end);
      }
      blocks.push({ open: undefined, close: tag, inner: { start: regionStart, end: tag.start } });
      problems.push(blocks.length === 1 ? missingOpen(text, tag) : doubledClose(text, tag));
      regionStart = tag.end;
      i++;
      continue;
    }
    const end = closeOf(tags, i);
    if (end.close === undefined) {
      blocks.push({ open: tag, close: undefined, inner: { start: tag.end, end: text.length } });
      problems.push(missingClose(text, tag));
      return blocks;
    }
    for (let k = i + 1; k < end.index; k++) {
      const inner = tags[k];
      if (inner !== undefined && !inner.closing) problems.push(end.balanced ? nested(text, inner) : doubledOpen(text, inner));
    }
    blocks.push({ open: tag, close: end.close, inner: { start: tag.end, end: end.close.start } });
    regionStart = end.close.end;
    i = end.index + 1;
  }
  return blocks;
}

/** The tags of a document that names its mark: nothing else can be mistaken for them. */
function markedTags(text: string, start: number, mark: string): Tag[] {
  const name = `think-${mark}`;
  const pattern = new RegExp(`<(/?)${name}>`, 'g');
  const tags: Tag[] = [];
  pattern.lastIndex = start;
  for (let m = pattern.exec(text); m !== null; m = pattern.exec(text)) {
    tags.push({ name, closing: m[1] === '/', start: m.index, end: m.index + m[0].length, atEdge: true });
  }
  return tags;
}

/** The tags that mark blocks: of one name, at line edges where any such tag exists. */
function structuralTags(text: string, start: number): Tag[] {
  const all: Tag[] = [];
  TAG.lastIndex = start;
  for (let m = TAG.exec(text); m !== null; m = TAG.exec(text)) {
    const end = m.index + m[0].length;
    const closing = m[1] === '/';
    const before = all.at(-1);
    // `</think><think>` on one line: nobody quotes a closing tag right before an opening one.
    const afterClose = !closing && before?.closing === true && text.slice(before.end, m.index).trim() === '';
    if (afterClose && !before.atEdge) all[all.length - 1] = { ...before, atEdge: true };
    all.push({
      name: (m[2] ?? '').toLowerCase(),
      closing,
      start: m.index,
      end,
      atEdge: afterClose || atLineStart(text, m.index, start) || (closing && atLineEnd(text, end)),
    });
  }
  const leader = all.find((tag) => tag.atEdge) ?? all[0];
  if (leader === undefined) return [];
  const named = all.filter((tag) => tag.name === leader.name);
  if (!leader.atEdge) return named;
  // Inside a block whose closing tag stands mid-line (`<think>A</think>B`), that closing tag counts.
  const kept: Tag[] = [];
  const edgeCloseAhead = closesAhead(named);
  let open = false;
  for (const [i, tag] of named.entries()) {
    if (tag.atEdge || (tag.closing && open && edgeCloseAhead[i] !== true)) {
      kept.push(tag);
      open = !tag.closing;
    }
  }
  return kept;
}

/** For each tag: does a closing tag at a line edge come after it, before the next opening one at an edge? */
function closesAhead(tags: readonly Tag[]): boolean[] {
  const ahead = new Array<boolean>(tags.length).fill(false);
  let closes = false;
  for (let i = tags.length - 1; i >= 0; i--) {
    ahead[i] = closes;
    const tag = tags[i];
    if (tag?.atEdge === true) closes = tag.closing;
  }
  return ahead;
}

/** The closing tag of the opening one at `index`: the balancing one, else the last one before the next gap. */
function closeOf(tags: readonly Tag[], index: number): { close: Tag | undefined; index: number; balanced: boolean } {
  let depth = 0;
  let last: { close: Tag | undefined; index: number } = { close: undefined, index };
  for (let k = index; k < tags.length; k++) {
    const tag = tags[k];
    if (tag === undefined) break;
    depth += tag.closing ? -1 : 1;
    if (tag.closing) last = { close: tag, index: k };
    if (depth === 0) return { close: tag, index: k, balanced: true };
  }
  return { ...last, balanced: false };
}

function atLineStart(text: string, at: number, from: number): boolean {
  for (let i = at - 1; i >= Math.max(from, at - EDGE_REACH); i--) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13) return true;
    if (!isSpace(code)) return false;
  }
  return at - from <= EDGE_REACH;
}

function atLineEnd(text: string, at: number): boolean {
  for (let i = at; i < Math.min(text.length, at + EDGE_REACH); i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13) return true;
    if (!isSpace(code)) return false;
  }
  return text.length - at <= EDGE_REACH;
}

const shown = (text: string, tag: Span): string => text.slice(tag.start, Math.min(tag.end, tag.start + 20));

type Severity = Problem['severity'];

const at = (tag: Span, code: Problem['code'], severity: Severity, message: string): Problem => ({
  code,
  severity,
  message,
  start: tag.start,
  end: tag.end,
});

const missingOpen = (text: string, tag: Span): Problem =>
  at(tag, 'missing-open-tag', 'information', `No opening tag before this ${shown(text, tag)}: everything above it was read as reasoning, as chat templates that put the opening tag into the prompt leave it. If a prompt stands above, put the opening tag after it.`);

const missingClose = (text: string, tag: Span): Problem =>
  at(tag, 'missing-close-tag', 'warning', `${shown(text, tag)} is never closed: everything after it was read as reasoning and the trace counts as truncated, without an answer. If an answer follows, close the reasoning before it.`);

const doubledOpen = (text: string, tag: Span): Problem =>
  at(tag, 'doubled-open-tag', 'warning', `A second ${shown(text, tag)} before the first one is closed: it was read as text of the reasoning. Remove one of the two.`);

const doubledClose = (text: string, tag: Span): Problem =>
  at(tag, 'doubled-close-tag', 'warning', `A second ${shown(text, tag)} without an opening tag: the text since the last closing tag was read as more reasoning. Remove one of the two if it is the answer.`);

const nested = (text: string, tag: Span): Problem =>
  at(tag, 'nested-tag', 'information', `${shown(text, tag)} stands inside another block: the outer pair marks the reasoning, this one was read as text.`);
