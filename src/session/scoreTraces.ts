import type { Judge } from '../judge/judge';
import type { ScoreLog } from '../judge/scoreLog';
import { sumUsage } from '../judge/usage';
import type { TokenUsage } from '../model/chat';
import type { Clock } from '../trace/clock';
import { ScoresNotWritten, type ScoringResult, type Stopped } from './scoringResult';
import { scoreTrace } from './scoreTrace';
import { Slots } from './slots';
import type { TraceState } from './traceState';

/** Traces in a row that stopped at faulty replies, or could not be opened, after which all stop; ours. */
const MOST_FAILED = 3;

/** A trace to be scored among others; opened when its turn comes, so that thousands need not be in memory at once. */
export interface TraceToScore {
  /** Its name for people. */
  readonly name: string;
  /** Reads the trace, and its scores into the log. */
  open(): Promise<OpenedTrace>;
}

export interface OpenedTrace {
  readonly state: TraceState;
  readonly log: Pick<ScoreLog, 'append' | 'scores' | 'flush' | 'unwritten'> & Partial<Pick<ScoreLog, 'exchanges'>>;
  readonly doc: string;
  /** Called when the trace is done with: what was read of it can be let go. */
  readonly close?: () => void;
}

/** How one of the traces went: `result`, or the `error` that kept it from being opened or scored. Neither: its turn never came. */
export interface TraceOutcome {
  readonly name: string;
  readonly result?: ScoringResult;
  readonly error?: unknown;
}

/** How far a run over many traces is. */
export interface TracesProgress {
  /** Traces that are done with, whatever became of them. */
  readonly traces: number;
  readonly of: number;
  /** Verdicts and faults of this run. */
  readonly verdicts: number;
  /** The trace that was begun last. */
  readonly name: string;
}

export interface TracesResult {
  /** In the order given. */
  readonly traces: readonly TraceOutcome[];
  readonly scored: number;
  readonly kept: number;
  readonly cancelled: boolean;
  /** Why all traces stopped: an endpoint's fault, or three traces in a row that failed. */
  readonly stopped?: Stopped;
  readonly usage?: TokenUsage;
}

export interface TracesTools {
  readonly judge: Judge;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly progress: (progress: TracesProgress) => void;
  /** Ask also for what could not be scored before. */
  readonly again?: boolean;
}

/**
 * Scores many traces with one judge. As many are in work as keep the judge's places for requests full, in their order, so that the
 * requests of one trace stay close together. A trace that cannot be opened or scored does not keep the others; a fault of the endpoint
 * stops all, except a trace too long for the model's context. What came is kept.
 * @throws ScoresNotWritten where verdicts cannot be put on disk: what is paid for must not be lost
 */
export async function scoreTraces(traces: readonly TraceToScore[], tools: TracesTools): Promise<TracesResult> {
  return new TracesRun(traces, tools).run();
}

class TracesRun {
  private readonly outcomes: TraceOutcome[];
  private readonly slots: Slots;
  private readonly places: Slots;
  private verdicts = 0;
  /** Ends the run for all, without its being a cancellation. */
  private readonly ending = new AbortController();
  private readonly signal: AbortSignal;
  private done = 0;
  private failedInRow = 0;
  private stopped: Stopped | undefined;
  private notWritten: ScoresNotWritten | undefined;
  private name = '';

  constructor(
    private readonly traces: readonly TraceToScore[],
    private readonly tools: TracesTools,
  ) {
    this.outcomes = traces.map(({ name }) => ({ name }));
    const parallel = Math.max(1, tools.judge.parallel ?? 1);
    this.slots = new Slots(parallel);
    // One more than can be asked for at once: a judge that answers at once never fills the slots, and all would be in memory.
    this.places = new Slots(parallel + 1);
    this.signal = AbortSignal.any([tools.signal, this.ending.signal]);
  }

