import type { Problem } from '../problem';
import type { RowPart } from '../rows/rowTrace';
import type { Span } from '../span';
import { findThinkBlocks, type ThinkBlock } from '../thinkTags';
import { skipSpace, trimEnd } from '../whitespace';
import { absentPart, partOf, sliceOf } from './partsOf';
import type { Located } from './rowReader';

/**
 * Cuts what a model wrote at its think tags: text before, reasoning, text between blocks, answer. Reasoning is what lies between the
 * tags less one line end on either side; the answer is what follows less the white space directly after the tag. So the slices never
 * overlap, and what lies outside of them is tags and white space only.
 * `complete`: gives reasoning and answer also where they are missing, as empty parts that can be written.
 */
export function cutAtThinkTags(located: Located, complete: boolean): RowPart[] {
  const { text } = located;
  const problems: Problem[] = [];
  const blocks = findThinkBlocks(text, 0, problems);
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const [first] = blocks;
  if (first === undefined) return uncut(located, complete, lineEnd);

  const parts: RowPart[] = [];
  let cursor = 0;
  for (const [number, block] of blocks.entries()) {
    addText(parts, located, cursor, (block.open ?? block.inner).start);
    const after = block.close === undefined ? text.length : skipSpace(text, block.close.end, text.length);
    const part = reasoningOf(located, block, after, lineEnd);
    if (part.text !== '' || (complete && number === blocks.length - 1)) parts.push(part);
    cursor = after;
  }
  const last = blocks.at(-1) ?? first;
  if (cursor < text.length) parts.push(partOf('text', sliceOf(located, cursor, text.length)));
  else if (complete && located.at !== undefined) parts.push(missingAnswer(located, last, lineEnd));
  return parts;
}

/** Does the text begin with a think tag, white space aside? */
export function beginsWithThinkTag(text: string): boolean {
  return /^\s{0,64}<(?:think|thinking|reasoning|thought)(?:\s[^<>]{0,200})?>/i.test(text);
}

/** Is there a block of reasoning in the text? */
export function hasThinkBlock(text: string): boolean {
  return findThinkBlocks(text, 0, []).length > 0;
}

function uncut(located: Located, complete: boolean, lineEnd: string): RowPart[] {
  const { text, at } = located;
  if (!complete || at === undefined) return [partOf('text', located)];
  const start = sliceOf(located, 0, 0).at ?? at;
  const answer = sliceOf(located, 0, text.length);
  return [absentPart('reasoning', start, `<think>${lineEnd}`, `${lineEnd}</think>${lineEnd}${lineEnd}`), partOf('text', answer)];
}

/** Adds the text of a gap between marks, white space around it left out; nothing where it is blank. */
function addText(parts: RowPart[], located: Located, from: number, to: number): void {
  const start = skipSpace(located.text, from, to);
  const end = trimEnd(located.text, start, to);
  if (end > start) parts.push(partOf('text', sliceOf(located, start, end)));
}

function reasoningOf(located: Located, block: ThinkBlock, after: number, lineEnd: string): RowPart {
  const { start, end } = innerOf(located.text, block);
  const part = partOf('reasoning', sliceOf(located, start, end));
  if (part.at === undefined) return part;
  const whole = sliceOf(located, (block.open ?? block.inner).start, after).at?.slice;
  const at = { ...part.at, ...(whole === undefined ? {} : { whole }) };
  if (end > start) return { ...part, at };
  // Nothing is there yet: what is written gets lines of its own between the tags.
  const before = block.open !== undefined && start === block.open.end ? lineEnd : '';
  const behind = block.close !== undefined && end === block.close.start ? lineEnd : '';
  return { ...part, at: { ...at, absent: { before, after: behind } } };
}

/** What lies between the tags less one line end on either side; where a tag is missing there, nothing is taken off. */
function innerOf(text: string, { open, close, inner }: ThinkBlock): Span {
  // Without an opening tag, a later block begins after the white space that follows the closing tag before it.
  let start = open === undefined && inner.start > 0 ? skipSpace(text, inner.start, inner.end) : inner.start;
  let end = inner.end;
  if (open !== undefined) {
    if (text.startsWith('\r\n', start) && start + 2 <= end) start += 2;
    else if (text.startsWith('\n', start) && start < end) start += 1;
  }
  if (close !== undefined && end > start && text.charCodeAt(end - 1) === 10) {
    end -= end - 1 > start && text.charCodeAt(end - 2) === 13 ? 2 : 1;
  }
  return { start, end };
}

/** An answer that can still be written: behind the closing tag, which is put too where the reasoning was cut off. */
function missingAnswer(located: Located, { close }: ThinkBlock, lineEnd: string): RowPart {
  const { text } = located;
  const at = sliceOf(located, text.length, text.length).at ?? { path: [] };
  if (close === undefined) return absentPart('text', at, `${lineEnd}</think>${lineEnd}${lineEnd}`);
  const lines = text.slice(close.end).split('\n').length - 1;
  return absentPart('text', at, lineEnd.repeat(Math.max(0, 2 - lines)));
}
