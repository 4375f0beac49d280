import type { Sampling, TokenUsage } from '../../model/chat';
import type { Protocol, WholeView } from '../judge';
import type { Price } from '../judgeSetting';
import { prefixQuestion, systemMessage, wholeQuestion } from './frame';
import { answerLine, asked, headLines, roomFor, stepLine, type RequestSettings } from './requests';
import { CHARACTERS_PER_TOKEN, StepWindow, TOKENS_PER_VERDICT, wholeBlocks } from './window';
import type { Rubric } from './rubric';
import { settingsOf } from './settingsOf';

/** How the judge asks, as far as it decides how much. */
export interface EstimatedJudge {
  readonly rubric: Rubric;
  readonly protocol: Protocol;
  readonly samples?: number;
  readonly sampling?: Sampling;
  readonly contextTokens?: number;
  readonly helpfulnessOnHarmful?: boolean;
}

/** What scoring what is missing of a trace will take, about. Tokens are four characters each (ours). */
export interface ScoringEstimate {
  readonly requests: number;
  readonly inputTokens: number;
  /** Of `inputTokens`, those that repeat the beginning of the request before: a prompt cache may spare them. */
  readonly repeatedTokens: number;
  /** The most, where replies are limited (`maxTokens`); else about the most, by what verdicts usually take. */
  readonly outputTokens: number;
}

/** US dollars: with everything repeated read from a cache, and with nothing. */
export interface CostEstimate {
  readonly low: number;
  readonly high: number;
}

/** What a run will take. Quick: looks at each step once. */
export function estimateScoring(view: WholeView, judge: EstimatedJudge): ScoringEstimate {
  const { samples = 1 } = judge;
  const settings = settingsOf(judge.rubric, { judge: '', label: '', ...judge });
  const { requests, input, repeated, output } = judge.protocol === 'prefix' ? ofPrefix(view, settings) : ofWhole(view, settings);
  const tokens = (characters: number): number => Math.ceil((characters * samples) / CHARACTERS_PER_TOKEN);
  // The samples after the first repeat all of a request but its reply.
  const repeatedInAll = repeated + (samples - 1) * input;
  return {
    requests: requests * samples,
    inputTokens: tokens(input),
    repeatedTokens: Math.ceil(repeatedInAll / CHARACTERS_PER_TOKEN),
    outputTokens: output * samples,
  };
}

/** Sums estimates of several traces. */
export function sumEstimates(parts: readonly ScoringEstimate[]): ScoringEstimate {
  const sum = (of: (part: ScoringEstimate) => number): number => parts.reduce((total, part) => total + of(part), 0);
  return {
    requests: sum(({ requests }) => requests),
    inputTokens: sum(({ inputTokens }) => inputTokens),
    repeatedTokens: sum(({ repeatedTokens }) => repeatedTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
  };
}

/** What an estimate costs at a price. */
export function costOf({ inputTokens, repeatedTokens, outputTokens }: ScoringEstimate, price: Price): CostEstimate {
  const { cachedInput = price.input } = price;
  const output = outputTokens * price.output;
  return {
    low: ((inputTokens - repeatedTokens) * price.input + repeatedTokens * cachedInput + output) / 1e6,
    high: (inputTokens * price.input + output) / 1e6,
  };
}

/** What tokens cost that a server has counted; US dollars. */
export function costOfUsage({ input, cached = 0, output }: TokenUsage, price: Price): number {
  return ((input - cached) * price.input + cached * (price.cachedInput ?? price.input) + output * price.output) / 1e6;
}

/** Requests, and their sizes: input in characters, output in tokens. */
interface Sizes {
  requests: number;
  input: number;
  repeated: number;
  output: number;
}

function ofPrefix(view: WholeView, settings: RequestSettings): Sizes {
  const head = headLines(view);
  const window = new StepWindow(roomFor(head, settings, TOKENS_PER_VERDICT));
  const fixed = systemMessage(settings.rubric.text).length + head.length;
  const ask = asked(view.intent, settings);
  const wanted = new Set(view.wanted);
  const sizes: Sizes = { requests: 0, input: 0, repeated: 0, output: 0 };
  /** Where each line ends, counted from the first. */
  const ends: number[] = [0];
  let before: { first: number; data: number } | undefined;
  const count = (first: number, data: number, question: string): void => {
    sizes.requests++;
    sizes.input += fixed + data + question.length + 1;
    if (before !== undefined) sizes.repeated += fixed + (before.first === first ? before.data : 0);
    sizes.output += settings.maxTokens ?? TOKENS_PER_VERDICT;
    before = { first, data };
  };
  for (const [i, text] of view.steps.entries()) {
    const line = stepLine(i, text, view.leads?.[i]).length;
    const first = window.push(line);
    ends.push((ends[i] ?? 0) + line);
    if (wanted.has(i)) count(first, (ends[i + 1] ?? 0) - (ends[first] ?? 0), prefixQuestion(i, ask));
  }
  if (view.wantsAnswer && view.answer !== undefined) {
    const line = answerLine(view.answer, view.leads?.[view.steps.length]).length;
    const first = window.peek(line);
    count(first, (ends.at(-1) ?? 0) - (ends[first] ?? 0) + line, prefixQuestion('answer', ask));
  }
  return sizes;
}

function ofWhole(view: WholeView, settings: RequestSettings): Sizes {
  const head = headLines(view);
  const lengths = view.steps.map((text, i) => stepLine(i, text, view.leads?.[i]).length);
  if (view.answer !== undefined) lengths.push(answerLine(view.answer, view.leads?.[view.steps.length]).length);
  const wanted = view.wantsAnswer && view.answer !== undefined ? [...view.wanted, view.steps.length] : view.wanted;
  const reply = settings.maxTokens === undefined ? TOKENS_PER_VERDICT * CHARACTERS_PER_TOKEN : 0;
  const fixed = systemMessage(settings.rubric.text).length + head.length;
  const sizes: Sizes = { requests: 0, input: 0, repeated: 0, output: 0 };
  for (const block of wholeBlocks(lengths, wanted, roomFor(head, settings, 0), reply)) {
    const data = lengths.slice(block.from, block.to).reduce((sum, length) => sum + length, 0);
    sizes.requests++;
    sizes.input += fixed + data + wholeQuestion(block.wanted, asked(view.intent, settings)).length + 1;
    if (sizes.requests > 1) sizes.repeated += fixed;
    sizes.output += settings.maxTokens ?? TOKENS_PER_VERDICT * block.wanted.length;
  }
  return sizes;
}
