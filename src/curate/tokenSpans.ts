import type { Tokenizer } from '@huggingface/tokenizers';

/** The tokens of a text: for each where it stands, in bytes of UTF-8, half-open. A span that is trimmed to nothing covers no character. */
export interface TokenSpans {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** What of a tokenizer's own file decides where its tokens stand. */
export interface TokenizerTraits {
  /** Cuts bytes, as GPT-2, Qwen, Llama 3 and R1-Distill do. */
  readonly byteLevel: boolean;
  /** Leaves the blanks at the edges of a token out of its place. */
  readonly trimOffsets: boolean;
  /** The letters that stand for bytes in its tokens. */
  readonly alphabet: ReadonlyMap<string, number>;
}

/** Reads the traits out of a parsed `tokenizer.json`. */
export function traitsOf(file: Readonly<Record<string, unknown>>): TokenizerTraits {
  return {
    byteLevel: partsIn(file['decoder'], file['pre_tokenizer']).some(({ type }) => type === 'ByteLevel'),
    trimOffsets: partsIn(file['post_processor']).some(({ type, trim_offsets: trim }) => type === 'ByteLevel' && trim !== false),
    alphabet: byteAlphabet(),
  };
}

interface Part {
  readonly type?: unknown;
  readonly trim_offsets?: unknown;
}

/** Steps of tokenizers may be lists of steps. */
function partsIn(...values: readonly unknown[]): Part[] {
  return values.flatMap((value) => {
    if (typeof value !== 'object' || value === null) return [];
    const { decoders, pretokenizers, processors } = value as Readonly<Record<string, unknown>>;
    const inner = [decoders, pretokenizers, processors].flatMap((list) => (Array.isArray(list) ? partsIn(...(list as unknown[])) : []));
    return [value, ...inner];
  });
}

/**
 * Cuts a text into tokens and finds each in it: the library tells what the tokens are, not where.
 * @throws Error in words where they are not found, as with tokenizers that change the text first
 */
export function tokenSpans(text: string, tokenizer: Tokenizer, traits: TokenizerTraits): TokenSpans {
  if (!traits.byteLevel) throw new Error('Only tokenizers that cut bytes (GPT-2’s kind: Qwen, Llama 3, R1-Distill) can be counted exactly; this one does otherwise. Training works all the same.');
  const { ids, tokens } = tokenizer.encode(text, { add_special_tokens: false });
  const added = tokenizer.get_added_tokens_decoder();
  const bytes = Buffer.from(text, 'utf8');
  const starts = new Int32Array(ids.length);
  const ends = new Int32Array(ids.length);
  let at = 0;
  for (const [i, id] of ids.entries()) {
    const special = added.get(id);
    const piece = special === undefined ? bytesOf(tokens[i] ?? '', traits.alphabet) : Buffer.from(special.content, 'utf8');
    if (special?.lstrip === true) while (at < bytes.length && isBlank(bytes[at])) at++;
    if (piece === undefined || piece.length === 0 || bytes.compare(piece, 0, piece.length, at, Math.min(bytes.length, at + piece.length)) !== 0) throw notFound(i);
    const end = at + piece.length;
    starts[i] = at;
    ends[i] = end;
    if (traits.trimOffsets) {
      while ((starts[i] ?? 0) < end && bytes[starts[i] ?? 0] === 32) starts[i] = (starts[i] ?? 0) + 1;
      while ((ends[i] ?? 0) > (starts[i] ?? 0) && bytes[(ends[i] ?? 0) - 1] === 32) ends[i] = (ends[i] ?? 0) - 1;
    }
    at = end;
    if (special?.rstrip === true) while (at < bytes.length && isBlank(bytes[at])) at++;
  }
  if (at !== bytes.length) throw notFound(ids.length);
  return { starts, ends };
}

/** The first token that covers a part of these bytes; `undefined` where none does. */
export function tokenAt({ starts, ends }: TokenSpans, start: number, end: number): number | undefined {
  // The ends ascend: the first token that ends behind the place.
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 0) > start) high = middle;
    else low = middle + 1;
  }
  // Tokens that are trimmed to nothing cover nothing.
  while (low < starts.length && starts[low] === ends[low]) low++;
  return low < starts.length && (starts[low] ?? 0) < end ? low : undefined;
}

function notFound(token: number): Error {
  return new Error(`Token ${String(token + 1)} is not found in the text: this tokenizer changes texts before it cuts them, so its tokens cannot be counted exactly. Training works all the same.`);
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || (byte !== undefined && byte >= 9 && byte <= 13);
}

function bytesOf(token: string, alphabet: ReadonlyMap<string, number>): Buffer | undefined {
  const bytes = Buffer.alloc(token.length);
  let at = 0;
  for (const character of token) {
    const byte = alphabet.get(character);
    if (byte === undefined) return undefined;
    bytes[at++] = byte;
  }
  return bytes.subarray(0, at);
}

/** GPT-2's letters for bytes: printable bytes stand for themselves, the others for letters from U+0100 on. */
function byteAlphabet(): Map<string, number> {
  const letters = new Map<string, number>();
  let next = 256;
  for (let byte = 0; byte < 256; byte++) {
    const plain = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    letters.set(String.fromCharCode(plain ? byte : next++), byte);
  }
  return letters;
}
