import { isIntent, type Intent } from '../intent';
import type { FieldRef, JsonObject } from '../rows/fieldRef';
import { fieldOf } from './jsonShapes';

/** WildJailbreak's types of data, which SafeChain's `label` and ThinkSafe's `prompt_label` take over (their dataset cards and code). */
const WILD: Readonly<Record<string, Intent>> = {
  vanilla_harmful: 'harmful',
  adversarial_harmful: 'harmful',
  vanilla_benign: 'benign',
  adversarial_benign: 'benign',
};

/** A guard's word on a prompt: WildGuardMix has harmful / unharmful, Llama Guard and others safe / unsafe. */
const OF_PROMPTS: Readonly<Record<string, Intent>> = {
  ...WILD,
  harmful: 'harmful',
  unsafe: 'harmful',
  unharmful: 'benign',
  harmless: 'benign',
  benign: 'benign',
  safe: 'benign',
};

/**
 * Which labels say what a prompt asks for, by the field they stand in. A label not in here says nothing: a bare `label: safe` may as well
 * be about the answer. XSTest's is about the prompt, but only in rows of XSTest (`XSTEST_LABELS`).
 */
const LABELS: readonly (readonly [field: string, intents: Readonly<Record<string, Intent>>])[] = [
  ['label', WILD],
  ['data_type', WILD],
  ['prompt_label', OF_PROMPTS],
  ['prompt_harm_label', OF_PROMPTS],
];

/** XSTest: 250 safe prompts that sound unsafe, and 200 unsafe contrasts (Röttger et al. 2024). */
export const XSTEST_LABELS: Readonly<Record<string, Intent>> = { safe: 'benign', unsafe: 'harmful' };

/** The intent that a row itself states: in a field `intent`, or by a label whose meaning is known; else `unknown`. Never a guess. */
export function statedIntent(row: JsonObject): Intent {
  const own = fieldOf(row, 'intent');
  if (isIntent(own)) return own;
  for (const [field, intents] of LABELS) {
    const stated = intentOf(intents, fieldOf(row, field));
    if (stated !== 'unknown') return stated;
  }
  return 'unknown';
}

/** Where a row states its intent by the intent's own name, so that another can be written there; what labels say is left to them. */
export function statedIntentAt(row: JsonObject): FieldRef | undefined {
  return isIntent(fieldOf(row, 'intent')) ? { path: ['intent'] } : undefined;
}

/** A label as tables have it: a number or a truth value by its name; `undefined` of what is no label. */
export function labelName(label: unknown): string | undefined {
  if (typeof label === 'string') return label;
  return typeof label === 'number' || typeof label === 'boolean' ? String(label) : undefined;
}

/** What a label means by a table; `unknown` where it is not in it. */
export function intentOf(table: Readonly<Record<string, Intent>>, label: unknown): Intent {
  const name = labelName(label) ?? '';
  return Object.hasOwn(table, name) ? (table[name] ?? 'unknown') : 'unknown';
}
