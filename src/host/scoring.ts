import * as vscode from 'vscode';
import type { PrefixJudge } from '../judge/judge';
import { identityKey } from '../judge/scoreRecord';
import { scoreTrace } from '../session/scoreTrace';
import type { TraceStore } from '../session/traceStore';
import { systemClock } from '../trace/clock';
import type { Disposable } from '../trace/event';
import type { Logger } from '../trace/logger';
import type { OpenTraces } from './openTraces';
import { plainLabel } from './plainLabel';
import type { ScoreLogs } from './scoreLogs';

/** A run that lasts longer than this shows a progress notification with a cancel button, in milliseconds. */
const SHOW_PROGRESS_AFTER = 1000;
/** How long a line in the status bar stays, in milliseconds. */
const SAY_FOR = 10_000;

/** Scores open traces on request: one run per document at a time, cancellable, its progress in the store. */
export class Scoring implements Disposable {
  private readonly running = new Map<string, AbortController>();
  private readonly listening: vscode.Disposable;

  constructor(
    private readonly traces: OpenTraces,
    private readonly store: TraceStore,
    private readonly scores: ScoreLogs,
    private readonly log: Logger,
  ) {
    // What nobody looks at any more is not scored any further; the verdicts so far are kept.
    this.listening = vscode.workspace.onDidCloseTextDocument((document) => {
      this.stop(document);
    });
  }

  dispose(): void {
    this.listening.dispose();
    for (const run of this.running.values()) run.abort();
  }

  /** Scores what this judge has not scored of the document yet, and shows its curve. Errors are shown, not thrown. */
  async score(document: vscode.TextDocument, judge: PrefixJudge): Promise<void> {
    const uri = document.uri.toString();
    const state = this.traces.state(document);
    if (state === undefined || this.running.has(uri)) return;
    if (state.turn.steps.length === 0) {
      void vscode.window.showInformationMessage('There are no steps here to score. Write or paste reasoning first.');
      return;
    }
    const run = new AbortController();
    this.running.set(uri, run);
    const shown = identityKey(judge.identity);
    if (state.judge !== undefined && identityKey(state.judge) !== shown) {
      vscode.window.setStatusBarMessage(
        `Now showing ${plainLabel(judge.identity.label)}; “Show Scores Of…” goes back to ${plainLabel(state.judge.label)}`,
        SAY_FOR,
      );
    }
    this.store.show(uri, shown);
    const { log, doc } = this.scores.of(document.uri);
    const progress = new LateProgress(`Scoring steps · ${judge.identity.label}`, run);
    try {
      await log.load(doc);
      const result = await scoreTrace(this.traces.state(document) ?? state, {
        judge,
        log,
        doc,
        clock: systemClock,
        signal: run.signal,
        progress: (done, total) => {
          progress.report(done, total);
          this.store.setScoring(uri, { judge: judge.identity, done, total });
        },
      });
      this.log.info(
        `${doc}: ${String(result.scored)} verdicts by ${judge.identity.label} (${judge.identity.rubric}), ${String(result.kept)} kept${result.cancelled ? ', cancelled' : ''}.`,
      );
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.log.error(`${doc}: ${message}`);
      void vscode.window.showErrorMessage(`CoT Lens: ${message}`);
    } finally {
      progress.end();
      this.running.delete(uri);
      this.store.setScoring(uri, undefined);
    }
  }

  /** Cancels a document's run; the verdicts so far are kept, and the next run goes on from there. */
  stop(document: vscode.TextDocument): void {
    this.running.get(document.uri.toString())?.abort();
  }
}

/** A progress notification that appears only if a run takes long. */
class LateProgress {
  private show: ((value: { message: string; increment: number }) => void) | undefined;
  private finish: (() => void) | undefined;
  private readonly timer: NodeJS.Timeout;
  private percent = 0;

  constructor(title: string, run: AbortController) {
    this.timer = setTimeout(() => {
      void vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title, cancellable: true },
        (progress, token) => {
          token.onCancellationRequested(() => {
            run.abort();
          });
          this.show = (value) => {
            progress.report(value);
          };
          return new Promise<void>((resolve) => {
            this.finish = resolve;
          });
        },
      );
    }, SHOW_PROGRESS_AFTER);
  }

  report(done: number, total: number): void {
    const percent = Math.floor((100 * done) / total);
    if (percent === this.percent) return;
    this.show?.({ message: `${String(done)} of ${String(total)}`, increment: percent - this.percent });
    this.percent = percent;
  }

  end(): void {
    clearTimeout(this.timer);
    this.finish?.();
  }
}
