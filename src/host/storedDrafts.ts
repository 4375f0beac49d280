import type * as vscode from 'vscode';
import type { Draft, Drafts } from '../session/handRun';

const STORED = 'cotLens.handDrafts';

/** Half-scored steps and notes on steps without a score yet, kept in this workspace's storage until they become verdicts. */
export class StoredDrafts implements Drafts {
  private readonly drafts: Map<string, Draft>;

  constructor(private readonly storage: vscode.Memento) {
    this.drafts = new Map(Object.entries(storage.get<Record<string, Draft>>(STORED, {})));
  }

  get(key: string): Draft | undefined {
    return this.drafts.get(key);
  }

  set(key: string, draft: Draft | undefined): void {
    if (draft === undefined) {
      if (!this.drafts.delete(key)) return;
    } else this.drafts.set(key, draft);
    void this.storage.update(STORED, Object.fromEntries(this.drafts));
  }
}
