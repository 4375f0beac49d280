import * as vscode from 'vscode';
import { identityKey } from '../judge/scoreRecord';
import type { JudgeIdentity } from '../judge/judge';
import { missingOf } from '../session/missing';
import { keptInWords, troubleOf } from '../session/runInWords';
import { scoreTrace } from '../session/scoreTrace';
import type { ScoringResult } from '../session/scoringResult';
import { usageInWords } from '../session/sendingInWords';
import type { TraceStore } from '../session/traceStore';
import type { TraceState } from '../session/traceState';
import { systemClock } from '../trace/clock';
import { countOf } from '../trace/countOf';
import type { Disposable } from '../trace/event';
import type { Logger } from '../trace/logger';
import type { PutOff } from './judges';
import { LateProgress } from './lateProgress';
import type { OpenTraces } from './openTraces';
import { plainLabel } from './plainLabel';
import type { ReadyJudge } from './readyJudge';
import type { ScoreLogs } from './scoreLogs';
import type { ScoringOffers } from './scoringOffers';
import type { SendConsent } from './sendConsent';

/** How long a line in the status bar stays, in milliseconds. */
const SAY_FOR = 10_000;

/** How long a pause that the server did not name is taken for, in seconds. */
const A_LITTLE = 2;

/** How a run differs from the usual one. */
export interface RunOptions {
  /** Ask also for what could not be scored before. */
  readonly again?: boolean;
}

/** What scoring builds on. */
export interface ScoringParts {
  readonly traces: OpenTraces;
  readonly store: TraceStore;
  readonly scores: ScoreLogs;
  readonly consent: Pick<SendConsent, 'ask'>;
  readonly offers: Pick<ScoringOffers, 'make'>;
  readonly onDidPutOff: vscode.Event<PutOff>;
  readonly log: Logger;
}

/** Scores open traces on request: one run per document at a time, cancellable, its progress in the store. */
export class Scoring implements Disposable {
  private readonly running = new Map<string, AbortController>();
  private readonly listening: vscode.Disposable;

  constructor(private readonly parts: ScoringParts) {
    // What nobody looks at any more is not scored any further; the verdicts so far are kept.
    this.listening = vscode.workspace.onDidCloseTextDocument((document) => {
      this.stop(document);
    });
  }

  dispose(): void {
    this.listening.dispose();
    for (const run of this.running.values()) run.abort();
  }

  /**
   * Scores what this judge has not scored of the document yet, after the question that goes before text leaves this machine, and
   * shows its curve. Errors are shown, with what can be done about them, not thrown.
   * @returns what the run did; `undefined` where there was none, which was said
   */
  async score(document: vscode.TextDocument, ready: ReadyJudge, options: RunOptions = {}): Promise<ScoringResult | undefined> {
    const uri = document.uri.toString();
    const state = this.parts.traces.state(document);
    if (state === undefined) return undefined;
    if (this.running.has(uri)) {
      vscode.window.setStatusBarMessage('This trace is being scored already; “Stop Scoring” ends that run, and what it has scored is kept', SAY_FOR);
      return undefined;
    }
    if (state.turn.steps.length === 0) {
      void vscode.window.showInformationMessage('There are no steps here to score. Write or paste reasoning first.');
      return undefined;
    }
    const run = new AbortController();
    this.running.set(uri, run);
    try {
      const { log, doc } = this.parts.scores.of(document.uri);
      await log.load(doc);
      if (!(await this.mayAsk(this.parts.traces.state(document) ?? state, ready, options))) return undefined;
      // While the question was open the text may have changed: what is scored is what stands there now.
      const result = await this.run(document, this.parts.traces.state(document) ?? state, ready, options, run);
      this.tell(document, ready, result);
      return result;
    } catch (error) {
      const message = plainLabel(error instanceof Error ? error.message : String(error), 1000);
      this.parts.log.error(`${vscode.workspace.asRelativePath(document.uri)}: ${message}`);
      void vscode.window.showErrorMessage(`CoT Lens: ${message}`);
      return undefined;
    } finally {
      this.running.delete(uri);
      this.parts.store.setScoring(uri, undefined);
    }
  }

  /** Cancels a document's run; the verdicts so far are kept, and the next run goes on from there. */
  stop(document: vscode.TextDocument): void {
    this.running.get(document.uri.toString())?.abort();
  }

