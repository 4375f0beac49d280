import { injectedEdit } from '../trace/injectedEdit';
import { anchorOf, injectedOf, type Making } from '../trace/provenance';
import type { Span } from '../trace/span';
import type { TextEdit } from '../trace/textEdit';
import type { Trace } from '../trace/trace';
import { craftEdit, type CraftEdit } from './craftEdit';
import type { Refusal, Slot, Target } from './recipe';

/** The change of a recipe with the slots' guides in place of their texts, for a person to write over. */
export interface CraftSnippet {
  /** The change as it is before anything is written: `edits[1]` is the plain edit of the front matter. */
  readonly craft: CraftEdit;
  /** What gives way to `body`: the place of `craft.edits[0]`. */
  readonly at: Span;
  /** In VS Code's snippet syntax: one tab stop for each slot with its guide as the placeholder, the last place behind them. */
  readonly body: string;
}

/** As `craftEdit`, by hand. The entries of the front matter name the guides as they stand; `reanchored` points them at what is written. */
export function craftSnippet(trace: Trace, target: Target, making: Making): CraftSnippet | Refusal {
  const craft = craftEdit(trace, target, target.slots.map(({ guide }) => guide), making);
  if ('reason' in craft) return craft;
  const [reasoning, head] = craft.edits;
  // The reasoning's place in the document after both changes is shifted by the front matter's.
  const shift = head.start <= reasoning.start ? head.text.length - (head.end - head.start) : 0;
  let at = reasoning.start + shift;
  let body = '';
  for (const [i, { start, end }] of craft.slots.entries()) {
    body += escaped(craft.trace.text.slice(at, start)) + `\${${String(i + 1)}:${escaped(craft.trace.text.slice(start, end))}}`;
    at = end;
  }
  body += `$0${escaped(craft.trace.text.slice(at, reasoning.start + shift + reasoning.text.length))}`;
  return { craft, at: { start: reasoning.start, end: reasoning.end }, body };
}

/** What a snippet would read as its own syntax, as text. */
function escaped(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

/** Does a slot's guide still stand where its text should? A guide that words were added to counts as written. */
export function isUnwritten(text: string, slot: Pick<Slot, 'guide'>): boolean {
  return text.trim() === slot.guide.trim() || text.trim() === '';
}

/**
 * The change of the front matter that points one of its entries at a step as it stands now; all else that the entry says is kept. Where
 * the step has another text than the entry named, a person has changed it: what was found out about the old text (a guard's verdict, how
 * a prefill is known to be counter-aligned, its length) is not said of the new one.
 * @param entry its place among `injected`, 0-based, as `InjectedStep.entry` and `LostEntry.entry` have it
 * @param step 0-based
 * @returns a refusal where there is no such step or entry, or another entry names that step already
 */
export function reanchored(trace: Trace, entry: number, step: number): TextEdit | Refusal {
  const { steps } = trace.chain;
  const { injected } = trace.frontMatter;
  const written = injected[entry];
  if (steps[step] === undefined) return { reason: `There is no step ${String(step + 1)} in this document.` };
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return { reason: 'This entry of the front matter cannot be read. Mend or delete it by hand.' };
  const other = injectedOf(trace).steps.find((found) => found.step === step && found.entry !== entry);
  if (other !== undefined) return { reason: `Step ${String(step + 1)} is named by another entry of the front matter already.` };
  const head = injectedEdit(trace.text, injected.map((old, i) => (i === entry ? entryOn(written, anchorOf(steps, step)) : old)));
  return head ?? { reason: 'The front matter cannot be read, so it could not be changed. Mend it first (see the Problems view).' };
}

function entryOn(written: object, anchor: ReturnType<typeof anchorOf>): object {
  const said = written as Readonly<Record<string, unknown>>;
  if (said['step'] === anchor.step) return { ...said, ...anchor };
  const { guard: _guard, counterAligned: _counterAligned, words: _words, ...kept } = said;
  const byAnother = typeof kept['by'] === 'string' && kept['by'] !== 'person';
  return { ...kept, ...anchor, ...(byAnother ? { edited: true } : {}) };
}
