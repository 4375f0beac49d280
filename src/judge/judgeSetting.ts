import type { Protocol } from './judge';

/** What a server charges, in US dollars for a million tokens. */
export interface Price {
  readonly input: number;
  /** For input read from a prompt cache; `input` where absent. */
  readonly cachedInput?: number;
  readonly output: number;
}

/** What the settings say of a model judge, wherever its model runs. What is absent is left to the server or to our defaults. */
interface ModelJudgeSetting {
  /** Unique among the judges; `offline` and `person` are taken. */
  readonly name: string;
  readonly protocol: Protocol;
  /** How often each step is asked for, 1 … 25. */
  readonly samples: number;
  /** 0 … 2. */
  readonly temperature?: number;
  readonly seed?: number;
  /** The most tokens of a reply. */
  readonly maxTokens?: number;
  /** The model's context in tokens: beyond it the earliest steps are left out. */
  readonly contextTokens?: number;
  /** Requests under way at once, 1 … 64. */
  readonly concurrency?: number;
  /** Seconds without a sign of life after which a request is given up, 1 … 3600. */
  readonly timeoutSeconds?: number;
  /** Is helpfulness asked for on harmful prompts too? */
  readonly helpfulnessOnHarmful: boolean;
}

/** A model behind an OpenAI-compatible address. */
export interface EndpointJudgeSetting extends ModelJudgeSetting {
  /** http or https, without user, password, query or fragment. */
  readonly baseUrl: string;
  readonly model: string;
  readonly price?: Price;
}

/** Which of VS Code's language models: all that is given must agree. */
export interface VscodeModel {
  readonly vendor: string;
  readonly family: string;
  readonly id?: string;
}

/** One of VS Code's own language models. */
export interface VscodeJudgeSetting extends ModelJudgeSetting {
  readonly vscode: VscodeModel;
}

export type JudgeSetting = EndpointJudgeSetting | VscodeJudgeSetting;

export function isEndpointJudge(setting: JudgeSetting): setting is EndpointJudgeSetting {
  return 'baseUrl' in setting;
}

/** The names that no configured judge may have: they mean the heuristic, and scoring by hand. */
export const RESERVED_NAMES: readonly string[] = ['offline', 'person'];
