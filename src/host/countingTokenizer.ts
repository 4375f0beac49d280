import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';

/** Counts the tokens of a text by a model's own tokenizer. */
export interface CountingTokenizer {
  /** The name of its folder, which is how models are kept. */
  readonly name: string;
  /** Without the special tokens that a template or a post-processor would add. */
  count(text: string): number;
}

/**
 * Reads a tokenizer as Hugging Face models have it: `tokenizer.json`, and beside it `tokenizer_config.json` if there is one.
 * @param place the folder, or the `tokenizer.json` itself; absolute
 * @throws Error in words for the researcher, where there is none or it cannot be used
 */
export async function readTokenizer(place: string): Promise<CountingTokenizer> {
  const file = await fileOf(place);
  const folder = path.dirname(file);
  const tokenizer = await readJson(file);
  if (!('model' in tokenizer)) throw new Error(`${file} is no tokenizer: it holds no “model”. Choose the tokenizer.json of the model that is to be trained.`);
  const config = await readJson(path.join(folder, 'tokenizer_config.json')).catch((error: unknown) => {
    if (isMissing(error)) return {};
    throw error;
  });
  let made: Tokenizer;
  try {
    made = new Tokenizer(tokenizer, config);
    made.encode('a');
  } catch (error) {
    throw new Error(`${file} is a tokenizer of a kind that cannot be used here (${messageOf(error)}).`, { cause: error });
  }
  return { name: path.basename(folder), count: (text) => made.encode(text, { add_special_tokens: false }).ids.length };
}

async function fileOf(place: string): Promise<string> {
  try {
    return (await stat(place)).isDirectory() ? path.join(place, 'tokenizer.json') : place;
  } catch (error) {
    throw new Error(`${place} is not there. Set cotLens.training.tokenizer to the model’s folder or its tokenizer.json.`, { cause: error });
  }
}

async function readJson(file: string): Promise<object> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error) && path.basename(file) !== 'tokenizer.json') throw error;
    throw new Error(isMissing(error) ? `There is no ${path.basename(file)} in ${path.dirname(file)}. Set cotLens.training.tokenizer to the model’s folder.` : `${file} cannot be read (${messageOf(error)}).`, { cause: error });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is no JSON (${messageOf(error)}).`, { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${file} is no tokenizer: it holds no object.`);
  return value;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
