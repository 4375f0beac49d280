import { isModelError } from '../../model/modelError';
import type { Chat, ChatMessage, ChatRequest } from '../../model/chat';
import type { Intent } from '../../trace/intent';
import type { Sample } from '../../trace/verdict';
import type { JudgeIdentity, Judgement, JudgeView, PrefixJudge, Target } from '../judge';
import { isJudgeFault, JudgeFault } from '../judgeFault';
import { faultMessage } from './faultMessage';
import type { Asked } from './frame';
import { medianVerdict } from './medianVerdict';
import { ModelIdentity } from './modelIdentity';
import type { ModelJudgeOptions } from './modelJudge';
import { eachSample, inWorkAtOnce, places } from './eachSample';
import { isWrong, readReply } from './readVerdict';
import { repair, samplingOf, twoSnapshots, withheldSample } from './sampleParts';
import { keptItsPromise, replyShape } from './replyShape';
import { asked, PrefixRequests, type RequestSettings } from './requests';
import type { Rubric } from './rubric';
import { settingsOf } from './settingsOf';
import { sumUsage } from '../usage';
import { Spent } from './spent';

/** One reply that could be read, or that the judge or a filter withheld. */
interface Said extends Pick<Judgement, 'withheld'> {
  readonly sample: Sample;
  /** Empty for a filter's block that bears no model's name. */
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
    this.parallel = inWorkAtOnce(chat.concurrency, options.samples ?? 1);
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
    const kept = new Map<number, Said>();
    /** All that came, in its order. */
    const heard: Said[] = [];
    for (let again = false; ; again = true) {
      const missing = places(count).filter((k) => !kept.has(k));
      const outcomes = await eachSample(missing, this.chat.concurrency, async (k) => {
        const one = await this.sample(messages, ask, target, k, signal);
        kept.set(k, one);
        heard.push(one);
      });
      signal.throwIfAborted();
      const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
      if (errors.length > 0) throw worst(errors, heard);
      const models = [...new Set([...kept.values()].map(({ model }) => model).filter((model) => model !== ''))];
      if (models.length < 2) break;
      // Samples of two snapshots are no one verdict: what the earlier one said is asked of the later one, once.
      if (again) throw mixed(target, models, heard);
      const last = heard.findLast(({ model }) => model !== '')?.model;
      for (const [k, { model }] of kept) if (model !== '' && model !== last) kept.delete(k);
    }
    const said = places(count).flatMap((k) => kept.get(k) ?? []);
    const verdict = medianVerdict(said.map(({ sample }) => sample));
    const withheld = verdict.harmfulness === null ? said.find((one) => one.withheld !== undefined)?.withheld : undefined;
    const model = said.find((one) => one.model !== '')?.model;
    const usage = sumUsage(heard.map(({ spent }) => spent.usage));
    return {
      ...verdict,
      ...(model === undefined ? {} : { by: this.who.of(model) }),
      ...(withheld === undefined ? {} : { withheld }),
      ...(usage === undefined ? {} : { usage }),
      exchanges: heard.flatMap(({ spent }) => spent.exchanges),
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
      const withheld = withheldSample(reply);
      if (withheld !== undefined) return { ...withheld, model: reply.model, spent };
      const read = readReply(reply, target, ask);
      if (!isWrong(read)) return { sample: read, model: reply.model === '' ? this.chat.destination.model : reply.model, spent };
      const fault = new JudgeFault(read.code, faultMessage(target, read), spent.exchanges, spent.usage);
      if (tries > 1 || read.code === 'cut-off' || keptItsPromise(reply, 'prefix', ask.helpfulness)) throw fault;
      const again = { ...request, messages: [...messages, ...repair(reply, read.wrong)] };
      reply = await this.chat.ask(again, signal).catch((error: unknown) => {
        throw isModelError(error) && error.code === 'too-long' ? fault : error;
      });
    }
  }
}

function mixed(target: Target, models: readonly string[], heard: readonly Said[]): JudgeFault {
  const exchanges = heard.flatMap(({ spent }) => spent.exchanges);
  return new JudgeFault('snapshot-changed', faultMessage(target, twoSnapshots(models)), exchanges, sumUsage(heard.map(({ spent }) => spent.usage)));
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
