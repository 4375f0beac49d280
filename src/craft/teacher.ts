import type { ReplyShape, TokenUsage } from '../model/chat';
import type { Trace } from '../trace/trace';
import type { Recipe, Slot, Target } from './recipe';

/** What a teacher is to write, and where. */
export interface WriteRequest {
  readonly trace: Trace;
  readonly recipe: Recipe;
  /** As `recipe.place` gave it for this very trace. */
  readonly target: Target;
  /** How often it was written before, 0 where absent: with a seed, *Regenerate* asks with seed + attempt, or it would get the same again. */
  readonly attempt?: number;
}

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
  /** The version of the instructions that it wrote by, for provenance: `temptation-correction@1a2b3c4d`. */
  readonly instructions: string;
}

/** A boundary where a teacher would put what a recipe inserts. `suggestOffline` ranks them without a teacher. */
export interface SuggestedBoundary {
  /** How many steps stand before it, 1 … n. */
  readonly boundary: number;
  /** One sentence, in the teacher's words: show it by `plainLabel()`. */
  readonly reason: string;
}

/** A step beside injected ones as a teacher would word it, so that the seam reads well. */
export interface SeamChange {
  /** 0-based, in the trace that was given. */
  readonly step: number;
  readonly before: string;
  readonly after: string;
}

/** What polishing a seam came to. Nothing is changed by it: the changes are for a person to take or to refuse, each. */
export interface Polished {
  /** Ascending by step; none where the seam reads well as it is. */
  readonly changes: readonly SeamChange[];
  /** What the teacher wrote and cannot be used, in words for the researcher: a step that it rewrote instead of polishing it. */
  readonly notes: readonly string[];
  readonly model: string;
  readonly usage: TokenUsage | undefined;
  readonly instructions: string;
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

/** By name, not by class: parts that are loaded on demand carry a copy of the class. */
export function isTeacherFault(error: unknown): error is TeacherFault {
  return error instanceof Error && error.name === 'TeacherFault';
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
