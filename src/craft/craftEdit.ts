import { injectedEdit } from '../trace/injectedEdit';
import { parseTrace } from '../trace/parseTrace';
import { anchorOf, chainHash, injectedOf, type InjectedRole, type Making, type ProvenanceEntry } from '../trace/provenance';
import type { Span } from '../trace/span';
import { splitterNamed } from '../trace/splitters';
import { withEdits, type TextEdit } from '../trace/textEdit';
import type { Trace } from '../trace/trace';
import type { Refusal, Target } from './recipe';

/** What a recipe does to a document, as one change with its provenance. */
export interface CraftEdit {
  /** Disjoint; offsets of the text before. The one of the reasoning, and that of the front matter. */
  readonly edits: readonly [reasoning: TextEdit, head: TextEdit];
  /** The document after them. */
  readonly trace: Trace;
  /** Where each slot's text stands in the document after, without the white space around it. */
  readonly slots: readonly Span[];
  /** The injected steps in the document after, 0-based. */
  readonly steps: readonly { readonly step: number; readonly role: InjectedRole }[];
}

/**
 * Puts the slots' texts into a chain, with a blank line around each, and writes what was injected into the front matter: one change,
 * undone as one. What stands around the place is not touched: where nothing is replaced, `withoutInjected` gives back the same bytes.
 * @param texts one for each slot; white space around them is left out
 * @param making what is known of how they were written; `base` is added
 * @returns a refusal where the texts would not be steps of their own at this place, or the front matter cannot hold the provenance
 */
export function craftEdit(trace: Trace, target: Target, texts: readonly string[], making: Making): CraftEdit | Refusal {
  const eol = /\r?\n/.exec(trace.text)?.[0] ?? '\n';
  const trimmed = texts.map((text) => text.trim().replace(/\r\n?|\n/g, eol));
  const empty = target.slots.find((_slot, i) => (trimmed[i] ?? '') === '');
  if (empty !== undefined) return { reason: `The ${empty.name} is empty. Write it, or leave this recipe.` };
  const reasoning = reasoningEdit(trace, target, trimmed, `${eol}${eol}`);
  if ('reason' in reasoning) return reasoning;
  const splitter = splitterNamed(trace.splitter);
  const changed = parseTrace(withEdits(trace.text, [reasoning.edit]), splitter);
  const steps = stepsOf(changed, reasoning.slots, target);
  if (steps === undefined || changed.chain.steps.length - (steps.length - (target.to - target.from)) !== trace.chain.steps.length) {
    return { reason: `At this place the text would not be cut into steps of its own by the splitter “${trace.splitter}”. Choose another place, or another splitter in the settings.` };
  }
  const broken = target.slots.find((slot, i) => slot.steps === 'one' && steps.filter(({ slot: of }) => of === i).length !== 1);
  if (broken !== undefined) return { reason: `The ${broken.name} must be one step: leave out the blank lines in it.` };

  const base = chainHash(trace.chain.steps);
  const made = steps.map(({ step, role }): ProvenanceEntry => ({ ...anchorOf(changed.chain.steps, step), role, ...making, base }));
  const entries = [...carried(trace, changed, target, steps.length), ...made];
  const head = injectedEdit(trace.text, entries);
  if (head === undefined) return { reason: 'The front matter cannot be read, so what was injected could not be noted. Mend it first (see the Problems view).' };
  const edits = [reasoning.edit, head] as const;
  const after = parseTrace(withEdits(trace.text, edits), splitter);
  if (injectedOf(after).steps.length < steps.length) return { reason: 'What was injected could not be found again in the text, so nothing was changed. Choose another place.' };
  const shift = head.start <= reasoning.edit.start ? head.text.length - (head.end - head.start) : 0;
  return {
    edits,
    trace: after,
    slots: reasoning.slots.map(({ start, end }) => ({ start: start + shift, end: end + shift })),
    steps: steps.map(({ step, role }) => ({ step, role })),
  };
}

/**
 * The change that takes injected steps out again, with their provenance: of a pair at a boundary, what is left is the base byte for byte.
 * @param remove 0-based steps, as `injectedOf` finds them; those that replaced others cannot be taken out so
 * @returns a refusal where one of them is no injected step, or the front matter cannot be changed
 */
