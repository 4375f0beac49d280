import * as vscode from 'vscode';
import type { OpenTraces } from '../host/openTraces';
import type { TraceStore } from '../session/traceStore';
import type { Disposable } from '../trace/event';

/** Tells menus and keys whether the active editor shows a trace, and whether it is being scored. */
export class TraceContext implements Disposable {
  private readonly listening: Disposable[];
  private readonly told = new Map<string, boolean>();

  constructor(
    private readonly traces: OpenTraces,
    store: TraceStore,
  ) {
    const update = (): void => {
      this.update();
    };
    this.listening = [store.onDidChange(update), vscode.window.onDidChangeActiveTextEditor(update)];
    this.update();
  }

  dispose(): void {
    for (const listener of this.listening) listener.dispose();
    this.tell('cotLens.activeTrace', false);
    this.tell('cotLens.scoring', false);
  }

  private update(): void {
    const document = vscode.window.activeTextEditor?.document;
    const state = document === undefined ? undefined : this.traces.known(document);
    this.tell('cotLens.activeTrace', state !== undefined);
    this.tell('cotLens.scoring', state?.scoring !== undefined);
  }

  private tell(key: string, value: boolean): void {
    if (this.told.get(key) === value) return;
    this.told.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}
