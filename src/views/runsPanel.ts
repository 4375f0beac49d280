import * as vscode from 'vscode';
import { Channel, type Handlers } from '../../webview/channel';
import { fromRunsPage, toRunsPage, type RunsState } from '../../webview/runs/messages';
import type { RunsPageModel } from '../curve/runsPageModel';
import { plainLabel } from '../host/plainLabel';
import { tellFailure } from '../host/tellFailure';
import { runsModel } from '../session/training/runsModel';
import type { Disposable } from '../trace/event';
import { hasEnded } from '../train/runs/run';
import { pageHtml, pagesFolder } from './pageHtml';
import type { RunsPageParts } from './runsPage';
import { plainModel } from './runsPanelPlain';
import { launchedAt } from './runsViewWords';
import { saveExport } from './saveExport';

/** Milliseconds after a change until the page is told: a log comes in many parts. */
const SOON = 200;
/** How often the time that a run takes is shown anew, in milliseconds. */
const TICK = 5000;

/** One Runs page: what it shows, and what is done for it. */
export class RunsPanel implements Disposable {
  private readonly channel: Channel<typeof toRunsPage, typeof fromRunsPage>;
  private readonly own: Disposable[];
  private readonly ticking: NodeJS.Timeout;
  private soon: NodeJS.Timeout | undefined;
  private closed = false;
  /** Names a showing: what was read for an earlier one comes too late. */
  private asked = 0;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly parts: RunsPageParts,
    private state: RunsState,
    closed: () => void,
  ) {
    const { webview } = panel;
    const { store, logs, follower } = parts.runs;
    webview.options = { enableScripts: true, localResourceRoots: [pagesFolder(parts.extension)] };
    panel.iconPath = {
      light: vscode.Uri.joinPath(parts.extension, 'media', 'trace-light.svg'),
      dark: vscode.Uri.joinPath(parts.extension, 'media', 'trace-dark.svg'),
    };
    this.channel = new Channel(toRunsPage, fromRunsPage, this.handlers(), {
      post: (message) => void webview.postMessage(message),
      log: (message) => {
        parts.output.warn(`Runs page: ${message}`);
      },
    });
    const changed = (id: string): void => {
      if (this.ids.includes(id)) this.later();
    };
    this.own = [
      webview.onDidReceiveMessage((message: unknown) => {
        this.channel.receive(message);
      }),
      store.onDidChange(changed),
      logs.onDidChange(changed),
      follower.onDidChangeTrouble(() => {
        this.later();
      }),
      panel.onDidChangeViewState(() => {
        if (panel.visible) this.later();
      }),
      panel.onDidDispose(() => {
        this.dispose();
        closed();
      }),
    ];
    this.ticking = setInterval(() => {
      if (panel.visible && this.ids.some((id) => !hasEnded(store.get(id)?.state ?? 'stopped'))) this.later();
    }, TICK);
    this.ticking.unref();
    panel.title = this.title();
    webview.html = pageHtml(webview, parts.extension, 'runs', 'Run');
  }

  /** The runs that it shows. */
  get ids(): readonly string[] {
    return this.state.runs;
  }

  dispose(): void {
    this.closed = true;
    this.channel.dispose();
    clearTimeout(this.soon);
    clearInterval(this.ticking);
    for (const one of this.own) one.dispose();
  }

  private later(): void {
    if (this.closed) return;
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      void this.show();
    }, SOON);
  }

  /** Sends what is known of the runs now. */
  private async show(): Promise<void> {
    const asked = ++this.asked;
    const { store, logs, follower } = this.parts.runs;
    try {
      const found = this.ids.flatMap((id) => store.get(id) ?? []);
      if (found.length === 0) {
        this.channel.send('problem', { message: this.ids.length === 0 ? 'This page has lost what it showed. Open a run from the Runs view.' : 'The run that this page showed is not in this workspace any more.' });
        return;
      }
      const model: RunsPageModel = runsModel(await Promise.all(found.map(async (run) => ({ run, log: await logs.read(run.id), trouble: follower.troubleOf(run) }))), new Date());
      if (asked !== this.asked) return;
      this.panel.title = this.title();
      this.channel.send('model', { model: plainModel(model) });
    } catch (error) {
      this.channel.send('problem', { message: plainLabel(error instanceof Error ? error.message : String(error), 10_000) });
    }
  }

  private handlers(): Handlers<typeof fromRunsPage> {
    return {
      events: {
        ready: ({ state }) => {
          // What the page remembers are the last choices made on it.
          if (state !== null && state.runs.length > 0) this.state = { ...state, runs: [...this.ids] };
          else this.channel.send('begin', { state: this.state });
          void this.show();
        },
        act: ({ run, act }) => {
          if (this.ids.includes(run)) this.parts.act(act, run).catch(tellFailure);
        },
        failed: ({ message }) => {
          this.parts.output.error(`Runs page: ${message}`);
        },
      },
      requests: {
        save: async ({ format, data }) => ({ saved: await saveExport(this.place(), format, new TextEncoder().encode(data)) }),
      },
    };
  }

  private title(): string {
    const runs = this.ids.flatMap((id) => this.parts.runs.store.get(id) ?? []);
    const [first] = runs;
    if (first === undefined) return 'Run';
    // A run that was launched again has the title of the one before.
    return runs.length > 1 ? `${String(runs.length)} Runs Compared` : `Run: ${plainLabel(first.title, 60)} · ${launchedAt(first)}`;
  }

  /** Where an export is proposed: in the workspace, by the run's id. */
  private place(): vscode.Uri {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/');
    return vscode.Uri.joinPath(folder, `${this.ids[0] ?? 'run'}.run`);
  }
}