export function withoutInjected(trace: Trace, remove: readonly number[]): readonly TextEdit[] | Refusal {
  const { steps } = trace.chain;
  const injected = injectedOf(trace);
  const gone = new Set(remove);
  const unknown = remove.find((step) => injected.steps.every((other) => other.step !== step));
  if (unknown !== undefined) return { reason: `Step ${String(unknown + 1)} is not known as injected. Delete its text by hand.` };
  const cuts: TextEdit[] = [];
  for (const step of [...gone].sort((a, b) => a - b)) {
    const span = steps[step];
    const before = steps[step - 1];
    const next = steps[step + 1];
    if (span === undefined) continue;
    // Into a block it came with the blank line before it; at its beginning, with the one after.
    const isFirst = before === undefined || before.block !== span.block || (gone.has(step - 1) && cuts.at(-1)?.start === steps[step - 1]?.start);
    if (!isFirst) cuts.push({ start: before.end, end: span.end, text: '' });
    else cuts.push({ start: span.start, end: next?.block === span.block ? next.start : span.end, text: '' });
  }
  const lostEntries = new Set(injected.steps.filter(({ step }) => gone.has(step)).map(({ entry }) => entry));
  const after = parseTrace(withEdits(trace.text, cuts), splitterNamed(trace.splitter));
  const kept = trace.frontMatter.injected.flatMap((entry, i) => {
    if (lostEntries.has(i)) return [];
    const found = injected.steps.find((other) => other.entry === i);
    if (found === undefined) return [entry];
    const moved = found.step - remove.filter((step) => step < found.step).length;
    return [{ ...(entry as object), ...anchorOf(after.chain.steps, moved) }];
  });
  const head = injectedEdit(trace.text, kept);
  if (head === undefined) return { reason: 'The front matter cannot be read, so it would still name what was taken out. Mend it first (see the Problems view).' };
  return [...cuts, head];
}

/** The change of the reasoning, and where each slot's text then stands (before the front matter is changed). */
function reasoningEdit(trace: Trace, { from, to, slots }: Target, texts: readonly string[], blank: string): { edit: TextEdit; slots: Span[] } | Refusal {
  const { steps } = trace.chain;
  const [before, first, last] = [steps[from - 1], steps[from], steps[to - 1]];
  const joined = slots.map((_slot, i) => texts[i] ?? '').join(blank);
  // After a step: what is between it and the next stays behind what is put in. Before the first: its place is where that began.
  const place =
    to > from && first !== undefined && last !== undefined
      ? { start: first.start, end: last.end, lead: '', tail: '' }
      : before !== undefined
        ? { start: before.end, end: before.end, lead: blank, tail: '' }
        : first !== undefined
          ? { start: first.start, end: first.start, lead: '', tail: blank }
          : undefined;
  if (place === undefined) return { reason: 'There is no reasoning here yet. Write at least one step between the tags, then try again.' };
  const spans: Span[] = [];
  let at = place.start + place.lead.length;
  for (const [i] of slots.entries()) {
    const length = (texts[i] ?? '').length;
    spans.push({ start: at, end: at + length });
    at += length + blank.length;
  }
  return { edit: { start: place.start, end: place.end, text: place.lead + joined + place.tail }, slots: spans };
}

/** Which steps of the changed chain are the slots' texts, exactly; `undefined` where one begins or ends in the middle of a step. */
function stepsOf(changed: Trace, spans: readonly Span[], target: Target): { step: number; role: InjectedRole; slot: number }[] | undefined {
  const found: { step: number; role: InjectedRole; slot: number }[] = [];
  for (const [slot, span] of spans.entries()) {
    const inside = changed.chain.steps.filter(({ start, end }) => start < span.end && end > span.start);
    const role = target.slots[slot]?.role;
    if (role === undefined || inside[0]?.start !== span.start || inside.at(-1)?.end !== span.end) return undefined;
    found.push(...inside.map(({ index }) => ({ step: index, role, slot })));
  }
  return found;
}

/** The entries there were, each with the anchor of its step as it stands now; those that were lost, or whose step is replaced, as they are. */
function carried(trace: Trace, changed: Trace, { from, to }: Target, added: number): unknown[] {
  const { steps } = injectedOf(trace);
  return trace.frontMatter.injected.map((entry, i) => {
    const found = steps.find((other) => other.entry === i);
    if (found === undefined || (found.step >= from && found.step < to)) return entry;
    const moved = found.step < from ? found.step : found.step + added - (to - from);
    return { ...(entry as object), ...anchorOf(changed.chain.steps, moved) };
  });
}
