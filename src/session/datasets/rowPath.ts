import { digest } from '../../judge/textChain';

/** A row's document, as the path of its address names it. */
export interface RowPlace {
  /** Absolute path of the dataset. */
  readonly dataset: string;
  readonly key: string;
  /** 0-based; where the row lay when the address was made. */
  readonly ordinal: number;
  readonly variant: string | undefined;
}

/** The scheme of documents that are rows. */
export const ROW_SCHEME = 'cotlens-row';

const NAME = /^([\w~-]+)\.row([1-9]\d*)(?:\.([\w~-]+))?\.cot$/u;

/** The path of a row's document: `/data/set.jsonl/7.row13.cot`, or with a variant `/data/set.jsonl/7.row13.chosen.cot`. */
export function rowPath({ dataset, key, ordinal, variant }: RowPlace): string {
  return `${dataset}/${key}.row${String(ordinal + 1)}${variant === undefined ? '' : `.${nameOf(variant)}`}.cot`;
}

/** Reads such a path; `undefined` where it is none. A variant is given as its `nameOf`. */
export function parseRowPath(path: string): RowPlace | undefined {
  const cut = path.lastIndexOf('/');
  const match = NAME.exec(path.slice(cut + 1));
  const [, key, number, variant] = match ?? [];
  if (cut < 1 || key === undefined || number === undefined) return undefined;
  return { dataset: path.slice(0, cut), key, ordinal: Number(number) - 1, variant };
}

/** How long a name may be before it is cut. */
const LONGEST = 60;

/** A text as part of a file name: itself where all of it may stand in one, else what may, with a hash that tells it from others. */
export function nameOf(text: string): string {
  if (text.length <= LONGEST && /^[\w~-]+$/.test(text)) return text;
  const kept = text.replace(/[^\w~-]+/g, '_').slice(0, LONGEST - 7);
  return `${kept}-${digest('name', text).slice(0, 6)}`;
}
