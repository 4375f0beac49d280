import { asSaved, eolOf, restored, withNewlines } from './asSaved';
import { FieldChanges } from './fieldChanges';
import type { FieldEdit, JsonObject } from './fieldRef';
import { matchSlots, nameOf, type Match } from './matchSlots';
import { printBody, type Edge } from './rowBody';
import { composeHead, editedHead, headChange, headPlace, markIn } from './rowHead';
import { freeMark } from './rowMark';
import { RowNotWritable } from './rowNotWritable';
import { areShown, rowSections, type RowSection } from './rowSections';
import { rowSlots, type RowSlot } from './rowSlots';
import type { RowTrace } from './rowTrace';
import { BETWEEN_ITEMS, splitItems } from './splitItems';
import { stepList } from './stepList';

export { RowNotWritable } from './rowNotWritable';

/** What an edited document changes in its row. */
export interface RowEdits {
  /** At most one for each path. */
  readonly edits: readonly FieldEdit[];
  /** What the row's `cotlens` key holds from now on; `undefined` where nothing is left for it. */
  readonly overlay: JsonObject | undefined;
}

/**
 * The document of a row's trace: a `.cot` text that holds each text of the row exactly. Where one of them could be taken for a mark of
 * the document, all marks carry a sign that no text has, named in the front matter (`mark: 7f`, `<think-7f>`). Takes linear time.
 * @param overlay what the row's `cotlens` key, or what stands in for it, holds
 */
export function composeRow(trace: RowTrace, overlay: JsonObject | undefined): string {
  return compose(trace, overlay).text;
}

/**
 * Turns an edited document back into changes of its row, and nothing but what was changed. Line ends and broken characters that an
 * editor could not keep are no changes. Takes linear time.
 * @param trace as it was read from `row`
 * @param overlay as it was given to `composeRow`
 * @throws RowNotWritable where a change has no place in the row, in words for the researcher
 */
export function rowEdits(trace: RowTrace, overlay: JsonObject | undefined, row: JsonObject, text: string): RowEdits {
  const composed = compose(trace, overlay);
  if (text === composed.text) return { edits: [], overlay };
  const { base, edited, eol, remade } = asSaved(composed.text, text, composed.eol);
  const wrote = editedHead(base);
  const head = editedHead(edited);
  const top = wrote.end === 0 && head.end > 0 ? 'newHead' : topOf(head.end);
  const sections = rowSections(edited, head.end, markIn(head.values), top, eol);
  refuseUnmarked(sections, markIn(head.values));

  const before = rowSections(base, wrote.end, composed.mark, topOf(wrote.end), eol);
  const changes = new FieldChanges(row);
  const { fields, overlay: next } = headChange(trace, overlay, wrote.yaml, head);
  for (const { head: field, value } of fields) if (field.at !== undefined) changes.write(field.at, value);
  const matches = matchSlots(composed.slots, sections, edited);
  let shown = 0;
  for (const match of matches) {
    const old = match.slot.shown ? (before[shown++]?.content ?? '') : '';
    noteText(match, old, isOpen(sections), remade ? composed.eol : undefined, changes);
  }
  noteClosing(matches, sections, changes);
  return { edits: changes.edits(), overlay: next };
}

interface Composed {
  readonly text: string;
  readonly slots: readonly RowSlot[];
  readonly mark: string | undefined;
  /** The line end of the marks. */
  readonly eol: string;
}

function compose(trace: RowTrace, overlay: JsonObject | undefined): Composed {
  const slots = rowSlots(trace);
  const eol = eolOf(slots.map(({ part }) => part.text));
  const plain = composeWith(trace, overlay, slots, eol, undefined);
  return isExact(plain) ? plain : composeWith(trace, overlay, slots, eol, freeMark(slots));
}

function composeWith(
  trace: RowTrace,
  overlay: JsonObject | undefined,
  slots: readonly RowSlot[],
  eol: string,
  mark: string | undefined,
): Composed {
  const yaml = composeHead(trace, overlay, mark);
  const head = yaml === '' ? '' : `---\n${yaml}---\n`;
  return { text: (eol === '\n' ? head : head.replaceAll('\n', eol)) + printBody(slots, eol, mark), slots, mark, eol };
}

