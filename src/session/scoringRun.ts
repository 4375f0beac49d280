import type { Exchanged, JudgeIdentity, Judgement, Target, WholeView } from '../judge/judge';
import { isJudgeFault, targetName, type TargetFault } from '../judge/judgeFault';
import { identityKey, type ScoreRecord } from '../judge/scoreRecord';
import type { SeenKeys } from '../judge/textChain';
import { sumUsage } from '../judge/usage';
import type { Exchange, TokenUsage } from '../model/chat';
import { isModelError } from '../model/modelError';
import { answerTextHash } from './joinVerdicts';
import { missingOf } from './missing';
import { ScoresNotWritten, type ScoringResult, type Stopped } from './scoringResult';
import type { ScoringTools } from './scoringTools';
import type { TraceState } from './traceState';

/** Faults of replies in a row after which a run is stopped, since the judge seems unable to do it; ours. */
const MOST_FAULTS = 3;

/** One run of scoring: files what the judge says under who said it, and decides when to go no further. */
export class ScoringRun {
  readonly view: WholeView;
  private readonly keys: SeenKeys;
  private readonly kept: number;
  private readonly total: number;
  private readonly writes: Promise<void>[] = [];
  private readonly faults: TargetFault[] = [];
  private readonly withheld: Target[] = [];
  private usage: TokenUsage | undefined;
  private identity: JudgeIdentity;
  private key: string;
  /** Has this identity verdicts on the text, from before or from this run? Then no other may take its place. */
  private settled: boolean;
  /** What waits to be filed until a reply says which snapshot answers: blocks of a filter, which bear no model's name. */
  private readonly unsigned: ((by: JudgeIdentity) => void)[] = [];
  private switched = false;
  private scored = 0;
  private skipped = 0;
  private inRow = 0;
  private stopped: Stopped | undefined;
  private notWritten: { readonly cause: unknown } | undefined;
  /** What was paid for could not be put on disk: no more is paid for. */
  private mustNotPay = false;
  /** What is neither the reply's fault nor the endpoint's. */
  private crash: { readonly error: unknown } | undefined;

  constructor(
    private readonly state: TraceState,
    private readonly tools: ScoringTools,
  ) {
    const { view, kept, identity, keys } = missingOf(state, tools.log.scores(tools.doc), tools.judge, tools.again);
    [this.view, this.keys, this.kept, this.identity] = [view, keys, kept, identity];
    this.key = identityKey(identity);
    this.total = view.wanted.length + (view.wantsAnswer ? 1 : 0);
    // What is filed under no snapshot was withheld: any may take its place.
    this.settled = kept > 0 && identity.model !== undefined;
    tools.identified?.(identity);
    tools.progress(0, this.total);
  }

  /** Nothing more is to be asked for. */
  get isOver(): boolean {
    return this.stopped !== undefined || this.crash !== undefined || this.mustNotPay || this.tools.isOver?.() === true;
  }

  /** Is there a verdict already, by the snapshot that turned out to answer? */
  has(target: Target): boolean {
    if (!this.switched) return false;
    const { trace } = this.state;
    const record = this.tools.log.scores(this.tools.doc).of(this.key)?.exact(this.seen(target), trace.intent, trace.splitter);
    if (record === undefined || (this.tools.again === true && record.harmfulness === null)) return false;
    this.skipped++;
    this.progress();
    return true;
  }

  /** Files a verdict. */
  said(target: Target, judgement: Judgement): void {
    const { by } = judgement;
    if (by !== undefined && by !== this.identity) this.takeOn(by, target);
    this.inRow = 0;
    if (judgement.withheld !== undefined) this.withheld.push(target);
    this.usage = sumUsage([this.usage, judgement.usage]);
    this.signed(by, judgement.withheld === undefined, (who) => {
      this.file(target, judgement, who);
      this.keepExchanges([target], who, judgement.exchanges);
    });
    this.scored++;
    this.progress();
  }

  /** Files what several verdicts took together. */
  exchanged({ targets, by, usage, exchanges }: Exchanged): void {
    this.usage = sumUsage([this.usage, usage]);
    this.signed(by, false, (who) => {
      this.keepExchanges(targets, who, exchanges);
    });
  }

  /** Takes the error that came instead of verdicts on these targets. */
  failed(targets: readonly Target[], error: unknown): void {
    // A judge that is stopped may reject; that is the end that was asked for, not a failure.
    if (this.tools.signal.aborted) return;
    const one = targets.length === 1 ? targets[0] : undefined;
    if (isJudgeFault(error)) {
      const faults = error.faults.length > 0 ? error.faults : targets.map((target) => ({ target, code: error.code, message: error.message }));
      this.faults.push(...faults);
      this.usage = sumUsage([this.usage, error.usage]);
      this.keepExchanges(targets, this.identity, error.exchanges, error.code);
      this.progress();
      if (one !== undefined && ++this.inRow === MOST_FAULTS) {
        this.stop({
          code: 'faults-in-row',
          message: `${String(MOST_FAULTS)} replies in a row held no valid verdict, so nothing more was asked for. The last: ${error.message}`,
          target: one,
          error,
        });
      }
    } else if (isModelError(error)) {
      this.keepExchanges(targets, this.identity, error.exchanges, error.code);
      this.stop({ code: error.code, message: error.message, ...(one === undefined ? {} : { target: one }), error });
    } else this.crash ??= { error };
  }

