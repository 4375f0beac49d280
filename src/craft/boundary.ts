import type { Span } from '../trace/span';
import type { Step, Trace, Turn } from '../trace/trace';

/** A step boundary: how many steps of the document stand before it. */
export interface Boundary {
  /** 1 … n (k ≥ 1 by AdvChain's `c_1..c_k, error, correction, c_k+1..c_n`; in a later turn after that turn's first step at least). */
  readonly after: number;
  /** Between two blocks: at the beginning of the later one, rather than at the end of the earlier one. */
  readonly before: boolean;
  /** Does the cursor stand on it, in the white space between two steps? */
  readonly isHere: boolean;
}

/**
 * The step boundary nearest to a cursor or to the middle of a selection, of its own turn. Between two as near the later one.
 * `undefined` where there is no step, or no reasoning there.
 */
export function boundaryAt(trace: Trace, at: Span): Boundary | undefined {
  const turn = chosenTurn(trace, at);
  if (turn === undefined || !touchesReasoning(turn, at)) return undefined;
  const middle = (at.start + at.end) / 2;
  const blockOf = blocksByStep(turn);
  let best: (Boundary & { readonly distance: number }) | undefined;
  for (const [i, step] of turn.steps.entries()) {
    const next = turn.steps[i + 1];
    for (const { before, start, end } of gapsAfter(blockOf, step, next)) {
      const distance = middle < start ? start - middle : middle > end ? middle - end : 0;
      if (best === undefined || distance <= best.distance) best = { after: step.index + 1, before, isHere: distance === 0, distance };
    }
  }
  return best === undefined ? undefined : { after: best.after, before: best.before, isHere: best.isHere };
}

/** How many steps stand before the boundary nearest to a place; see `boundaryAt`. */
export function nearestBoundary(trace: Trace, at: Span): number | undefined {
  return boundaryAt(trace, at)?.after;
}

/** The turn that holds the cursor or the middle of the selection; the first where a document begins with something else. */
export function chosenTurn({ turns }: Trace, at: Span): Turn | undefined {
  const middle = (at.start + at.end) / 2;
  return turns.findLast(({ start }) => start <= middle) ?? turns[0];
}

/** The turn that a step of the document belongs to. */
export function turnOfStep({ turns }: Trace, step: number): Turn | undefined {
  return turns.find(({ steps }) => (steps[0]?.index ?? Infinity) <= step && step <= (steps.at(-1)?.index ?? -1));
}

/**
 * The step that the cursor or the middle of the selection stands in, or in the white space behind it; within a block that it stands in
 * before the first step, that one. `undefined` outside the reasoning.
 */
export function stepAt(trace: Trace, at: Span): number | undefined {
  const middle = Math.floor((at.start + at.end) / 2);
  const { blocks, steps } = trace.chain;
  const block = blocks.findIndex(({ start, end }) => start <= middle && middle <= end);
  if (block < 0) return undefined;
  const inside = stepAtOffset(trace, middle);
  if (inside !== undefined && steps[inside]?.block === block) return inside;
  return steps.find((step) => step.block === block)?.index;
}

/** The step that an offset lies in, or the last one before it; `undefined` before the first. */
export function stepAtOffset({ chain: { steps } }: Trace, offset: number): number | undefined {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle]?.start ?? Infinity) <= offset) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? undefined : low - 1;
}

/** The white space that a boundary is, a tag behind it included; two where the next step stands in another block. */
function gapsAfter(blockOf: (step: Step) => Span, step: Step, next: Step | undefined): readonly (Span & { readonly before: boolean })[] {
  if (next?.block === step.block) return [{ before: false, start: step.end, end: next.start }];
  const own = { before: false, start: step.end, end: blockOf(step).end };
  return next === undefined ? [own] : [own, { before: true, start: blockOf(next).start, end: next.start }];
}

/** The block of each step: a turn numbers its blocks from its own first, a step's number is the document's. */
function blocksByStep({ blocks, steps }: Turn): (step: Step) => Span {
  const [first] = steps;
  const offset = first === undefined ? 0 : first.block - blocks.findIndex(({ start, end }) => start <= first.start && first.end <= end);
  return (step) => blocks[step.block - offset] ?? step;
}

function touchesReasoning({ blocks }: Turn, at: Span): boolean {
  return blocks.some(({ start, end }) => at.start <= end && at.end >= start);
}
