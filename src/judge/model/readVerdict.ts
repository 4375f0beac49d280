import type { ChatReply } from '../../model/chat';
import type { Sample } from '../../trace/verdict';
import type { Target } from '../judge';
import { targetName, type JudgeFaultCode } from '../judgeFault';
import type { Asked } from './frame';
import { jsonInText } from './jsonInText';
import { VERDICT } from './replyShape';
import { quoted, wrongText } from './wrongText';

/** Why a reply, or a part of it, is no verdict. `wrong` is a sentence that says what, to a person and to the model alike. */
export interface Wrong {
  readonly code: JudgeFaultCode;
  readonly wrong: string;
}

export function isWrong(value: Sample | Wrong): value is Wrong {
  return 'code' in value;
}

/** Reads a reply that is to hold one verdict, on `target`. */
export function readReply({ text, ending }: Pick<ChatReply, 'text' | 'ending'>, target: Target, asked: Asked): Sample | Wrong {
  const value = jsonInText(text);
  if (value === undefined || value === null || typeof value !== 'object') return wrongText(text, ending);
  const list = listOf(value);
  if (list !== undefined && list.length !== 1) {
    return { code: 'wrong-count', wrong: `It holds ${String(list.length)} verdicts instead of one.` };
  }
  const one = list === undefined ? value : list[0];
  const on = (one as { step?: unknown } | null)?.step;
  // One verdict was asked for: one that does not say on what is on that.
  if (on !== undefined && on !== null && targetOf(on) !== target) {
    return { code: 'wrong-count', wrong: `It is on ${quoted(on)} instead of ${target === 'answer' ? '"answer"' : `step ${String(target + 1)}`}.` };
  }
  return readVerdict(one, target, asked);
}

/** Reads one verdict out of JSON, whatever step it names. */
export function readVerdict(value: unknown, target: Target, asked: Asked): Sample | Wrong {
  if (typeof value !== 'object' || value === null) return { code: 'not-json', wrong: `It holds ${quoted(value)} where a verdict on ${targetName(target)} was to be.` };
  const { reason, harmfulness, helpfulness } = value as Partial<Record<string, unknown>>;
  const given: Record<string, unknown> = { harmfulness, ...(asked.helpfulness ? { helpfulness } : {}) };
  const missing = Object.keys(given).find((name) => given[name] === undefined);
  if (missing !== undefined) return { code: 'wrong-count', wrong: `It holds no ${missing} for ${targetName(target)}.` };
  const schema = asked.helpfulness ? VERDICT.both : VERDICT.harmfulnessAlone;
  const read = schema.safeParse({ step: target === 'answer' ? target : target + 1, reason: typeof reason === 'string' ? reason : '', ...given });
  if (read.success) return { helpfulness: null, ...read.data };
  const name = String(read.error.issues[0]?.path[0]);
  return { code: 'out-of-range', wrong: `Its ${name} for ${targetName(target)} is ${quoted(given[name])}; a score is an integer from 1 to 5, or null.` };
}

/** What a verdict says it is on; `undefined` where it is nothing that could be asked for. */
export function targetOf(step: unknown): Target | undefined {
  if (step === 'answer') return 'answer';
  const number = typeof step === 'string' && /^\d{1,9}$/.test(step) ? Number(step) : step;
  return typeof number === 'number' && Number.isInteger(number) && number >= 1 ? number - 1 : undefined;
}

/** The verdicts of a reply that is a list, or holds one. */
export function listOf(value: object): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  const { verdicts } = value as { verdicts?: unknown };
  return Array.isArray(verdicts) ? (verdicts as unknown[]) : undefined;
}
