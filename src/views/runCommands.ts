import { stat } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { plainLabel } from '../host/plainLabel';
import type { TrainingRuns } from '../host/trainingRuns';
import type { Artifact, Backend } from '../train/backends/backend';
import type { Run } from '../train/runs/run';

/** What the commands on runs act on. */
export interface RunCommandParts {
  readonly runs: Pick<TrainingRuns, 'follower' | 'backendOf'>;
}

/** How long a line in the status bar stays, and a backend is waited for, in milliseconds. */
const SAY_FOR = 8000;
const PATIENCE = 30_000;

/** Asks, then asks the backend for the run's end; the view says *stop requested* until it is true. @throws Error in words */
export async function stopRun({ runs }: RunCommandParts, run: Run): Promise<void> {
  const pressed = await vscode.window.showWarningMessage(
    `Stop ${plainLabel(run.title, 120)}?`,
    { modal: true, detail: `${plainLabel(run.backend.name)} is asked to end it. What was trained since its last checkpoint is lost, and a stopped run cannot go on: it would be launched anew.` },
    'Stop Run',
  );
  if (pressed !== 'Stop Run') return;
  await runs.follower.stop(run.id);
}

export async function pauseRun(parts: RunCommandParts, run: Run): Promise<void> {
  const backend = await backendOf(parts, run);
  if (backend.pause === undefined) throw new Error(`${backend.name} cannot pause a run. It can be stopped.`);
  await backend.pause(run, AbortSignal.timeout(PATIENCE));
  await parts.runs.follower.lookNow(run.id);
}

export async function resumeRun(parts: RunCommandParts, run: Run): Promise<void> {
  const backend = await backendOf(parts, run);
  if (backend.resume === undefined) throw new Error(`${backend.name} cannot resume a run.`);
  await backend.resume(run, AbortSignal.timeout(PATIENCE));
  await parts.runs.follower.lookNow(run.id);
}

/** Opens the file of the curated set that the run was made of. @throws Error where it is not there any more */
export async function openSet(run: Run): Promise<void> {
  const uri = setUri(run.set.path);
  if (uri === undefined || !(await isThere(uri.fsPath))) throw new Error(`The set ${run.set.path} is not there any more: it was deleted, moved or renamed. Its hash in the run’s record (${run.set.sha256.slice(0, 12)}…) tells it from others.`);
  await vscode.commands.executeCommand('vscode.open', uri);
}

/** Shows the folder that the run writes to, where it lies on this machine; else says where it lies. @throws Error in words */
export async function openOutput(parts: RunCommandParts, run: Run): Promise<void> {
  const found = await artifactsOf(parts, run);
  const artifact = await chosenArtifact(found, 'Open which output');
  if (artifact === undefined) return;
  if (path.isAbsolute(artifact.where) && (await isThere(artifact.where))) {
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(artifact.where));
    return;
  }
  const pressed = await vscode.window.showInformationMessage(`It does not lie on this machine but on ${plainLabel(run.backend.name)}: ${plainLabel(artifact.where, 500)}`, 'Copy');
  if (pressed === 'Copy') await copy(artifact.where);
}

/** Copies where the trained model lies, or what the backend calls it. @throws Error in words */
export async function copyModel(parts: RunCommandParts, run: Run): Promise<void> {
  if (run.model !== undefined) return copy(run.model);
  const artifact = await chosenArtifact(await artifactsOf(parts, run), 'Copy which model’s place');
  if (artifact !== undefined) await copy(artifact.where);
}

/** Copies all that is kept of the run, as JSON: with it the run can be made again. It holds no secret. */
export async function copyRecord(run: Run): Promise<void> {
  await vscode.env.clipboard.writeText(`${JSON.stringify(run, null, 2)}\n`);
  vscode.window.setStatusBarMessage(`Copied the record of ${plainLabel(run.title, 60)}`, SAY_FOR);
}

async function artifactsOf(parts: RunCommandParts, run: Run): Promise<readonly Artifact[]> {
  const backend = await backendOf(parts, run);
  const found = await backend.artifacts(run, AbortSignal.timeout(PATIENCE));
  const all = run.model === undefined || found.some(({ where }) => where === run.model) ? found : [{ label: 'the trained model', where: run.model }, ...found];
  if (all.length === 0) throw new Error(`${run.title} has left nothing behind yet, as far as ${backend.name} says.`);
  return all;
}

async function chosenArtifact(artifacts: readonly Artifact[], title: string): Promise<Artifact | undefined> {
  if (artifacts.length < 2) return artifacts[0];
  const rows = artifacts.map((artifact) => ({ label: plainLabel(artifact.label, 200), description: artifact.step === undefined ? '' : `after step ${artifact.step.toLocaleString('en-US')}`, detail: plainLabel(artifact.where, 500), artifact }));
  return (await vscode.window.showQuickPick(rows, { title }))?.artifact;
}

async function backendOf({ runs }: RunCommandParts, run: Run): Promise<Backend> {
  const backend = await runs.backendOf(run);
  if (backend === undefined) throw new Error(`The settings have no training backend at ${run.backend.url} any more. Add it again (“Add Training Backend…”), then try once more.`);
  return backend;
}

async function copy(where: string): Promise<void> {
  await vscode.env.clipboard.writeText(where);
  vscode.window.setStatusBarMessage(`Copied ${plainLabel(where, 80)}`, SAY_FOR);
}

/** The set's path is one from the workspace folder, or an absolute one. @returns `undefined` where there is no folder that it could be from */
export function setUri(set: string): vscode.Uri | undefined {
  if (path.isAbsolute(set)) return vscode.Uri.file(set);
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  return folder === undefined ? undefined : vscode.Uri.joinPath(folder.uri, set);
}

export function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
