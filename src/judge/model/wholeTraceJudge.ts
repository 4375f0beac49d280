import { isModelError } from '../../model/modelError';
import type { Chat, ChatRequest } from '../../model/chat';
import type { Sample } from '../../trace/verdict';
import type { Exchanged, JudgeIdentity, Judgement, Target, WholeTraceJudge, WholeView } from '../judge';
import { JudgeFault, type TargetFault } from '../judgeFault';
import { eachSample, inWorkAtOnce, places } from './eachSample';
import { faultMessage } from './faultMessage';
import type { Asked } from './frame';
import { medianVerdict } from './medianVerdict';
import { ModelIdentity } from './modelIdentity';
import type { ModelJudgeOptions } from './modelJudge';
import { repair, samplingOf, twoSnapshots, withheldSample } from './sampleParts';
import type { Wrong } from './readVerdict';
import { keptItsPromise, replyShape } from './replyShape';
import { asked, wholeRequests, type RequestSettings, type WholeRequest } from './requests';
import type { Rubric } from './rubric';
import { settingsOf } from './settingsOf';
import { Spent } from './spent';
import { namesOf, WholeReply } from './wholeReply';

/** Blocks in a row without a single verdict after which the rest of a trace is not asked for; ours. */
const EMPTY_BLOCKS = 3;

/** What the samples of one block have said so far. */
interface Collected {
  readonly samples: Map<Target, Sample[]>;
  readonly withheld: Map<Target, NonNullable<Judgement['withheld']>>;
  readonly wrong: Map<Target, Wrong>;
  /** The snapshots that have answered; more than one give no verdict together. */
  readonly models: Set<string>;
  /** Verdicts that are complete, while it is not known yet which snapshot gave them. */
  waiting: Target[];
}

/**
 * A language model as a `whole-trace` judge: one request for all steps and the answer, or overlapping blocks one after the other where
 * the context cannot hold them. A verdict is told as soon as all samples of it have come and the server has said which model it is.
 */
export class ModelWholeTraceJudge implements WholeTraceJudge {
  readonly parallel: number;
  private readonly who: ModelIdentity;
  private readonly settings: RequestSettings;

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

  async scoreAll(
    view: WholeView,
    said: (target: Target, judgement: Judgement) => void,
    signal: AbortSignal,
    exchanged: (exchanged: Exchanged) => void = () => undefined,
  ): Promise<void> {
    const ask = asked(view.intent, this.settings);
    const faults: TargetFault[] = [];
    let empty = 0;
    for (const block of wholeRequests(view, this.settings)) {
      const got: Collected = { samples: new Map(), withheld: new Map(), wrong: new Map(), models: new Set(), waiting: [] };
      await this.block(block, ask, got, said, signal, exchanged);
      for (const target of block.targets) {
        const wrong = got.wrong.get(target);
        if (wrong !== undefined) faults.push({ target, code: wrong.code, message: faultMessage(target, wrong) });
      }
      empty = block.targets.every((target) => got.wrong.has(target)) ? empty + 1 : 0;
      if (empty === EMPTY_BLOCKS) break;
    }
    const [first] = faults;
    if (first === undefined) return;
    const others = faults.length === 1 ? '' : ` Without a verdict, or with a doubtful one: ${namesOf(faults.map(({ target }) => target))}.`;
    throw new JudgeFault(first.code, first.message + others, [], undefined, faults);
  }

