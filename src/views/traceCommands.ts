import * as vscode from 'vscode';
import type { SeriesChoice } from '../curve/series';
import type { Judges } from '../host/judges';
import type { OpenTraces } from '../host/openTraces';
import { plainLabel } from '../host/plainLabel';
import { scoreByChosen } from '../host/scoreByChosen';
import type { ScoreLogs } from '../host/scoreLogs';
import type { Scoring } from '../host/scoring';
import type { Settings } from '../host/settings';
import { reachable } from '../session/reachable';
import { setIntentEdit } from '../session/setIntent';
import type { TraceState } from '../session/traceState';
import { judgeNameIn, summaryLine } from '../session/traceSummary';
import type { TraceStore } from '../session/traceStore';
import { countOf } from '../trace/countOf';
import type { Disposable } from '../trace/event';
import { INTENTS } from '../trace/intent';

/** The parts that the commands act on. */
export interface CommandParts {
  readonly traces: OpenTraces;
  readonly store: TraceStore;
  readonly scores: ScoreLogs;
  readonly scoring: Scoring;
  readonly settings: Settings;
  readonly judges: Judges;
  readonly output: vscode.LogOutputChannel;
}

/** Everything in the palette that acts on the open trace. */
export function registerTraceCommands(parts: CommandParts): Disposable {
  const commands: Record<string, () => Promise<void> | void> = {
    inspectAsTrace,
    score: () =>
      onTrace(parts, async (document) => {
        await scoreByChosen(parts.judges, parts.scoring, document);
      }),
    stopScoring: () =>
      onTrace(parts, (document) => {
        parts.scoring.stop(document);
      }),
    switchSeries: () => onTrace(parts, (document, state) => switchSeries(parts, document, state)),
    showScoresOf: () => onTrace(parts, (document, state) => showScoresOf(parts, document, state)),
    setIntent: () => onTrace(parts, (document, state) => setIntent(parts, document, state)),
    compactScores: () => onTrace(parts, (document) => compactScores(parts, document)),
    showActions: () => onTrace(parts, (_document, state) => showActions(parts, state)),
    showLog: () => {
      parts.output.show();
    },
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(`cotLens.${name}`, run)),
  );
}

async function onTrace(
  { traces }: CommandParts,
  act: (document: vscode.TextDocument, state: TraceState) => Promise<void> | void,
): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  const state = document === undefined ? undefined : traces.state(document);
  if (document === undefined || state === undefined) {
    void vscode.window.showInformationMessage('Open a trace first, or turn the open text into one with “Inspect as Trace”.');
    return;
  }
  await act(document, state);
}

async function inspectAsTrace(): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined) {
    void vscode.window.showInformationMessage(
      'No text is open in an editor. VS Code hands no text above 50 MB to extensions; cut such a file up first.',
    );
    return;
  }
  await vscode.languages.setTextDocumentLanguage(document, 'cot');
}

async function switchSeries({ settings }: CommandParts, document: vscode.TextDocument, state: TraceState): Promise<void> {
  const now = settings.traceOptions(document).series;
  const choice = (value: SeriesChoice, label: string, description: string): vscode.QuickPickItem & { value: SeriesChoice } => ({
    value,
    label: value === now ? `$(check) ${label}` : label,
    description,
  });
  const picked = await vscode.window.showQuickPick(
    [
      choice('auto', 'By intent', `this prompt is ${state.trace.intent}: ${state.shown.join(' and ')}`),
      choice('harmfulness', 'Harmfulness', '1 to 5, higher is worse'),
      choice('helpfulness', 'Helpfulness', '1 to 5, higher is better'),
      choice('both', 'Both', 'harmfulness thick, helpfulness thin'),
    ],
    { title: 'Which curve to show' },
  );
  if (picked !== undefined) await settings.setSeries(document, picked.value);
}

async function showScoresOf({ store, judges }: CommandParts, document: vscode.TextDocument, state: TraceState): Promise<void> {
  if (state.judges.length === 0) {
    void vscode.window.showInformationMessage(`Nobody has scored this trace yet. “Score Steps” scores it with ${judges.isOffline ? 'the offline heuristic' : plainLabel(judges.label)}.`);
    return;
  }
  const picked = await vscode.window.showQuickPick(
    state.judges.map(({ key, identity }) => ({
      key,
      label: plainLabel(judgeNameIn(state, identity)),
      description: plainLabel([identity.model, `rubric ${identity.rubric}`].filter((part) => part !== undefined).join(', ')),
    })),
    { title: 'Whose scores to show', placeHolder: 'Scores of two judges are never drawn as one curve' },
  );
  if (picked !== undefined) store.show(document.uri.toString(), picked.key);
}

