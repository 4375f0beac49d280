import { CHARACTERS_PER_TOKEN } from '../../judge/model/window';
import type { ReadRecipe } from '../../train/anyRecipe';
import type { BackendSetting } from '../../train/backends/backendSetting';
import { isWrong } from '../../train/trainingRecipe';
import type { ExportedFile } from '../exportSet';
import { about, dollars } from '../sendingInWords';
import type { PreflightCheck } from './preflight';

/** Tokens that a provider bills for a run, about: all of the file's messages, once for each pass. Four characters are a token (ours). */
export interface BilledTokens {
  readonly onePass: number;
  readonly inAll: number;
}

/** `undefined` where the recipe's values contradict each other, or there is no row. */
export function billedTokens(read: Pick<ReadRecipe, 'arithmetic'>, { rows, text }: Pick<ExportedFile, 'rows' | 'text'>): BilledTokens | undefined {
  const found = read.arithmetic(rows);
  if (isWrong(found) || rows === 0) return undefined;
  let characters = 0;
  for (const line of text.split('\n')) if (line !== '') characters += charactersOf((JSON.parse(line) as { readonly messages?: unknown }).messages);
  const onePass = Math.ceil(characters / CHARACTERS_PER_TOKEN);
  return { onePass, inAll: Math.round((onePass * found.examples) / rows) };
}

/** What a launch costs, before it starts. @param price US dollars for a million tokens, where the backend's setting says so */
export function costInWords(billed: BilledTokens | undefined, price: number | undefined): string {
  const tokens = billed === undefined ? 'the tokens of the file × its passes' : `about ${about(billed.inAll)} tokens (${about(billed.onePass)} of the file × its passes; four characters are counted as one)`;
  if (price === undefined || billed === undefined) {
    return `This costs money: the provider bills ${tokens} at its own price for this model. Look the price up there first; with it as “price” of this backend (cotLens.backends) the sum is said here.`;
  }
  return `This costs money: ${tokens} at ${dollars(price)} a million, about ${dollars((billed.inAll * price) / 1e6)}. What counts is the provider’s bill.`;
}

/** The same among what is looked at before a launch; `undefined` where nobody bills trained tokens. */
export function costCheck(backend: Pick<BackendSetting, 'kind'> & { readonly price?: number | undefined }, read: Pick<ReadRecipe, 'arithmetic'>, exported: Pick<ExportedFile, 'rows' | 'text'>): PreflightCheck | undefined {
  return backend.kind === 'openai' ? { about: 'Cost', status: 'warning', said: costInWords(billedTokens(read, exported), backend.price) } : undefined;
}

function charactersOf(messages: unknown): number {
  if (!Array.isArray(messages)) return 0;
  return (messages as readonly { readonly content?: unknown }[]).reduce((sum, { content }) => sum + (typeof content === 'string' ? content.length : 0), 0);
}
