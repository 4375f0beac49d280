import * as vscode from 'vscode';
import { readBackendSettings, type BackendSettings } from '../train/backends/readBackendSettings';
import type { BackendSetting } from '../train/backends/backendSetting';
import type { Run } from '../train/runs/run';

/** The backends of the setting `cotLens.backends` as it stands now, and what is wrong with entries that cannot be used. */
export function configuredBackends(): BackendSettings {
  return readBackendSettings(raw());
}

/** The entry of the settings that a run was given to: at its address, and of its name where several are there. */
export function settingOf({ kind, name, url }: Run['backend']): BackendSetting | undefined {
  const there = configuredBackends().backends.filter((one) => one.kind === kind && bare(one.url) === bare(url));
  return there.find((one) => one.name === name) ?? there[0];
}

/** Adds a backend, or puts it in the place of the one of its name. Other entries stay as they stand, also faulty ones. */
export async function saveBackend(backend: BackendSetting): Promise<void> {
  const entries = raw();
  const at = entries.findIndex((one) => nameOf(one) === backend.name);
  await write(at < 0 ? [...entries, backend] : entries.map((one, i) => (i === at ? backend : one)));
}

/** Removes a backend from the settings. Its runs and its key stay. */
export async function removeBackend(name: string): Promise<void> {
  await write(raw().filter((one) => nameOf(one) !== name));
}

function raw(): readonly unknown[] {
  const value: unknown = config().get('backends');
  return Array.isArray(value) ? (value as unknown[]) : [];
}

async function write(entries: readonly unknown[]): Promise<void> {
  await config().update('backends', entries, vscode.ConfigurationTarget.Global);
}

function config(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration('cotLens');
}

function nameOf(entry: unknown): unknown {
  return typeof entry === 'object' && entry !== null && 'name' in entry ? (typeof entry.name === 'string' ? entry.name.trim() : entry.name) : undefined;
}

function bare(url: string): string {
  return url.replace(/\/+$/, '');
}