async function setIntent({ traces }: CommandParts, document: vscode.TextDocument, state: TraceState): Promise<void> {
  const what = {
    harmful: 'asks for something harmful: the harmfulness curve is its own',
    benign: 'asks for something harmless: the helpfulness curve is its own',
    ambiguous: 'can be read either way: both curves',
    unknown: 'nobody has said: both curves, none is named',
  };
  const picked = await vscode.window.showQuickPick(
    INTENTS.map((intent) => ({ intent, label: intent === state.trace.intent ? `$(check) ${intent}` : intent, description: what[intent] })),
    { title: 'What the prompt asks for', placeHolder: 'Written into the front matter; judges are told, so their scores become stale' },
  );
  // While the list was open the text may have changed: what is edited is what stands there now.
  const now = picked === undefined ? undefined : traces.state(document);
  if (picked === undefined || now === undefined || picked.intent === now.trace.intent) return;
  const put = setIntentEdit(now.trace, picked.intent);
  if (put === undefined) {
    void vscode.window.showWarningMessage('The intent cannot be written into this front matter. Mend the front matter first: what is wrong with it is said in Problems.');
    return;
  }
  const { start, end, text } = put;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
  await vscode.workspace.applyEdit(edit);
}

async function compactScores({ scores, traces }: CommandParts, document: vscode.TextDocument): Promise<void> {
  const sure = await vscode.window.showWarningMessage(
    'Drop the scores of this trace that its text can no longer reach?',
    { modal: true, detail: 'Scores of earlier versions of its steps go, and an undo of an edit will not bring them back. Scores of the text as it is now stay, of all judges.' },
    'Compact',
  );
  // While the dialog was open the text may have changed: what is kept are the scores of the text as it is now.
  const now = sure === undefined ? undefined : traces.state(document);
  if (now === undefined) return;
  const { log, doc } = scores.of(document.uri);
  const { before, after } = await log.compact(doc, reachable(now));
  void vscode.window.showInformationMessage(`${String(before - after)} of ${String(before)} score records dropped.`);
}

async function showActions({ judges }: CommandParts, state: TraceState): Promise<void> {
  const open = state.verdicts.filter((joined) => joined === undefined || joined.stale).length;
  const action = (icon: string, label: string, command: string, description = ''): vscode.QuickPickItem & { command: string } => ({
    label: `$(${icon}) ${label}`,
    description,
    command: `cotLens.${command}`,
  });
  const picked = await vscode.window.showQuickPick(
    [
      action('pulse', 'Score Steps', 'score', `${plainLabel(judges.label)}: ${open === 0 ? 'what it has not scored yet' : `${countOf(open, 'step')} not scored or stale`}`),
      action('graph-line', 'Show Curves', 'showCurves', 'beside the editor'),
      action('arrow-down', 'Next Turning Point', 'nextTurningPoint'),
      action('arrow-up', 'Previous Turning Point', 'previousTurningPoint'),
      action('arrow-swap', 'Switch Series…', 'switchSeries', state.shown.join(' and ')),
      action('law', 'Choose Judge…', 'chooseJudge', plainLabel(judges.label)),
      action('account', 'Show Scores Of…', 'showScoresOf', state.judge === undefined ? 'nobody yet' : plainLabel(judgeNameIn(state, state.judge))),
      action('json', 'What Was Sent…', 'whatWasSent', 'the request and reply behind the score at the cursor'),
      action('edit', 'Score by Hand…', 'scoreByHand', 'with the keys 1 to 5, blind to all other scores'),
      action('history', 'Compare Prefix with Whole-Trace', 'compareProtocols', 'what the judge says when it knows what comes later'),
      action('question', 'Set Intent…', 'setIntent', state.trace.intent),
      action('archive', 'Compact Scores…', 'compactScores'),
    ],
    { title: plainLabel(summaryLine(state), 120) },
  );
  if (picked !== undefined) await vscode.commands.executeCommand(picked.command);
}
