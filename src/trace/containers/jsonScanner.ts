import { GrowingSpans } from './growingSpans';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Lists under these names hold the rows of a file that is one object; the first that is there. Ours, after what tools write. */
const NAMES_OF_ROWS = ['data', 'samples', 'rows', 'examples', 'results'];

/** Lists of objects under these names are parts of one trace, so that an object with them is itself a row. Ours. */
const PARTS_OF_ROWS = new Set([
  'messages', 'conversations', 'conversation', 'prompt', 'completion', 'completions', 'chosen', 'rejected', 'choices', 'content',
  'input', 'output', 'turns', 'tools', 'tool_calls', 'reasoning_details', 'events',
]);

/** No key of rows is longer; of longer ones the beginning is kept. */
const LONGEST_KEY = 1000;

/** A list whose elements are rows. */
export interface FoundList {
  /** The field it stands in; `undefined` for the root. */
  readonly key: string | undefined;
  readonly spans: GrowingSpans;
  /** Elements that are no objects, and places where none stands between two commas or before the end. */
  strays: number;
  firstStray: number;
  gaps: number;
  firstGap: number;
  /** Places where a comma is missing between two objects. */
  joins: number;
  firstJoin: number;
}

/**
 * Finds the rows of a JSON text in one pass over its bytes, with a counter for the depth and no recursion. It looks at
 * brackets and strings only: whether a row is good JSON is known when it is read.
 */
export class JsonScanner {
  /** The list with the rows, if there is one. */
  found: FoundList | undefined;
  /** The first byte of the root, -1 before it; and the byte after its end, -1 before it. */
  rootStart = -1;
  rootEnd = -1;
  rootIsObject = false;
  /** Where something stands that is neither white space nor the root, -1 if nowhere. */
  foreignAt = -1;

  private depth = 0;
  /** Down to this depth every byte matters; deeper only brackets and strings. */
  private watch = 0;
  private inString = false;
  private escaped = false;
  private list: FoundList | undefined;
  private rank = Infinity;
  private elementStart = -1;
  private elementEnd = -1;
  private afterComma = false;
  private keyNext = false;
  private readingKey = false;
  private key = '';

  chunk(bytes: Buffer, base: number): void {
    for (let i = 0; i < bytes.length; ) {
      if (this.foreignAt !== -1) return;
      if (this.inString) i = this.string(bytes, i, base);
      else if (this.depth > this.watch) i = this.deep(bytes, i, base);
      else {
        this.shallow(bytes[i] ?? 0, base + i);
        i++;
      }
    }
  }

  /** @returns whether the file ends before its root does */
  end(size: number): boolean {
    if (this.rootStart === -1 || this.rootEnd !== -1 || this.foreignAt !== -1) return false;
    if (this.list !== undefined) {
      // Cut within an element, the rest of the file is all there is of it.
      if (this.depth > this.watch || this.inString) this.elementEnd = size;
      this.endList(this.list);
    }
    return true;
  }

  /** Goes on in a string. @returns where its end was passed, or the end of the chunk */
  private string(bytes: Buffer, from: number, base: number): number {
    const after = this.stringEnd(bytes, from);
    const to = after === -1 ? bytes.length : after;
    if (this.readingKey && this.key.length < LONGEST_KEY) this.key += bytes.toString('latin1', from, Math.min(to, from + LONGEST_KEY));
    if (after === -1) return to;
    this.inString = false;
    this.readingKey = false;
    if (this.depth === this.watch) this.elementEnd = base + to;
    return to;
  }

