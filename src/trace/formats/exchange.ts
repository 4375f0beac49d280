import type { FieldPath, JsonObject } from '../rows/fieldRef';
import type { RowMessage, RowTrace } from '../rows/rowTrace';
import { readSpoken, withLead } from './assistantMessage';
import { isTextList } from './jsonShapes';
import { readReasoningAt, readReasoningFields } from './reasoningFields';
import { RowReader } from './rowReader';
import { readAnswer, readPrompt } from './saidAt';
import { traceOf, type TraceDetails } from './traceOf';

/** Which fields of a row hold one prompt and what was answered to it. */
export interface Exchange {
  readonly system?: FieldPath | undefined;
  /** In order, such as Alpaca's instruction and input; those that are missing are left out. */
  readonly prompt: readonly FieldPath[];
  readonly answer: FieldPath;
  /** Names of the row's own fields that may hold reasoning. */
  readonly reasoning?: readonly string[];
  /** Instead: where the reasoning stands, by a person's word. */
  readonly reasoningAt?: FieldPath;
}

/** Reads a row of a prompt and an answer; where the answer is a list of strings, one trace for each, counted from 1. */
export function readExchange(row: JsonObject, exchange: Exchange, details: Partial<TraceDetails> = {}): readonly RowTrace[] {
  const { answer } = exchange;
  const answers = new RowReader(row).value(answer);
  const several = isTextList(answers);
  const paths = several ? answers.map((_text, index) => [...answer, index]) : [answer];
  return paths.map((path, index) => {
    const reader = new RowReader(row);
    const messages = [...readAsked(reader, exchange), ...readReply(reader, path, several ? {} : exchange)];
    const fields = [exchange.system ?? [], ...exchange.prompt, answer, exchange.reasoningAt ?? []].flatMap((each) => each.slice(0, 1).map(String));
    const shown = [...fields, ...(exchange.reasoning ?? []), ...(details.shown ?? [])];
    const variant = several && paths.length > 1 ? String(index + 1) : undefined;
    return traceOf(reader, messages, { variant, ...details, shown });
  });
}

/** The system's and the user's messages; a prompt in several fields is one message. */
export function readAsked(reader: RowReader, { system, prompt }: Pick<Exchange, 'system' | 'prompt'>): readonly RowMessage[] {
  const before = system === undefined ? [] : readPrompt(reader, system, 'system');
  const asked = prompt.flatMap((path) => readPrompt(reader, path, 'user'));
  const together = asked.length > 1 && asked.every(({ role }) => role === 'user') && prompt.length > 1;
  return [...before, ...(together ? [{ role: 'user' as const, parts: asked.flatMap(({ parts }) => parts) }] : asked)];
}

function readReply(reader: RowReader, path: FieldPath, exchange: Pick<Exchange, 'reasoning' | 'reasoningAt'>): readonly RowMessage[] {
  const { reasoning, reasoningAt } = exchange;
  const own = reasoningAt !== undefined && reasoningAt.join('.') !== path.join('.') ? reasoningAt : undefined;
  const fields = own === undefined ? readReasoningFields(reader, [], reasoning ?? []) : readReasoningAt(reader, own);
  const value = reader.value(path);
  const structured = typeof value === 'object' && value !== null;
  return structured ? withLead(fields.parts, readAnswer(reader, path)) : readSpoken(reader, fields, path, true);
}
