import * as vscode from 'vscode';
import { scriptedReply } from '../harness/scriptedJudge';
import { startModelServer, type ModelServer, type ModelServerOptions } from '../harness/modelServer';
import { typing } from './dialogs';

/** The judge's name in these tests. */
export const NAME = 'scripted judge';
/** The model as servers of these tests call it in replies. */
export const SNAPSHOT = 'scripted-2026-01-02';

/** A model server that answers our judges by the scores written in the steps (`=4`). */
export function startJudgeServer(options: Partial<ModelServerOptions> = {}): Promise<ModelServer> {
  return startModelServer({ reply: scriptedReply(), snapshot: SNAPSHOT, ...options });
}

/** An entry of `cotLens.judges`; asks for one step at a time, so that what is kept can be told exactly. */
export function judgeAt(url: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { name: NAME, baseUrl: url, model: 'scripted', concurrency: 1, ...more };
}

/** The same server under an address that is not known to be this machine. */
export function elsewhere(url: string): string {
  return url.replace('127.0.0.1', '0.0.0.0');
}

/** Sets settings of the user for as long as `run` takes: those of judges are not heard from a workspace. */
export async function withUserSettings(settings: Readonly<Record<string, unknown>>, run: () => Promise<void>): Promise<void> {
  const set = async (name: string, value: unknown): Promise<void> => {
    await vscode.workspace.getConfiguration().update(name, value, vscode.ConfigurationTarget.Global);
  };
  try {
    for (const [name, value] of Object.entries(settings)) await set(name, value);
    await run();
  } finally {
    // The chosen judge first, so that there never is one chosen that does not exist.
    for (const name of Object.keys(settings).reverse()) await set(name, undefined);
  }
}

/** With one judge in the settings, which is chosen. */
export function withJudge(judge: Readonly<Record<string, unknown>>, run: () => Promise<void>): Promise<void> {
  return withUserSettings({ 'cotLens.judges': [judge], 'cotLens.judge': judge['name'] }, run);
}

export function score(): Thenable<unknown> {
  return vscode.commands.executeCommand('cotLens.score');
}

/** Sets the key of an origin as a person does. */
export async function setKey(origin: string, key: string): Promise<void> {
  await typing([key], () => vscode.commands.executeCommand('cotLens.setApiKey', origin));
}
