import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { startFakeRay, type FakeRay, type FakeRayOptions } from '../harness/fakeRay';
import { folder } from './documents';
import { withUserSettings } from './judging';

export const NAME = 'lab cluster';

/** A line of a run's file. */
interface Line {
  readonly plan?: { readonly id: string; readonly values: Record<string, unknown>; readonly expected: Record<string, number>; readonly set: Record<string, string>; readonly file: Record<string, unknown>; readonly versions: Record<string, string> };
  readonly state?: string;
  readonly reason?: string;
}

export const runsFolder = (): string => path.join(folder('traces').fsPath, '.cotlens', 'runs');

/** The files of runs, each as its lines. */
export function runFiles(): Line[][] {
  if (!existsSync(runsFolder())) return [];
  const names = readdirSync(runsFolder()).filter((name) => name.endsWith('.run.jsonl'));
  return names.map((name) => readFileSync(path.join(runsFolder(), name), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Line));
}

/** Takes away all runs, so that nobody asks for them any more. */
export function forgetRuns(): void {
  if (!existsSync(runsFolder())) return;
  for (const name of readdirSync(runsFolder())) if (/\.(run|log)\.jsonl$/.test(name)) rmSync(path.join(runsFolder(), name));
}

/** With a cluster in the settings, which is there as long as `run` takes; its runs go with it. */
export async function withRay(run: (ray: FakeRay) => Promise<void>, options: FakeRayOptions = {}): Promise<void> {
  const ray = await startFakeRay(options);
  try {
    await withUserSettings({ 'cotLens.backends': [{ kind: 'ray', name: NAME, url: ray.url }] }, () => run(ray));
  } finally {
    forgetRuns();
    await ray.stop();
  }
}

/** `GET /api/version`, in the order they came. */
export function asked(ray: FakeRay): string[] {
  return ray.requests.map(({ method, path: where }) => `${method} ${where}`);
}

export const launch = (...given: unknown[]): Thenable<unknown> => vscode.commands.executeCommand('cotLens.launchFineTune', ...given);
