import type { Judge, Protocol, WholeView } from '../judge/judge';
import { isEndpointJudge, type JudgeSetting } from '../judge/judgeSetting';
import { estimateScoring, type ScoringEstimate } from '../judge/model/estimate';
import { modelJudge, type ModelJudgeOptions } from '../judge/model/modelJudge';
import { builtInRubric, rubricOf, type Rubric } from '../judge/model/rubric';
import type { Chat } from '../model/chat';
import type { KeyOf } from '../model/keys';
import { OpenAiChat } from '../model/openAiChat';
import { cleanBaseUrl } from '../model/origin';
import type { Waiting } from '../model/wire';
import { LanguageModel } from './languageModel';
import { TrustedChat } from './trustedChat';

export { systemMessage } from '../judge/model/frame';
export { listModels } from '../model/listModels';
export { findLocalServers } from '../model/localServers';

/** A person's own rubric. */
export interface RubricText {
  readonly name: string;
  readonly text: string;
}

/** A judge with the chat that it speaks through. */
export interface MadeJudge {
  readonly judge: Judge;
  readonly chat: Chat;
  readonly sending: (view: WholeView) => ScoringEstimate;
}

/** Makes judges of language models; loaded when the first is needed. Judges of one endpoint share its chat, and with it its limit. */
export class ModelJudges {
  private readonly chats = new Map<string, Chat>();

  constructor(
    private readonly keyOf: KeyOf,
    private readonly waiting: (origin: string, waiting: Waiting) => void,
  ) {}

  make(setting: JudgeSetting, protocol: Protocol, rubric: Rubric, knownSnapshot: string | undefined): MadeJudge {
    const chat = this.chatOf(setting);
    const { name, samples, temperature, seed, maxTokens, contextTokens, helpfulnessOnHarmful } = setting;
    const options: ModelJudgeOptions = {
      judge: judgeId(setting),
      label: name,
      protocol,
      samples,
      sampling: {
        ...(temperature === undefined ? {} : { temperature }),
        ...(seed === undefined ? {} : { seed }),
        ...(maxTokens === undefined ? {} : { maxTokens }),
      },
      ...(contextTokens === undefined ? {} : { contextTokens }),
      helpfulnessOnHarmful,
      ...(knownSnapshot === undefined ? {} : { knownSnapshot }),
      reproducible: isEndpointJudge(setting),
    };
    return { judge: modelJudge(chat, rubric, options), chat, sending: (view) => estimateScoring(view, { rubric, ...options }) };
  }

  /** Judges that differ in what they ask for, not in where, wait in one line; so do the teacher and the guard. */
  chatOf(setting: JudgeSetting): Chat {
    const { concurrency, timeoutSeconds } = setting;
    const where = isEndpointJudge(setting) ? [cleanBaseUrl(setting.baseUrl), setting.model] : setting.vscode;
    const key = JSON.stringify([where, concurrency, timeoutSeconds]);
    let chat = this.chats.get(key);
    if (chat === undefined) this.chats.set(key, (chat = new TrustedChat(this.newChat(setting))));
    return chat;
  }

  private newChat(setting: JudgeSetting): Chat {
    const { concurrency, timeoutSeconds } = setting;
    const limits = concurrency === undefined ? {} : { concurrency };
    if (!isEndpointJudge(setting)) {
      return new LanguageModel(setting.vscode, { ...limits, ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) });
    }
    const chat: OpenAiChat = new OpenAiChat({
      baseUrl: setting.baseUrl,
      model: setting.model,
      keyOf: this.keyOf,
      ...limits,
      ...(timeoutSeconds === undefined ? {} : { timeoutMs: timeoutSeconds * 1000 }),
      waiting: (waiting) => {
        this.waiting(chat.destination.origin, waiting);
      },
    });
    return chat;
  }
}

/** The rubric of this text, or the built-in one. */
export function rubricFor(user: RubricText | undefined): Rubric {
  return user === undefined ? builtInRubric() : rubricOf(user.name, user.text);
}

/** Stable id of an endpoint's model as it is asked for; the name in the settings may change without it being another judge. */
function judgeId(setting: JudgeSetting): string {
  if (isEndpointJudge(setting)) return `${cleanBaseUrl(setting.baseUrl)} ${setting.model}`;
  const { vendor, family, id } = setting.vscode;
  return ['vscode', vendor, family, ...(id === undefined ? [] : [id])].join(' ');
}
