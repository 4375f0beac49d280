import { CHARACTERS_PER_TOKEN } from '../../judge/model/window';
import type { ReadRecipe } from '../../train/anyRecipe';
import type { BackendSetting } from '../../train/backends/backendSetting';
import { isWrong } from '../../train/trainingRecipe';
import type { ExportedFile } from '../exportSet';
import { about, dollars } from '../sendingInWords';
import { guardCost, type PreflightCheck } from './preflight';

/** Tokens that a provider bills for a run, about: all of the file's messages, once for each pass; as `tokensOf` counts. */
export interface BilledTokens {
  readonly onePass: number;
  readonly inAll: number;
}

/** `undefined` where the recipe's values contradict each other, or there is no row. */
export function billedTokens(read: Pick<ReadRecipe, 'arithmetic'>, { rows, text }: Pick<ExportedFile, 'rows' | 'text'>): BilledTokens | undefined {
  const found = read.arithmetic(rows);
  if (isWrong(found) || rows === 0) return undefined;
  let tokens = 0;
  for (const line of text.split('\n')) if (line !== '') tokens += tokensOf((JSON.parse(line) as { readonly messages?: unknown }).messages);
  const onePass = Math.ceil(tokens);
  return { onePass, inAll: Math.round((onePass * found.examples) / rows) };
}

/** What a launch costs, before it starts. @param price US dollars for a million tokens, where the backend's setting says so */
export function costInWords(billed: BilledTokens | undefined, price: number | undefined): string {
  const tokens = billed === undefined ? 'the tokens of the file × its passes' : `about ${about(billed.inAll)} tokens (${about(billed.onePass)} of the file × its passes; four characters are counted as one, and so is each of a script other than Latin)`;
  if (price === undefined || billed === undefined) {
    return `This costs money: the provider bills ${tokens} at its own price for this model. Look the price up there first; with it as “price” of this backend (cotLens.backends) the sum is said here.`;
  }
  return `This costs money: ${tokens} at ${dollars(price)} a million, about ${dollars((billed.inAll * price) / 1e6)}. What counts is the provider’s bill.`;
}

/** The same among what is looked at before a launch; `undefined` where nobody bills trained tokens. */
export function costCheck(backend: Pick<BackendSetting, 'kind'> & { readonly price?: number | undefined }, read: Pick<ReadRecipe, 'arithmetic'>, exported: Pick<ExportedFile, 'rows' | 'text'>): PreflightCheck | undefined {
  return backend.kind === 'openai' ? { about: 'Cost', status: 'warning', said: costInWords(billedTokens(read, exported), backend.price) } : undefined;
}

/** All that somebody may bill for a launch, for the question before it: a provider's tokens, a guard's answers. `undefined` where nobody does. */
export function launchCost(backend: Parameters<typeof costCheck>[0], read: Pick<ReadRecipe, 'values' | 'arithmetic'>, exported: Pick<ExportedFile, 'rows' | 'text'>): string | undefined {
  const parts = [costCheck(backend, read, exported)?.said, guardCost(read, exported.rows)].filter((one) => one !== undefined);
  return parts.length === 0 ? undefined : parts.join(' ');
}

/** A text of Latin script, with what stands in texts of all scripts. */
const LATIN = /^[\0-\u036f\u2000-\u206f]*$/;
/** Characters of other scripts, together with the punctuation of Chinese and Japanese. */
const OTHER = /(?:[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]|[\u3000-\u303f\uff00-\uffef])+/gu;

/**
 * About so many, with a fraction: a token for four characters, and for each of a script other than Latin. Ours; for Chinese, Japanese and
 * Korean close to OpenAI's o200k_base, for other scripts rather too many.
 */
function tokensOf(messages: unknown): number {
  if (!Array.isArray(messages)) return 0;
  return (messages as readonly { readonly content?: unknown }[]).reduce((sum, { content }) => sum + (typeof content === 'string' ? tokensOfText(content) : 0), 0);
}

function tokensOfText(text: string): number {
  if (LATIN.test(text)) return text.length / CHARACTERS_PER_TOKEN;
  let [others, units] = [0, 0];
  for (const [run] of text.matchAll(OTHER)) {
    others += [...run].length;
    units += run.length;
  }
  return others + (text.length - units) / CHARACTERS_PER_TOKEN;
}
