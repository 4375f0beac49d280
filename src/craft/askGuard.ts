import { jsonLine } from '../judge/model/jsonLine';
import { quoted } from '../judge/model/wrongText';
import type { ChatMessage, ChatReply } from '../model/chat';
import type { Trace } from '../trace/trace';
import { askForReply, type Said } from './askForReply';
import { sizeOf, type AskedTeacher, type RequestSize } from './askTeacher';
import { GuardFault, type GuardFaultCode, type GuardVerdict } from './guard';
import { GUARD_SHAPE, GUARD_SYSTEM, guardQuestion, guardRubricVersion } from './guardRubric';
import { isWrongReply, objectInReply } from './readWritten';

/** Tokens of a verdict, at most about; ours. */
const TOKENS_OF_A_VERDICT = 120;

/**
 * Asks a guard whether any of these texts holds operational detail.
 * @throws GuardFault where the reply is no verdict: never is that taken for a `no`; ModelError; the signal's reason
 */
export async function askGuard({ chat, sampling }: AskedTeacher, texts: readonly string[], trace: Trace, signal: AbortSignal): Promise<GuardVerdict> {
  const { said, model } = await askForReply(
    {
      chat,
      request: { messages: guardMessages(texts, trace), shape: GUARD_SHAPE, sampling },
      read: (reply) => onlyVerdict(reply, readGuard(objectInReply(reply, ['verdict']), texts)),
      fault: guardFault,
    },
    signal,
  );
  return { ...said, guard: model, rubric: guardRubricVersion() };
}

export function estimateGuarding({ sampling }: Pick<AskedTeacher, 'sampling'>, texts: readonly string[], trace: Trace): RequestSize {
  return sizeOf(guardMessages(texts, trace), sampling.maxTokens ?? TOKENS_OF_A_VERDICT);
}

/** The messages of a guard's request. The texts change nothing of their structure: each is one line of data, whatever it says. */
export function guardMessages(texts: readonly string[], { chain }: Pick<Trace, 'chain'>): readonly ChatMessage[] {
  const prompt = chain.prompt === undefined ? '{"prompt":null}' : jsonLine({ prompt: chain.prompt.text });
  const lines = texts.map((written, i) => jsonLine({ number: i + 1, written }));
  return [
    { role: 'system', content: GUARD_SYSTEM },
    { role: 'user', content: `${[prompt, ...lines].join('\n')}\n\n${guardQuestion(texts.length)}` },
  ];
}

interface WrongVerdict {
  readonly code: GuardFaultCode;
  readonly wrong: string;
}

type ReadVerdict = Pick<GuardVerdict, 'verdict' | 'span' | 'reason' | 'note'>;

/**
 * A `no` counts only where it is all of a whole reply (after a model's own thinking, in a code fence or not): in prose the object may be
 * one that the guard quotes from the text it looks at.
 */
function onlyVerdict({ text, ending }: Pick<ChatReply, 'text' | 'ending'>, read: Said<ReadVerdict> | WrongVerdict): Said<ReadVerdict> | WrongVerdict {
  if ('wrong' in read || read.said.verdict !== 'no') return read;
  if (ending === 'length') return { code: 'cut-off', wrong: 'Its reply ends in the middle.' };
  const thought = text.lastIndexOf('</think>');
  const bare = (thought < 0 ? text : text.slice(thought + '</think>'.length)).trim();
  const fenced = /^```[a-z]*\n([\s\S]*)\n```$/.exec(bare)?.[1] ?? bare;
  try {
    if (typeof JSON.parse(fenced) === 'object') return read;
  } catch {
    // Something else stands beside it.
  }
  return { code: 'shape', wrong: 'It says more than the one JSON object, so it cannot be told whether the "no" is its verdict or a quotation.' };
}

/** The verdict of a reply. A quotation counts where it stands in one of the texts, white space aside; else the verdict holds without it. */
export function readGuard(object: ReturnType<typeof objectInReply>, texts: readonly string[]): Said<ReadVerdict> | WrongVerdict {
  if (isWrongReply(object)) {
    const { code, wrong } = object;
    return { code: code === 'refused' || code === 'blocked' || code === 'cut-off' ? code : 'shape', wrong };
  }
  const { verdict: said, span: spanSaid, reason: why } = object;
  const verdict = typeof said === 'string' ? (['yes', 'no', 'unsure'] as const).find((one) => one === said.trim().toLowerCase()) : undefined;
  if (verdict === undefined) return { code: 'shape', wrong: said === undefined ? 'It has no member "verdict".' : `Its "verdict" is ${quoted(said)}; it is "yes", "no" or "unsure".` };
  const reason = typeof why === 'string' ? why.replace(/\s+/g, ' ').trim() : '';
  if (verdict === 'no') return { said: { verdict, span: undefined, reason } };
  if (typeof spanSaid !== 'string' || spanSaid.trim() === '') return { said: { verdict, span: undefined, reason, note: 'The guard quoted no words of the text.' } };
  const span = quotedSpan(spanSaid, texts);
  if (span !== undefined) return { said: { verdict, span, reason } };
  return { said: { verdict, span: undefined, reason, note: 'The words that the guard quoted are not in the text; its verdict stands without them.' } };
}

const REMEDY: Readonly<Record<GuardFaultCode, string>> = {
  refused: 'Check again, or choose another guard with “Choose Guard…”: one that is made to look at such texts.',
  blocked: 'Choose a guard whose server filters less with “Choose Guard…”.',
  'cut-off': 'Allow longer replies (“maxTokens” of this model in the setting cotLens.judges), or leave the limit out, and check again.',
  shape: 'It was asked to put it right and did not. Check again; if it stays so, the model may be too small for this.',
};

function guardFault({ code, wrong }: WrongVerdict, text: string): GuardFault {
  return new GuardFault(code, `The guard gave no verdict, so the text is not checked. ${wrong} ${REMEDY[code]}`, text);
}

/**
 * What was quoted, as it stands in the text. White space does not count, nor which quotation marks were typed, nor marks and dots that the
 * guard put around its quotation; ours.
 */
function quotedSpan(said: string, texts: readonly string[]): string | undefined {
  const bare = said.trim().replace(/^["'‘’“”…]+|["'‘’“”…]+$/gu, '');
  for (const quotation of [said, bare]) {
    const words = quotation.split(/\s+/).filter((word) => word !== '');
    // Between two words at least one blank stands: what is longer than every text is in none.
    if (words.length === 0 || texts.every((text) => words.join(' ').length > text.length)) continue;
    const pattern = words.map((word) => word.replace(/[^\p{L}\p{N}]/gu, (mark) => (/['‘’]/.test(mark) ? "['‘’]" : /["“”]/.test(mark) ? '["“”]' : escaped(mark)))).join('\\s+');
    const found = new RegExp(pattern, 'u');
    for (const text of texts) {
      const match = found.exec(text);
      if (match !== null) return match[0];
    }
  }
  return undefined;
}

function escaped(mark: string): string {
  return `\\u{${(mark.codePointAt(0) ?? 0).toString(16)}}`;
}
