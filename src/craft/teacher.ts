import type { ReplyShape, TokenUsage } from '../model/chat';
import type { Slot } from './recipe';

/** The words that a teacher is steered by; a file of ours or of the user's. */
export interface Instructions {
  /** The recipe's name, or `suggest`, `polish`. */
  readonly name: string;
  readonly text: string;
  /** `<name>@<8 hex>`, by content: changes whenever anything changes that the teacher is told besides the trace. */
  readonly version: string;
}

/** What a teacher wrote, whole and checked. */
export interface Written {
  /** One text for each slot, in their order. */
  readonly texts: readonly string[];
  /** The teacher as its server names it: `gpt-4o-2024-08-06`. */
  readonly model: string;
  readonly usage: TokenUsage | undefined;
}

/**
 * Why a teacher's reply cannot be used. Nothing is inserted then; what came is kept in `text`.
 * `refused`, `blocked`: it declined, or a filter did. `cut-off`: it ended in the middle. `shape`: it is not what was asked for, after one
 * try to repair it. `rambles`: far longer than a step (ours: 400 words). `repeats`: it repeats the base, or both texts are the same.
 * `empty`: it says nothing.
 */
export type TeacherFaultCode = 'refused' | 'blocked' | 'cut-off' | 'shape' | 'rambles' | 'repeats' | 'empty';

export class TeacherFault extends Error {
  override readonly name = 'TeacherFault';
  constructor(
    readonly code: TeacherFaultCode,
    /** For the researcher: what happened and what to do now. */
    message: string,
    /** What the teacher said, as far as it came. */
    readonly text: string,
  ) {
    super(message);
  }
}

/** The shape of a reply: one string for each slot. */
export function slotShape(slots: readonly Slot[]): ReplyShape {
  return {
    name: 'crafted_steps',
    schema: {
      type: 'object',
      properties: Object.fromEntries(slots.map(({ name }) => [name, { type: 'string' }])),
      required: slots.map(({ name }) => name),
      additionalProperties: false,
    },
  };
}
