import { placeInWords } from '../judge/destinationOf';
import type { Price } from '../judge/judgeSetting';
import type { Destination } from '../model/chat';
import { planInWords, type SendingPlan } from './sendingInWords';

/** What a teacher is asked to do, or a guard (`check`). */
export type Crafting = 'write' | 'polish' | 'suggest' | 'check';

/** What the question says, what the button does, and what of the trace goes out. */
const WORDS: Readonly<Record<Crafting, { readonly ask: string; readonly act: string; readonly doing: string; readonly sent: string }>> = {
  write: { ask: 'Write with', act: 'Write', doing: 'Writing', sent: 'The prompt, the steps and the answer are' },
  polish: { ask: 'Polish the seam with', act: 'Polish', doing: 'Polishing', sent: 'The prompt, the steps and the answer are' },
  suggest: { ask: 'Ask for insertion points from', act: 'Ask', doing: 'Asking for insertion points', sent: 'The prompt, the steps and the answer are' },
  check: { ask: 'Check what was written with', act: 'Check', doing: 'Checking', sent: 'The prompt and what was written are' },
};

/** The question before text leaves this machine for a teacher or a guard: what, to whom, where, how much. */
export function craftingQuestion(
  crafting: Crafting,
  name: string,
  destination: Destination,
  sending: Pick<SendingPlan, 'requests' | 'inputTokens' | 'repeatedTokens' | 'outputTokens'>,
  price: Price | undefined,
): { question: string; detail: string; act: string } {
  const { ask, act, sent } = WORDS[crafting];
  const place = placeInWords(destination);
  return {
    question: `${ask} ${name}? Text of this trace goes to ${place}.`,
    detail: `${planInWords(sending, price)} ${sent} sent to ${place}, nothing else of your files.`,
    act,
  };
}

/** Why nothing is sent to a teacher or a guard from a workspace that is not trusted. */
export function craftingUntrusted(crafting: Crafting, name: string, destination: Destination): string {
  return `${WORDS[crafting].doing} with ${name} would send text of this workspace to ${placeInWords(destination)}, and the workspace is not trusted. By hand, with the placeholders, everything works here.`;
}
