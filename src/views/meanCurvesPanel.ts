import * as vscode from 'vscode';
import { Channel, type Handlers } from '../../webview/channel';
import { fromMeansPage, toMeansPage, type MeanInput, type MeanState } from '../../webview/means/messages';
import type { MeanChoice } from '../curve/meanCurvesModel';
import { LateProgress } from '../host/lateProgress';
import { plainLabel } from '../host/plainLabel';
import { meanCurves, type MeanResult, type MeanSet } from '../session/means/meanCurves';
import type { Disposable } from '../trace/event';
import type { MeanCurvesParts } from './meanCurves';
import { readMeanSet } from './meanCurvesSet';
import { pageHtml, pagesFolder } from './pageHtml';
import { saveExport } from './saveExport';

/** Traces that a page is given at a time. */
const MEMBERS = 200;
/** Milliseconds between two words of progress on the page. */
const PACE = 150;
/** Milliseconds after a change of a curated set. */
const FOLLOW = 300;
/** Characters of a source's or a model's name; names that are the same up to there are one group. */
const MOST_NAME = 300;

/** One Mean Curves page: what it shows, and what is done for it. */
export class MeanCurvesPanel implements Disposable {
  private readonly channel: Channel<typeof toMeansPage, typeof fromMeansPage>;
  private readonly own: Disposable[];
  private set: MeanSet | undefined;
  private result: MeanResult | undefined;
  /** Names a result: what the page asks of another has come too late. */
  private version = 0;
  private running: AbortController | undefined;
  private told = 0;
  private closed = false;
  /** To the curated set that is shown. */
  private following: Disposable | undefined;
  private again: NodeJS.Timeout | undefined;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly parts: MeanCurvesParts,
    private state: MeanState,
    closed: () => void,
  ) {
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [pagesFolder(parts.extension)] };
    panel.iconPath = {
      light: vscode.Uri.joinPath(parts.extension, 'media', 'trace-light.svg'),
      dark: vscode.Uri.joinPath(parts.extension, 'media', 'trace-dark.svg'),
    };
    this.channel = new Channel(toMeansPage, fromMeansPage, this.handlers(), {
      post: (message) => void webview.postMessage(message),
      log: (message) => {
        parts.output.warn(`Mean Curves page: ${message}`);
      },
    });
    this.own = [
      webview.onDidReceiveMessage((message: unknown) => {
        this.channel.receive(message);
      }),
      panel.onDidDispose(() => {
        this.dispose();
        closed();
      }),
    ];
    panel.title = 'Mean Curves';
    this.follow().catch((error: unknown) => {
      parts.output.warn(`Mean Curves page: the set cannot be followed: ${String(error)}`);
    });
    webview.html = pageHtml(webview, parts.extension, 'means', 'Mean Curves');
  }

  dispose(): void {
    this.closed = true;
    this.running?.abort();
    this.channel.dispose();
    this.following?.dispose();
    clearTimeout(this.again);
    for (const one of this.own) one.dispose();
  }

  /** Is it the page of this curated set? */
  shows(set: string): boolean {
    return this.state.input?.kind === 'curated' && this.state.input.set === set;
  }

  /** Takes in what becomes of a curated set, soon: samples may come one after the other. */
  private async follow(): Promise<void> {
    const { input } = this.state;
    if (input?.kind !== 'curated' || this.following !== undefined) return;
    const set = await this.parts.sets.open(input.set);
    if (this.closed) return;
    this.following = set.onDidChange(() => {
      clearTimeout(this.again);
      this.again = setTimeout(() => void this.show(this.state.choice, true), FOLLOW);
    });
  }

  /** Reads the scores, unless they are known, and makes the curves; a later call ends an earlier one. */
  private async show(choice: MeanChoice, again = false): Promise<void> {
    this.running?.abort();
    const run = (this.running = new AbortController());
    const { signal } = run;
    const { input } = this.state;
    if (input === null) {
      this.channel.send('problem', { message: 'This page has lost what it showed. Run “Show Mean Curves…” again.' });
      return;
    }
    const late = new LateProgress('Mean curves', run);
    try {
      this.channel.send('busy', { message: 'Reading scores …' });
      if (again) this.set = undefined;
      this.set ??= await readMeanSet(input, this.parts, {
        signal,
        progress: (message, share) => {
          late.report(Math.round(share * 100), 100);
          if (Date.now() - this.told < PACE) return;
          this.told = Date.now();
          this.channel.send('busy', { message });
        },
      });
      signal.throwIfAborted();
      this.channel.send('busy', { message: 'Averaging …' });
      const result = await meanCurves(plainSet(this.set), choice, { signal, calibrationOf: this.parts.calibrationOf });
      this.result = result;
      this.version++;
      this.panel.title = `${this.state.input?.kind === 'curated' ? 'Curated Set' : 'Mean Curves'}: ${titleOf(this.set)}`;
      this.channel.send('model', { version: this.version, model: result.model });
    } catch (error) {
      if (this.running !== run) return;
      const message = signal.aborted ? 'Cancelled. “Read Scores Again”, or another choice above, begins anew.' : error instanceof Error ? error.message : String(error);
      this.channel.send('problem', { message: message.slice(0, 10_000) });
    } finally {
      late.end();
      if (this.running === run) this.channel.send('busy', { message: null });
    }
  }

  private handlers(): Handlers<typeof fromMeansPage> {
    return {
      events: {
        ready: ({ state }) => {
          // What the page remembers are the last choices made on it.
          if (state !== null && state.input !== null) {
            this.state = state;
            void this.follow().catch(tell);
          }
          else this.channel.send('begin', { state: this.state });
          if (this.result === undefined) void this.show(this.state.choice);
          else this.channel.send('model', { version: this.version, model: this.result.model });
        },
        chosen: (choice) => {
          this.state = { ...this.state, choice };
          void this.show(choice);
        },
        open: ({ version, group, member }) => {
          const trace = version === this.version ? this.result?.members[group]?.[member] : undefined;
          if (trace !== undefined) openTrace(vscode.Uri.parse(trace.uri, true)).catch(tell);
        },
        chooseJudge: () => void vscode.commands.executeCommand('cotLens.chooseJudge'),
        score: () => void this.score().catch(tell),
        refresh: () => void this.show(this.state.choice, true),
        failed: ({ message }) => {
          this.parts.output.error(`Mean Curves page: ${message}`);
        },
      },
      requests: {
        members: ({ version, group, begin }) => {
          const all = version === this.version ? (this.result?.members[group] ?? []) : [];
          return Promise.resolve({
            total: all.length,
            items: all.slice(begin, begin + MEMBERS).map(({ doc, intent, steps, ending }) => ({
              name: plainLabel(doc, MOST_NAME),
              detail: `${String(steps)} ${steps === 1 ? 'step' : 'steps'}, intent ${intent}${ending === 'truncated' ? ', truncated' : ''}`,
            })),
          });
        },
        save: async ({ format, encoding, data }) => {
          const bytes = encoding === 'base64' ? Buffer.from(data, 'base64') : new TextEncoder().encode(data);
          return { saved: await saveExport(this.place(), format, bytes) };
        },
      },
    };
  }

  /** Scoring is done where the rows are: in the Traces view, or for `.cot` files by their own command. */
  private async score(): Promise<void> {
    const { input } = this.state;
    const path = input === null ? undefined : filesOf(input)[0];
    if (path === undefined || path === '') await vscode.commands.executeCommand('cotLens.scoreTraces');
    else await vscode.commands.executeCommand('cotLens.openDataset', vscode.Uri.file(path));
  }

  /** Beside what an export is named after. */
  private place(): vscode.Uri {
    const { input } = this.state;
    const files = input === null ? [] : filesOf(input);
    const path = input?.kind === 'pairs' ? files[1] : files[0];
    if (path !== undefined && path !== '') return vscode.Uri.file(`${path.replace(/\.[^./]+$/, '')}.means.set`);
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/');
    return vscode.Uri.joinPath(folder, 'traces.means.set');
  }
}

/** What the traces lie in; empty: the `.cot` files of the workspace. */
function filesOf(input: MeanInput): readonly string[] {
  if (input.kind === 'curated') return [input.set];
  return input.kind === 'pairs' ? input.datasets : input.sets.map(({ dataset }) => dataset);
}

/** Names are the traces' own text, and hostile: groups are made of them as they can be shown, in the page and in what is exported. */
function plainSet(set: MeanSet): MeanSet {
  const plain = (name: string | undefined): string | undefined => (name === undefined ? undefined : plainLabel(name, MOST_NAME));
  return { ...set, traces: set.traces.map((trace) => ({ ...trace, source: plain(trace.source), model: plain(trace.model) })) };
}

/** Files without their folders: a tab has little room. */
function titleOf({ title, paired }: MeanSet): string {
  const names = paired === undefined ? [title] : paired.names;
  return names.map((name) => name.split('/').at(-1) ?? name).join(' and ').slice(0, 80);
}

async function openTrace(uri: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside });
}

function tell(error: unknown): void {
  void vscode.window.showWarningMessage(plainLabel(error instanceof Error ? error.message : String(error), 1000));
}
