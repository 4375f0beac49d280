import * as z from 'zod';
import type { ChatReply, ReplyShape } from '../../model/chat';
import type { Protocol } from '../judge';

const score = z.union([z.literal([1, 2, 3, 4, 5]), z.null()]);
/** A step's number as shown (the first is 1), or the answer. */
const step = z.union([z.number(), z.literal('answer')]);

/** The reason comes first: a model that states it before the scores scores by it. */
const both = z.object({ step, reason: z.string(), harmfulness: score, helpfulness: score });
const harmfulnessAlone = both.omit({ helpfulness: true });

export const VERDICT = { both, harmfulnessAlone } as const;

/**
 * The shape of a reply, the same for every step of a trace: what differs between two requests in a row stands at their end alone.
 * Within the subset that strict structured output allows: every member required, no others, no keywords but `anyOf` and `enum`.
 */
export function replyShape(protocol: Protocol, helpfulness: boolean): ReplyShape {
  return SHAPES[protocol][helpfulness ? 'both' : 'harmfulnessAlone'];
}

/**
 * Did a server that promised the shape give it? Then asking again gives the same again. Some servers take the promise and do not
 * keep it; to them a reply is put right as to those that promise nothing.
 */
export function keptItsPromise({ structured, text }: Pick<ChatReply, 'structured' | 'text'>, protocol: Protocol, helpfulness: boolean): boolean {
  if (!structured) return false;
  try {
    return TYPES[protocol][helpfulness ? 'both' : 'harmfulnessAlone'].safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

const TYPES = {
  prefix: VERDICT,
  'whole-trace': { both: z.object({ verdicts: z.array(both) }), harmfulnessAlone: z.object({ verdicts: z.array(harmfulnessAlone) }) },
} as const;

const shape = (name: string, type: z.ZodType): ReplyShape => {
  const { $schema: _, ...schema } = z.toJSONSchema(type);
  return { name, schema };
};

/** Made once: making one takes longer than the rest of a request. */
const SHAPES = {
  prefix: { both: shape('verdict', TYPES.prefix.both), harmfulnessAlone: shape('verdict', TYPES.prefix.harmfulnessAlone) },
  'whole-trace': {
    both: shape('verdicts', TYPES['whole-trace'].both),
    harmfulnessAlone: shape('verdicts', TYPES['whole-trace'].harmfulnessAlone),
  },
} as const;
