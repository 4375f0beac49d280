import * as vscode from 'vscode';
import type { SeriesChoice } from '../curve/series';
import type { TraceOptions } from '../session/traceStore';
import { DEFAULT_OPTIONS } from '../session/traceStore';
import type { Disposable } from '../trace/event';
import { splitterNamed } from '../trace/splitters';

export type LaneSetting = 'curve' | 'heat' | 'off';

/** How an editor wraps this document's text, as set for its language; `Alt+Z` cannot be seen. */
export interface WrapSettings {
  /**
   * Text wraps at `column`, or earlier in a narrow editor (`bounded`). With `wordWrapColumn` a narrow editor scrolls sideways
   * instead, and a lane beside the text would be out of view.
   */
  readonly bounded: boolean;
  readonly column: number;
  /** Pixels between characters. */
  readonly letterSpacing: number;
}

/** Reads the settings, each for the document it is asked for; knows when they change. */
export class Settings implements Disposable {
  private readonly options = new Map<string, TraceOptions>();
  private readonly changes = new vscode.EventEmitter<undefined>();
  private readonly listening: vscode.Disposable;

  /** Fires when a setting that matters here has changed. */
  readonly onDidChange = this.changes.event;

  constructor() {
    this.listening = vscode.workspace.onDidChangeConfiguration((event) => {
      const editor = ['wordWrap', 'wordWrapColumn', 'letterSpacing', 'fontSize'].some((name) =>
        event.affectsConfiguration(`editor.${name}`),
      );
      if (!editor && !event.affectsConfiguration('cotLens')) return;
      this.options.clear();
      this.changes.fire(undefined);
    });
  }

  dispose(): void {
    this.listening.dispose();
    this.changes.dispose();
  }

  /** How to read and show a document. The same object until a setting changes, so that it can be compared. */
  traceOptions(document: Pick<vscode.TextDocument, 'uri' | 'languageId'>): TraceOptions {
    const key = document.uri.toString();
    let options = this.options.get(key);
    if (options === undefined) {
      const config = vscode.workspace.getConfiguration('cotLens', document);
      const shape = vscode.workspace.getConfiguration('cotLens.shape', document);
      const defaults = DEFAULT_OPTIONS.shapeRules;
      options = {
        splitter: splitterNamed(config.get('splitter', '')) ?? DEFAULT_OPTIONS.splitter,
        series: config.get<SeriesChoice>('series', DEFAULT_OPTIONS.series),
        shapeRules: {
          edgeShare: shape.get('edgeShare', defaults.edgeShare),
          prominence: shape.get('prominence', defaults.prominence),
          change: shape.get('change', defaults.change),
          low: shape.get('low', defaults.low),
          high: shape.get('high', defaults.high),
          minScored: shape.get('minScored', defaults.minScored),
        },
      };
      this.options.set(key, options);
    }
    return options;
  }

  /** Forgets a closed document. */
  release(uri: vscode.Uri): void {
    this.options.delete(uri.toString());
  }

  lane(document: vscode.TextDocument): LaneSetting {
    return vscode.workspace.getConfiguration('cotLens', document).get<LaneSetting>('lane', 'curve');
  }

  codeLens(document: vscode.TextDocument): boolean {
    return vscode.workspace.getConfiguration('cotLens', document).get('codeLens', true);
  }

  /** Is a document of this language read as a trace? */
  isTraceLanguage(document: vscode.TextDocument): boolean {
    const languages: unknown = vscode.workspace.getConfiguration('cotLens', document).get('languages');
    // A setting can hold anything; what is no list means none but our own language.
    const read: readonly unknown[] = Array.isArray(languages) ? languages : ['cot'];
    return read.includes(document.languageId);
  }

  wrap(document: vscode.TextDocument): WrapSettings {
    const editor = vscode.workspace.getConfiguration('editor', document);
    const wordWrap = editor.get<string>('wordWrap', 'off');
    return {
      bounded: wordWrap === 'bounded',
      column: editor.get('wordWrapColumn', 80),
      letterSpacing: editor.get('letterSpacing', 0),
    };
  }

  /** Sets the series shown, where it was set before or else for the user. */
  async setSeries(document: vscode.TextDocument, choice: SeriesChoice): Promise<void> {
    const config = vscode.workspace.getConfiguration('cotLens', document);
    const where = config.inspect('series');
    const target =
      where?.workspaceFolderValue !== undefined
        ? vscode.ConfigurationTarget.WorkspaceFolder
        : where?.workspaceValue !== undefined
          ? vscode.ConfigurationTarget.Workspace
          : vscode.ConfigurationTarget.Global;
    await config.update('series', choice, target);
  }
}
