import * as vscode from 'vscode';
import type { Judges } from '../host/judges';
import { plainLabel } from '../host/plainLabel';
import type { ReadyJudge, Sending } from '../host/readyJudge';
import type { Rubrics } from '../host/rubrics';
import { readyJudge } from '../host/scoreByChosen';
import type { SendConsent } from '../host/sendConsent';
import type { WorkspaceTrace, WorkspaceTraces } from '../host/workspaceTraces';
import { sumEstimates } from '../judge/model/estimate';
import { identityKey } from '../judge/scoreRecord';
import { missingOf } from '../session/missing';
import { scoreTraces, type TracesResult } from '../session/scoreTraces';
import { usageInWords, type SendingPlan } from '../session/sendingInWords';
import { failuresOf, tracesInWords } from '../session/tracesInWords';
import type { TraceStore } from '../session/traceStore';
import { systemClock } from '../trace/clock';
import { countOf } from '../trace/countOf';
import type { Disposable } from '../trace/event';

/** The parts that the command acts on. */
export interface ScoreTracesParts {
  readonly judges: Judges;
  readonly rubrics: Rubrics;
  readonly consent: SendConsent;
  readonly traces: WorkspaceTraces;
  readonly store: TraceStore;
  readonly output: vscode.LogOutputChannel;
}

/** Scoring many traces at once, one run at a time. */
export interface ScoreTracesCommand extends Disposable {
  /** Scores these with the chosen judge, after one question that says what all of it comes to. Tells of failures itself. */
  score(traces: readonly WorkspaceTrace[]): Promise<void>;
}

/** *Score Traces of the Workspace…*: the chosen judge on many traces, after one question that says what all of it comes to. */
export function registerScoreTraces(parts: ScoreTracesParts): ScoreTracesCommand {
  let underWay = false;
  const alone = async (run: () => Promise<void>): Promise<void> => {
    if (underWay) {
      void vscode.window.showInformationMessage('Traces of the workspace are being scored already. Wait for the end, or cancel that run.');
      return;
    }
    underWay = true;
    try {
      await run();
    } catch (error) {
      const said = plainLabel(error instanceof Error ? error.message : String(error), 1000);
      parts.output.error(said);
      void vscode.window.showErrorMessage(`CoT Lens: ${said}`);
    } finally {
      underWay = false;
    }
  };
  const command = vscode.commands.registerCommand('cotLens.scoreTraces', () => alone(() => pickAndScore(parts)));
  return {
    score: (traces) => alone(() => scoreChosenTraces(parts, traces)),
    dispose: () => {
      command.dispose();
    },
  };
}

async function pickAndScore(parts: ScoreTracesParts): Promise<void> {
  const found = await parts.traces.find();
  if (found.length === 0) {
    void vscode.window.showInformationMessage('This workspace has no .cot file, and no trace is open. “Inspect as Trace” makes one of any text.');
    return;
  }
  const rows = found.map((trace) => ({ trace, label: plainLabel(trace.name, 120), picked: true }));
  const picked = await vscode.window.showQuickPick(rows, {
    title: `Which traces ${plainLabel(parts.judges.label)} is to score`,
    placeHolder: 'What it has scored already is not asked for again',
    canPickMany: true,
  });
  if (picked !== undefined && picked.length > 0) await scoreChosenTraces(parts, picked.map(({ trace }) => trace));
}

async function scoreChosenTraces(parts: ScoreTracesParts, traces: readonly WorkspaceTrace[]): Promise<void> {
  const chosen = traces.filter(({ uri }) => !parts.traces.isRunning(uri));
  if (chosen.length === 0) {
    void vscode.window.showInformationMessage('These traces are being scored already, from their editors. Wait for the end, or run “Stop Scoring” there.');
    return;
  }
  // A folder may have a rubric of its own, and a run has one.
  if (new Set(chosen.map(({ uri, resource }) => parts.rubrics.chosen(resource ?? uri)?.toString())).size > 1) {
    void vscode.window.showInformationMessage('These traces lie in folders with different rubrics. Choose traces of one folder at a time.');
    return;
  }
  const ready = await readyJudge(parts.judges, chosen[0]?.resource ?? chosen[0]?.uri);
  if (ready === undefined) return;
  const plan = await planOf(chosen, ready);
  if (plan === undefined) return;
  if (plan.steps + plan.answers === 0) {
    void vscode.window.showInformationMessage(`${plainLabel(parts.judges.label)} has scored all of it already.`);
    return;
  }
  if (!(await parts.consent.ask(ready, plan))) return;
  const result = await run(chosen, ready);
  ready.remember();
  tell(parts, chosen, ready, result);
}