  private mayAsk(state: TraceState, ready: ReadyJudge, { again = false }: RunOptions): Promise<boolean> {
    const { log, doc } = this.parts.scores.of(vscode.Uri.parse(state.uri));
    const { view } = missingOf(state, log.scores(doc), ready.judge, again);
    const answers = view.wantsAnswer ? 1 : 0;
    if (ready.destination === undefined || view.wanted.length + answers === 0) return Promise.resolve(true);
    return this.parts.consent.ask(ready, { traces: 1, steps: view.wanted.length, answers, ...ready.sending(view) });
  }

  private async run(
    document: vscode.TextDocument,
    state: TraceState,
    ready: ReadyJudge,
    { again = false }: RunOptions,
    run: AbortController,
  ): Promise<ScoringResult> {
    const { store, scores, onDidPutOff } = this.parts;
    const { judge, destination } = ready;
    const uri = document.uri.toString();
    const { log, doc } = scores.of(document.uri);
    this.sayWhoIsShown(state, judge.identity);
    const progress = new LateProgress(`Scoring steps · ${plainLabel(ready.name === 'offline' ? judge.identity.label : ready.name)}`, run);
    const listening = onDidPutOff((putOff) => {
      if (putOff.origin === destination?.origin) progress.waits(putOffInWords(putOff), (putOff.seconds ?? A_LITTLE) * 1000);
    });
    let scoring = judge.identity;
    try {
      return await scoreTrace(state, {
        judge,
        log,
        doc,
        clock: systemClock,
        signal: run.signal,
        again,
        identified: (identity) => {
          scoring = identity;
          store.show(uri, identityKey(identity));
        },
        progress: (done, total) => {
          progress.report(done, total);
          store.setScoring(uri, { judge: scoring, done, total });
        },
      });
    } finally {
      listening.dispose();
      progress.end();
      ready.remember();
    }
  }

  private sayWhoIsShown({ judge: shown }: TraceState, scores: JudgeIdentity): void {
    if (shown === undefined || shown.label === scores.label) return;
    vscode.window.setStatusBarMessage(
      `Now showing ${plainLabel(scores.label)}; “Show Scores Of…” goes back to ${plainLabel(shown.label)}`,
      SAY_FOR,
    );
  }

  private tell(document: vscode.TextDocument, ready: ReadyJudge, result: ScoringResult): void {
    const { identity, scored, kept, usage, cancelled, stopped, faults } = result;
    const doc = vscode.workspace.asRelativePath(document.uri);
    const tokens = usage === undefined ? '' : usageInWords(usage, ready.price);
    const who = `${identity.label}${identity.model === undefined ? '' : ` (${identity.model})`}, ${identity.protocol}, rubric ${identity.rubric}`;
    this.parts.log.info(
      `${doc}: ${countOf(scored, 'verdict')} by ${who}; ${String(kept)} kept from before${cancelled ? '; cancelled' : ''}${tokens === '' ? '' : `; ${tokens}`}.`,
    );
    for (const { message } of faults) this.parts.log.warn(`${doc}: ${message}`);
    if (stopped !== undefined) this.parts.log.error(`${doc}: ${stopped.code}: ${stopped.message}`);
    // Of the heuristic there is nothing to say that the curve does not show.
    if (tokens !== '') vscode.window.setStatusBarMessage(`${keptInWords(result)} ${tokens}`, SAY_FOR);
    const trouble = troubleOf(result);
    if (trouble === undefined) return;
    // The run is over; what the person makes of it is another thing.
    void this.parts.offers
      .make(trouble, { document, ready, identity, score: (renewed, options) => this.score(document, renewed, options) })
      .catch((error: unknown) => {
        this.parts.log.error(`What was offered could not be done: ${String(error)}`);
      });
  }
}

function putOffInWords({ origin, why, seconds }: PutOff): string {
  const what = {
    'rate-limited': 'takes no more requests for now',
    'server-error': 'failed for the moment',
    'connection-lost': 'cannot be reached for the moment',
  }[why];
  const { host } = new URL(origin);
  return `${host} ${what}; waiting ${seconds === undefined ? 'a little' : countOf(Math.ceil(seconds), 'second')}`;
}
