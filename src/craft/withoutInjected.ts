import { injectedEdit } from '../trace/injectedEdit';
import { parseTrace } from '../trace/parseTrace';
import { anchorsOf, injectedOf } from '../trace/provenance';
import { splitterNamed } from '../trace/splitters';
import { withEdits, type TextEdit } from '../trace/textEdit';
import type { Trace } from '../trace/trace';
import { pointedAt } from './pointedAt';
import type { Refusal } from './recipe';

/**
 * The change that takes injected steps out again, with their provenance: of a pair at a boundary, what is left is the base byte for byte.
 * @param remove 0-based steps, as `injectedOf` finds them; those that replaced others cannot be taken out so
 * @returns a refusal where one of them is no injected step, or the front matter cannot be changed
 */
export function withoutInjected(trace: Trace, remove: readonly number[]): readonly TextEdit[] | Refusal {
  const { steps } = trace.chain;
  const injected = injectedOf(trace);
  const roles = new Map(injected.steps.map(({ step, role }) => [step, role]));
  const gone = new Set(remove);
  for (const step of gone) {
    const role = roles.get(step);
    const name = `Step ${String(step + 1)}`;
    if (role === undefined) return { reason: `${name} is not known as injected. Delete its text by hand.` };
    if (role === 'recomposed' || role === 'backtrack' || role === 'continuation') {
      return { reason: `${name} stands in place of others that are not kept here, so it cannot be taken out alone. Undo the change that put it there, or delete its text by hand.` };
    }
  }
  const cuts = cutsOf(trace, gone);
  const after = parseTrace(withEdits(trace.text, cuts), splitterNamed(trace.splitter));
  const left = steps.filter(({ index }) => !gone.has(index));
  if (after.chain.steps.length !== left.length || left.some(({ text }, i) => after.chain.steps[i]?.text !== text)) {
    return { reason: 'Without them the steps around would grow together. Delete the text by hand.' };
  }
  const anchors = anchorsOf(after.chain.steps);
  const moved = new Map(left.map(({ index }, i) => [index, i]));
  const place = new Map(injected.steps.map(({ entry, step }) => [entry, step]));
  const kept = trace.frontMatter.injected.flatMap((entry, i) => {
    const step = place.get(i);
    if (step === undefined) return [entry];
    return gone.has(step) ? [] : [pointedAt(entry, anchors[moved.get(step) ?? -1])];
  });
  const head = injectedEdit(trace.text, kept);
  if (head === undefined) return { reason: 'The front matter cannot be read, so it would still name what was taken out. Mend it first (see the Problems view).' };
  return [...cuts, head];
}

/** Into a block a step came with the blank line before it; at its beginning, with the one after. */
function cutsOf({ chain: { steps } }: Trace, gone: ReadonlySet<number>): TextEdit[] {
  const cuts: TextEdit[] = [];
  let fromStart = false;
  for (const step of [...gone].sort((a, b) => a - b)) {
    const [before, span, next] = [steps[step - 1], steps[step], steps[step + 1]];
    if (span === undefined) continue;
    const isFirst = before?.block !== span.block;
    fromStart = isFirst || (fromStart && gone.has(step - 1));
    if (!fromStart) cuts.push({ start: before?.end ?? span.start, end: span.end, text: '' });
    else cuts.push({ start: span.start, end: next?.block === span.block ? next.start : span.end, text: '' });
  }
  return cuts;
}
