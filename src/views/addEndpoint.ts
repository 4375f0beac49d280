import type * as vscode from 'vscode';
import type { ApiKeys } from '../host/apiKeys';
import type { ConfiguredJudges } from '../host/configuredJudges';
import type { Judges } from '../host/judges';
import { plainLabel } from '../host/plainLabel';
import type { Protocol } from '../judge/judge';
import { RESERVED_NAMES, type EndpointJudgeSetting } from '../judge/judgeSetting';
import { isModelError } from '../model/modelError';
import { baseUrlProblem, cleanBaseUrl, isLocal, originOf } from '../model/origin';
import { keyWarning, withoutEncryption } from './apiKeyCommands';
import { askPick, askText, BACK, type Answer } from './askInSteps';

/** What the questions act on. */
export interface EndpointParts {
  readonly configured: ConfiguredJudges;
  readonly judges: Judges;
  readonly keys: ApiKeys;
}

/** The answers so far; a step back finds them as they were given. */
interface Draft {
  baseUrl: string;
  model: string;
  protocol: Protocol;
  name: string;
}

const STEPS = 5;
/** How long a server on this machine may take to say whether it wants a key, and any server to list its models, in milliseconds; ours. */
const LOOK_WITHIN = 1500;
const LIST_WITHIN = 10_000;

/**
 * *Another endpoint…*: asks for address, key, model, protocol and name, one after the other, with a way back. Also edits a judge:
 * what the questions do not ask for stays as it was. `undefined` where the person left.
 * @param address stands in the first question already
 */
export async function askForEndpoint(
  parts: EndpointParts,
  before?: EndpointJudgeSetting,
  address = '',
): Promise<EndpointJudgeSetting | undefined> {
  const draft: Draft = {
    baseUrl: before?.baseUrl ?? address,
    model: before?.model ?? '',
    protocol: before?.protocol ?? 'prefix',
    name: before?.name ?? '',
  };
  const title = before === undefined ? 'Another endpoint' : `Edit ${plainLabel(before.name)}`;
  const questions = [askAddress, askKey, askModel, askProtocol, askName];
  let forwards = true;
  for (let at = 0; at < questions.length; ) {
    const answer: Answer<'asked'> = await questions[at]?.({ ...parts, title, draft, before, forwards });
    if (answer === undefined) return undefined;
    forwards = answer !== BACK;
    at += forwards ? 1 : -1;
    if (at < 0) return undefined;
  }
  const { baseUrl, model, protocol, name } = draft;
  return { samples: 1, helpfulnessOnHarmful: false, ...before, name, baseUrl: cleanBaseUrl(baseUrl), model, protocol };
}

interface Asking extends EndpointParts {
  readonly title: string;
  readonly draft: Draft;
  readonly before: EndpointJudgeSetting | undefined;
  /** Did the person come from the question before? */
  readonly forwards: boolean;
}

/** What a question did; its answer stands in the draft. */
type Asked = Promise<Answer<'asked'>>;

async function askAddress({ title, draft }: Asking): Asked {
  const answer = await askText({
    ...{ title, step: 1, of: STEPS },
    prompt: 'The base URL of an OpenAI-compatible server, mostly ending in /v1',
    placeholder: 'https://api.openai.com/v1',
    value: draft.baseUrl,
    wrong: (text) => {
      const problem = baseUrlProblem(text);
      return problem === undefined ? undefined : `This ${problem}.`;
    },
    mind: (text) => withoutEncryption(originOf(text)),
  });
  if (typeof answer !== 'string') return answer;
  draft.baseUrl = answer;
  return 'asked';
}

/** Servers on this machine mostly want no key: they are asked for their models first, and the person for a key if they do. */
async function askKey({ title, draft, keys, judges, forwards }: Asking): Asked {
  const origin = originOf(draft.baseUrl);
  if (isLocal(origin) && !(await wantsKey(judges, draft.baseUrl))) return forwards ? 'asked' : BACK;
  const known = (await keys.of(origin)) !== undefined;
  const answer = await askText({
    ...{ title, step: 2, of: STEPS },
    prompt: `The API key for ${origin}: kept in VS Code’s secret storage, sent to ${origin} and nowhere else. ${known ? 'Leave empty to keep the one that is set.' : 'Leave empty if it needs none.'}`,
    secret: true,
    wrong: (text) => (text === '' ? undefined : keyWarning(text)),
    mind: () => withoutEncryption(origin),
  });
  if (typeof answer !== 'string') return answer;
  if (answer !== '') await keys.set(origin, answer);
  return 'asked';
}

