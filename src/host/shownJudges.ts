import type * as vscode from 'vscode';
import type { TraceStore } from '../session/traceStore';
import type { Disposable } from '../trace/event';

const KEY = 'cotLens.shownJudges';
/** Documents whose choice is remembered; the one chosen longest ago goes first. Ours. */
const MOST = 500;

/** Remembers over a reload whose scores a person chose to see of each document of the workspace. */
export class ShownJudges implements Disposable {
  private readonly chosen: Map<string, string>;
  private readonly listening: Disposable;

  constructor(
    private readonly store: TraceStore,
    private readonly memory: vscode.Memento,
  ) {
    this.chosen = new Map(Object.entries(memory.get<Record<string, string>>(KEY) ?? {}));
    this.listening = store.onDidChange((uri) => {
      this.follow(uri);
    });
    for (const uri of store.uris) this.follow(uri);
  }

  dispose(): void {
    this.listening.dispose();
  }

  private follow(uri: string): void {
    const remembered = this.chosen.get(uri);
    const now = this.store.chosen(uri);
    if (now === undefined) {
      // Opened, perhaps again: what it showed last it shows now. A closed one is still remembered.
      if (remembered !== undefined && this.store.get(uri) !== undefined) this.store.show(uri, remembered);
      return;
    }
    if (now === remembered) return;
    this.chosen.delete(uri);
    this.chosen.set(uri, now);
    for (const oldest of this.chosen.keys()) {
      if (this.chosen.size <= MOST) break;
      this.chosen.delete(oldest);
    }
    void this.memory.update(KEY, Object.fromEntries(this.chosen));
  }
}
