import { hash } from 'node:crypto';

/**
 * The canary of a project: one fixed text in each row of all its training files, so that the rows can be found, and left out, wherever
 * they end up (the habit of BIG-bench and others: a GUID that occurs nowhere else). Ours: the GUID is made of a secretless seed that the
 * project keeps, so that the same project always has the same one.
 * @param seed anything that no other project has, such as a random text that is made once and kept
 */
export function canaryOf(seed: string): string {
  const digits = hash('sha256', `cot-lens canary ${seed}`, 'hex');
  const guid = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20, 32)].join('-');
  return `CoT Lens training data, not for evaluation or pre-training corpora. canary GUID ${guid}`;
}