  async run(): Promise<TracesResult> {
    const inWork: Promise<void>[] = [];
    this.report();
    let next = this.open(0);
    for (const [i, trace] of this.traces.entries()) {
      const opened = await next;
      await this.slots.idle(this.signal);
      if (!(await this.places.take(this.signal))) {
        if ('state' in opened) opened.close?.();
        break;
      }
      // Read while this one is scored, so that no slot waits for a file.
      next = this.open(i + 1);
      this.name = trace.name;
      inWork.push(this.score(i, opened).finally(() => { this.places.release(); }));
    }
    await Promise.all(inWork);
    if (this.notWritten !== undefined) throw this.notWritten;
    const results = this.outcomes.flatMap(({ result }) => result ?? []);
    const usage = sumUsage(results.map((result) => result.usage));
    return {
      traces: this.outcomes,
      scored: results.reduce((sum, { scored }) => sum + scored, 0),
      kept: results.reduce((sum, { kept }) => sum + kept, 0),
      cancelled: this.tools.signal.aborted,
      ...(this.stopped === undefined ? {} : { stopped: this.stopped }),
      ...(usage === undefined ? {} : { usage }),
    };
  }

  /** Never rejects: a trace that cannot be opened is an outcome. */
  private async open(i: number): Promise<OpenedTrace | { readonly error: unknown }> {
    const trace = this.traces[i];
    if (trace === undefined || this.signal.aborted) return { error: undefined };
    try {
      return await trace.open();
    } catch (error) {
      return { error };
    }
  }

  private async score(i: number, opened: OpenedTrace | { readonly error: unknown }): Promise<void> {
    const name = this.traces[i]?.name ?? '';
    try {
      if ('error' in opened) throw opened.error;
      const result = await this.scoreOpened(opened);
      this.judgeOutcome(result);
      this.outcomes[i] = { name, result };
    } catch (error) {
      this.outcomes[i] = { name, error };
      if (error instanceof ScoresNotWritten) {
        this.notWritten = error;
        this.ending.abort();
      } else this.failed(undefined, error);
    } finally {
      if ('state' in opened) opened.close?.();
      this.done++;
      this.report();
    }
  }

  private async scoreOpened({ state, log, doc }: OpenedTrace): Promise<ScoringResult> {
    const { judge, clock, signal, again = false } = this.tools;
    let [done, total] = [0, 0];
    const result = await scoreTrace(state, {
      judge,
      log,
      doc,
      clock,
      signal,
      again,
      slots: this.slots,
      isOver: () => this.ending.signal.aborted,
      stopping: (stopped) => {
        if (!isOfOneTrace(stopped)) this.end(stopped);
      },
      progress: (now, of) => {
        this.verdicts += now - done;
        [done, total] = [now, of];
        this.report();
      },
    });
    // A trace that another one's end has cut short says so.
    const { stopped } = this;
    return result.stopped === undefined && stopped !== undefined && done < total ? { ...result, stopped } : result;
  }

  private judgeOutcome({ stopped, scored, kept }: ScoringResult): void {
    if (stopped !== undefined && isOfOneTrace(stopped)) this.failed(stopped, stopped.error);
    else if (stopped === undefined && scored + kept > 0) this.failedInRow = 0;
  }

  private failed(stopped: Stopped | undefined, error: unknown): void {
    if (++this.failedInRow < MOST_FAILED) return;
    const message = stopped?.message ?? (error instanceof Error ? error.message : String(error));
    this.end({
      code: stopped?.code ?? 'faults-in-row',
      message: `${String(MOST_FAILED)} traces in a row could not be scored, so no more were begun. The last: ${message}`,
      error,
    });
  }

  private end(stopped: Stopped): void {
    this.stopped ??= stopped;
    this.ending.abort();
  }

  private report(): void {
    this.tools.progress({ traces: this.done, of: this.traces.length, verdicts: this.verdicts, name: this.name });
  }
}

/** Is it this trace's own trouble, which says nothing of the others? */
function isOfOneTrace({ code }: Stopped): boolean {
  return code === 'faults-in-row' || code === 'snapshot-changed' || code === 'too-long';
}
