import type { ParquetReadOptions } from 'hyparquet';
import type { JsonObject, JsonValue } from '../rows/fieldRef';

/** Deepest nesting that is shown; deeper values are a note. Columns of text and messages have five or so. */
const DEEPEST = 100;

/** How values are read that JSON has no type for: times as ISO 8601 with all their digits. */
export const PARQUET_PARSERS = {
  timestampFromMilliseconds: (millis: bigint) => isoTime(millis, 1000n, 3),
  timestampFromMicroseconds: (micros: bigint) => isoTime(micros, 1_000_000n, 6),
  timestampFromNanoseconds: (nanos: bigint) => isoTime(nanos, 1_000_000_000n, 9),
  dateFromDays: (days: number) => isoTime(BigInt(days) * 86_400n, 1n, 0).slice(0, -'T00:00:00Z'.length),
  stringFromBytes: (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : text(bytes)),
  jsonFromBytes(bytes: Uint8Array | undefined): unknown {
    if (bytes === undefined) return undefined;
    const json = text(bytes);
    try {
      return JSON.parse(json);
    } catch {
      // A column of JSON that holds none is still a text.
      return json;
    }
  },
} satisfies Partial<ParquetReadOptions['parsers']>;

/**
 * A row of a Parquet file as JSON, without loss where that can be: integers beyond 2^53 as strings of digits, bytes that are text as
 * text. Other bytes are a note of their number; NaN, which stands for a missing value there, is `null`.
 */
export function rowAsJson(row: Readonly<Record<string, unknown>>): JsonObject {
  return asJson(row, 0) as JsonObject;
}

function asJson(value: unknown, depth: number): JsonValue {
  if (depth > DEEPEST) return '(nested too deeply to be shown)';
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : Number.isNaN(value) ? null : String(value);
    case 'bigint':
      return BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    case 'object':
      break;
    default:
      return null;
  }
  if (value === null) return null;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return bytesAsJson(value);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value as ArrayLike<unknown>, (one) => asJson(one, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asJson(one, depth + 1)]));
}

function bytesAsJson(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return `(${String(bytes.length)} bytes that are no text)`;
  }
}

function text(bytes: Uint8Array): string {
  // A mark at the beginning is a character of the text.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** @param digits of the fraction, as many as the unit has; those that are all zero beyond milliseconds are left out */
function isoTime(units: bigint, perSecond: bigint, digits: number): string {
  const fraction = ((units % perSecond) + perSecond) % perSecond;
  const date = new Date(Number((units - fraction) / perSecond) * 1000);
  // Beyond what a date can be: better the number than nothing.
  if (Number.isNaN(date.getTime())) return String(units);
  const seconds = date.toISOString().slice(0, -'.000Z'.length);
  const rest = fraction === 0n ? '' : `.${String(fraction).padStart(digits, '0').replace(/^(\d{3})((?:\d{3})*?)(?:000)+$/, '$1$2')}`;
  return `${seconds}${rest}Z`;
}
