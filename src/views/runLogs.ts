import * as vscode from 'vscode';
import { plainLabel } from '../host/plainLabel';
import type { TrainingRuns } from '../host/trainingRuns';
import type { Disposable } from '../trace/event';
import type { Logger } from '../trace/logger';
import { PlainLog } from './runLogsPlain';
import { launchedAt } from './runsViewWords';

/** One run's log in an output channel. */
interface Shown {
  readonly channel: vscode.OutputChannel;
  readonly plain: PlainLog;
  /** Characters of the log that were taken in. */
  written: number;
  /** What is being taken in: parts are appended in their order. */
  before: Promise<void>;
}

/** The logs of runs that were asked for, an output channel each: what is kept first, then what comes. With a run its channel goes. */
export class RunChannels implements Disposable {
  private readonly channels = new Map<string, Shown>();
  private readonly listening: readonly Disposable[];
  /** The run whose log was asked for last: the *Output* panel shows one channel at a time. */
  private last: string | undefined;
  private looked: string | undefined;

  /** @param changed called when another log is looked at, or none any more */
  constructor(
    private readonly runs: Pick<TrainingRuns, 'store' | 'logs'>,
    private readonly changed: () => void,
    log: Logger,
  ) {
    this.listening = [
      runs.logs.onDidChange((id) => {
        const shown = this.channels.get(id);
        if (shown !== undefined) {
          this.takeIn(id, shown).catch((error: unknown) => {
            log.warn(`The log of the run ${plainLabel(id, 200)} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
          });
        }
      }),
      runs.store.onDidChange((id) => {
        if (runs.store.get(id) === undefined) this.close(id);
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => {
        this.look();
      }),
    ];
  }

  /** The run whose log may be seen now: what was asked for last, while the *Output* panel shows anything. */
  get shown(): readonly string[] {
    return this.looked === undefined ? [] : [this.looked];
  }

  /** Shows a run's log; the editor keeps the focus. @throws Error where it cannot be read, or there is no such run */
  async show(id: string): Promise<void> {
    const run = this.runs.store.get(id);
    if (run === undefined) throw new Error(`There is no run ${id} in this workspace any more.`);
    let shown = this.channels.get(id);
    if (shown === undefined) {
      shown = { channel: vscode.window.createOutputChannel(`CoT Lens Run: ${plainLabel(run.title, 100)} · ${launchedAt(run)}`), plain: new PlainLog(), written: 0, before: Promise.resolve() };
      this.channels.set(id, shown);
    }
    shown.channel.show(true);
    // The panel comes a while after it was asked for.
    this.last = id;
    this.lookAt(id);
    await this.takeIn(id, shown);
    if (shown.written === 0) shown.channel.replace('Nothing of this run’s log has been read yet.\n');
  }

  dispose(): void {
    for (const one of this.listening) one.dispose();
    for (const { channel } of this.channels.values()) channel.dispose();
    this.channels.clear();
  }

  private close(id: string): void {
    this.channels.get(id)?.channel.dispose();
    this.channels.delete(id);
    if (this.last === id) this.last = undefined;
    if (this.looked === id) this.lookAt(undefined);
  }

  /** What the *Output* panel shows is among the visible editors; which channel it is nobody says. */
  private look(): void {
    this.lookAt(vscode.window.visibleTextEditors.some(({ document }) => document.uri.scheme === 'output') ? this.last : undefined);
  }

  private lookAt(id: string | undefined): void {
    if (id === this.looked) return;
    this.looked = id;
    this.changed();
  }

  private takeIn(id: string, shown: Shown): Promise<void> {
    const now = shown.before.then(async () => {
      const log = await this.runs.logs.read(id);
      if (log.length === shown.written || this.channels.get(id) !== shown) return;
      // What was kept may have been cut: it is then shown from its new beginning.
      const anew = shown.written === 0 || log.length < shown.written;
      const said = shown.plain.take(anew ? log.text : log.since(shown.written));
      if (anew) shown.channel.replace(said);
      else shown.channel.append(said);
      shown.written = log.length;
    });
    shown.before = now.catch(() => undefined);
    return now;
  }
}
