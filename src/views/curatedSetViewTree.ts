import * as vscode from 'vscode';
import { mixTarget, type CuratedSetFiles } from '../host/curatedSets';
import type { CuratedSet } from '../session/curated/curatedSet';
import type { Disposable } from '../trace/event';
import type { CheckedSet } from './curatedSetViewChecked';
import { setNode, unreadableSet, type SetNode } from './curatedSetViewNodes';

/** Milliseconds between a change and the tree: another program may write line by line. */
const SOON = 100;

/** The entries of the *Curated Set* view: the sets of the workspace as they are now. */
export class CuratedSetTree implements vscode.TreeDataProvider<SetNode>, Disposable {
  private readonly changes = new vscode.EventEmitter<undefined>();
  private readonly listening: Disposable[];
  private readonly followed = new Map<CuratedSet, Disposable>();
  private readonly checked = new Map<string, CheckedSet>();
  private soon: NodeJS.Timeout | undefined;
  readonly onDidChangeTreeData = this.changes.event;

  constructor(private readonly sets: CuratedSetFiles) {
    const changed = (): void => {
      this.changed();
    };
    this.listening = [
      sets.onDidChange(changed),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('cotLens.mixTarget')) changed();
      }),
    ];
  }

  getTreeItem({ item }: SetNode): vscode.TreeItem {
    return item;
  }

  getParent({ parent }: SetNode): SetNode | undefined {
    return parent;
  }

  async getChildren(node?: SetNode): Promise<SetNode[]> {
    if (node !== undefined) return [...(node.children?.() ?? [])];
    const nodes: SetNode[] = [];
    for (const path of await this.sets.paths()) nodes.push(await this.nodeOf(path));
    return nodes;
  }

  /** Shows what a check across samples found. */
  showChecked(path: string, checked: CheckedSet): void {
    this.checked.set(path, checked);
    this.changed();
  }

  dispose(): void {
    clearTimeout(this.soon);
    for (const one of [...this.listening, ...this.followed.values()]) one.dispose();
    this.changes.dispose();
  }

  private async nodeOf(path: string): Promise<SetNode> {
    try {
      const set = await this.sets.open(path);
      if (!this.followed.has(set)) {
        this.followed.set(
          set,
          set.onDidChange(() => {
            this.changed();
          }),
        );
      }
      return setNode(set, mixTarget(path), this.checked.get(path));
    } catch (error) {
      return unreadableSet(path, error instanceof Error ? error.message : String(error));
    }
  }

  private changed(): void {
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      this.changes.fire(undefined);
    }, SOON);
  }
}