  private async block(
    block: WholeRequest,
    ask: Asked,
    got: Collected,
    said: (target: Target, judgement: Judgement) => void,
    signal: AbortSignal,
    exchanged: (exchanged: Exchanged) => void,
  ): Promise<void> {
    const count = this.options.samples ?? 1;
    const tell = (target: Target): void => {
      const [model] = got.models;
      const verdict = medianVerdict(got.samples.get(target) ?? []);
      const withheld = verdict.harmfulness === null ? got.withheld.get(target) : undefined;
      said(target, {
        ...verdict,
        ...(model === undefined ? {} : { by: this.who.of(model) }),
        ...(withheld === undefined ? {} : { withheld }),
      });
    };
    const flush = (model: string | undefined): void => {
      if (model === undefined) return;
      if (model !== '') got.models.add(model);
      const ready = got.waiting;
      got.waiting = [];
      for (const target of ready) {
        if (got.models.size > 1) got.wrong.set(target, twoSnapshots(got.models));
        else tell(target);
      }
    };
    const hear = (target: Target, sample: Sample): void => {
      const samples = got.samples.get(target) ?? [];
      samples.push(sample);
      got.samples.set(target, samples);
      if (samples.length === count) got.waiting.push(target);
    };
    const outcomes = await eachSample(places(count), this.chat.concurrency, (k) =>
      this.sample(block, ask, got, k, hear, flush, exchanged, signal),
    );
    signal.throwIfAborted();
    const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    if (errors.length === 0) return;
    // What was complete when the stream was cut is filed under the model that was asked.
    flush(this.identity.model ?? this.chat.destination.model);
    throw errors.find(isModelError) ?? errors[0];
  }

  private async sample(
    block: WholeRequest,
    ask: Asked,
    got: Collected,
    k: number,
    hear: (target: Target, sample: Sample) => void,
    flush: (model: string | undefined) => void,
    exchanged: (exchanged: Exchanged) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const spent = new Spent();
    const request: ChatRequest = {
      messages: block.messages,
      shape: replyShape('whole-trace', ask.helpfulness),
      sampling: samplingOf(this.options, k),
    };
    const heard = new Set<Target>();
    let left = block.targets;
    let messages = block.messages;
    for (let tries = 1; ; tries++) {
      const take = (target: Target, sample: Sample): void => {
        heard.add(target);
        hear(target, sample);
      };
      const reader = new WholeReply(left, ask, take, new Set(heard));
      const reply = await this.chat.ask({ ...request, messages }, signal, (text: string, model?: string) => {
        reader.push(text);
        flush(model);
      });
      spent.add(reply);
      const withheld = withheldSample(reply);
      // A filter's block may bear no model's name; any other reply without one is by the model that was asked.
      const model = reply.model === '' && withheld === undefined ? this.chat.destination.model : reply.model;
      const wrong = withheld === undefined ? reader.end(reply) : new Map<Target, Wrong>();
      if (withheld !== undefined) {
        for (const target of left) {
          if (heard.has(target)) continue;
          got.withheld.set(target, withheld.withheld);
          hear(target, withheld.sample);
        }
      }
      flush(model);
      const again = keptItsPromise(reply, 'whole-trace', ask.helpfulness) ? undefined : canRepair(wrong, tries, left, heard);
      if (again === undefined) {
        for (const [target, one] of wrong) if (!got.wrong.has(target)) got.wrong.set(target, one);
        const { usage, exchanges } = spent;
        exchanged({ targets: block.targets, ...(model === '' ? {} : { by: this.who.of(model) }), ...(usage === undefined ? {} : { usage }), exchanges });
        return;
      }
      messages = [...block.messages, ...repair(reply, again)];
      left = left.filter((target) => !heard.has(target));
    }
  }
}

/** What to tell the model so that it replies once more; `undefined` where that is no use or was done. */
function canRepair(
  wrong: ReadonlyMap<Target, Wrong>,
  tries: number,
  left: readonly Target[],
  heard: ReadonlySet<Target>,
): string | undefined {
  const missing = left.filter((target) => !heard.has(target));
  const codes = [...wrong.values()].map(({ code }) => code);
  if (tries > 1 || missing.length === 0 || codes.includes('cut-off')) return undefined;
  const what = [...new Set([...wrong.values()].map((one) => one.wrong))].slice(0, 5).join(' ');
  return `${what} Give verdicts on ${namesOf(missing)}.`;
}
