import type { RemovedLine } from './curatedSet';
import type { LineSpan } from './setLines';
import type { Splice } from './splicedFile';

/** What a set's file holds now. */
interface LinesNow {
  readonly size: number;
  readonly lines: readonly LineSpan[];
  /** Of each line. */
  readonly hashes: readonly string[];
  /** Which of them are samples, 0-based. */
  readonly samples: ReadonlySet<number>;
}

type Item = { readonly hash: string } & ({ readonly at: number; readonly isSample: boolean } | { readonly added: RemovedLine });

/**
 * Where removed lines go again: behind the line that they stood behind, else before the one that they stood before, else at their place
 * among the samples. With all lines around still there the file is what it was, byte for byte.
 * @param hashOf of a line's bytes without its line end
 */
export function restoredLines(now: LinesNow, removed: readonly RemovedLine[], hashOf: (line: string) => string): readonly Splice[] {
  const items: Item[] = now.lines.map((_line, at) => ({ hash: now.hashes[at] ?? '', at, isSample: now.samples.has(at) }));
  for (const added of [...removed].sort((a, b) => a.line - b.line)) items.splice(placeOf(items, added), 0, { hash: hashOf(withoutEnd(added.bytes)), added });

  const splices: Splice[] = [];
  const encoder = new TextEncoder();
  // Before each line that is there, all that goes before it.
  let pending: RemovedLine[] = [];
  const put = (start: number, isEnd: boolean): void => {
    if (pending.length === 0) return;
    const last = now.lines.at(-1);
    const lead = isEnd && last?.next === last?.end && last !== undefined ? '\n' : '';
    const text = pending.map(({ bytes }, i) => (bytes.endsWith('\n') || (isEnd && i === pending.length - 1) ? bytes : `${bytes}\n`)).join('');
    splices.push({ start, end: start, bytes: encoder.encode(lead + text) });
    pending = [];
  };
  for (const item of items) {
    if ('added' in item) pending.push(item.added);
    else put(now.lines[item.at]?.start ?? 0, false);
  }
  put(now.size, true);
  return splices;
}

function placeOf(items: readonly Item[], { place, line, previous, next }: RemovedLine): number {
  if (previous === undefined && next === undefined) return Math.min(line, items.length);
  const behind = previous === undefined ? undefined : nearest(items, previous, line - 1);
  if (behind !== undefined) return behind + 1;
  const before = next === undefined ? undefined : nearest(items, next, line);
  if (before !== undefined) return before;
  if (previous === undefined) return 0;
  let samples = 0;
  const found = items.findIndex((item) => ('added' in item || item.isSample) && samples++ === place);
  return found === -1 ? items.length : found;
}

/** The item with this hash that is nearest to a place; `undefined` where there is none. */
function nearest(items: readonly Item[], hash: string, place: number): number | undefined {
  for (let off = 0; off <= items.length; off++) {
    if (items[place - off]?.hash === hash) return place - off;
    if (items[place + off]?.hash === hash) return place + off;
  }
  return undefined;
}

function withoutEnd(line: string): string {
  return line.replace(/\r?\n$/, '');
}
