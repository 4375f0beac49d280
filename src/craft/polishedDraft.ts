import { injectedEdit } from '../trace/injectedEdit';
import { parseTrace } from '../trace/parseTrace';
import { injectedOf } from '../trace/provenance';
import { splitterNamed } from '../trace/splitters';
import { withEdits, type TextEdit } from '../trace/textEdit';
import type { Trace } from '../trace/trace';
import type { Refusal } from './recipe';

/** What a draft of a polished seam does to its trace, whoever wrote it. */
export interface PolishedDraft {
  /** Disjoint; offsets of the trace's text. */
  readonly edits: readonly TextEdit[];
  /** What a guard is asked about: the steps that are new in their words, whole; beside the reasoning the changed lines. */
  readonly texts: readonly string[];
  /** Where the seam's change begins in the text after. */
  readonly cursor: number;
}

/**
 * Reads a polish out of its draft. Unless it was checked, the `guard` of the polished entries goes with it: a guard's verdict was on another
 * text, so the sample then says that it is not checked.
 * @param steps the injected steps whose seam it is, 0-based in the trace
 * @param checked did a guard say `no` of what was changed?
 * @returns a refusal where nothing was changed, or the front matter cannot be written
 */
export function polishedDraft(trace: Trace, steps: readonly number[], text: string, checked: boolean): PolishedDraft | Refusal {
  if (text === trace.text) return { reason: 'The draft is the trace as it is: there is nothing to accept. Discard it.' };
  const seam = differenceOf(trace.text, text);
  const after = parseTrace(text, splitterNamed(trace.splitter));
  const polished: PolishedDraft = { edits: [seam], texts: changedTexts(trace, after, seam), cursor: seam.start };
  const { injected } = after.frontMatter;
  const entries = checked ? injected : unguarded(trace, steps, injected);
  if (entries.every((entry, i) => entry === injected[i])) return polished;
  const head = injectedEdit(text, entries);
  if (head === undefined) {
    return { reason: 'The front matter cannot be written, so it would still say that a guard checked these steps. Mend it first (see the Problems view).' };
  }
  if (head.end >= seam.start) return { ...polished, edits: [differenceOf(trace.text, withEdits(text, [head]))] };
  return { ...polished, edits: [head, seam], cursor: seam.start + head.text.length - (head.end - head.start) };
}

/** The entries, those of these steps without what a guard said. */
function unguarded(trace: Trace, steps: readonly number[], injected: readonly unknown[]): readonly unknown[] {
  const own = new Set(injectedOf(trace).steps.flatMap(({ step, entry }) => (steps.includes(step) ? [JSON.stringify(trace.frontMatter.injected[entry])] : [])));
  return injected.map((entry) => {
    if (typeof entry !== 'object' || entry === null || !('guard' in entry) || !own.has(JSON.stringify(entry))) return entry;
    const { guard: _guard, ...rest } = entry;
    return rest;
  });
}

function changedTexts(trace: Trace, { text, chain: { steps } }: Trace, seam: TextEdit): readonly string[] {
  const [from, to] = [seam.start, seam.start + seam.text.length];
  const known = new Set(trace.chain.steps.map((step) => step.text));
  const fresh = steps.flatMap((step) => (known.has(step.text) ? [] : [step.text]));
  const isOutside = from < (steps[0]?.start ?? text.length) || to > (steps.at(-1)?.end ?? 0);
  const texts = isOutside && seam.text.trim() !== '' ? [...fresh, linesAround(text, from, to)] : fresh;
  if (texts.length > 0) return texts;
  // Where only something was taken out, what now stands there reads otherwise.
  const touched = steps.filter(({ start, end }) => start <= to && end >= from).map((step) => step.text);
  return touched.length > 0 ? touched : [linesAround(text, from, to)];
}

function linesAround(text: string, from: number, to: number): string {
  const end = text.indexOf('\n', to);
  return text.slice(text.lastIndexOf('\n', from - 1) + 1, end < 0 ? text.length : end);
}

/** The one change that makes the second text of the first; it begins and ends between characters of both. */
function differenceOf(before: string, after: string): TextEdit {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  while (cutsCharacter(before, start) || cutsCharacter(after, start)) start--;
  let same = 0;
  while (same < before.length - start && same < after.length - start && before[before.length - 1 - same] === after[after.length - 1 - same]) same++;
  while (cutsCharacter(before, before.length - same) || cutsCharacter(after, after.length - same)) same--;
  return { start, end: before.length - same, text: after.slice(start, after.length - same) };
}

/** Does an offset stand between the two halves of a character, or of a line end (where VS Code has no position)? */
function cutsCharacter(text: string, at: number): boolean {
  return /^(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|\r\n)$/.test(text.slice(Math.max(0, at - 1), at + 1));
}
