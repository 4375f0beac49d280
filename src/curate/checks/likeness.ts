import { distance } from 'fastest-levenshtein';
import { runsOf, type WordReader, type Words } from './words';

/** Words that mark a place in both texts. */
const ANCHOR = 3;
/** Characters of one stretch times those of the other: the most that are measured in one go, some ten milliseconds. */
const MOST = 4e7;
/** By how much cutting at anchors may misjudge a pair before it is not measured as a whole any more. Ours. */
const MARGIN = 0.05;

/**
 * How alike two texts are, 0 … 1: 1 − edit distance (Levenshtein) ÷ the longer length, in UTF-16 units; two empty texts are alike.
 * Measured exactly where the texts are short enough (about 6,000 characters each, what they begin and end with in common apart), unless
 * a first look along anchors says that they are less alike than `least` by a margin. Longer
 * ones are cut where the same three words stand in both, once in each, and the stretches between are measured: the result is then at
 * most too low, never too high.
 * @param least what is less alike than this may give 0, so that it need not be measured to its end
 */
export function likeness(one: string, other: string, reader: WordReader, least = 0): number {
  const longer = Math.max(one.length, other.length);
  const allowed = Math.floor((1 - least) * longer + 1e-9);
  if (Math.abs(one.length - other.length) > allowed) return 0;
  const [a, b] = withoutCommonEnds(one, other);
  // No two texts are farther apart than the longer is long, whatever cutting them at anchors says.
  const farthest = Math.max(a.length, b.length);
  const most = allowed + MARGIN * longer;
  const upper = alongAnchors(a, b, reader, most >= farthest ? Infinity : most);
  if (upper === undefined) return 0;
  const edits = a.length * b.length <= MOST ? distance(a, b) : Math.min(upper, farthest);
  return edits > allowed ? 0 : 1 - edits / Math.max(1, longer);
}

/** What two texts begin and end with in common costs no edit. */
function withoutCommonEnds(one: string, other: string): [string, string] {
  const most = Math.min(one.length, other.length);
  let start = 0;
  while (start < most && one.charCodeAt(start) === other.charCodeAt(start)) start++;
  let end = 0;
  while (end < most - start && one.charCodeAt(one.length - 1 - end) === other.charCodeAt(other.length - 1 - end)) end++;
  return [one.slice(start, one.length - end), other.slice(start, other.length - end)];
}

/** A number of edits that makes one text of the other, at least the distance; `undefined` where it is more than `most`. */
function alongAnchors(a: string, b: string, reader: WordReader, most: number): number | undefined {
  const [inA, inB] = [reader.words(a), reader.words(b)];
  let edits = 0;
  let [atA, atB] = [0, 0];
  for (const [wordA, wordB] of [...anchors(inA, inB), [inA.starts.length, inB.starts.length] as const]) {
    const [endA, endB] = [inA.starts[wordA] ?? a.length, inB.starts[wordB] ?? b.length];
    edits += between(a.slice(atA, endA), b.slice(atB, endB));
    if (edits > most) return undefined;
    [atA, atB] = [endA, endB];
  }
  return edits;
}

function between(a: string, b: string): number {
  if (a === b) return 0;
  return a.length * b.length <= MOST ? distance(a, b) : Math.max(a.length, b.length);
}

/** The words at which both are cut, in the order of both: the longest such row of three words that each has once. */
function anchors(a: Words, b: Words): (readonly [number, number])[] {
  const inB = placesOfUnique(runsOf(b, ANCHOR));
  const pairs: (readonly [number, number])[] = [];
  for (const [run, place] of placesOfUnique(runsOf(a, ANCHOR))) {
    const other = inB.get(run) ?? -1;
    if (place >= 0 && other >= 0) pairs.push([place, other]);
  }
  return longestRise(pairs);
}

/** By run, where it stands; -1 where it stands in several places. In the order of the text. */
function placesOfUnique(runs: Uint32Array): Map<number, number> {
  const places = new Map<number, number>();
  runs.forEach((run, place) => places.set(run, places.has(run) ? -1 : place));
  return places;
}

/** The longest part of the pairs, ascending by their first, in which the second ascends too (patience sorting). */
function longestRise(pairs: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const before = new Int32Array(pairs.length);
  const tops: number[] = [];
  for (const [i, [, second]] of pairs.entries()) {
    let [low, high] = [0, tops.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tops[middle] ?? 0]?.[1] ?? 0) < second) low = middle + 1;
      else high = middle;
    }
    before[i] = low === 0 ? -1 : (tops[low - 1] ?? -1);
    tops[low] = i;
  }
  const rise: (readonly [number, number])[] = [];
  for (let i = tops.at(-1) ?? -1; i >= 0; i = before[i] ?? -1) {
    const pair = pairs[i];
    if (pair !== undefined) rise.push(pair);
  }
  return rise.reverse();
}
