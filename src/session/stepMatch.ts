import type { TextChain } from '../judge/textChain';

/** Where a step stood before an edit, and whether its text is still the same. */
export interface StepMatch {
  readonly step: number;
  readonly sameText: boolean;
}

/**
 * Where each step of the new text stood in the old one: equal steps are matched from the top and from the bottom, and what lies
 * between, the edited stretch, position by position if it has as many steps as before; inserted steps match nothing.
 * Where nothing is equal at either end it is another text, and nothing matches.
 */
export function stepMatch(old: TextChain, now: TextChain): (step: number) => StepMatch | undefined {
  const shorter = Math.min(old.own.length, now.own.length);
  let top = 0;
  while (top < shorter && old.own[top] === now.own[top]) top++;
  let bottom = 0;
  while (bottom < shorter - top && old.own.at(-1 - bottom) === now.own.at(-1 - bottom)) bottom++;
  const shift = old.own.length - now.own.length;
  const sameTrace = top + bottom > 0 || old.own.length === 1;
  return (step) => {
    if (step < top) return { step, sameText: true };
    if (step >= now.own.length - bottom) return { step: step + shift, sameText: true };
    return shift === 0 && sameTrace ? { step, sameText: false } : undefined;
  };
}
