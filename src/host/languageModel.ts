import pLimit, { type LimitFunction } from 'p-limit';
import * as vscode from 'vscode';
import type { VscodeModel } from '../judge/judgeSetting';
import type { Chat, ChatMessage, ChatReply, ChatRequest, Destination, Exchange, Heard, TokenUsage } from '../model/chat';
import { ModelError } from '../model/modelError';
import { untilAborted } from '../model/untilAborted';

/** The origin of VS Code's own language models: they are reached through VS Code, not at an address of ours. */
export const VSCODE_ORIGIN = 'vscode';
/** Their providers have limits that nobody tells us; ours. */
const CONCURRENCY = 4;
/** Silence after which a request is given up, in milliseconds. */
const TIMEOUT = 120_000;

/**
 * One of VS Code's language models as a `Chat`. Only ever asked on a person's action, since the first request makes VS Code ask for
 * consent. There is no system role: what is ours goes as the first user message, before the trace's. Sampling settings are handed
 * to the provider, which may ignore them, and a shape is never promised.
 */
export class LanguageModel implements Chat {
  readonly destination: Destination;
  readonly concurrency: number;
  private readonly timeout: number;
  private readonly limit: LimitFunction;

  constructor(
    private readonly wanted: VscodeModel,
    limits: { readonly concurrency?: number; readonly timeoutSeconds?: number } = {},
  ) {
    this.destination = { origin: VSCODE_ORIGIN, model: `${wanted.vendor}/${wanted.family}`, local: false };
    this.concurrency = limits.concurrency ?? CONCURRENCY;
    this.timeout = limits.timeoutSeconds === undefined ? TIMEOUT : limits.timeoutSeconds * 1000;
    this.limit = pLimit(this.concurrency);
  }

  ask(request: ChatRequest, signal: AbortSignal, heard?: Heard): Promise<ChatReply> {
    // A provider need not heed the token: what is cancelled ends here, and frees its place.
    return untilAborted(signal, () => this.limit(() => untilAborted(signal, () => this.askNow(request, signal, heard))));
  }

  private async askNow(request: ChatRequest, signal: AbortSignal, heard: Heard | undefined): Promise<ChatReply> {
    const messages = withoutSystem(request.messages);
    const sent = JSON.stringify(messages);
    const source = new vscode.CancellationTokenSource();
    let silent = false;
    let timer: NodeJS.Timeout | undefined;
    const alive = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        silent = true;
        source.cancel();
      }, this.timeout);
    };
    const cancel = (): void => {
      source.cancel();
    };
    signal.addEventListener('abort', cancel);
    let text = '';
    try {
      signal.throwIfAborted();
      const model = await this.model(sent);
      const spoken = messages.map(({ role, content }) =>
        role === 'assistant' ? vscode.LanguageModelChatMessage.Assistant(content) : vscode.LanguageModelChatMessage.User(content),
      );
      // Until the first word a dialog may wait for the person's consent, so silence counts only from the response on.
      const response = await model.sendRequest(spoken, { justification: JUSTIFICATION, ...options(request) }, source.token);
      alive();
      for await (const part of response.text) {
        alive();
        text += part;
        heard?.(text, modelName(model));
      }
      signal.throwIfAborted();
      if (silent) throw this.tooSilent([{ sent, received: text }]);
      const usage = await countTokens(model, spoken, text, source.token);
      return {
        text,
        ending: 'stop',
        model: modelName(model),
        structured: false,
        ...(usage === undefined ? {} : { usage }),
        exchanges: [{ sent, received: text }],
      };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ModelError) throw error;
      const exchanges = [{ sent, received: text }];
      if (silent) throw this.tooSilent(exchanges);
      if (isFiltered(error)) {
        return { text, ending: 'blocked', model: '', structured: false, exchanges };
      }
      throw this.failure(error, exchanges);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      source.dispose();
    }
  }

  private async model(sent: string): Promise<vscode.LanguageModelChat> {
    const [first] = await vscode.lm.selectChatModels({ ...this.wanted });
    if (first !== undefined) return first;
    throw new ModelError(
      'model-not-found',
      `VS Code has no language model ${this.destination.model} at the moment: its extension is missing, switched off or not signed in. Sign in there, or choose another model.`,
      [{ sent, received: '' }],
    );
  }

  private tooSilent(exchanges: readonly Exchange[]): ModelError {
    return new ModelError(
      'timed-out',
      `VS Code's language model ${this.destination.model} said nothing for ${String(this.timeout / 1000)} seconds. Try again to go on, or choose another model.`,
      exchanges,
    );
  }

  private failure(error: unknown, exchanges: readonly Exchange[]): ModelError {
    const { model } = this.destination;
    const said = error instanceof Error ? error.message : String(error);
    const make = (code: ModelError['code'], what: string): ModelError => new ModelError(code, what, exchanges, { cause: error });
    switch (codeOf(error)) {
      case 'NoPermissions':
        return make(
          'not-allowed',
          `VS Code did not let CoT Lens use ${model}: consent was refused. Try again and allow it, or manage it under “Manage Language Model Access”.`,
        );
      case 'NotFound':
        return make('model-not-found', `VS Code's language model ${model} is not there any more (${said}). Choose another model.`);
      case 'Blocked':
        return make('rate-limited', `VS Code's language model ${model} takes no more requests from CoT Lens for now (${said}). Wait, or choose another model.`);
      default:
        return make('server-error', `VS Code's language model ${model} failed (${said}). Try again to go on, or choose another model.`);
    }
  }
}

const JUSTIFICATION = 'To score the reasoning steps of the trace that you asked CoT Lens to score.';

/** There is no system role: system messages become user messages, in their place. */
function withoutSystem(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  return messages.map((message) => (message.role === 'system' ? { ...message, role: 'user' } : message));
}

function options({ sampling }: ChatRequest): Pick<vscode.LanguageModelChatRequestOptions, 'modelOptions'> {
  const { temperature, seed, maxTokens } = sampling;
  const modelOptions = {
    ...(temperature === undefined ? {} : { temperature }),
    ...(seed === undefined ? {} : { seed }),
    ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
  };
  return Object.keys(modelOptions).length === 0 ? {} : { modelOptions };
}

/** The snapshot as far as VS Code tells: family, id and version, each once. */
function modelName({ vendor, family, id, version }: vscode.LanguageModelChat): string {
  return [...new Set([`${vendor}/${family}`, id, version])].filter((part) => part !== '').join(' ');
}

/**
 * By VS Code's tokenizer for the model. Both counts come quickly or not at all; a model without them has no usage.
 */
async function countTokens(
  model: vscode.LanguageModelChat,
  messages: readonly vscode.LanguageModelChatMessage[],
  text: string,
  token: vscode.CancellationToken,
): Promise<TokenUsage | undefined> {
  try {
    const counts = await Promise.all([...messages, text].map((one) => model.countTokens(one, token)));
    const output = counts.pop() ?? 0;
    return { input: counts.reduce((sum, count) => sum + count, 0), output };
  } catch {
    // A reply is not lost because nobody could count its tokens.
    return undefined;
  }
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as Error & { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/**
 * Did a content filter withhold the reply? VS Code has no code of its own for that: providers say it in words, in the error or in
 * its cause. `Blocked` alone is a quota (see `LanguageModelChat.sendRequest`), which must not be kept as a verdict.
 */
function isFiltered(error: unknown): boolean {
  for (let one: unknown = error, depth = 0; one instanceof Error && depth < 4; one = one.cause, depth++) {
    if (/content[ _-]?(filter|policy)|filtered|responsible[ _-]?ai|off_topic/i.test(one.message)) return true;
  }
  return false;
}
