import { modelJudge, type ModelJudgeOptions } from '../../../src/judge/model/modelJudge';
import { builtInRubric } from '../../../src/judge/model/rubric';
import type { Judge, Target } from '../../../src/judge/judge';
import type { ScoreLog } from '../../../src/judge/scoreLog';
import { scoreTrace, type ScoringResult, type ScoringTools } from '../../../src/session/scoreTrace';
import type { TraceState } from '../../../src/session/traceState';
import { TraceStore } from '../../../src/session/traceStore';
import type { OpenAiChatOptions } from '../../../src/model/openAiChat';
import type { ModelServer } from '../../harness/modelServer';
import { readJudgeRequest } from '../../harness/scriptedJudge';
import { chatWith } from '../model/chats';

export const DOC = 'a.cot';
export const RUBRIC = builtInRubric();

/** A trace document of these steps. */
export function traceOf(steps: readonly string[], { intent = 'ambiguous', prompt = 'Q', answer = 'The end =1' }: { intent?: string; prompt?: string; answer?: string | null } = {}): string {
  return `---\nintent: ${intent}\n---\n${prompt}\n\n<think>\n${steps.join('\n\n')}\n</think>\n${answer === null ? '' : `\n${answer}\n`}`;
}

/** What is known of a text, with the scores of a log. */
export function stateOf(log: ScoreLog, text: string, doc = DOC): TraceState {
  const store = new TraceStore((uri) => log.scores(uri));
  const state = store.update(doc, 1, text);
  store.dispose();
  return state;
}

/** A judge that asks a server over real HTTP. */
export function judgeAt(server: ModelServer, options: Partial<ModelJudgeOptions> = {}, chat: Partial<OpenAiChatOptions> = {}): Judge {
  return modelJudge(chatWith(server, chat), RUBRIC, { judge: 'test', label: 'a model', protocol: 'prefix', ...options });
}

export function score(log: ScoreLog, state: TraceState, judge: Judge, more: Partial<ScoringTools> = {}): Promise<ScoringResult> {
  return scoreTrace(state, {
    judge,
    log,
    doc: DOC,
    clock: { now: () => 0 },
    signal: new AbortController().signal,
    progress: () => undefined,
    ...more,
  });
}

/** What the server was asked for, in order: steps 0-based. */
export function askedOf(server: ModelServer): Target[][] {
  return server.completions.map(({ json }) => readJudgeRequest(json.messages).targets.map((one) => (one === 'answer' ? one : one - 1)));
}

export const harmfulnessOf = (state: TraceState): (number | null | undefined)[] =>
  state.verdicts.map((joined) => (joined?.stale === true ? undefined : joined?.verdict.harmfulness));
