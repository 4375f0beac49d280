import * as vscode from 'vscode';
import type { CuratedSetFiles } from '../host/curatedSets';
import type { DatasetFiles } from '../host/datasetFiles';
import type { OpenTraces } from '../host/openTraces';
import { tellFailure } from '../host/tellFailure';
import type { ScoreLogs } from '../host/scoreLogs';
import type { Settings } from '../host/settings';
import type { SampleChecks } from '../session/sampleChecks';
import { EventSource, type Disposable } from '../trace/event';
import type { CuratedSetSession, SetAction } from './curatedSetView.onDemand';
import type { SetNode } from './curatedSetViewNodes';
import type { MeanCurves } from './meanCurves';

/** The id of the view. */
export const CURATED_SET_VIEW = 'cotLens.curatedSet';

/** What the view shows and acts on. */
export interface CuratedSetViewParts {
  readonly sets: CuratedSetFiles;
  readonly datasets: Pick<DatasetFiles, 'with' | 'open' | 'looksLikeTraces'>;
  readonly traces: OpenTraces;
  readonly scores: ScoreLogs;
  readonly settings: Settings;
  /** The checks of one sample. */
  readonly checks: Pick<SampleChecks, 'check'>;
  readonly means: Pick<MeanCurves, 'showSet'>;
}

/** The commands, by what they do. */
const COMMANDS: Readonly<Record<string, SetAction>> = {
  addToSet: 'add',
  newSet: 'new',
  checkSet: 'check',
  chooseEvaluations: 'evaluations',
  showSetPage: 'page',
  undoRemoveFromSet: 'undo',
  'set.open': 'open',
  'set.note': 'note',
  'set.markAblation': 'ablation',
  'set.move': 'move',
  'set.remove': 'remove',
  'set.reveal': 'reveal',
  'set.takeScores': 'takeScores',
};

/** The *Curated Set* view and its commands. Everything behind it is loaded when it is first shown, or a command runs. */
export class CuratedSetView implements Disposable {
  private readonly own: Disposable[];
  private readonly changes: EventSource<undefined> = new EventSource();
  private readonly tree: vscode.TreeView<SetNode>;
  private loading: Promise<CuratedSetSession> | undefined;

  constructor(private readonly parts: CuratedSetViewParts) {
    this.tree = vscode.window.createTreeView<SetNode>(CURATED_SET_VIEW, {
      treeDataProvider: {
        onDidChangeTreeData: this.changes.event,
        getTreeItem: ({ item }) => item,
        getParent: ({ parent }) => parent,
        getChildren: async (node) => (await this.load()).tree.getChildren(node),
      },
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.own = [
      this.tree,
      ...Object.entries(COMMANDS).map(([name, action]) =>
        vscode.commands.registerCommand(`cotLens.${name}`, (clicked?: unknown, selected?: unknown) => this.act(action, clicked, selected)),
      ),
    ];
  }

  dispose(): void {
    for (const one of this.own) one.dispose();
    this.changes.dispose();
    this.loading?.then(
      (session) => {
        session.dispose();
      },
      // It never came, and whoever asked for it was told.
      () => undefined,
    );
  }

  /** From a menu: the entry that was clicked, and all that are selected where it is one of them. From a key: the selection. */
  private async act(action: SetAction, clicked: unknown, selected: unknown): Promise<void> {
    try {
      const session = await this.load();
      const given = Array.isArray(selected) && selected.length > 0 ? selected : isNode(clicked) ? [clicked] : this.tree.selection;
      await session.act(action, given.filter(isNode), selected);
    } catch (error) {
      tellFailure(error);
    }
  }

  private load(): Promise<CuratedSetSession> {
    this.loading ??= import('./curatedSetView.onDemand').then(({ createCuratedSetSession }) => {
      const session = createCuratedSetSession(this.parts);
      session.tree.onDidChangeTreeData(() => {
        this.changes.fire(undefined);
      });
      return session;
    });
    return this.loading;
  }
}

function isNode(given: unknown): given is SetNode {
  return typeof given === 'object' && given !== null && 'kind' in given && 'path' in given && 'item' in given;
}
