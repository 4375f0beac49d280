import { injectedEdit } from '../trace/injectedEdit';
import { parseTrace } from '../trace/parseTrace';
import { anchorsOf, chainHash, injectedOf, type InjectedRole, type InjectedStep, type Making } from '../trace/provenance';
import type { Span } from '../trace/span';
import { splitterNamed } from '../trace/splitters';
import { withEdits, type TextEdit } from '../trace/textEdit';
import type { Trace } from '../trace/trace';
import { pointedAt } from './pointedAt';
import { reasoningEdit } from './reasoningEdit';
import type { Refusal, Target } from './recipe';

export { withoutInjected } from './withoutInjected';

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
 * Entries of steps that are replaced go with them; a step that is rewritten in its own role keeps its recipe and base.
 * @param texts one for each slot; white space around them is left out
 * @param making what is known of how they were written; `base` is added
 * @returns a refusal where the texts would not be steps of their own at this place, or the front matter cannot hold the provenance
 */
export function craftEdit(trace: Trace, target: Target, texts: readonly string[], making: Making): CraftEdit | Refusal {
  const eol = /\r?\n/.exec(trace.text)?.[0] ?? '\n';
  const trimmed = target.slots.map((_slot, i) => (texts[i] ?? '').trim().replace(/\r\n?|\n/g, eol));
  const empty = target.slots.find((_slot, i) => trimmed[i] === '');
  if (empty !== undefined) return { reason: `The ${empty.name} is empty. Write it, or leave this recipe.` };
  const reasoning = reasoningEdit(trace, target, trimmed, eol);
  if ('reason' in reasoning) return reasoning;
  const splitter = splitterNamed(trace.splitter);
  const changed = parseTrace(withEdits(trace.text, [reasoning.edit]), splitter);
  const steps = stepsOf(changed, reasoning.slots, target);
  if (steps === undefined || !isSpliced(trace, changed, target, steps.length)) return { reason: whyNot(trace, changed, target, trimmed) };
  const notOne = severalForOne(trace, target, steps);
  if (notOne !== undefined) return { reason: notOne };

  const injected = injectedOf(trace);
  const anchors = anchorsOf(changed.chain.steps);
  const replaced = injected.steps.filter(({ step }) => step >= target.from && step < target.to);
  const base = chainHash(trace.chain.steps);
  const made = steps.map(({ step, role }): unknown => ({ ...anchors[step], role, ...makingOf(replaced, role, making, base) }));
  const moved = new Map(injected.steps.map(({ step, entry }) => [entry, step < target.from ? step : step + steps.length - (target.to - target.from)]));
  const gone = new Set(replaced.map(({ entry }) => entry));
  const kept = trace.frontMatter.injected.flatMap((entry, i) => (gone.has(i) ? [] : [pointedAt(entry, anchors[moved.get(i) ?? -1])]));
  // The first entry that names a step has it: one whose step was lost must not take a new step of the same text for it.
  const isClaimed = injected.lost.some(({ read }) => read !== undefined && steps.some(({ step }) => anchors[step]?.step === read.step));
  const head = injectedEdit(trace.text, isClaimed ? [...made, ...kept] : [...kept, ...made]);
  if (head === undefined) return { reason: headUnreadable };
  const edits = [apartFrom(head, reasoning.edit, trace.text), head] as const;
  const after = parseTrace(withEdits(trace.text, edits), splitter);
  const shift = head.start <= reasoning.edit.start ? head.text.length - (head.end - head.start) : 0;
  const entryOf = new Map(injectedOf(after).steps.map(({ step, entry }) => [step, entry]));
  const isNoted = steps.every(({ step }, i) => entryOf.get(step) === i + (isClaimed ? 0 : kept.length)) && injected.steps.every(({ entry }) => gone.has(entry) || entryOf.has(moved.get(entry) ?? -1));
  if (!isSpliced(changed, after, NOTHING, 0) || !isNoted) {
    return { reason: 'The front matter that says what was injected would change how this document is read, so nothing was changed. Give the document front matter of its own first (a line of `---` above and below), then try again.' };
  }
  return {
    edits,
    trace: after,
    slots: reasoning.slots.map(({ start, end }) => ({ start: start + shift, end: end + shift })),
    steps: steps.map(({ step, role }) => ({ step, role })),
  };
}

const headUnreadable =
  'The front matter cannot be read, or its `injected` is no list, so what was injected could not be noted. Mend it first (see the Problems view).';

