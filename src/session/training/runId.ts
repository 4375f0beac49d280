import { randomBytes } from 'node:crypto';

/**
 * A new run's id: its recipe, when it was made (UTC), and six hex digits that tell apart what was made in the same second:
 * `advchain-sft-20261121-100000-0a1b2c`. Letters, digits and `-` alone: Ray takes nothing else.
 */
export function runId(recipe: string, created: Date, chance: () => string = () => randomBytes(3).toString('hex')): string {
  const [day = '', time = ''] = created.toISOString().replace(/[-:]|\.\d+Z$/g, '').split('T');
  return `${recipe.replace(/[^A-Za-z0-9_-]+/g, '-')}-${day}-${time}-${chance()}`;
}
