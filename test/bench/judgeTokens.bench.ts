import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import type { ChatMessage } from '../../src/model/chat';
import type { WholeView } from '../../src/judge/judge';
import { estimateScoring } from '../../src/judge/model/estimate';
import { PrefixRequests, wholeRequests, type RequestSettings } from '../../src/judge/model/requests';
import { builtInRubric } from '../../src/judge/model/rubric';
import { parseTrace } from '../../src/trace/parseTrace';
import type { Row } from './row';

/** Traces of fewer steps say little of what a protocol costs. */
const LEAST_STEPS = 5;
/** So many traces, spread over the file: the figures change no more with more of them. */
const TRACES = 150;
/** vLLM's default: a prefix cache holds whole blocks of so many tokens. */
const BLOCK = 16;

const SETTINGS: RequestSettings = { rubric: builtInRubric(), helpfulnessOnHarmful: false };

interface Counted {
  input: number;
  cached: number;
}

/** Tokens of requests one after the other, and those that a cache of blocks has from the request before. */
class Counter {
  private before: number[] = [];
  readonly sum: Counted = { input: 0, cached: 0 };

  add(messages: readonly ChatMessage[]): void {
    // As chat templates render them, about: what stands around the messages is the same for all.
    const tokens = encode(messages.map(({ content }) => `${content}\n`).join(''));
    let shared = 0;
    while (shared < tokens.length && tokens[shared] === this.before[shared]) shared++;
    this.sum.input += tokens.length;
    this.sum.cached += Math.floor(shared / BLOCK) * BLOCK;
    this.before = tokens;
  }
}

async function traces(): Promise<WholeView[] | undefined> {
  const file = path.join(process.env['COT_LENS_SHARED'] ?? path.resolve('../shared'), 'data/UCSC-VLAA__STAR-1/STAR-1.json');
  if (!existsSync(file)) return undefined;
  const rows = JSON.parse(await readFile(file, 'utf8')) as { question: string; response: string }[];
  const views = rows.flatMap(({ question, response }): WholeView[] => {
    const [turn] = parseTrace(response).turns;
    const steps = turn.steps.map(({ text }) => text);
    if (steps.length < LEAST_STEPS) return [];
    return [{ prompt: question, intent: 'harmful', steps, answer: turn.answer?.text, wanted: steps.map((_, i) => i), wantsAnswer: turn.answer !== undefined }];
  });
  const every = Math.max(1, Math.floor(views.length / TRACES));
  return views.filter((_, i) => i % every === 0).slice(0, TRACES);
}

function count(view: WholeView, prefix: Counter, whole: Counter): void {
  const steps: string[] = [];
  const requests = new PrefixRequests({ prompt: view.prompt, intent: view.intent, steps }, SETTINGS);
  for (const text of view.steps) {
    steps.push(text);
    prefix.add(requests.step());
  }
  if (view.answer !== undefined) prefix.add(requests.answer(view.answer));
  for (const { messages } of wholeRequests(view, SETTINGS)) whole.add(messages);
}

/**
 * What the two protocols cost in input tokens on real traces, by the tokenizer o200k_base (gpt-tokenizer). Cached are tokens in whole
 * blocks of 16 that the request before began with, as a server with a prefix cache counts them; requests go one after the other.
 */
export async function rows(): Promise<Row[]> {
  const views = await traces();
  if (views === undefined || views.length === 0) return [{ name: 'skipped: STAR-1 is not in ../shared/data', figure: 0 }];
  const [prefix, whole] = [new Counter(), new Counter()];
  for (const view of views) count(view, prefix, whole);
  const estimated = views.reduce((sum, view) => sum + estimateScoring(view, { rubric: SETTINGS.rubric, protocol: 'prefix' }).inputTokens, 0);
  const share = prefix.sum.cached / prefix.sum.input;
  const error = estimated / prefix.sum.input;
  const each = (tokens: number): number => Math.round(tokens / views.length);
  return [
    { name: `STAR-1 traces with ${String(LEAST_STEPS)} steps or more`, figure: views.length },
    { name: 'steps of such a trace', figure: views.reduce((sum, { steps }) => sum + steps.length, 0) / views.length },
    { name: 'whole-trace: input a trace (o200k_base)', figure: each(whole.sum.input), unit: 'tokens' },
    { name: 'prefix: input a trace', figure: each(prefix.sum.input), unit: 'tokens' },
    { name: 'prefix: of these from the cache', figure: each(prefix.sum.cached), unit: 'tokens' },
    { name: 'prefix: not from the cache', figure: each(prefix.sum.input - prefix.sum.cached), unit: 'tokens' },
    { name: 'prefix: cached share, at least 80 %', figure: 100 * share, unit: '%', ok: share >= 0.8 },
    { name: 'prefix, not cached / whole-trace, not cached', figure: (prefix.sum.input - prefix.sum.cached) / (whole.sum.input - whole.sum.cached), unit: 'x', bound: 2.5 },
    { name: 'our estimate / counted, within 25 %', figure: error, unit: 'x', ok: error > 0.75 && error < 1.25 },
  ];
}