const NOTHING: Pick<Target, 'from' | 'to'> = { from: 0, to: 0 };

/** Two insertions at one place have no order of their own: the one of the reasoning then takes the character behind it along. */
function apartFrom(head: TextEdit, edit: TextEdit, text: string): TextEdit {
  if (edit.start !== edit.end || head.start !== head.end || head.start !== edit.start) return edit;
  const next = String.fromCodePoint(text.codePointAt(edit.start) ?? 32);
  return { start: edit.start, end: edit.end + next.length, text: edit.text + next };
}

interface MadeStep {
  readonly step: number;
  readonly role: InjectedRole;
  readonly slot: number;
}

/** Which steps of the changed chain are the slots' texts, exactly; `undefined` where one begins or ends in the middle of a step. */
function stepsOf(changed: Trace, spans: readonly Span[], { slots }: Target): readonly MadeStep[] | undefined {
  const found: MadeStep[] = [];
  for (const [slot, span] of spans.entries()) {
    const inside = changed.chain.steps.filter(({ start, end }) => start < span.end && end > span.start);
    const role = slots[slot]?.role;
    if (role === undefined || inside[0]?.start !== span.start || inside.at(-1)?.end !== span.end) return undefined;
    found.push(...inside.map(({ index }) => ({ step: index, role, slot })));
  }
  return found;
}

/** Is the second trace the first with so many steps in place of those of the target, and all else as it was? */
function isSpliced(trace: Trace, changed: Trace, { from, to }: Pick<Target, 'from' | 'to'>, added: number): boolean {
  const [was, now] = [trace.chain.steps, changed.chain.steps];
  return (
    now.length === was.length - (to - from) + added &&
    sameMarks(trace, changed) &&
    was.every(({ text, block }, i) => {
      if (i >= from && i < to) return true;
      const other = now[i < from ? i : i - to + from + added];
      return other?.text === text && other.block === block;
    })
  );
}

function sameMarks(trace: Trace, changed: Trace): boolean {
  const { chain: was } = trace;
  const { chain: now } = changed;
  return (
    trace.turns.length === changed.turns.length &&
    was.blocks.length === now.blocks.length &&
    was.ending === now.ending &&
    was.prompt?.text === now.prompt?.text &&
    was.answer?.text === now.answer?.text
  );
}

/** Why the texts are no steps of their own, as far as that can be told. */
function whyNot(trace: Trace, changed: Trace, { slots }: Target, texts: readonly string[]): string {
  const marked = slots.find((_slot, i) => /<\/?(?:think|thinking|reasoning|thought)\b|^--- .* ---$/im.test(texts[i] ?? ''));
  if (marked !== undefined && !sameMarks(trace, changed)) {
    return `The ${marked.name} holds a tag or a role line (such as </think>) that would be read as a mark of this document. Leave it out.`;
  }
  const fenced = slots.find((_slot, i) => (texts[i] ?? '').split(/^ {0,3}(?:```|~~~)/m).length % 2 === 0);
  if (fenced !== undefined) return `The ${fenced.name} opens a code fence and does not close it, so that it would swallow the steps after it. Close it, or leave it out.`;
  return `At this place the text would not be cut into steps of its own by the splitter “${trace.splitter}”: it would grow together with its neighbours. Choose another place, write more than a few words, or choose another splitter in the settings.`;
}

/** Where a slot wants one step and its text is several. */
function severalForOne(trace: Trace, { slots }: Target, steps: readonly MadeStep[]): string | undefined {
  for (const [i, slot] of slots.entries()) {
    const count = steps.filter((step) => step.slot === i).length;
    if (slot.steps !== 'one' || count === 1) continue;
    const what = trace.splitter === 'sentences' ? 'With the splitter “sentences” each sentence is a step: write one sentence, or choose a splitter by blank lines.' : 'Leave out the blank lines in it.';
    return `The ${slot.name} must be one step, and this is ${String(count)}. ${what}`;
  }
  return undefined;
}

/** What an entry says of how its step came to be. A step that is rewritten in its own role stays what it is for. */
function makingOf(replaced: readonly InjectedStep[], role: InjectedRole, making: Making, base: string): Making {
  const before = replaced.find((step) => step.role === role && (role === 'error' || role === 'correction' || role === 'prefill'));
  const { recipe = making.recipe } = before ?? {};
  return { ...making, ...(recipe === undefined ? {} : { recipe }), base: before?.base ?? base };
}
