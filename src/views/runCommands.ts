import * as path from 'node:path';
import * as vscode from 'vscode';
import { plainLabel } from '../host/plainLabel';
import type { TrainingRuns } from '../host/trainingRuns';
import { nodeFiles } from '../session/nodeFiles';
import { outputDirOf } from '../session/training/runsModel';
import { setOfRun } from '../session/training/setOfRun';
import type { Artifact, Backend } from '../train/backends/backend';
import { hasEnded, type Run } from '../train/runs/run';
import { askBackend, tellBackend } from './runAsk';
import { isThere, ownFolders } from './runSetFile';
import { launchedAt } from './runsViewWords';

/** What the commands on runs act on. */
export interface RunCommandParts {
  readonly runs: Pick<TrainingRuns, 'follower' | 'backendOf'>;
}

/** How long a line in the status bar stays, and a backend is waited for, in milliseconds. */
const SAY_FOR = 8000;
const PATIENCE = 30_000;

/** Asks, then asks the backend for the run's end; the view says *stop requested* until it is true. @throws Error in words */
export async function stopRun({ runs }: RunCommandParts, run: Run): Promise<void> {
  if (hasEnded(run.state)) throw new Error(`${run.title}, launched ${launchedAt(run)}, has ended (${run.state}). There is nothing to stop.`);
  const pressed = await vscode.window.showWarningMessage(
    `Stop ${plainLabel(run.title, 120)}?`,
    { modal: true, detail: `Launched ${plainLabel(launchedAt(run))} as ${plainLabel(run.id, 200)}.\n\n${plainLabel(run.backend.name)} is asked to end it. What was trained since its last checkpoint is lost, and a stopped run cannot go on: it would be launched anew.` },
    'Stop Run',
  );
  if (pressed !== 'Stop Run') return;
  await tellBackend(`Asking ${run.backend.name} to stop ${run.title}`, () => runs.follower.stop(run.id));
}

/** Asks how a run is now, without waiting for its turn. @throws Error in words */
export async function lookAtRun({ runs }: RunCommandParts, run: Run): Promise<void> {
  await askBackend(`Asking ${run.backend.name} how ${run.title} is`, (signal) => runs.follower.lookNow(run.id, signal));
}

export async function pauseRun(parts: RunCommandParts, run: Run): Promise<void> {
  const backend = await backendOf(parts, run);
  if (backend.pause === undefined) throw new Error(`${backend.name} cannot pause a run. It can be stopped.`);
  await tellBackend(`Asking ${backend.name} to pause ${run.title}`, async () => backend.pause?.(run, AbortSignal.timeout(PATIENCE)));
  await lookAtRun(parts, run);
}

export async function resumeRun(parts: RunCommandParts, run: Run): Promise<void> {
  const backend = await backendOf(parts, run);
  if (backend.resume === undefined) throw new Error(`${backend.name} cannot resume a run.`);
  await tellBackend(`Asking ${backend.name} to resume ${run.title}`, async () => backend.resume?.(run, AbortSignal.timeout(PATIENCE)));
  await lookAtRun(parts, run);
}

/** Opens the file of the curated set that the run was made of. @throws Error where it is not there any more */
export async function openSet(run: Run): Promise<void> {
  const place = await setOfRun(run.set, ownFolders(), nodeFiles);
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(place));
}

/** Shows the folder that the run writes to, where it lies on this machine; else says where it lies. @throws Error in words */
export async function openOutput(parts: RunCommandParts, run: Run): Promise<void> {
  const artifact = await chosenArtifact(await artifactsOf(parts, run), 'Open which output');
  if (artifact === undefined) return;
  const isHere = isOwnPlace(artifact.where) && (await isThere(artifact.where));
  if (isHere && hasFileManager()) {
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(artifact.where));
    return;
  }
  const where = plainLabel(artifact.where, 500);
  const said = isHere ? `It lies on the machine that this window works on, and no file manager can be opened from here: ${where}` : `It does not lie on this machine but on ${plainLabel(run.backend.name)}: ${where}`;
  const pressed = await vscode.window.showInformationMessage(said, 'Copy');
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

/** What a run left behind; none where the person gave up waiting for it. */
async function artifactsOf(parts: RunCommandParts, run: Run): Promise<readonly Artifact[]> {
  const folder = outputDirOf(run);
  // No cluster hands files out: that its run was told to write there is all that is known, and nobody need be asked for that.
  if (run.backend.kind === 'ray' && folder !== undefined) return [{ label: 'the trained model', where: folder }];
  const backend = await backendOf(parts, run);
  const found = await askBackend(`Asking ${backend.name} what ${run.title} left behind`, (signal) => backend.artifacts(run, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)])));
  if (found === undefined) return [];
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

/** An absolute path that names no other machine: to look whether a file is there would ask the machine that it names. */
function isOwnPlace(where: string): boolean {
  return path.isAbsolute(where) && !/^[\\/]{2}/.test(where);
}

/** In the browser, and where the extension runs on another machine, VS Code has no command that shows a folder outside. */
function hasFileManager(): boolean {
  return vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
}
