import * as vscode from 'vscode';
import type { JudgeSetting } from '../judge/judgeSetting';
import { readJudgeSettings, type JudgeSettingProblem, type JudgeSettings } from '../judge/readJudgeSettings';
import type { Disposable } from '../trace/event';
import type { Logger } from '../trace/logger';

/** The judges of the settings: reads, checks and writes `cotLens.judges` and `cotLens.judge`. Entries with a fault are logged. */
export class ConfiguredJudges implements Disposable {
  private readonly changes = new vscode.EventEmitter<undefined>();
  private readonly listening: vscode.Disposable;
  private read: JudgeSettings;
  private told = '';

  /** Fires when the judges, the chosen one or the rubric may have changed. */
  readonly onDidChange = this.changes.event;

  constructor(private readonly log: Logger) {
    this.read = this.readAnew();
    this.listening = vscode.workspace.onDidChangeConfiguration((event) => {
      if (!['cotLens.judge', 'cotLens.judges', 'cotLens.rubric'].some((name) => event.affectsConfiguration(name))) return;
      this.read = this.readAnew();
      this.changes.fire(undefined);
    });
  }

  dispose(): void {
    this.listening.dispose();
    this.changes.dispose();
  }

  get all(): readonly JudgeSetting[] {
    return this.read.judges;
  }

  get problems(): readonly JudgeSettingProblem[] {
    return this.read.problems;
  }

  named(name: string): JudgeSetting | undefined {
    return this.read.judges.find((judge) => judge.name === name);
  }

  /** The name of the chosen judge: `offline`, or one of `all`, or what is no judge any more. */
  get chosenName(): string {
    return text(config().get('judge')) ?? 'offline';
  }

  /** Above this many input tokens every run is confirmed. */
  get askAboveTokens(): number {
    const most: unknown = config().get('askAboveTokens');
    return typeof most === 'number' && most >= 0 ? most : 50_000;
  }

  async choose(name: string): Promise<void> {
    await config().update('judge', name, vscode.ConfigurationTarget.Global);
  }

  /** Adds a judge, or puts it in the place of the one called `replaces`. Other entries stay as they stand, also faulty ones. */
  async save(judge: JudgeSetting, replaces = judge.name): Promise<void> {
    const raw = this.raw();
    const at = raw.findIndex((one) => nameOf(one) === replaces);
    const entry = written(judge);
    await this.write(at < 0 ? [...raw, entry] : raw.map((one, i) => (i === at ? entry : one)));
    if (replaces === judge.name) return;
    if (this.chosenName === replaces) await this.choose(judge.name);
    for (const part of ['teacher', 'guard']) {
      if (config().get(part) === replaces) await config().update(part, judge.name, vscode.ConfigurationTarget.Global);
    }
  }

  /** Removes a judge; if it was chosen, `offline` is now. Its scores and its key stay. */
  async remove(name: string): Promise<void> {
    await this.write(this.raw().filter((one) => nameOf(one) !== name));
    if (this.chosenName === name) await this.choose('offline');
  }

  private raw(): readonly unknown[] {
    const value: unknown = config().get('judges');
    return Array.isArray(value) ? (value as unknown[]) : [];
  }

  private async write(entries: readonly unknown[]): Promise<void> {
    await config().update('judges', entries, vscode.ConfigurationTarget.Global);
  }

  private readAnew(): JudgeSettings {
    const read = readJudgeSettings(config().get('judges'));
    const said = read.problems.map(({ entry, what }) => `The judge “${entry}” in the setting cotLens.judges cannot be used: ${what}.`);
    if (said.join('\n') !== this.told) for (const line of said) this.log.warn(line);
    this.told = said.join('\n');
    return read;
  }
}

function config(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration('cotLens');
}

/** A judge as it is written into the settings: without what is as if it were not there. */
function written(judge: JudgeSetting): Record<string, unknown> {
  const { protocol, samples, helpfulnessOnHarmful, ...rest } = judge;
  return {
    ...rest,
    ...(protocol === 'prefix' ? {} : { protocol }),
    ...(samples === 1 ? {} : { samples }),
    ...(helpfulnessOnHarmful ? { helpfulnessOnHarmful } : {}),
  };
}

function nameOf(entry: unknown): unknown {
  return typeof entry === 'object' && entry !== null && 'name' in entry ? entry.name : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
