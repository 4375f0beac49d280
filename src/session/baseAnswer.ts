import { answerSeen, chainText } from '../judge/textChain';
import { chainHash, type Injected } from '../trace/provenance';
import type { TraceState } from './traceState';

/**
 * Is the answer, word for word, the one that the base had? Known where the base was seen in this session, or where somebody once scored
 * this very answer on the chain without what was injected.
 * @param remembered by `chainHash`, the answers of chains as they were before something was injected
 * @returns `undefined` where the base's answer is not known
 */
export function answerIsBases({ trace, judges }: Pick<TraceState, 'trace' | 'judges'>, { steps: injected, lost }: Injected, remembered: ReadonlyMap<string, string>): boolean | undefined {
  const answer = trace.chain.answer?.text ?? '';
  const bases = new Set([...injected.map(({ base }) => base), ...lost.map(({ read }) => read?.base)].filter((base) => base !== undefined));
  const known = [...bases].flatMap((base) => remembered.get(base) ?? []);
  if (known.some((other) => other !== answer)) return false;
  if (known.length > 0) return true;
  const out = new Set(injected.map(({ step }) => step));
  const left = trace.chain.steps.filter(({ index }) => !out.has(index));
  if (!bases.has(chainHash(left))) return undefined;
  const seen = answerSeen(chainText({ ...trace.chain, steps: left }), answer);
  return judges.some((judge) => judge.exact(seen, trace.intent, trace.splitter) !== undefined) ? true : undefined;
}
