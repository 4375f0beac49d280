import { isModelError } from '../../model/modelError';
import type { Chat, ChatMessage, ChatReply, ChatRequest } from '../../model/chat';
import type { Intent } from '../../trace/intent';
import type { Sample } from '../../trace/verdict';
import type { JudgeIdentity, Judgement, JudgeView, PrefixJudge, Target } from '../judge';
import { isJudgeFault, JudgeFault } from '../judgeFault';
import { faultMessage } from './faultMessage';
import { repairRequest, type Asked } from './frame';
import { medianVerdict } from './medianVerdict';
import { ModelIdentity } from './modelIdentity';
import type { ModelJudgeOptions } from './modelJudge';
import { isWrong, readReply } from './readVerdict';
import { replyShape } from './replyShape';
import { asked, PrefixRequests, type RequestSettings } from './requests';
import type { Rubric } from './rubric';
import { settingsOf } from './settingsOf';
import { sumUsage } from '../usage';
import { Spent } from './spent';

/** One reply that could be read, or that the judge or a filter withheld. */
interface Said extends Pick<Judgement, 'withheld'> {
  readonly sample: Sample;
  readonly model: string;
  readonly spent: Spent;
}

/**
 * A language model as a `prefix` judge: a request for each step, in as many samples as set. Where one sample fails the step has no
 * verdict, since fewer samples than were asked for would pass for as many.
 */
export class ModelPrefixJudge implements PrefixJudge {
  readonly parallel: number;
  private readonly who: ModelIdentity;
  private readonly settings: RequestSettings;
  /** By the list of steps, which grows as a trace is scored. */
  private readonly requests = new WeakMap<readonly string[], PrefixRequests>();

  constructor(
    private readonly chat: Chat,
    rubric: Rubric,
    private readonly options: ModelJudgeOptions,
  ) {
    this.who = new ModelIdentity(rubric, options);
    this.settings = settingsOf(rubric, options);
    this.parallel = chat.concurrency;
  }

  get identity(): JudgeIdentity {
    return this.who.current;
  }

  scoreStep(view: JudgeView, signal: AbortSignal): Promise<Judgement> {
    return this.judge(this.requestsOf(view).step(), view.intent, view.steps.length - 1, signal);
  }

  scoreAnswer(view: JudgeView, answer: string, signal: AbortSignal): Promise<Judgement> {
    return this.judge(this.requestsOf(view).answer(answer), view.intent, 'answer', signal);
  }

  private requestsOf(view: JudgeView): PrefixRequests {
    let requests = this.requests.get(view.steps);
    if (requests?.isOf(view) !== true) this.requests.set(view.steps, (requests = new PrefixRequests(view, this.settings)));
    return requests;
  }

  private async judge(messages: readonly ChatMessage[], intent: Intent, target: Target, signal: AbortSignal): Promise<Judgement> {
    const count = this.options.samples ?? 1;
    const ask = asked(intent, this.settings);
    const outcomes = await Promise.allSettled(Array.from({ length: count }, (_, k) => this.sample(messages, ask, target, k, signal)));
    signal.throwIfAborted();
    const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    const said = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    if (errors.length > 0) throw worst(errors, said);
    const verdict = medianVerdict(said.map(({ sample }) => sample));
    const withheld = verdict.harmfulness === null ? said.find((one) => one.withheld !== undefined)?.withheld : undefined;
    const usage = sumUsage(said.map(({ spent }) => spent.usage));
    return {
      ...verdict,
      // Samples of two snapshots are filed under the last: the run then sees that the server has changed.
      by: this.who.of(said.at(-1)?.model ?? ''),
      ...(withheld === undefined ? {} : { withheld }),
      ...(usage === undefined ? {} : { usage }),
      exchanges: said.flatMap(({ spent }) => spent.exchanges),
    };
  }

  private async sample(messages: readonly ChatMessage[], ask: Asked, target: Target, k: number, signal: AbortSignal): Promise<Said> {
    const spent = new Spent();
    const request: ChatRequest = {
      messages,
      shape: replyShape('prefix', ask.helpfulness),
      sampling: samplingOf(this.options, k),
    };
    let reply = await this.chat.ask(request, signal);
    for (let tries = 1; ; tries++) {
      spent.add(reply);
      const model = reply.model === '' ? this.chat.destination.model : reply.model;
      const withheld = withheldSample(reply);
      if (withheld !== undefined) return { ...withheld, model, spent };
      const read = readReply(reply, target, ask);
      if (!isWrong(read)) return { sample: read, model, spent };
      // A server that promised the shape, or cut the reply off, will do the same again.
      if (reply.structured || read.code === 'cut-off' || tries > 1) {
        throw new JudgeFault(read.code, faultMessage(target, read), spent.exchanges, spent.usage);
      }
      reply = await this.chat.ask({ ...request, messages: [...messages, ...repair(reply, read.wrong)] }, signal);
    }
  }
}

/** Sample k's settings: another seed each, or they would all be the same. */
export function samplingOf({ sampling = {} }: ModelJudgeOptions, k: number): ChatRequest['sampling'] {
  return sampling.seed === undefined ? sampling : { ...sampling, seed: sampling.seed + k };
}

/** What goes after a request whose reply could not be used: the reply, and what is wrong with it. */
export function repair({ text }: ChatReply, wrong: string): readonly ChatMessage[] {
  return [
    { role: 'assistant', content: text === '' ? '(nothing)' : text },
    { role: 'user', content: repairRequest(wrong) },
  ];
}

/** A refusal or a filter's block is an outcome: `null`s, with what was said. */
export function withheldSample({ ending, text }: ChatReply): Required<Pick<Said, 'sample' | 'withheld'>> | undefined {
  if (ending !== 'refused' && ending !== 'blocked') return undefined;
  const what = ending === 'refused' ? 'the judge declined' : 'blocked by a content filter';
  const reason = text.trim() === '' ? what : `${what}: ${text.trim().slice(0, 300)}`;
  return { withheld: ending, sample: { harmfulness: null, helpfulness: null, reason } };
}

/** The endpoint's fault before a reply's; a reply's with the exchanges of all samples. */
function worst(errors: readonly unknown[], said: readonly Said[]): unknown {
  const other = errors.find(isModelError) ?? errors.find((error) => !isJudgeFault(error));
  if (other !== undefined) return other;
  const faults = errors.filter(isJudgeFault);
  const [first] = faults;
  if (first === undefined || faults.length + said.length === 1) return first;
  const exchanges = [...faults.flatMap((fault) => fault.exchanges), ...said.flatMap(({ spent }) => spent.exchanges)];
  return new JudgeFault(first.code, first.message, exchanges, sumUsage([...faults.map(({ usage }) => usage), ...said.map(({ spent }) => spent.usage)]));
}
