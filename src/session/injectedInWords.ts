import type { InjectedStep } from '../trace/provenance';

/** What is known of an injected step, in one line: `Injected as the error of temptation-correction, by GPT-4o, 2026-11-21; guard: not checked`. What a person wrote needs no guard. */
export function injectedInWords({ role, recipe, by, edited, at, from, words, counterAligned, guard }: InjectedStep): string {
  const made = [
    recipe === undefined ? `Injected as the ${role}` : `Injected as the ${role} of ${recipe}`,
    ...(by === undefined ? [] : [by === 'person' ? 'by a person' : `by ${by}${edited === true ? ', edited by a person' : ''}`]),
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(words === undefined ? [] : [`${String(words)} words`]),
    ...(at === undefined ? [] : [at.slice(0, 10)]),
  ];
  const aligned = role === 'prefill' ? `; counter-aligned: ${counterAligned ?? 'not checked'}` : '';
  const checked = guard === undefined && by === 'person' ? '' : `; guard: ${guard ?? 'not checked'}`;
  return `${made.join(', ')}${aligned}${checked}`;
}
