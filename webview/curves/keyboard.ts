import type { Place } from '../../src/curve/curvesModel';

/** What a key does on the chart. */
export type KeyAct =
  | { readonly act: 'select'; readonly place: Place }
  | { readonly act: 'go' }
  | { readonly act: 'zoom'; readonly factor: number }
  | { readonly act: 'reset' };

/** Steps that a page key goes. */
const PAGE = 10;

/** Keys of the chart, for the line that tells of them. */
export const KEYS = 'Keys: ← → step · Page: 10 steps · Home End · t T: turning points · Enter: to the editor · + − 0: zoom';

/**
 * What a key does; `undefined` for keys that are not the chart's.
 * @param turning steps at which a shown curve turns, ascending
 */
export function keyAct(key: string, at: Place | undefined, steps: number, hasAnswer: boolean, turning: readonly number[]): KeyAct | undefined {
  const last = hasAnswer ? steps : steps - 1;
  // The answer is the place after the last step.
  const here = at === undefined ? -1 : at === 'answer' ? steps : at;
  const to = (index: number): KeyAct => {
    const within = Math.max(0, Math.min(last, index));
    return { act: 'select', place: within >= steps ? 'answer' : within };
  };
  if (steps === 0) return undefined;
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return to(here + 1);
    case 'ArrowLeft':
    case 'ArrowUp':
      return to(here - 1);
    case 'PageDown':
      return to(here + PAGE);
    case 'PageUp':
      return to(here - PAGE);
    case 'Home':
      return to(0);
    case 'End':
      return to(last);
    case 't':
      return turning.length === 0 ? undefined : to(turning.find((step) => step > here) ?? turning[0] ?? 0);
    case 'T':
      return turning.length === 0 ? undefined : to(turning.findLast((step) => step < here) ?? turning.at(-1) ?? 0);
    case 'Enter':
      return at === undefined ? undefined : { act: 'go' };
    case '+':
    case '=':
      return { act: 'zoom', factor: 1.6 };
    case '-':
      return { act: 'zoom', factor: 1 / 1.6 };
    case '0':
      return { act: 'reset' };
    default:
      return undefined;
  }
}