/** Reads every trace and sums up what is missing; `undefined` where the person cancelled. What cannot be read is told by the run. */
async function planOf(traces: readonly WorkspaceTrace[], ready: ReadyJudge): Promise<SendingPlan | undefined> {
  return progressing('Reading traces', async (report, signal) => {
    const plan = { traces: 0, steps: 0, answers: 0 };
    const sendings: Sending[] = [];
    for (const [i, trace] of traces.entries()) {
      if (signal.aborted) return undefined;
      report(i / traces.length, `${String(i)} of ${String(traces.length)}`);
      const opened = await trace.open().catch(() => undefined);
      if (opened === undefined) continue;
      const { view } = missingOf(opened.state, opened.log.scores(opened.doc), ready.judge);
      opened.close?.();
      if (view.wanted.length === 0 && !view.wantsAnswer) continue;
      plan.traces++;
      plan.steps += view.wanted.length;
      plan.answers += view.wantsAnswer ? 1 : 0;
      sendings.push(ready.sending(view));
    }
    return { ...plan, ...sumEstimates(sendings) };
  });
}

function run(traces: readonly WorkspaceTrace[], ready: ReadyJudge): Promise<TracesResult> {
  return progressing(`Scoring ${countOf(traces.length, 'trace')} · ${plainLabel(ready.judge.identity.label)}`, (report, signal) =>
    scoreTraces(traces, {
      judge: ready.judge,
      clock: systemClock,
      signal,
      progress: ({ traces: done, of, verdicts }) => {
        report(done / of, `${String(done)} of ${countOf(of, 'trace')}, ${countOf(verdicts, 'verdict')}`);
      },
    }),
  );
}

function tell({ output, store }: ScoreTracesParts, traces: readonly WorkspaceTrace[], ready: ReadyJudge, result: TracesResult): void {
  const tokens = result.usage === undefined ? '' : ` ${usageInWords(result.usage, ready.price)}.`;
  const said = `${tracesInWords(result)}${tokens}`;
  output.info(`${ready.judge.identity.label}: ${said}`);
  const failures = failuresOf(result);
  for (const { name, why } of failures) output.warn(`${name}: ${why}`);
  // What is open shows who has just scored it.
  for (const [i, { uri }] of traces.entries()) {
    const outcome = result.traces[i]?.result;
    if (outcome !== undefined && outcome.scored > 0) store.show(uri.toString(), identityKey(outcome.identity));
  }
  const log = 'Show Log';
  const message =
    result.stopped !== undefined
      ? vscode.window.showErrorMessage(`CoT Lens: ${plainLabel(`${result.stopped.message} ${said}`, 1000)}`, log)
      : failures.length > 0
        ? vscode.window.showWarningMessage(`CoT Lens: ${plainLabel(said, 1000)}`, log)
        : vscode.window.showInformationMessage(plainLabel(said, 1000));
  void Promise.resolve(message).then((picked) => {
    if (picked === log) output.show();
  });
}

/** Runs with a notification that shows how far it is and can be cancelled. */
function progressing<T>(title: string, work: (report: (share: number, message: string) => void, signal: AbortSignal) => Promise<T>): Promise<T> {
  const run = async (progress: vscode.Progress<{ message?: string; increment?: number }>, token: vscode.CancellationToken): Promise<T> => {
    const cancel = new AbortController();
    token.onCancellationRequested(() => {
      cancel.abort();
    });
    let shown = 0;
    return work((share, message) => {
      const percent = Math.floor(share * 100);
      progress.report({ message, increment: percent - shown });
      shown = percent;
    }, cancel.signal);
  };
  return Promise.resolve(vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, run));
}
