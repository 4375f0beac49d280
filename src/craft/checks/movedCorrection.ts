import { injectedEdit } from '../../trace/injectedEdit';
import { parseTrace } from '../../trace/parseTrace';
import { anchorsOf, injectedOf } from '../../trace/provenance';
import { splitterNamed } from '../../trace/splitters';
import { withEdits, type TextEdit } from '../../trace/textEdit';
import type { Step, Trace } from '../../trace/trace';
import { pointedAt } from '../pointedAt';

/**
 * The change that puts steps right behind another one, each with the white space that it has now, and keeps what is known of all injected
 * steps. No byte is lost or added but in front matter, where two steps of one text change places.
 * @param moved 0-based, ascending; none of them is `after`
 * @returns `undefined` where the steps would not be the same ones in their new order
 */
export function movedAfter(trace: Trace, moved: readonly number[], after: number): readonly TextEdit[] | undefined {
  const { steps } = trace.chain;
  const to = steps[after];
  if (to === undefined) return undefined;
  const cuts: TextEdit[] = [];
  let pieces = '';
  let first: number | undefined;
  for (const index of moved) {
    const step = steps[index];
    if (step === undefined) return undefined;
    const [before, next] = [steps[index - 1], steps[index + 1]];
    // At the beginning of its block it takes along the white space behind it, else that before it.
    if (before === undefined || before.block !== step.block || first === index - 1) {
      first = index;
      const end = next?.block === step.block ? next.start : step.end;
      cuts.push({ start: step.start, end, text: '' });
      pieces += (trace.text.slice(step.end, end) || to.separator) + trace.text.slice(step.start, step.end);
    } else {
      cuts.push({ start: before.end, end: step.end, text: '' });
      pieces += trace.text.slice(before.end, step.end);
    }
  }
  const edits = [{ start: to.end, end: to.end, text: pieces }, ...cuts];
  const changed = parseTrace(withEdits(trace.text, edits), splitterNamed(trace.splitter));
  const order = newOrder(steps.length, moved, after);
  if (changed.chain.steps.length !== steps.length || order.some((was, now) => changed.chain.steps[now]?.text !== steps[was]?.text)) return undefined;
  const entries = entriesAfter(trace, changed.chain.steps, order);
  if (entries === undefined) return edits;
  const head = injectedEdit(trace.text, entries);
  return head === undefined ? undefined : [head, ...edits];
}

/** By new place, which step it was. */
function newOrder(count: number, moved: readonly number[], after: number): number[] {
  const gone = new Set(moved);
  const order: number[] = [];
  for (let i = 0; i < count; i++) {
    if (!gone.has(i)) order.push(i);
    if (i === after) order.push(...moved);
  }
  return order;
}

/** The entries with the anchors that their steps have in the new order; `undefined` where all are as they were. */
function entriesAfter(trace: Trace, steps: readonly Step[], order: readonly number[]): unknown[] | undefined {
  const anchors = anchorsOf(steps);
  const nowAt = new Map(order.map((was, now) => [was, now]));
  const found = new Map(injectedOf(trace).steps.map(({ entry, step }) => [entry, step]));
  const { injected } = trace.frontMatter;
  const entries = injected.map((entry, i) => {
    const was = found.get(i);
    return pointedAt(entry, was === undefined ? undefined : anchors[nowAt.get(was) ?? -1]);
  });
  return JSON.stringify(entries) === JSON.stringify(injected) ? undefined : entries;
}