/** Is each text of the row read back as it is, also after an editor has made all line ends the same? */
function isExact({ text, slots, mark, eol }: Composed): boolean {
  const holds = (document: string, wanted: readonly RowSlot[], end: string): boolean => {
    const place = headPlace(document);
    return place !== 'unclosed' && areShown(rowSections(document, place.end, mark, topOf(place.end), end), wanted);
  };
  if (!holds(text, slots, eol)) return false;
  if (!text.includes('\r')) return true;
  const plain = slots.map((slot) => ({ ...slot, part: { ...slot.part, text: withNewlines(slot.part.text) } }));
  return holds(withNewlines(text), plain, '\n');
}

const topOf = (end: number): Edge => (end > 0 ? 'head' : 'top');

/** Without any mark a text is all reasoning, and nobody can say which of it is the prompt. */
function refuseUnmarked(sections: readonly RowSection[], mark: string | undefined): void {
  const isMarked = sections.some(({ line, block }) => line !== undefined || block !== undefined);
  if (isMarked || sections.every(({ content }) => content.trim() === '')) return;
  const sign = mark === undefined ? '' : `-${mark}`;
  throw new RowNotWritable(
    `Nothing in this text tells the prompt from the reasoning and the answer. Put \`<think${sign}>\` and \`</think${sign}>\` around the reasoning, or a line \`--- assistant ${mark === undefined ? '' : `${mark} `}---\` before the answer, then save again.`,
  );
}

/** Is the last reasoning never closed? */
function isOpen(sections: readonly RowSection[]): boolean {
  const block = sections.at(-1)?.block;
  return block !== undefined && block.close === undefined;
}

/** A closing tag that was added or deleted with nothing behind it: the row may have one too, with its empty answer. */
function noteClosing(matches: readonly Match[], sections: readonly RowSection[], changes: FieldChanges): void {
  const last = matches.findLastIndex(({ section }) => section !== undefined);
  const reasoning = matches[last];
  const answer = matches[last + 1]?.slot;
  if (reasoning?.section?.block === undefined || answer?.kind !== 'assistant' || answer.shown || answer.part.at === undefined) return;
  const wasOpen = reasoning.slot.unclosed;
  if (wasOpen && !isOpen(sections)) changes.write(answer.part.at, '');
  else if (!wasOpen && isOpen(sections) && answer.part.at.whole !== undefined) changes.remove(answer.part.at);
}

/** Notes what became of one text of the row. `old`: as it stood in the document before. */
function noteText({ slot, section }: Match, old: string, open: boolean, eol: string | undefined, changes: FieldChanges): void {
  const { part, kind } = slot;
  const now = section?.content ?? '';
  if (now === old && (section !== undefined || kind !== 'reasoning' || !slot.shown)) return;
  if (part.items !== undefined) {
    noteItems(slot, old, now, eol, changes);
    return;
  }
  if (part.list !== undefined) {
    const { path, items } = part.list;
    changes.set(path, stepList(items, restored(part.text, old, now, eol)));
    return;
  }
  if (part.at === undefined) {
    throw new RowNotWritable(`${nameOf(slot)} was changed, but it cannot be written back to this row. Undo that and save again, or keep this text as a copy.`);
  }
  const text = restored(part.text, old, now, eol);
  // What stands in several places of the row stays the same in all of them.
  for (const at of [part.at, ...(part.copies ?? [])]) {
    if (section === undefined && (kind === 'reasoning' || open)) changes.remove(at);
    else if (now !== old) changes.write(at, text, eol !== undefined);
  }
}

function noteItems(slot: RowSlot, old: string, now: string, eol: string | undefined, changes: FieldChanges): void {
  const items = slot.part.items ?? [];
  const asShown = splitShown(items.map(({ text }) => text), old);
  const texts = splitItems(asShown, now);
  if (texts === undefined || now === '') {
    throw new RowNotWritable(
      `The reasoning of this row is a list of ${String(items.length)} steps with blank lines between them, and their number changed. Change what they say, but leave each where it is; or keep this text as a copy.`,
    );
  }
  for (const [i, { text, at }] of items.entries()) {
    const [before, after] = [asShown[i] ?? '', texts[i] ?? ''];
    if (before !== after) changes.write(at, restored(text, before, after, eol), eol !== undefined);
  }
}

/** The items as they stood in the document: they are as long as in the row, but for line ends that an editor made the same. */
function splitShown(items: readonly string[], shown: string): string[] {
  if (items.join(BETWEEN_ITEMS) === shown) return [...items];
  return items.map((item) => withNewlines(item).toWellFormed());
}
