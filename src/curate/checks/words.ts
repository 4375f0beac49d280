/** The words of a text as numbers. */
export interface Words {
  /** 32 bits of each word; the same for the same word, upper and lower case alike. */
  readonly hashes: Uint32Array;
  /** Where each begins in the text. */
  readonly starts: Uint32Array;
}

/** Characters that are read in one go: a millisecond or so. */
export const SLICE = 1 << 17;

/**
 * Reads the words of texts: runs of letters and digits, whatever stands between them. In scripts that put no space between words each
 * character is one. Case does not count for Latin, Greek and Cyrillic letters. Ours; linear. One reader for many texts, one after the other.
 */
export class WordReader {
  /** By character: what it is, and the letter that it counts as. */
  private readonly kinds = Uint8Array.from({ length: 0x10000 }, (_, code) => kindOf(code));
  private readonly letters = Uint16Array.from({ length: 0x10000 }, (_, code) => lowered(code));
  private hashes = new Uint32Array(1024);
  private starts = new Uint32Array(1024);

  words(text: string, from = 0, to = text.length): Words {
    const { kinds, letters } = this;
    let [count, hash, start] = [0, 0, -1];
    for (let at = from; at <= to; at++) {
      const code = at < to ? text.charCodeAt(at) : 32;
      const kind = kinds[code] ?? SPACE;
      if (kind !== LETTER && start >= 0) {
        this.note(count++, hash, start);
        start = -1;
      }
      if (kind === SPACE) continue;
      if (start < 0) [hash, start] = [FIRST, at];
      hash = Math.imul(hash ^ (letters[code] ?? 0), 0x01000193);
      if (kind === ALONE) {
        this.note(count++, hash, start);
        start = -1;
      }
    }
    return { hashes: this.hashes.slice(0, count), starts: this.starts.slice(0, count) };
  }

  private note(place: number, hash: number, start: number): void {
    if (place === this.hashes.length) [this.hashes, this.starts] = [grown(this.hashes), grown(this.starts)];
    this.hashes[place] = mixed(hash);
    this.starts[place] = start;
  }
}

/** Where a slice from here on may end so that it cuts no word, if there is such a place nearby; 0 < result ≤ length. */
export function sliceEnd(text: string, from: number): number {
  const end = from + SLICE;
  if (end >= text.length) return text.length;
  for (let at = end; at > end - 1000; at--) if (kindOf(text.charCodeAt(at)) === SPACE) return at;
  return end;
}

const [SPACE, LETTER, ALONE] = [0, 1, 2];
/** FNV-1a's. */
const FIRST = 0x811c9dc5;

function kindOf(code: number): number {
  if (code < 0x80) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) ? LETTER : SPACE;
  if (code < 0xc0 || code === 0xd7 || code === 0xf7) return SPACE;
  if (code < 0x0e00) return LETTER;
  // Thai and Lao, Myanmar, Khmer.
  if (code < 0x0f00 || (code >= 0x1000 && code < 0x10a0) || (code >= 0x1780 && code < 0x1800)) return ALONE;
  if (code < 0x2000) return LETTER;
  if (code < 0x2070 || (code >= 0x3000 && code < 0x3040) || (code >= 0xff00 && code < 0xff10)) return SPACE;
  // Kana and ideographs.
  return (code >= 0x2e80 && code < 0xa000) || (code >= 0xf900 && code < 0xfb00) ? ALONE : LETTER;
}

function lowered(code: number): number {
  if (code < 0x80) return code >= 65 && code <= 90 ? code + 32 : code;
  if ((code >= 0xc0 && code <= 0xde) || (code >= 0x391 && code <= 0x3a9) || (code >= 0x410 && code <= 0x42f)) return code + 32;
  return code >= 0x400 && code <= 0x40f ? code + 80 : code;
}

/** Spreads what differs in a few bits over all 32 (the end of MurmurHash3 by Austin Appleby, public domain). */
export function mixed(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function grown(list: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(list.length * 2);
  larger.set(list);
  return larger;
}

/** The hash of each run of so many words; of fewer words than that the one of all of them. */
export function runsOf({ hashes }: Words, length: number): Uint32Array {
  const words = hashes.length;
  const runs = new Uint32Array(words === 0 ? 0 : Math.max(1, words - length + 1));
  for (let i = 0; i < runs.length; i++) {
    let run = FIRST;
    for (let j = i; j < Math.min(i + length, words); j++) run = Math.imul(run, 0x9e3779b1) ^ (hashes[j] ?? 0);
    runs[i] = mixed(run);
  }
  return runs;
}
