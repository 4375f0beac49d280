import type { MixTarget } from './mix';

/** One recipe of a set's mix. */
export interface MixPart {
  readonly recipe: string;
  /** How many samples the set has of it. */
  readonly samples: number;
  /** Its number in the target; 0 where that does not name it. */
  readonly target: number;
  /** The fewest samples to add so that all recipes of the target stand to one another as they are to. */
  readonly missingForMix: number;
  /** How many to add until there are as many as the target's number. */
  readonly missingInAll: number;
}

/**
 * A set's mix against its target: first the recipes of the target in its order, then others, the most frequent first. Samples outside
 * the target change nothing of what is missing. What is missing is ours; the published target is 800 : 200 (AdvChain).
 * @param counts samples by recipe
 */
export function mixOf(counts: ReadonlyMap<string, number>, target: MixTarget): readonly MixPart[] {
  const wanted = Object.entries(target).filter(([, number]) => Number.isFinite(number) && number > 0);
  // How often the target fits into the set, by the recipe that there is most of.
  const fullest = wanted.reduce((most, [recipe, number]) => Math.max(most, (counts.get(recipe) ?? 0) / number), 0);
  const named = new Set(wanted.map(([recipe]) => recipe));
  const parts = wanted.map(([recipe, number]): MixPart => {
    const samples = counts.get(recipe) ?? 0;
    // A quotient that is whole but for rounding must not ask for one more.
    const forMix = Math.ceil(number * fullest - 1e-9) - samples;
    return { recipe, samples, target: number, missingForMix: Math.max(0, forMix), missingInAll: Math.max(0, Math.ceil(number - samples)) };
  });
  const others = [...counts].filter(([recipe, samples]) => samples > 0 && !named.has(recipe));
  others.sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return [...parts, ...others.map(([recipe, samples]): MixPart => ({ recipe, samples, target: 0, missingForMix: 0, missingInAll: 0 }))];
}

/**
 * In words: how it stands, what is missing for the mix, and what until all are there.
 * @param short a recipe's short name: `T-C`
 */
export function mixInWords(parts: readonly MixPart[], short: (recipe: string) => string): readonly string[] {
  const named = parts.filter(({ target }) => target > 0);
  const others = parts.filter(({ target }) => target === 0);
  const list = (of: readonly MixPart[], number: (part: MixPart) => number): string =>
    of
      .filter((part) => number(part) > 0)
      .map((part) => `${shown(number(part))} ${short(part.recipe)}`)
      .join(' and ');
  const lines: string[] = [];
  if (named.length > 0) {
    const ratio = named.map(({ target }) => shown(target)).join(' : ');
    lines.push(`${named.map(({ samples, recipe }) => `${shown(samples)} ${short(recipe)}`).join(' : ')}, target ${ratio}`);
    const mix = list(named, ({ missingForMix }) => missingForMix);
    const all = list(named, ({ missingInAll }) => missingInAll);
    if (named.length > 1 && named.some(({ samples }) => samples > 0)) lines.push(mix === '' ? 'The mix is as it is to be.' : `For this mix add ${mix}.`);
    lines.push(all === '' ? 'All that the target asks for is there.' : `For ${ratio} in all add ${all}.`);
  }
  if (others.length > 0) lines.push(`Outside the target: ${others.map(({ samples, recipe }) => `${shown(samples)} ${short(recipe)}`).join(', ')}.`);
  return lines;
}

function shown(number: number): string {
  return number.toLocaleString('en-US');
}