async function wantsKey(judges: Judges, baseUrl: string): Promise<boolean> {
  try {
    await judges.modelsAt(baseUrl, AbortSignal.timeout(LOOK_WITHIN));
    return false;
  } catch (error) {
    return isModelError(error) && error.code === 'unauthorized';
  }
}

interface ModelRow extends vscode.QuickPickItem {
  readonly model?: string;
}

async function askModel({ title, draft, judges }: Asking): Asked {
  let failure: string | undefined;
  const listed = judges.modelsAt(draft.baseUrl, AbortSignal.timeout(LIST_WITHIN)).catch((error: unknown) => {
    failure = error instanceof Error ? error.message : String(error);
    return [];
  });
  const rows = listed.then((models): ModelRow[] => {
    const found = models.map((model) => ({ label: plainLabel(model, 200), model, ...(model === draft.model ? { description: 'as before' } : {}) }));
    const hint =
      failure === undefined
        ? models.length > 0
          ? []
          : [{ label: '', description: 'The server lists no models: type the name of one', alwaysShow: true }]
        : [{ label: '', description: `The server’s models cannot be listed; type the name of one`, detail: plainLabel(failure, 300), alwaysShow: true }];
    return [...hint, ...found];
  });
  for (;;) {
    const answer = await askPick({
      ...{ title, step: 3, of: STEPS },
      placeholder: `The model at ${originOf(draft.baseUrl)}: choose or type it`,
      rows,
      typed: (text) => ({ label: plainLabel(text, 200), model: text, description: 'as typed', alwaysShow: true }),
    });
    if (answer === undefined || answer === BACK) return answer;
    // A row that only says something is no answer.
    if (answer.model === undefined) continue;
    draft.model = answer.model;
    return 'asked';
  }
}

/** What the protocols are, for the person who chooses. */
export const PROTOCOL_ROWS: readonly (vscode.QuickPickItem & { protocol: Protocol })[] = [
  {
    protocol: 'prefix',
    label: 'prefix',
    description: 'the default',
    detail: 'Each step is scored from the prompt and the steps up to it: no verdict knows what comes later. One request a step.',
  },
  {
    protocol: 'whole-trace',
    label: 'whole-trace',
    description: 'cheap',
    detail: 'One request scores all steps. Every verdict sees later steps, and any edit makes all of them stale.',
  },
];

async function askProtocol({ title, draft }: Asking): Asked {
  const answer = await askPick({
    ...{ title, step: 4, of: STEPS },
    placeholder: 'What the judge sees of a step; scores of two protocols are never one curve',
    rows: PROTOCOL_ROWS,
  });
  if (answer === undefined || answer === BACK) return answer;
  draft.protocol = answer.protocol;
  return 'asked';
}

async function askName({ title, draft, configured, before }: Asking): Asked {
  const taken = (name: string): boolean =>
    RESERVED_NAMES.includes(name) || configured.all.some((judge) => judge.name === name && judge.name !== before?.name);
  const answer = await askText({
    ...{ title, step: 5, of: STEPS },
    prompt: 'What the judge is to be called in the CodeLens and in messages',
    value: draft.name === '' ? freeName(draft, taken) : draft.name,
    wrong: (name) =>
      name === '' ? 'A judge needs a name.' : taken(name) ? 'There is a judge of this name already; take another.' : undefined,
  });
  if (typeof answer !== 'string') return answer;
  draft.name = answer;
  return 'asked';
}

/** A name for a model that no judge has: the model's own, its protocol where that is taken, then a number. */
export function freeName({ model, protocol }: Pick<Draft, 'model' | 'protocol'>, taken: (name: string) => boolean): string {
  const own = model.split('/').at(-1) ?? model;
  const first = [own, `${own} ${protocol}`].find((name) => !taken(name));
  if (first !== undefined) return first;
  for (let n = 2; ; n++) if (!taken(`${own} ${String(n)}`)) return `${own} ${String(n)}`;
}
