/** Sentences on how a row was read that more than one format says. */
export const SUMMARIES =
  'The reasoning shown is a summary by the provider, not the chain of thought itself.';

export const WITHHELD = 'Some of the reasoning is withheld by the provider (encrypted or redacted) and cannot be shown.';

export const SIGNED =
  'The thinking is signed by the provider: once it is edited it no longer fits its signature, and the provider will not take it back in a conversation.';

/** A kind of content that is no text. */
export function unseen(kind: string): string {
  return `Not all of the row is text: ${kind} is not shown here, and stays in the row as it is.`;
}
