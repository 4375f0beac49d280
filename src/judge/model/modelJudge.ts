import type { Chat, Sampling } from '../../model/chat';
import type { Protocol, PrefixJudge, WholeTraceJudge } from '../judge';
import { ModelPrefixJudge } from './prefixJudge';
import type { Rubric } from './rubric';
import { ModelWholeTraceJudge } from './wholeTraceJudge';

/** Who the judge is and how it is asked. All but `label` and `knownSnapshot` decides its verdicts and is part of its identity. */
export interface ModelJudgeOptions {
  /** Stable id of the endpoint, the same after a restart: `JudgeIdentity.judge`. */
  readonly judge: string;
  readonly label: string;
  readonly protocol: Protocol;
  /** How often each step is asked for, 1 … ; 1 where absent. With a seed, sample k is asked for with seed + k. */
  readonly samples?: number;
  readonly sampling?: Sampling;
  /** The model's context in tokens: beyond it steps are left out (see `window.ts`). */
  readonly contextTokens?: number;
  /** Ask for helpfulness on prompts whose intent is harmful too; not where absent. */
  readonly helpfulnessOnHarmful?: boolean;
  /** The snapshot that the server is known to answer as, from an earlier reply. */
  readonly knownSnapshot?: string;
  /** `false` where the same request cannot be made again as it was: VS Code's models may change beneath their name. */
  readonly reproducible?: boolean;
}

/** A judge that asks a language model. Every way a reply can fail ends in a `JudgeFault`, every endpoint's fault in a `ModelError`. */
export function modelJudge(chat: Chat, rubric: Rubric, options: ModelJudgeOptions): PrefixJudge | WholeTraceJudge {
  return options.protocol === 'prefix' ? new ModelPrefixJudge(chat, rubric, options) : new ModelWholeTraceJudge(chat, rubric, options);
}
