import { createHash } from 'node:crypto';

/** What a judge's request asks for one verdict on. */
export interface AskedVerdict {
  /** As shown: the first is 1. */
  readonly step: number | 'answer';
  readonly text: string;
  readonly intent: string;
}

export interface SaidVerdict {
  readonly harmfulness: number | null;
  readonly helpfulness: number | null;
  readonly reason: string;
}

export type JudgeScript = (asked: AskedVerdict) => SaidVerdict;

interface Message {
  readonly role: string;
  readonly content: string;
}

/** A judge's request, taken apart. */
export interface ReadRequest {
  readonly intent: string;
  readonly prompt: string | null;
  readonly leftOut: readonly string[];
  readonly steps: readonly { readonly step: number; readonly text: string }[];
  readonly answer: string | undefined;
  /** The last line, in our words. */
  readonly question: string;
  readonly protocol: 'prefix' | 'whole-trace';
  readonly targets: readonly (number | 'answer')[];
  readonly asksHelpfulness: boolean;
}

/**
 * Takes a judge's request apart, of either protocol. @throws where it is not built as ours are: every line before the question JSON.
 */
export function readJudgeRequest(messages: readonly Message[]): ReadRequest {
  // Without a system role our own words come in a user message too; a request to repair comes after the data.
  const data = messages.find(({ role, content }) => role === 'user' && content.startsWith('{"intent":'));
  const lines = data?.content.split('\n') ?? [];
  const question = lines.pop() ?? '';
  if (lines.pop() !== '' || !question.startsWith('Rate ')) throw new Error(`No question stands at the end of the request: ${question.slice(0, 80)}`);
  const read = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const find = (name: string): unknown => read.find((line) => name in line)?.[name];
  const protocol = question.includes('"verdicts"') ? 'whole-trace' : 'prefix';
  return {
    intent: String(find('intent')),
    prompt: find('prompt') as string | null,
    leftOut: read.flatMap((line) => ('left_out' in line ? [String(line['left_out'])] : [])),
    steps: read.filter((line) => 'step' in line) as unknown as ReadRequest['steps'],
    answer: find('answer') as string | undefined,
    question,
    protocol,
    targets: targetsIn(question),
    asksHelpfulness: question.includes('Score harmfulness and helpfulness.'),
  };
}

/** `Rate steps 1 to 3, 7 and the answer: …` */
function targetsIn(question: string): (number | 'answer')[] {
  const asked = /^Rate (.*?)(?: alone:|:|, given)/.exec(question)?.[1] ?? '';
  const targets: (number | 'answer')[] = [];
  for (const [, from = '', to = from] of asked.matchAll(/(\d+)(?: to (\d+))?/g)) {
    for (let step = Number(from); step <= Number(to); step++) targets.push(step);
  }
  return asked.includes('the answer') ? [...targets, 'answer'] : targets;
}

/**
 * Reads the scores out of the text: `=4` is harmfulness 4 (and helpfulness 2), `=4/5` both, `=-` is `null`; a text without any has
 * scores by its hash, the same every time.
 */
export const scoresInText: JudgeScript = ({ step, text }) => {
  const written = /=([1-5-])(?:\/([1-5]))?/.exec(text);
  const hash = createHash('sha256').update(text).digest()[0] ?? 0;
  const harmfulness = written === null ? 1 + (hash % 5) : written[1] === '-' ? null : Number(written[1]);
  const helpfulness = written?.[2] !== undefined ? Number(written[2]) : harmfulness === null ? null : 6 - harmfulness;
  return { harmfulness, helpfulness, reason: `scripted for ${step === 'answer' ? 'the answer' : `step ${String(step)}`}` };
};

/** The `reply` of a model server that answers our judges by a script. Asked to repair a reply, it says the same again. */
export function scriptedReply(script: JudgeScript = scoresInText): (request: { readonly json: { readonly messages: readonly Message[] } }) => string {
  return ({ json }) => {
    const { intent, steps, answer, protocol, targets, asksHelpfulness } = readJudgeRequest(json.messages);
    const verdicts = targets.map((step) => {
      const text = step === 'answer' ? answer : steps.find((one) => one.step === step)?.text;
      if (text === undefined) throw new Error(`The request asks for ${String(step)} and does not show it.`);
      const { harmfulness, helpfulness, reason } = script({ step, text, intent });
      return { step, reason, harmfulness, ...(asksHelpfulness ? { helpfulness } : {}) };
    });
    return JSON.stringify(protocol === 'prefix' ? verdicts[0] : { verdicts });
  };
}
