/** So many steps are named one by one. Ours. */
const NAMED = 6;

/** `step 4`, `steps 4 and 5`, `steps 4, 5, 6, 7, 8, 9 and 3 more`: of 0-based steps. */
export function stepsInWords(steps: readonly number[]): string {
  const names = steps.slice(0, NAMED).map((step) => String(step + 1));
  if (steps.length > NAMED) names.push(`${String(steps.length - NAMED)} more`);
  const last = names.pop() ?? '';
  return names.length === 0 ? `step ${last}` : `steps ${names.join(', ')} and ${last}`;
}

/** `harmful`: with `a`, `an`. */
export function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}
