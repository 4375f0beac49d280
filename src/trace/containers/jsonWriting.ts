import type { JsonValue } from '../rows/fieldRef';
import { asBuffer, HEAD } from './wholeFile';

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|[^u])/g;
const SHORT: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** The white space of an object or list, as its row writes it. */
export interface JsonLayout {
  /** Line end and indentation before each item; `undefined` where all stand on one line. */
  readonly lines: { readonly newline: string; readonly indent: string; readonly unit: string } | undefined;
  /** What stands between a comma and the next item on one line: nothing or a space. */
  readonly gap: string;
  /** From the end of a key to its value: `:` or `: `. */
  readonly colon: string;
}

/** Does the beginning of a file write characters beyond ASCII as `\u` escapes, and no others? */
export function writesAscii(head: Uint8Array): boolean {
  const text = asBuffer(head.subarray(0, HEAD)).toString('latin1');
  return !/[\u0080-\u00FF]/.test(text.replace(/^\u00EF\u00BB\u00BF/, '')) && escapesBeyondAscii(text);
}

function escapesBeyondAscii(text: string): boolean {
  for (const [, hex] of text.matchAll(ESCAPE)) if (hex !== undefined && parseInt(hex, 16) > 0x7f) return true;
  return false;
}

/**
 * Writes values as a row writes its own: a character that the row escapes and nowhere writes plainly (`\/`, `\u003c`, all beyond
 * ASCII) is escaped in what is new as well.
 */
export class JsonWriting {
  private readonly escapes = new Map<string, string>();
  private readonly ascii: boolean;
  private readonly upperCase: boolean;

  /** @param neighboursAscii how the rest of the file writes characters beyond ASCII, for a row that has none */
  constructor(row: string, neighboursAscii: boolean) {
    let beyond = false;
    let upperCase = false;
    const plain = row.replace(ESCAPE, (escape, hex: string | undefined) => {
      const char = hex === undefined ? (SHORT[escape.charAt(1)] ?? escape.charAt(1)) : String.fromCharCode(parseInt(hex, 16));
      beyond ||= char > '\u007F';
      upperCase ||= hex !== undefined && /[A-F]/.test(hex);
      if (!this.escapes.has(char)) this.escapes.set(char, escape);
      return '';
    });
    this.upperCase = upperCase;
    this.ascii = (beyond || neighboursAscii) && !/[\u0080-\uFFFF]/.test(plain);
    const written = new Set(plain);
    // What must be escaped is not in the text anyway, but for the quotes around strings.
    for (const char of this.escapes.keys()) if (written.has(char) && char !== '"') this.escapes.delete(char);
  }

  /** A string's inside, without the quotes. */
  inner(value: string): string {
    if (!this.ascii && this.escapes.size === 0) return JSON.stringify(value).slice(1, -1);
    const halves = !value.isWellFormed();
    let written = '';
    let from = 0;
    for (let i = 0; i < value.length; i++) {
      const escape = this.escaped(value, i, halves);
      if (escape === undefined) continue;
      written += value.slice(from, i) + escape;
      from = i + 1;
    }
    return written + value.slice(from);
  }

  /** @throws Error in words for a number that JSON cannot say */
  value(value: JsonValue, layout: JsonLayout): string {
    if (typeof value === 'string') return `"${this.inner(value)}"`;
    if (typeof value === 'number') return numberText(value);
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const inside = deeper(layout);
    if (Array.isArray(value)) return wrapped('[]', value.map((item: JsonValue) => this.value(item, inside)), inside, layout);
    const items = Object.entries(value).map(([key, item]) => `"${this.inner(key)}"${layout.colon}${this.value(item, inside)}`);
    return wrapped('{}', items, inside, layout);
  }

  /** A string written anew where only its middle differs: what is equal at both ends keeps its bytes. @param raw with its quotes */
  changed(raw: string, before: string, after: string): string {
    let start = 0;
    const most = Math.min(before.length, after.length);
    while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
    if (isHigh(before.charCodeAt(start - 1))) start--;
    let end = 0;
    while (end < most - start && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) end++;
    if (isLow(before.charCodeAt(before.length - end))) end--;
    const [from, to] = rawOffsets(raw, start, before.length - end);
    return raw.slice(0, from) + this.inner(after.slice(start, after.length - end)) + raw.slice(to);
  }

  private escaped(text: string, i: number, halves: boolean): string | undefined {
    const char = text.charAt(i);
    const code = char.charCodeAt(0);
    const known = this.escapes.get(char);
    if (code > 0x7f) {
      // A half of a pair alone cannot be written as UTF-8.
      const half = halves && isHalf(text, i);
      if (this.ascii || half) return this.hex(code);
      return code >= 0xd800 && code < 0xe000 ? undefined : known;
    }
    if (known !== undefined) return known;
    return code < 0x20 || char === '"' || char === '\\' ? JSON.stringify(char).slice(1, -1) : undefined;
  }

  private hex(code: number): string {
    const digits = code.toString(16).padStart(4, '0');
    return `\\u${this.upperCase ? digits.toUpperCase() : digits}`;
  }
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`${String(value)} cannot be written as JSON.`);
  return Object.is(value, -0) ? '-0' : String(value);
}

function wrapped(brackets: string, items: readonly string[], inside: JsonLayout, outside: JsonLayout): string {
  if (items.length === 0) return brackets;
  const [open = '', close = ''] = brackets;
  if (inside.lines === undefined || outside.lines === undefined) return open + items.join(`,${inside.gap}`) + close;
  const before = inside.lines.newline + inside.lines.indent;
  return open + before + items.join(`,${before}`) + outside.lines.newline + outside.lines.indent + close;
}

function deeper(layout: JsonLayout): JsonLayout {
  const { lines } = layout;
  return lines === undefined ? layout : { ...layout, lines: { ...lines, indent: lines.indent + lines.unit } };
}

const isHigh = (code: number): boolean => code >= 0xd800 && code < 0xdc00;
const isLow = (code: number): boolean => code >= 0xdc00 && code < 0xe000;

function isHalf(text: string, i: number): boolean {
  const code = text.charCodeAt(i);
  return isHigh(code) ? !isLow(text.charCodeAt(i + 1)) : isLow(code) && !isHigh(text.charCodeAt(i - 1));
}

/** Where two characters of a string stand in its raw text. */
function rawOffsets(raw: string, first: number, second: number): [number, number] {
  let at = 1;
  let passed = 0;
  const to = (target: number): number => {
    while (passed < target) {
      const escape = raw.indexOf('\\', at);
      const plain = Math.min(target - passed, (escape === -1 ? raw.length : escape) - at);
      at += plain;
      passed += plain;
      if (passed === target) break;
      at += raw.charAt(at + 1) === 'u' ? 6 : 2;
      passed++;
    }
    return at;
  };
  return [to(first), to(second)];
}
