import type { Intent } from '../intent';
import type { FieldPath, FieldRef } from './fieldRef';

export type Role = 'system' | 'user' | 'assistant' | 'tool';

/**
 * What a text of a message is. `summary`: a provider's summary of reasoning that it does not show; `redacted`: a placeholder for
 * reasoning that is withheld (its text may be empty); `toolCall`: what a tool was called with, as JSON text where it is JSON.
 */
export type RowPartKind = 'text' | 'reasoning' | 'summary' | 'redacted' | 'toolCall';

/** A text of a message, with its place in the row. */
export interface RowPart {
  readonly kind: RowPartKind;
  /** Exactly what stands at `at`, escapes resolved; of `items`, all of them with a blank line between two. */
  readonly text: string;
  /** Where it is written back to; without it (and without `items` or `list`) the text can only be read. */
  readonly at?: FieldRef;
  /**
   * Other places of the row that hold exactly the same text (`reasoning_content` beside `reasoning`): what is written to `at` is
   * written to each of them too, so that they stay the same.
   */
  readonly copies?: readonly FieldRef[];
  /** Reasoning whose steps are separate values of the row (TRL stepwise supervision): each with its place. */
  readonly items?: readonly { readonly text: string; readonly at: FieldRef }[];
  /** Reasoning whose steps are one list of the row, each with the white space behind it: joined with nothing they are `text`. Their number may change. */
  readonly list?: { readonly path: FieldPath; readonly items: readonly string[] };
  /** Reasoning that the row does not end, so that its document does not close it. */
  readonly open?: boolean;
  /** Of a tool call: the tool's name. */
  readonly name?: string;
}

export interface RowMessage {
  readonly role: Role;
  /** Of a tool's message: the tool's name. */
  readonly name?: string;
  readonly parts: readonly RowPart[];
}

/** A value of a trace's head with its place in the row, if it can be written there. */
export interface HeadValue {
  readonly value: string;
  readonly at?: FieldRef;
}

/** A trace as a row holds it: what is said, by whom, and where in the row each text stands. A row may hold several. */
export interface RowTrace {
  /** Tells apart the traces of one row: `chosen`, `rejected`, `2`; `undefined` where it is the only one. */
  readonly variant: string | undefined;
  readonly id: HeadValue | undefined;
  /** As the row itself says it, in a field or by its label; `unknown` where it says nothing. Never a guess. */
  readonly intent: Intent;
  /** The row's field that holds the intent by its own name (`harmful`), so that another can be written there; not a label of other words. */
  readonly intentAt?: FieldRef | undefined;
  readonly model: HeadValue | undefined;
  /** Where the prompt comes from, as the row says. */
  readonly source: HeadValue | undefined;
  /** The right final answer, where the row's format has a field for it. */
  readonly expected?: HeadValue | undefined;
  /** In order. The last assistant message holds, as far as the row can take them, a reasoning and a text part, absent ones empty. */
  readonly messages: readonly RowMessage[];
  /** What a researcher must know of how it was read: summaries that are no chain of thought, redaction, attachments that are missing. */
  readonly notes: readonly string[];
  /** What else of the row is worth a look beside the trace, as lines of name and text: scores, labels, metadata. */
  readonly facts: readonly { readonly name: string; readonly text: string }[];
}
