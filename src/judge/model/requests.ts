import type { ChatMessage } from '../../model/chat';
import type { Intent } from '../../trace/intent';
import type { JudgeView, Target, WholeView } from '../judge';
import { prefixQuestion, systemMessage, wholeQuestion, type Asked } from './frame';
import { jsonLine } from './jsonLine';
import type { Rubric } from './rubric';
import { CHARACTERS_PER_TOKEN, StepWindow, TOKENS_PER_VERDICT, wholeBlocks } from './window';

/** What shapes a judge's requests besides the trace. */
export interface RequestSettings {
  readonly rubric: Rubric;
  /** Is helpfulness asked for on prompts whose intent is harmful? */
  readonly helpfulnessOnHarmful: boolean;
  /** The model's context in tokens, the reply included; without it nothing is left out. */
  readonly contextTokens?: number;
  /** The most tokens of a reply, where it is limited. */
  readonly maxTokens?: number;
}

/** Room that every request needs besides data: its question, and what servers put around messages; in characters, ours. */
const QUESTION_ROOM = 800;

export function asked(intent: Intent, { helpfulnessOnHarmful }: Pick<RequestSettings, 'helpfulnessOnHarmful'>): Asked {
  return { helpfulness: intent !== 'harmful' || helpfulnessOnHarmful };
}

/** The lines before the first step: what was asked, and with what intent. Shared by all requests of a trace. */
export function headLines({ prompt, intent }: Pick<JudgeView, 'prompt' | 'intent'>): string {
  const asked = prompt === undefined ? '{"prompt":null}' : jsonLine({ prompt });
  return `${jsonLine({ intent })}\n${asked}\n`;
}

/** A step's line, after one with what leads to it, if anything does: a window shows both or neither. */
export function stepLine(step: number, text: string, lead?: string): string {
  return `${betweenLine(lead)}${jsonLine({ step: step + 1, text })}\n`;
}

/** The answer's line, after one with what leads to it, if anything does. */
export function answerLine(answer: string, lead?: string): string {
  return `${betweenLine(lead)}${jsonLine({ answer })}\n`;
}

function betweenLine(lead: string | undefined): string {
  return lead === undefined ? '' : `${jsonLine({ between: lead })}\n`;
}

/** Characters that data lines may have in one request; `Infinity` where no context is set. */
export function roomFor(head: string, { rubric, contextTokens, maxTokens }: RequestSettings, reply: number): number {
  if (contextTokens === undefined) return Infinity;
  const tokens = contextTokens - (maxTokens ?? reply);
  return tokens * CHARACTERS_PER_TOKEN - systemMessage(rubric.text).length - head.length - QUESTION_ROOM;
}

/**
 * Builds the requests of the `prefix` protocol for one trace, each beginning with the one before it byte for byte apart from the
 * question at its end. Remembers the lines so far: asked for in order, a request costs what its new step costs.
 */
export class PrefixRequests {
  private readonly head: string;
  private readonly lines: string[] = [];
  private readonly firsts: number[] = [];
  private readonly window: StepWindow;
  private text = '';
  private textFrom = 0;
  private textTo = 0;

  constructor(
    private readonly view: JudgeView,
    private readonly settings: RequestSettings,
  ) {
    this.head = headLines(view);
    this.window = new StepWindow(roomFor(this.head, settings, TOKENS_PER_VERDICT));
  }

  /** Another prompt or intent makes other requests, also over the same list of steps. */
  isOf({ prompt, intent }: JudgeView): boolean {
    return prompt === this.view.prompt && intent === this.view.intent;
  }

  /** The request for the last of the view's steps. */
  step(): readonly ChatMessage[] {
    const { steps } = this.view;
    this.take(steps.length);
    return this.messages(this.firsts.at(-1) ?? 0, steps.length, '', steps.length - 1);
  }

  /** The request for the answer, after all steps. */
  answer(answer: string): readonly ChatMessage[] {
    const { steps } = this.view;
    this.take(steps.length);
    const line = answerLine(answer, this.view.leads?.[steps.length]);
    return this.messages(this.window.peek(line.length), steps.length, line, 'answer');
  }

  private take(count: number): void {
    for (let i = this.lines.length; i < count; i++) {
      const line = stepLine(i, this.view.steps[i] ?? '', this.view.leads?.[i]);
      this.lines.push(line);
      this.firsts.push(this.window.push(line.length));
    }
  }

  private messages(from: number, to: number, last: string, target: Target): readonly ChatMessage[] {
    if (from !== this.textFrom || to < this.textTo) [this.text, this.textFrom, this.textTo] = ['', from, from];
    while (this.textTo < to) this.text += this.lines[this.textTo++] ?? '';
    const question = prefixQuestion(target, asked(this.view.intent, this.settings));
    return messagesOf(this.settings.rubric, `${this.head}${leftOut(0, from)}${this.text}${last}`, question);
  }
}

/** One request of the `whole-trace` protocol, and what it asks for. */
export interface WholeRequest {
  readonly messages: readonly ChatMessage[];
  readonly targets: readonly Target[];
}

/**
 * The requests of the `whole-trace` protocol: one, or overlapping blocks where the context cannot hold all. The answer stands after
 * the last step; where there are blocks, those that end before it do not show it.
 */
export function wholeRequests(view: WholeView, settings: RequestSettings): WholeRequest[] {
  const head = headLines(view);
  const count = view.steps.length;
  const lines = view.steps.map((text, i) => stepLine(i, text, view.leads?.[i]));
  if (view.answer !== undefined) lines.push(answerLine(view.answer, view.leads?.[count]));
  const wanted = view.wantsAnswer && view.answer !== undefined ? [...view.wanted, count] : view.wanted;
  const reply = settings.maxTokens === undefined ? TOKENS_PER_VERDICT * CHARACTERS_PER_TOKEN : 0;
  const blocks = wholeBlocks(lines.map(({ length }) => length), wanted, roomFor(head, settings, 0), reply);
  return blocks.map((block) => {
    const targets = block.wanted.map((i): Target => (i === count ? 'answer' : i));
    const data = lines.slice(block.from, block.to).join('');
    const after = leftOut(Math.min(block.to, count), count);
    const question = wholeQuestion(targets, asked(view.intent, settings));
    return { targets, messages: messagesOf(settings.rubric, `${head}${leftOut(0, block.from)}${data}${after}`, question) };
  });
}

/** Says which steps are not shown, where there are any: from inclusive, to exclusive, 0-based. */
function leftOut(from: number, to: number): string {
  return to > from ? `${jsonLine({ left_out: `steps ${String(from + 1)} to ${String(to)}` })}\n` : '';
}

/** All that is ours to say stands in the system message and in the last line; nothing of the trace stands in either. */
function messagesOf(rubric: Rubric, data: string, question: string): readonly ChatMessage[] {
  return [
    { role: 'system', content: systemMessage(rubric.text) },
    { role: 'user', content: `${data}\n${question}` },
  ];
}