  /** The byte after the quote that ends the string; -1 where it goes on in the next chunk. */
  private stringEnd(bytes: Buffer, from: number): number {
    const { length } = bytes;
    let at = from;
    if (this.escaped) {
      this.escaped = false;
      at++;
    }
    // Most strings are keys and names: a call of the native search costs more than a few bytes here.
    for (const near = Math.min(length, at + 24); at < near; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) return at + 1;
      if (byte === BACKSLASH && ++at === length) {
        this.escaped = true;
        return -1;
      }
    }
    for (;;) {
      const quote = at < length ? bytes.indexOf(QUOTE, at) : -1;
      const end = quote === -1 ? length : quote;
      let run = end;
      while (run > at && bytes[run - 1] === BACKSLASH) run--;
      const odd = (end - run) % 2 === 1;
      if (quote === -1) {
        this.escaped = odd;
        return -1;
      }
      if (!odd) return quote + 1;
      at = quote + 1;
    }
  }

  private deep(bytes: Buffer, from: number, base: number): number {
    let { depth } = this;
    for (let i = from; i < bytes.length; i++) {
      const byte = bytes[i] ?? 0;
      if (byte === QUOTE) {
        const after = this.stringEnd(bytes, i + 1);
        if (after === -1) {
          this.inString = true;
          break;
        }
        i = after - 1;
        // The two opening brackets differ in this bit alone, as do the closing ones.
      } else if ((byte | 0x20) === OPEN_OBJECT) depth++;
      else if ((byte | 0x20) === CLOSE_OBJECT && --depth === this.watch) {
        this.depth = depth;
        this.elementEnd = base + i + 1;
        return i + 1;
      }
    }
    this.depth = depth;
    return bytes.length;
  }

  private shallow(byte: number, at: number): void {
    if (byte === 32 || byte === 10 || byte === 13 || byte === 9) return;
    if (this.depth === 0) this.root(byte, at);
    else if (this.list !== undefined) this.element(this.list, byte, at);
    else this.member(byte, at);
  }

  private root(byte: number, at: number): void {
    if (this.rootStart !== -1 || (byte !== OPEN_LIST && byte !== OPEN_OBJECT)) {
      this.foreignAt = at;
      return;
    }
    this.rootStart = at;
    this.rootIsObject = byte === OPEN_OBJECT;
    this.depth = 1;
    this.watch = 1;
    if (this.rootIsObject) this.keyNext = true;
    else this.startList(undefined);
  }

  private member(byte: number, at: number): void {
    if (byte === QUOTE) {
      this.inString = true;
      this.readingKey = this.keyNext;
      if (this.keyNext) this.key = '';
    } else if (byte === COLON) this.keyNext = false;
    else if (byte === COMMA) this.keyNext = true;
    else if (byte === OPEN_OBJECT) this.depth = 2;
    else if (byte === OPEN_LIST) {
      this.depth = 2;
      const key = keyText(this.key);
      if (!this.keyNext && !PARTS_OF_ROWS.has(key)) {
        this.watch = 2;
        this.startList(key);
      }
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) this.close(at);
  }

  private element(list: FoundList, byte: number, at: number): void {
    const between = this.elementStart === -1;
    if (byte === COMMA) {
      if (between) this.gap(list, at);
      else this.endElement(list);
      this.afterComma = true;
      return;
    }
    if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      if (between && this.afterComma) this.gap(list, at);
      this.endList(list);
      this.watch = 1;
      this.close(at);
      return;
    }
    if (!between && byte === OPEN_OBJECT) {
      if (list.joins++ === 0) list.firstJoin = at;
      this.endElement(list);
    }
    if (this.elementStart === -1) {
      this.elementStart = at;
      if (byte !== OPEN_OBJECT && list.strays++ === 0) list.firstStray = list.spans.count;
    }
    if (byte === QUOTE) this.inString = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.depth++;
    this.elementEnd = at + 1;
  }

  private gap(list: FoundList, at: number): void {
    if (list.gaps++ === 0) list.firstGap = at;
  }

  private close(at: number): void {
    this.depth--;
    if (this.depth === 0) {
      this.watch = 0;
      this.rootEnd = at + 1;
    }
  }

  private startList(key: string | undefined): void {
    this.list = {
      key, spans: new GrowingSpans(),
      strays: 0, firstStray: -1, gaps: 0, firstGap: -1, joins: 0, firstJoin: -1,
    };
    this.elementStart = -1;
    this.afterComma = false;
  }

  private endElement(list: FoundList): void {
    list.spans.push(this.elementStart, this.elementEnd);
    this.elementStart = -1;
  }

  private endList(list: FoundList): void {
    if (this.elementStart !== -1) this.endElement(list);
    this.list = undefined;
    const rank = rankOf(list);
    if (rank < this.rank) {
      this.rank = rank;
      this.found = list;
    }
  }
}

/** The lower the surer that these are the rows; the first of equals is taken. */
function rankOf(list: FoundList): number {
  if (list.key === undefined) return 0;
  const named = NAMES_OF_ROWS.indexOf(list.key);
  const { count } = list.spans;
  if (count === 0) return named === -1 ? Infinity : 20 + named;
  if (list.firstStray === 0) return Infinity;
  return named === -1 ? 10 : named;
}

function keyText(latin1: string): string {
  const text = Buffer.from(latin1, 'latin1').toString('utf8');
  try {
    return String(JSON.parse(`"${text}`));
  } catch {
    return text;
  }
}
