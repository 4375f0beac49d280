import type { JsonValue } from '../../../../src/trace/rows/fieldRef';

const PIECES = ['a', 'Tea', ' ', 'ü', '日', '😀', '"', '\\', '/', '\n', '\t', '\r', '\u0000', '\u001f', '\u2028', '<', '&', '\u007f', '\ud83d', '\ude00', '{', '}', '[', ']', ',', ':', '\\u0041'];
const NUMBERS = ['0', '-0', '1.0', '1e400', '-1E-400', '12345678901234567890', '0.1', '1e3', '-7', '3.14159265358979323846'];
const KEYS = ['id', 'a', 'b', 'kü', '__proto__', 'x"y', '', 'c/d', 'toString', '0'];

export function pick<T>(random: () => number, from: readonly T[]): T {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new Error('Nothing to pick from.');
  return found;
}

export function randomText(random: () => number, most = 8): string {
  return Array.from({ length: Math.floor(random() * most) }, () => pick(random, PIECES)).join('');
}

/** A value for edits: anything that can be said in JSON, deep or flat. */
export function randomValue(random: () => number, depth = 3): JsonValue {
  const kind = Math.floor(random() * (depth > 0 ? 8 : 5));
  if (kind === 0) return null;
  if (kind === 1) return random() < 0.5;
  if (kind === 2) return pick(random, [0, -0, 1.5, -3, 1e21, 123456789012345680000]);
  if (kind < 5) return randomText(random);
  const length = Math.floor(random() * 4);
  if (kind === 5) return Array.from({ length }, () => randomValue(random, depth - 1));
  return Object.fromEntries(Array.from({ length }, () => [pick(random, KEYS), randomValue(random, depth - 1)]));
}

/** Some way of writing JSON: what a writer has chosen for white space and escapes. */
export interface Way {
  readonly newline: string;
  readonly unit: string;
  readonly gap: string;
  readonly colon: string;
  readonly ascii: boolean;
  readonly slash: boolean;
}

export function randomWay(random: () => number, lines: boolean): Way {
  return {
    newline: lines && random() < 0.6 ? pick(random, ['\n', '\r\n']) : '',
    unit: pick(random, ['  ', '\t', '']),
    gap: pick(random, ['', ' ']),
    colon: pick(random, [':', ': ', ' : ']),
    ascii: random() < 0.3,
    slash: random() < 0.3,
  };
}

export function writtenText(text: string, { ascii, slash }: Way): string {
  let written = JSON.stringify(text);
  if (slash) written = written.replaceAll('/', '\\/');
  if (ascii) written = written.replace(/[\u0080-\uFFFF]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return written;
}

/** The text of a random value, with numbers, duplicate keys and white space that no printer would write. */
export function randomJson(random: () => number, way: Way, depth: number, indent = ''): string {
  const kind = Math.floor(random() * (depth > 0 ? 8 : 5));
  if (kind === 0) return pick(random, ['null', 'true', 'false']);
  if (kind === 1) return pick(random, NUMBERS);
  if (kind < 5) return writtenText(randomText(random), way);
  return kind === 5 ? randomList(random, way, depth, indent) : randomObject(random, way, depth, indent);
}

function randomList(random: () => number, way: Way, depth: number, indent: string): string {
  const items = Array.from({ length: Math.floor(random() * 4) }, () => randomJson(random, way, depth - 1, indent + way.unit));
  return wrapped('[', items, ']', way, indent);
}

export function randomObject(random: () => number, way: Way, depth: number, indent: string): string {
  const items = Array.from({ length: Math.floor(random() * 5) }, () => {
    const key = pick(random, KEYS);
    return `${writtenText(key, way)}${way.colon}${randomJson(random, way, depth - 1, indent + way.unit)}`;
  });
  return wrapped('{', items, '}', way, indent);
}

function wrapped(open: string, items: readonly string[], close: string, way: Way, indent: string): string {
  if (items.length === 0) return open + close;
  if (way.newline === '') return open + items.join(`,${way.gap}`) + close;
  const before = way.newline + indent + way.unit;
  return open + before + items.join(`,${before}`) + way.newline + indent + close;
}
