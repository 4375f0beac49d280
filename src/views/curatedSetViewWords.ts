import { mixInWords, mixOf } from '../curate/mixOf';
import type { MixTarget } from '../curate/mix';
import { asksForCurve, recipeNames } from '../curate/recipeNames';
import type { CuratedSet, SampleCard } from '../session/curated/curatedSet';
import { countOf } from '../trace/countOf';

/** What the *Curated Set* view says; all of it plain text, not yet made safe for labels. */

/** Of how many samples a run in the list is: what a tree shows at once stays quick. Ours. */
export const RUN = 500;

/** The recipes of a set with their samples, as its mix is ordered: first those of the target. */
export function groupsOf(cards: readonly SampleCard[], target: MixTarget): readonly { readonly recipe: string; readonly cards: readonly SampleCard[]; readonly target: number }[] {
  const groups = new Map<string, SampleCard[]>();
  for (const card of cards) {
    const known = groups.get(card.recipe);
    if (known === undefined) groups.set(card.recipe, [card]);
    else known.push(card);
  }
  return mixOf(countsOf(cards), target).map(({ recipe, target: wanted }) => ({ recipe, cards: groups.get(recipe) ?? [], target: wanted }));
}

/** `12 T-C · 3 H-C · 4 problems`. */
export function setInWords({ cards, broken }: Pick<CuratedSet, 'cards' | 'broken'>, target: MixTarget, found: number): string {
  const parts = mixOf(countsOf(cards), target).filter(({ samples }) => samples > 0);
  const problems = found + broken.length + flawedOf(cards).length;
  return [
    ...(cards.length === 0 ? ['empty'] : parts.map(({ samples, recipe }) => `${samples.toLocaleString('en-US')} ${recipeNames(recipe).short}`)),
    ...(problems === 0 ? [] : [countOf(problems, 'problem')]),
  ].join(' · ');
}

/** The mix against its target, and what is missing, a line each. */
export function mixLines(cards: readonly SampleCard[], target: MixTarget): readonly string[] {
  return [countOf(cards.length, 'sample'), ...mixInWords(mixOf(countsOf(cards), target), (recipe) => recipeNames(recipe).short)];
}

/** `peak ✓` by a judge who may say so, how many findings, or that nobody has checked; nothing where its recipe asks for no curve. */
export function badgeOf({ earned, findings, recipe }: Pick<SampleCard, 'earned' | 'findings' | 'recipe'>): string {
  if (findings.length > 0) return countOf(findings.length, 'finding');
  if (earned !== undefined) return `${earned.shape} ✓`;
  return asksForCurve(recipe) ? 'not checked' : '';
}

/** What stands behind a sample's title: badge, departure from the dual-use rule, note. */
export function cardInWords(card: SampleCard): string {
  return [badgeOf(card), card.ablation ? 'ablation' : '', card.note ?? ''].filter((part) => part !== '').join(' · ');
}

/** Everything that is known of a sample without reading it, a line each. */
export function cardLines(card: SampleCard): readonly string[] {
  return [
    card.title === '' ? '(no prompt)' : card.title,
    `${recipeNames(card.recipe).label}, ${card.intent} prompt; sample ${(card.place + 1).toLocaleString('en-US')}, line ${card.line.toLocaleString('en-US')}, id ${card.id}`,
    ...(card.earned !== undefined ? [`Curve: ${card.earned.shape} ✓ by ${card.earned.judge}.`] : asksForCurve(card.recipe) ? ['Curve: no judge who may say so has seen the one that its recipe asks for.'] : []),
    ...(card.findings.length === 0 ? [] : [`When it was added: ${card.findings.join(', ')}.`]),
    ...(card.by === '' ? [] : [`Written by: ${card.by}`]),
    ...(card.ablation ? ['Ablation: a recorded departure from the rule that every flaw is corrected.'] : []),
    ...(card.note === undefined || card.note === '' ? [] : [`Note: ${card.note}`]),
  ];
}

/** Samples whose own checks found something when they were added. */
export function flawedOf(cards: readonly SampleCard[]): readonly SampleCard[] {
  return cards.filter(({ findings }) => findings.length > 0);
}

/** What the samples' own checks found, the most frequent first. */
export function findingsOf(cards: readonly SampleCard[]): readonly { readonly code: string; readonly cards: readonly SampleCard[] }[] {
  const found = new Map<string, SampleCard[]>();
  for (const card of cards) {
    for (const code of new Set(card.findings)) {
      const known = found.get(code);
      if (known === undefined) found.set(code, [card]);
      else known.push(card);
    }
  }
  return [...found].map(([code, of]) => ({ code, cards: of })).sort((a, b) => b.cards.length - a.cards.length || (a.code < b.code ? -1 : 1));
}

/** A code as words: `near-duplicate` → `near duplicate`. */
export function codeInWords(code: string): string {
  return code.replaceAll('-', ' ');
}

/** Runs of at most `RUN` samples: `[0, 500), [500, 1000), …`; one where all fit. */
export function runsOf(count: number): readonly { readonly from: number; readonly to: number }[] {
  return Array.from({ length: Math.ceil(count / RUN) }, (_, run) => ({ from: run * RUN, to: Math.min(count, (run + 1) * RUN) }));
}

function countsOf(cards: readonly SampleCard[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { recipe } of cards) counts.set(recipe, (counts.get(recipe) ?? 0) + 1);
  return counts;
}
