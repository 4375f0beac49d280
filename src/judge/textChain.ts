import { hash } from 'node:crypto';
import type { Turn } from '../trace/trace';
import type { JudgeView, Protocol } from './judge';

/**
 * What a `prefix` judge has seen at each step, as hashes: `seen[i]` stands for the prompt and the steps up to i, so that
 * after an edit of step k exactly the hashes from k on differ. Separators are not part of it: no judge sees them.
 */
export interface TextChain {
  readonly prompt: string;
  readonly texts: readonly string[];
  /**
   * What stands before a step and after the reasoning before it, by step, and after the last step's what stands before the answer if
   * anything does; `undefined` where there is no such lead.
   */
  readonly leads?: readonly (string | undefined)[] | undefined;
  /** Hash of the prompt and the steps 0 … i, with their leads. */
  readonly seen: readonly string[];
  /** Hash of each step's own text. */
  readonly own: readonly string[];
}

/** The chain of a trace's prompt and steps, with what stands between them and before the answer. */
export function chainText({ prompt, steps, answer }: Pick<Turn, 'prompt' | 'steps' | 'answer'>, previous?: TextChain): TextChain {
  const leads = [...steps.map(({ lead }) => lead), ...(answer?.lead === undefined ? [] : [answer.lead])];
  const hasLeads = leads.some((lead) => lead !== undefined);
  return textChain(prompt?.text ?? '', steps.map(({ text }) => text), previous, hasLeads ? leads : undefined);
}

/**
 * Hashes a turn's prompt and steps; what `previous` has in common from the start is not hashed again, nor are texts that both
 * have at the end: this runs on every keystroke.
 */
export function textChain(
  prompt: string,
  texts: readonly string[],
  previous?: TextChain,
  leads?: readonly (string | undefined)[],
): TextChain {
  const seen: string[] = [];
  const own: string[] = [];
  let shared = 0;
  if (previous?.prompt === prompt) {
    const isSame = (i: number): boolean => texts[i] === previous.texts[i] && leads?.[i] === previous.leads?.[i];
    while (shared < texts.length && shared < previous.texts.length && isSame(shared)) {
      seen.push(previous.seen[shared] ?? '');
      own.push(previous.own[shared] ?? '');
      shared++;
    }
  }
  const shift = (previous?.texts.length ?? 0) - texts.length;
  let edited = texts.length;
  while (edited > shared && edited + shift > shared && texts[edited - 1] === previous?.texts[edited - 1 + shift]) edited--;
  let last = lastSeen(prompt, seen);
  for (let i = shared; i < texts.length; i++) {
    const known = i >= edited ? previous?.own[i + shift] : undefined;
    const text = known ?? digest('step', withoutCarriageReturns(texts[i] ?? ''));
    const lead = leads?.[i];
    last = digest(ledBy(last, lead), text);
    own.push(text);
    seen.push(last);
  }
  return { prompt, texts, leads, seen, own };
}

/** The steps as judges are shown them. */
export function stepsOf({ texts, leads }: Pick<TextChain, 'texts' | 'leads'>): Pick<JudgeView, 'steps' | 'leads'> {
  return { steps: texts, ...(leads === undefined ? {} : { leads }) };
}

/** What a `whole-trace` judge has seen when it scores step i: everything, the answer too, and which step it was asked for. */
export function wholeTraceSeen(chain: TextChain, step: number, answer?: string): string {
  return digest(`whole ${String(step)}`, wholeText(chain, answer));
}

/** The hashes that a judge's verdicts on a text are filed under. */
export interface SeenKeys {
  /** By step, 0-based. */
  step(index: number): string;
  /** `undefined` where there is no answer. */
  readonly answer: string | undefined;
}

/** What a judge of this protocol has seen at each step and at the answer. The whole text is hashed once, not for each step. */
export function seenKeys(protocol: Protocol, chain: TextChain, answer: string | undefined): SeenKeys {
  const last = answer === undefined ? undefined : answerSeen(chain, answer);
  if (protocol === 'prefix') return { step: (index) => chain.seen[index] ?? '', answer: last };
  const whole = last ?? wholeText(chain, undefined);
  return { step: (index) => digest(`whole ${String(index)}`, whole), answer: last };
}

function wholeText(chain: TextChain, answer: string | undefined): string {
  if (answer !== undefined) return answerSeen(chain, answer);
  return lastSeen(chain.prompt, chain.seen);
}

/** The hash of the prompt and all of these steps. */
function lastSeen(prompt: string, seen: readonly string[]): string {
  return seen.at(-1) ?? digest('prompt', withoutCarriageReturns(prompt));
}

/** What any judge has seen when it scores the answer: the whole chain, and the answer. */
export function answerSeen(chain: TextChain, answer: string): string {
  const last = ledBy(lastSeen(chain.prompt, chain.seen), chain.leads?.[chain.texts.length]);
  return digest(`answer ${last}`, withoutCarriageReturns(answer));
}

/** The hash of what was seen and what leads on. Without a lead it is what it was before there were leads: scores that are kept stay fresh. */
function ledBy(seen: string, lead: string | undefined): string {
  return lead === undefined ? seen : digest(`lead ${seen}`, withoutCarriageReturns(lead));
}

/** Line ends are the file's, not the text's: git and editors change them, and no judge is told of them. */
export function withoutCarriageReturns(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/** 128 bits of SHA-256 over two texts; the length between them keeps ("ab", "c") apart from ("a", "bc"). */
export function digest(first: string, second: string): string {
  return hash('sha256', `${String(first.length)}:${first}${second}`, 'hex').slice(0, 32);
}
