import * as vscode from 'vscode';
import type { DatasetFiles } from '../host/datasetFiles';
import { plainLabel } from '../host/plainLabel';
import { tellFailure } from '../host/tellFailure';
import { rowUri } from '../host/rowUris';
import type { ScoreLogs } from '../host/scoreLogs';
import type { WorkspaceTraces } from '../host/workspaceTraces';
import type { JudgeIdentity } from '../judge/judge';
import { scoreFileName } from '../judge/scoreFileName';
import type { DatasetRow, EditableDataset, FieldsSave } from '../session/datasets/dataset';
import { nameOf } from '../session/datasets/rowPath';
import { judgeNameIn } from '../session/traceSummary';
import type { TraceState } from '../session/traceState';
import { scoreEdit, scoreName, takesScores } from '../session/datasets/verdictsAsScores';
import { countOf } from '../trace/countOf';
import type { Disposable } from '../trace/event';
import { chosenDataset } from './activeRow';

export interface WriteVerdictsParts {
  readonly datasets: DatasetFiles;
  readonly scores: ScoreLogs;
  readonly traces: WorkspaceTraces;
}

/** A sample with scores. */
interface Scored {
  readonly row: DatasetRow;
  readonly state: TraceState;
}

/** *Write Verdicts into the Log…*: a judge's verdicts as a score of each Inspect sample. Asks first how many, and where. */
export function registerWriteVerdicts(parts: WriteVerdictsParts): Disposable {
  return vscode.commands.registerCommand('cotLens.writeVerdicts', async () => {
    try {
      const path = await chosenDataset('Write verdicts into a log');
      if (path !== undefined) await parts.datasets.with(path, (dataset) => writeVerdicts(parts, dataset));
    } catch (error) {
      tellFailure(error);
    }
  });
}

async function writeVerdicts(parts: WriteVerdictsParts, dataset: EditableDataset): Promise<void> {
  const name = plainLabel(vscode.workspace.asRelativePath(dataset.path));
  const first = dataset.count === 0 ? undefined : await dataset.value(0);
  if (first === undefined || !takesScores(first)) {
    void vscode.window.showInformationMessage(`${name} is no log of Inspect, so there are no samples that could hold verdicts as scores.`);
    return;
  }
  const scored = await progressing(`Looking for scored samples of ${name}`, (signal) => scoredRows(parts, dataset, signal));
  if (scored === undefined) return;
  const judge = await chooseJudge(scored);
  if (judge === undefined) {
    if (scored.length === 0) void vscode.window.showInformationMessage(`No sample of ${name} has scores yet. Open its rows, or select them in the Traces view, and score them first.`);
    return;
  }
  const saves = await editsOf(dataset, scored, judge.key);
  const samples = countOf(saves.length, 'sample');
  if (saves.length === 0) {
    void vscode.window.showInformationMessage(`Nothing to write: no sample of ${name} has verdicts of ${judge.label} on its text as it is now.`);
    return;
  }
  const sure = await vscode.window.showWarningMessage(
    `Write the verdicts of ${judge.label} into ${samples} of ${name}?`,
    { modal: true, detail: `Each sample gets a score “${scoreName(judge.identity)}”, or a new one in its place; all else stays as it is. Inspect's own totals change when Inspect computes them anew.` },
    'Write',
  );
  if (sure === undefined) return;
  const changed = await progressing(`Writing verdicts into ${name}`, (signal) => dataset.writeFields(saves, signal, () => undefined));
  if (changed === undefined) return;
  const left = changed.length === 0 ? '' : ` ${countOf(changed.length, 'sample')} changed meanwhile and ${changed.length === 1 ? 'was' : 'were'} left alone.`;
  void vscode.window.showInformationMessage(`Verdicts written into ${countOf(saves.length - changed.length, 'sample')} of ${name}.${left}`);
}

async function scoredRows({ scores, traces }: WriteVerdictsParts, dataset: EditableDataset, signal: AbortSignal): Promise<Scored[]> {
  const found: Scored[] = [];
  let files: ReadonlySet<string> | undefined;
  for await (const row of dataset.rows(signal)) {
    const [trace] = row.traces;
    if (trace === undefined) continue;
    const uri = rowUri({ dataset: dataset.path, key: row.key, ordinal: row.ordinal, variant: trace.variant === undefined ? undefined : nameOf(trace.variant) });
    const { log, doc } = scores.of(uri);
    files ??= await log.scoreFiles();
    if (!files.has(scoreFileName(doc)) && log.scores(doc).all().length === 0) continue;
    const opened = await traces.of(uri).open();
    found.push({ row, state: opened.state });
    opened.close?.();
  }
  return found;
}

async function chooseJudge(scored: readonly Scored[]): Promise<{ readonly key: string; readonly identity: JudgeIdentity; readonly label: string } | undefined> {
  const judges = new Map(scored.flatMap(({ state }) => state.judges.map(({ key, identity }) => [key, { key, identity, label: plainLabel(judgeNameIn(state, identity)) }] as const)));
  const [only, ...others] = judges.values();
  if (others.length === 0) return only;
  return vscode.window.showQuickPick([...judges.values()], { title: 'Whose verdicts to write', placeHolder: 'Verdicts of two judges become two scores' });
}

async function editsOf(dataset: EditableDataset, scored: readonly Scored[], judge: string): Promise<FieldsSave[]> {
  const now = new Date().toISOString();
  const saves: FieldsSave[] = [];
  for (const { row, state } of scored) {
    const { ordinal, key, hash } = row;
    const edit = scoreEdit(state, judge, now, await dataset.value(ordinal));
    if (edit !== undefined) saves.push({ ordinal, key, hash, edits: [edit] });
  }
  return saves;
}

/** @returns `undefined` where it was cancelled */
async function progressing<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (_progress, token) => {
    const cancel = new AbortController();
    token.onCancellationRequested(() => {
      cancel.abort();
    });
    try {
      return await work(cancel.signal);
    } catch (error) {
      if (cancel.signal.aborted) return undefined;
      throw error;
    }
  });
}
