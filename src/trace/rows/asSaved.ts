/** A text that we wrote and the one that came back, brought to the same line ends and characters. */
export interface Saved {
  /** What we wrote, as it comes back where nobody changed anything. */
  readonly base: string;
  readonly edited: string;
  /** The line end of the marks in both. */
  readonly eol: string;
  /** The line ends were made one kind, so that the row's own are to be put back. */
  readonly remade: boolean;
}

/**
 * Editors give a text one kind of line end and cannot keep lone surrogates; neither is a change that a person made.
 * @param eol that of the marks in what we wrote
 */
export function asSaved(composed: string, edited: string, eol: string): Saved {
  const wrote = lineEnds(composed);
  const came = lineEnds(edited);
  const remade = came.length <= 1 && wrote.join() !== came.join();
  const lost = edited.isWellFormed() && !composed.isWellFormed();
  const base = lost ? composed.toWellFormed() : composed;
  if (!remade) return { base, edited, eol, remade };
  return { base: withNewlines(base), edited: withNewlines(edited), eol: '\n', remade };
}

/** The line end of the marks between these texts: `\r\n` where they have no other, else `\n`, unless that would make one of a `\r`. */
export function eolOf(texts: readonly string[]): string {
  if (texts.some((text) => text.endsWith('\r'))) return '\r\n';
  const ends = new Set(texts.flatMap(lineEnds));
  return ends.size === 1 && ends.has('\r\n') ? '\r\n' : '\n';
}

export function withNewlines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/**
 * A changed text with what the editor could not keep put back where it stood: the line ends and halves of characters of all before
 * and after the change.
 * @param original the text in the row
 * @param base the same as it came back unchanged
 * @param eol where line ends were made `\n`: how lines end that the person added, unless most of the old ones end otherwise
 */
export function restored(original: string, base: string, edited: string, eol: string | undefined): string {
  if (original === base && (eol === undefined || eol === '\n')) return edited;
  const shortest = Math.min(base.length, edited.length);
  let head = 0;
  while (head < shortest && base.charCodeAt(head) === edited.charCodeAt(head)) head++;
  let tail = 0;
  while (tail < shortest - head && base.charCodeAt(base.length - 1 - tail) === edited.charCodeAt(edited.length - 1 - tail)) tail++;
  const typed = edited.slice(head, edited.length - tail);
  if (eol === undefined) return original.slice(0, head) + typed + original.slice(base.length - tail);
  const [from, to] = placesIn(original, head, base.length - tail);
  const ending = mostUsed(original, eol);
  return keptApart(keptApart(original.slice(0, from), ending === '\n' ? typed : typed.replaceAll('\n', ending)), original.slice(to));
}

/** One text after the other, where a `\r` at the end of the first and a `\n` of the second must stay two line ends. */
export function keptApart(first: string, second: string): string {
  return first.endsWith('\r') && second.startsWith('\n') ? `${first.slice(0, -1)}\n${second}` : first + second;
}

/** Where two offsets of a text with `\n` alone lie in the text with its own line ends. */
function placesIn(original: string, first: number, second: number): [number, number] {
  if (!original.includes('\r')) return [first, second];
  const found: number[] = [];
  let offset = 0;
  let i = 0;
  for (const wanted of [first, second]) {
    for (; offset < wanted; offset++) i += original.charCodeAt(i) === 13 && original.charCodeAt(i + 1) === 10 ? 2 : 1;
    found.push(i);
  }
  return [found[0] ?? 0, found[1] ?? 0];
}

/** The kinds of line ends in a text, each once, in a fixed order. */
function lineEnds(text: string): string[] {
  if (!text.includes('\r')) return text.includes('\n') ? ['\n'] : [];
  return ['\r\n', '\r', '\n'].filter((end) => (end === '\r\n' ? text.includes(end) : LONE[end]?.test(text)));
}

const LONE: Readonly<Record<string, RegExp>> = { '\r': /\r(?!\n)/, '\n': /(?<!\r)\n/ };

function mostUsed(text: string, otherwise: string): string {
  if (!/[\r\n]/.test(text)) return otherwise;
  let windows = 0;
  let lone = 0;
  let plain = 0;
  for (const [end] of text.matchAll(/\r\n?|\n/g)) {
    if (end === '\r\n') windows++;
    else if (end === '\r') lone++;
    else plain++;
  }
  if (plain >= windows && plain >= lone) return '\n';
  return windows >= lone ? '\r\n' : '\r';
}
