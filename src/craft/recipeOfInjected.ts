import type { Injected } from '../trace/provenance';
import type { Recipe } from './recipe';
import { recipeNamed } from './recipes';

/**
 * The recipe that a sample is one of, by what its provenance names: of several the first that asks for a curve, else the first that is
 * known (ours: a temptation whose correction was rewritten since is still a Temptation-Correction). Lost entries count too.
 */
export function recipeOfInjected({ steps, lost }: Injected): Recipe | undefined {
  const names = new Set([...steps.map(({ recipe }) => recipe), ...lost.map(({ read }) => read?.recipe)]);
  const known = [...names].flatMap((name) => (name === undefined ? [] : (recipeNamed(name) ?? [])));
  return known.find(({ curve }) => curve !== undefined) ?? known[0];
}
