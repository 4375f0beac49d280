import type { Span } from '../trace/span';
import type { TextEdit } from '../trace/textEdit';
import type { Trace } from '../trace/trace';
import type { Refusal, Target } from './recipe';

/** Where texts go, and what stands before and behind them there. */
interface Place extends Span {
  readonly lead: string;
  readonly tail: string;
}

/**
 * The change of the reasoning alone, and where each slot's text then stands (before the front matter is changed).
 * @param texts one for each slot, without white space around them
 */
export function reasoningEdit(trace: Trace, target: Target, texts: readonly string[], eol: string): { readonly edit: TextEdit; readonly slots: readonly Span[] } | Refusal {
  const blank = eol + eol;
  const place = placeOf(trace, target, eol);
  if ('reason' in place) return place;
  const slots: Span[] = [];
  let at = place.start + place.lead.length;
  for (const { length } of texts) {
    slots.push({ start: at, end: at + length });
    at += length + blank.length;
  }
  return { edit: { start: place.start, end: place.end, text: place.lead + texts.join(blank) + place.tail }, slots };
}

function placeOf(trace: Trace, { from, to, before }: Target, eol: string): Place | Refusal {
  const { steps } = trace.chain;
  if (from < 0 || to < from || to > steps.length) return { reason: 'The steps have changed meanwhile, so this place is not there any more. Put the cursor there again.' };
  const [behind, first, last] = [steps[from - 1], steps[from], steps[to - 1]];
  if (to > from && first !== undefined && last !== undefined) {
    if (first.block !== last.block) return { reason: `Steps ${String(from + 1)} to ${String(to)} stand in several blocks of reasoning, with other text between them that would be lost. Choose a place within one block.` };
    return { start: first.start, end: last.end, lead: '', tail: '' };
  }
  // After a step: what is between it and the next stays behind what is put in. Before one: its place is where that began.
  const isBefore = first !== undefined && (behind === undefined || (before === true && first.block !== behind.block));
  if (isBefore) return { start: first.start, end: first.start, lead: '', tail: eol + eol };
  if (behind !== undefined) return { start: behind.end, end: behind.end, lead: eol + eol, tail: '' };
  return emptyBlock(trace, eol);
}

/** Between tags that hold nothing yet: on a line of its own. */
function emptyBlock({ text, parts, chain: { blocks } }: Trace, eol: string): Place | Refusal {
  const open = parts.find(({ kind }) => kind === 'openTag');
  if (blocks.length !== 1 || open === undefined) {
    return { reason: 'There is no reasoning here yet. Write at least one step, or <think> on a line of its own where the reasoning begins, then try again.' };
  }
  const close = parts.find(({ kind, start }) => kind === 'closeTag' && start >= open.end);
  const space = text.slice(open.end, close?.start ?? text.length);
  const line = space.indexOf(eol);
  if (line < 0) return { start: open.end, end: open.end, lead: eol, tail: close === undefined ? '' : eol };
  const at = open.end + line + eol.length;
  return { start: at, end: at, lead: '', tail: close === undefined || space.includes(eol, line + eol.length) ? '' : eol };
}
