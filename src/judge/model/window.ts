/** Characters of a token, about, for English in the usual tokenizers; ours, and only for estimates and windows. */
export const CHARACTERS_PER_TOKEN = 4;
/** Tokens of one verdict, at most about: thirty words of reason, two scores, names and brackets; ours. */
export const TOKENS_PER_VERDICT = 120;

/**
 * Which steps a `prefix` request shows where the context cannot hold all: the last ones. The first shown moves in strides of half
 * a window, so that requests in a row go on sharing their beginning. It depends on the steps before alone, so a run that was
 * broken off goes on with the same windows.
 */
export class StepWindow {
  private readonly lengths: number[] = [];
  private used = 0;
  private first = 0;

  /** @param room characters that the shown lines may have together */
  constructor(private readonly room: number) {}

  /** Takes the next line's length; returns the first line to show with it. The last one is always shown, however long. */
  push(length: number): number {
    this.lengths.push(length);
    this.used += length;
    if (this.used > this.room) {
      while (this.first < this.lengths.length - 1 && this.used > this.room / 2) this.used -= this.lengths[this.first++] ?? 0;
    }
    return this.first;
  }

  /** As `push`, for a line that is shown once and is not part of what comes later: the answer. */
  peek(length: number): number {
    let { used, first } = this;
    if (used + length > this.room) while (first < this.lengths.length && used + length > this.room / 2) used -= this.lengths[first++] ?? 0;
    return first;
  }
}

/** The part of a trace that one `whole-trace` request shows, and what it asks for. Indices of lines; the last may be the answer. */
export interface Block {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly wanted: readonly number[];
}

/**
 * Cuts a trace into as few requests as the context allows. Blocks overlap: beside what is new, each shows as many lines before it
 * as fit, at least half a context where there are so many, and what still fits after it. Without a limit there is one block.
 * @param lengths characters of each line
 * @param wanted lines to be scored, ascending
 * @param room characters that the lines of a request may have, replies included
 * @param reply characters that the reply needs for each wanted line
 */
export function wholeBlocks(lengths: readonly number[], wanted: readonly number[], room: number, reply: number): Block[] {
  const isWanted = new Set(wanted);
  const cost = (i: number): number => (lengths[i] ?? 0) + (isWanted.has(i) ? reply : 0);
  const all = lengths.reduce((sum, _length, i) => sum + cost(i), 0);
  if (all <= room && wanted.length > 0) return [{ from: 0, to: lengths.length, wanted }];
  const blocks: Block[] = [];
  for (let end = 0; ; ) {
    const begin = wanted.find((i) => i >= end);
    if (begin === undefined) return blocks;
    let [from, to, used] = [begin, begin, 0];
    const most = begin === 0 ? room : room / 2;
    while (to < lengths.length && (to === begin || used + cost(to) <= most)) used += cost(to++);
    end = to;
    while (from > 0 && used + (lengths[from - 1] ?? 0) <= room) used += lengths[--from] ?? 0;
    while (to < lengths.length && used + (lengths[to] ?? 0) <= room) used += lengths[to++] ?? 0;
    const last = end;
    blocks.push({ from, to, wanted: wanted.filter((i) => i >= begin && i < last) });
  }
}
