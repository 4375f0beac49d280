import * as vscode from 'vscode';
import { originOf } from '../model/origin';
import type { Backend } from '../train/backends/backend';
import type { BackendSetting } from '../train/backends/backendSetting';
import type { Run } from '../train/runs/run';
import type { ApiKeys } from './apiKeys';
import type * as OnDemand from './trainingBackends.onDemand';

/** Makes the backends of the settings, each with the key of its own origin and no other. What speaks to them is loaded with the first. */
export class TrainingBackends {
  private loading: Promise<typeof OnDemand> | undefined;
  /** One for each entry of the settings: it may remember how far it has read. Made anew with another key. */
  private readonly made = new Map<string, { readonly key: string | undefined; readonly backend: Backend }>();

  constructor(
    private readonly keys: ApiKeys,
    /** The extension's version: kept with a run. */
    readonly version: () => string,
  ) {}

  /** With the key as it is set now. */
  async make(setting: BackendSetting): Promise<Backend> {
    const { backendFor } = await this.load();
    const key = await this.keys.of(originOf(setting.url));
    const entry = JSON.stringify(setting);
    const before = this.made.get(entry);
    if (before !== undefined && before.key === key) return before.backend;
    const backend = backendFor(setting, key, () => vscode.workspace.isTrusted);
    this.made.set(entry, { key, backend });
    return backend;
  }

  /** The backend that a run was given to: the one of the settings at its address, of its name where there are several. */
  async of({ backend }: Pick<Run, 'backend'>): Promise<Backend | undefined> {
    const { settingOf } = await this.load();
    const setting = settingOf(backend);
    return setting === undefined ? undefined : this.make(setting);
  }

  private load(): Promise<typeof OnDemand> {
    this.loading ??= import('./trainingBackends.onDemand');
    return this.loading;
  }
}
