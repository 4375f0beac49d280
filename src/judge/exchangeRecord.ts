import type { Intent } from '../trace/intent';
import type { StoredBody } from './sentDelta';

/** One line of an exchange file: what went over the wire for one judgement, or for several at once. */
export interface ExchangeRecord {
  readonly v: 1;
  /** When it was complete, ISO 8601, UTC. */
  readonly time: string;
  /** `identityKey` of the judge. */
  readonly judge: string;
  /** What was asked for: the hash it is filed under (`ScoreRecord.seen`), and the step as shown or the answer. */
  readonly of: readonly { readonly seen: string; readonly target: number | 'answer' }[];
  /** What the judge was told of the intent: with it the same text is another question. Absent in older records. */
  readonly intent?: Intent;
  /** The code of the fault, where no verdict came of it. */
  readonly fault?: string;
  readonly exchanges: readonly StoredExchange[];
}

export interface StoredExchange {
  readonly sent: StoredBody;
  readonly received: string;
  readonly status?: number;
}

/** Reads one line; `undefined` where it is no such record (torn or foreign). */
export function parseExchangeRecord(line: string): ExchangeRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isExchangeRecord(value) ? value : undefined;
}

function isExchangeRecord(value: unknown): value is ExchangeRecord {
  if (!isObject(value)) return false;
  const { v, time, judge, of, exchanges } = value;
  return (
    v === 1 &&
    typeof time === 'string' &&
    typeof judge === 'string' &&
    Array.isArray(of) &&
    of.every((one) => isObject(one) && typeof one['seen'] === 'string' && (typeof one['target'] === 'number' || one['target'] === 'answer')) &&
    Array.isArray(exchanges) &&
    exchanges.every((one) => isObject(one) && isBody(one['sent']) && typeof one['received'] === 'string')
  );
}

function isBody(value: unknown): boolean {
  if (!isObject(value) || typeof value['id'] !== 'string') return false;
  return typeof value['text'] === 'string' || (typeof value['base'] === 'string' && typeof value['kept'] === 'number' && typeof value['rest'] === 'string');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
