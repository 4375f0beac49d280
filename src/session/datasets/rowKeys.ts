import { digest } from '../../judge/textChain';
import type { RowTrace } from '../../trace/rows/rowTrace';
import { nameOf } from './rowPath';

/** The key of a row that has nothing of its own to be named by, and of every row of a dataset too large to look through. */
export function ordinalKey(ordinal: number): string {
  return `row${String(ordinal + 1)}`;
}

/** The place that such a key names, 0-based; `undefined` of another key. */
export function keyOrdinal(key: string): number | undefined {
  const digits = /^row([1-9]\d{0,15})$/.exec(key)?.[1];
  return digits === undefined ? undefined : Number(digits) - 1;
}

/** Gives the rows of a dataset, asked for in file order, keys that differ. */
export class KeyMaker {
  private readonly taken = new Set<string>();
  /** The number that the next row of the same name gets, so that a million equal rows need no million tries each. */
  private readonly next = new Map<string, number>();

  /** @param own `nameOfRow` */
  key(ordinal: number, own: string | undefined): string {
    const name = own ?? ordinalKey(ordinal);
    let key = name;
    for (let number = this.next.get(name) ?? 1; this.taken.has(key); ) {
      number++;
      key = `${name}~${String(number)}`;
      this.next.set(name, number);
    }
    this.taken.add(key);
    return key;
  }
}

/** What the row says of itself: its id, else a hash of what its first trace was asked; `undefined` where it says neither. */
export function nameOfRow([first]: readonly RowTrace[]): string | undefined {
  const id = first?.id?.value.trim() ?? '';
  if (id !== '') return nameOf(id);
  const asked = (first?.messages ?? [])
    .filter(({ role }) => role === 'user' || role === 'system')
    .flatMap(({ parts }) => parts.map(({ text }) => text))
    .join('\n\n');
  return asked.trim() === '' ? undefined : digest('asked', asked).slice(0, 12);
}
