import type { Exchange } from './chat';
import { ModelError, type ModelErrorCode } from './modelError';
import { quoted, type ServerWords } from './serverWords';

/** Whom a request went to, for the words of an error. */
export interface Addressee {
  readonly origin: string;
  /** Absent where no model is asked for, as for a list of models. */
  readonly model?: string;
  /** Was a key sent along? */
  readonly withKey: boolean;
}

export interface Refusal {
  readonly status: number;
  readonly says: ServerWords;
  /** What the server asks to wait, in seconds. */
  readonly retryAfter?: number;
  /** The request's fields, to name the one that the server does not take. */
  readonly fields?: readonly string[];
}

/** What a setting of a model is called in the request, and in the settings. */
const SETTINGS: Readonly<Record<string, string>> = {
  temperature: 'temperature',
  seed: 'seed',
  max_tokens: 'maxTokens',
  max_completion_tokens: 'maxTokens',
};

const TOO_LONG =
  /context[ _-]?(?:length|window|size)|maximum context|max_model_len|too many (?:input )?tokens|(?:prompt|input|request) (?:is )?too (?:long|large)|exceeds? (?:the )?(?:available )?context|reduce the length/i;

/** Is it that the request is longer than the model's context, by the words of OpenAI, vLLM, llama.cpp, Ollama and others? */
export function saysTooLong({ status, says }: Refusal): boolean {
  if (status === 413) return true;
  return status >= 400 && status !== 429 && (/context.*(?:exceed|size|length)/i.test(String(says.code ?? '')) || TOO_LONG.test(says.message));
}

/** Is it that there is no such model, where the status alone does not say so? By the words of OpenRouter, LM Studio, transformers and others. */
function saysNoModel({ says }: Refusal, { model }: Addressee): boolean {
  if (says.code === 'model_not_found') return true;
  const about = /\bmodel\b/i.test(says.message) || (model !== undefined && says.message.includes(model));
  return about && /not found|does not exist|no such|unknown model|invalid model|not a valid model|pinned to/i.test(says.message);
}

/** Is it that the account has nothing left to spend? Then asking again does not help. */
export function saysUsedUp({ says }: Refusal): boolean {
  return /insufficient_quota|billing/i.test(String(says.code ?? '')) || /insufficient (?:credits|balance|quota)|exceeded your current quota/i.test(says.message);
}

/** A refused request as an error: what happened, where, and what to do now. */
export function refusalError(refusal: Refusal, to: Addressee, exchanges: readonly Exchange[] = []): ModelError {
  const [code, message] = inWords(refusal, to);
  return new ModelError(code, `${message}${quoted(refusal.says)}`, exchanges);
}

function inWords(refusal: Refusal, to: Addressee): [ModelErrorCode, string] {
  const { status, says, retryAfter } = refusal;
  const { origin } = to;
  const model = named(to);
  const http = `(HTTP ${String(status)})`;
  if (saysTooLong(refusal)) {
    return [
      'too-long',
      `The request is longer than ${model} at ${origin} takes ${http}. Set “contextTokens” of this model in the setting cotLens.judges to the model’s context, so that the earliest steps are left out, or choose a model with a longer one.`,
    ];
  }
  if (status === 402 || saysUsedUp(refusal)) {
    const spent = `The account at ${origin} has nothing left to spend on ${model} ${http}. Look at its plan and billing, or choose another model.`;
    return [status === 429 ? 'rate-limited' : 'bad-request', spent];
  }
  if (status === 400 && to.model !== undefined && saysNoModel(refusal, to)) return noModel(to.model, origin, http);
  switch (status) {
    case 401:
      return [
        'unauthorized',
        to.withKey
          ? `${origin} does not accept the API key for ${model} ${http}. Set another with “CoT Lens: Set API Key…”.`
          : `${origin} wants an API key for ${model} ${http}, and none is set. Set one with “CoT Lens: Set API Key…”.`,
      ];
    case 403:
      return [
        'unauthorized',
        to.withKey
          ? `${origin} does not let this API key use ${model} ${http}. Set another key with “CoT Lens: Set API Key…”, or choose another model.`
          : `${origin} does not let anybody use ${model} without an API key ${http}. Set one with “CoT Lens: Set API Key…”.`,
      ];
    case 404:
    case 405:
      if (to.model !== undefined && /model/i.test(`${says.message} ${String(says.code ?? '')}`)) return noModel(to.model, origin, http);
      return [
        'model-not-found',
        `${origin} has nothing at this address for ${model} ${http}. Check the base URL of this model, which mostly ends in /v1, and that the model exists.`,
      ];
    case 408:
      return ['timed-out', `${origin} gave up waiting on the request to ${model} ${http}. Try again.`];
    case 429:
      return [
        'rate-limited',
        retryAfter === undefined || retryAfter < 1
          ? `${origin} still takes no more requests to ${model} ${http}. Wait a while and try again, or set a lower “concurrency” for this model in cotLens.judges.`
          : `${origin} takes no more requests to ${model} for ${seconds(retryAfter)} ${http}. Try again after that, or set a lower “concurrency” for this model in cotLens.judges.`,
      ];
    default:
      break;
  }
  if (status >= 500) {
    return ['server-error', `${origin} failed on the request to ${model} ${http}. Try again later, or look at the server’s own log.`];
  }
  const setting = refusedSetting(refusal);
  return [
    'bad-request',
    setting === undefined
      ? `${origin} did not take the request to ${model} ${http}. Check the settings of this model in cotLens.judges.`
      : `${model} at ${origin} does not take “${setting}” as it is set ${http}. Change or remove “${setting}” of this model in the setting cotLens.judges.`,
  ];
}

function noModel(model: string, origin: string, http: string): [ModelErrorCode, string] {
  return ['model-not-found', `${origin} has no model “${model}” ${http}. Choose one that it has with “CoT Lens: Choose Judge…”, or for another part than judging with “Choose Teacher…” or “Choose Guard…”.`];
}

/** The model's setting that the server is displeased with; only one that was sent. */
function refusedSetting({ says, fields = [] }: Refusal): string | undefined {
  const field =
    fields.find((name) => name in SETTINGS && name === says.param) ??
    fields.find((name) => name in SETTINGS && new RegExp(`\\b${name}\\b`, 'i').test(says.message));
  return field === undefined ? undefined : SETTINGS[field];
}

/** The model in words. */
export function named({ model }: Addressee): string {
  return model === undefined ? 'its models' : `“${model}”`;
}

/** A time in words: `1 second`, `2.5 seconds`, `3 minutes`. */
export function seconds(count: number): string {
  if (count >= 120) return `${String(Math.ceil(count / 60))} minutes`;
  const shown = Math.round(count * 10) / 10;
  return shown === 1 ? '1 second' : `${String(shown)} seconds`;
}
