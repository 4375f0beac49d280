import { INTENTS, type Intent } from '../../trace/intent';
import type { RowMessage, RowTrace } from '../../trace/rows/rowTrace';
import type { Splitter } from '../../trace/splitters';
import type { DatasetRow } from '../datasets/dataset';
import type { RowQuery } from './rowQuery';

/** What is known of one of a row's traces without its text. */
export interface TraceFacts {
  readonly intent: Intent;
  readonly steps: number;
  /** The assistant speaks last and only reasons. */
  readonly truncated: boolean;
  /** Some of the reasoning is a provider's summary of what is not shown. */
  readonly summary: boolean;
}

/** Reads them off a trace. Takes time linear in its length. */
export function traceFacts(trace: RowTrace, splitter: Splitter): TraceFacts {
  let steps = 0;
  let summary = false;
  for (const { parts } of trace.messages) {
    for (const { kind, text } of parts) {
      if (kind !== 'reasoning' && kind !== 'summary') continue;
      if (kind === 'summary' && text !== '') summary = true;
      if (text !== '') steps += splitter.split(text, 0, text.length).length;
    }
  }
  const last = trace.messages.at(-1);
  const unanswered = last?.role === 'assistant' && !last.parts.some(({ kind, text }) => kind === 'text' && text.trim() !== '');
  return { intent: trace.intent, steps, summary, truncated: steps > 0 && unanswered };
}

/** The first user's words: what a row is known by. */
export function promptOf({ messages }: RowTrace): string {
  const said = (one: RowMessage | undefined): string => one?.parts.find(({ kind, text }) => kind === 'text' && text !== '')?.text ?? '';
  const user = said(messages.find((one) => one.role === 'user' && said(one) !== ''));
  return user === '' ? said(messages.find((one) => one.role === 'system')) : user;
}

const KNOWN = 1;
const TRUNCATED = 2;
const SUMMARY = 4;
const VARIANTS = 8;
const PROBLEM = 16;
/** The four intents take the two bits above. */
const INTENT_SHIFT = 5;
const MOST_STEPS = 65_535;

/** Facts of all rows of a dataset as they become known: 3 bytes a row. Of several traces in a row it is the first whose intent and steps count. */
export class RowFacts {
  private readonly flags: Uint8Array;
  private readonly counts: Uint16Array;
  private missing: number;

  constructor(readonly size: number) {
    this.flags = new Uint8Array(size);
    this.counts = new Uint16Array(size);
    this.missing = size;
  }

  /** Are those of every row known? */
  get complete(): boolean {
    return this.missing === 0;
  }

  has(ordinal: number): boolean {
    return ((this.flags[ordinal] ?? 0) & KNOWN) !== 0;
  }

  /** Takes a row that was read. */
  add({ ordinal, traces, problem }: DatasetRow, splitter: Splitter): void {
    if (ordinal >= this.size || this.has(ordinal)) return;
    const facts = traces.map((trace) => traceFacts(trace, splitter));
    this.flags[ordinal] =
      KNOWN |
      (facts.some(({ truncated }) => truncated) ? TRUNCATED : 0) |
      (facts.some(({ summary }) => summary) ? SUMMARY : 0) |
      (traces.length > 1 ? VARIANTS : 0) |
      (problem === undefined ? 0 : PROBLEM) |
      (INTENTS.indexOf(facts[0]?.intent ?? 'unknown') << INTENT_SHIFT);
    this.counts[ordinal] = Math.min(MOST_STEPS, facts[0]?.steps ?? 0);
    this.missing--;
  }

  /** Forgets a row that changed. */
  forget(ordinal: number): void {
    if (!this.has(ordinal)) return;
    this.flags[ordinal] = 0;
    this.missing++;
  }

  /** 65,535 stands for all above. */
  steps(ordinal: number): number {
    return this.counts[ordinal] ?? 0;
  }

  /** Does a known row fit the intents and marks that are asked for? */
  fits(ordinal: number, { intents, marks }: Pick<RowQuery, 'intents' | 'marks'>): boolean {
    const flags = this.flags[ordinal] ?? 0;
    const intent = INTENTS[flags >> INTENT_SHIFT] ?? 'unknown';
    if (intents.length > 0 && !intents.includes(intent)) return false;
    return marks.every((mark) => mark === 'parted' || (flags & BIT[mark]) !== 0);
  }
}

const BIT = { truncated: TRUNCATED, summary: SUMMARY, variants: VARIANTS, problem: PROBLEM } as const;