  /** Settles when all that was taken is on disk, or cannot be put there. */
  async written(): Promise<void> {
    this.sign();
    await Promise.all(this.writes);
    const { log, doc } = this.tools;
    // Those of an earlier run too: “score again” is what was said to save them.
    if (log.unwritten(doc) === 0) return;
    await log.flush(doc).catch((cause: unknown) => {
      this.notWritten = { cause };
    });
  }

  result(): ScoringResult {
    if (this.crash !== undefined) throw this.crash.error;
    if (this.notWritten !== undefined) {
      const unwritten = this.tools.log.unwritten(this.tools.doc);
      if (unwritten > 0 || this.mustNotPay) throw new ScoresNotWritten(unwritten, this.notWritten.cause);
    }
    const { scored, kept, skipped, faults, withheld, stopped, usage, identity } = this;
    const cancelled = this.tools.signal.aborted && scored + skipped + faults.length < this.total;
    return {
      scored,
      kept: kept + skipped,
      cancelled,
      faults,
      withheld,
      ...(stopped === undefined ? {} : { stopped }),
      ...(usage === undefined ? {} : { usage }),
      identity,
    };
  }

  /** Files now, or where nobody has signed and no snapshot is settled, when one is. @param own does the judge itself stand for what is not signed? */
  private signed(by: JudgeIdentity | undefined, own: boolean, file: (by: JudgeIdentity) => void): void {
    if (by === undefined && !own && !this.settled) {
      this.unsigned.push(file);
      return;
    }
    if (by !== undefined) this.sign();
    file(by ?? this.identity);
  }

  private sign(): void {
    for (const file of this.unsigned.splice(0)) file(this.identity);
  }

  /** A reply bears another identity than the verdicts so far. */
  private takeOn(by: JudgeIdentity, target: Target): void {
    const key = identityKey(by);
    if (key === this.key) this.identity = by;
    else if (!this.settled) {
      [this.identity, this.key, this.switched] = [by, key, true];
      this.tools.identified?.(by);
    } else {
      const [old, now] = [this.identity.model ?? 'another model', by.model ?? 'another model'];
      this.stop({
        code: 'snapshot-changed',
        message: `The server answered as ${now} at ${targetName(target)}, and the verdicts on this trace so far are by ${old}. Two models are never one curve, so nothing more was asked for. Score again to have the whole trace scored by ${now}; the verdicts by ${old} stay.`,
        target,
      });
    }
  }

  private stop(stopped: Stopped): void {
    if (this.stopped !== undefined) return;
    this.stopped = stopped;
    this.tools.stopping?.(stopped);
  }

  private file(target: Target, judgement: Judgement, judge: JudgeIdentity): void {
    if (judge === this.identity) this.settled = true;
    const { trace, chain } = this.state;
    const { harmfulness, helpfulness, reason, samples, withheld, usage } = judgement;
    const answer = target === 'answer' ? (this.view.answer ?? '') : '';
    const record: ScoreRecord = {
      v: 1,
      time: this.now(),
      doc: this.tools.doc,
      target: target === 'answer' ? 'answer' : 'step',
      step: target === 'answer' ? chain.texts.length : target + 1,
      seen: this.seen(target),
      text: target === 'answer' ? answerTextHash(answer) : (chain.own[target] ?? ''),
      judge,
      intent: trace.intent,
      splitter: trace.splitter,
      harmfulness,
      helpfulness,
      reason,
      ...(samples === undefined ? {} : { samples }),
      ...(withheld === undefined ? {} : { withheld }),
      ...(usage === undefined ? {} : { usage }),
    };
    this.writes.push(
      this.tools.log.append(record).catch((cause: unknown) => {
        this.notWritten = { cause };
        this.mustNotPay ||= judge.model !== undefined;
      }),
    );
  }

  private keepExchanges(targets: readonly Target[], by: JudgeIdentity, exchanges: readonly Exchange[] | undefined, fault?: string): void {
    if (exchanges === undefined || exchanges.length === 0 || this.tools.log.exchanges === undefined) return;
    const of = targets.map((target) => ({ seen: this.seen(target), target: target === 'answer' ? ('answer' as const) : target + 1 }));
    this.writes.push(
      this.tools.log.exchanges.add(this.tools.doc, {
        time: this.now(),
        judge: identityKey(by),
        of,
        intent: this.state.trace.intent,
        exchanges,
        ...(fault === undefined ? {} : { fault }),
      }),
    );
  }

  private seen(target: Target): string {
    return (target === 'answer' ? this.keys.answer : this.keys.step(target)) ?? '';
  }

  private now(): string {
    return new Date(this.tools.clock.now()).toISOString();
  }

  private progress(): void {
    this.tools.progress(Math.min(this.total, this.scored + this.skipped + this.faults.length), this.total);
  }
}
