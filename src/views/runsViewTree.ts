import * as vscode from 'vscode';
import { plainLabel } from '../host/plainLabel';
import type { TrainingRuns } from '../host/trainingRuns';
import type { Run } from '../train/runs/run';
import type { Disposable } from '../trace/event';
import type { Logger } from '../trace/logger';
import { KeptLog } from '../session/training/keptLog';
import { runOnPage } from '../session/training/runsModel';
import { olderNode, runNode, type RunNode } from './runsViewNodes';
import { isUnderWay } from './runsViewWords';

/** Milliseconds between a change and the tree: many runs may change at once. */
const SOON = 150;
/** How often the time that runs have taken is shown anew, in milliseconds. */
const TICK = 30_000;
/** Runs that are listed at once; the older ones come when asked for. Ours. */
const AT_ONCE = 100;

/** The entries of the *Runs* view: the runs of the workspace as they are now, the newest first. */
export class RunsTree implements vscode.TreeDataProvider<RunNode>, Disposable {
  private readonly changes = new vscode.EventEmitter<undefined>();
  private readonly listening: Disposable[];
  private readonly ticking: NodeJS.Timeout;
  private soon: NodeJS.Timeout | undefined;
  readonly onDidChangeTreeData = this.changes.event;

  constructor(
    private readonly runs: Pick<TrainingRuns, 'store' | 'logs' | 'follower'>,
    private readonly log: Logger,
  ) {
    const changed = (): void => {
      this.changed();
    };
    this.listening = [runs.store.onDidChange(changed), runs.logs.onDidChange(changed), runs.follower.onDidChangeTrouble(changed)];
    this.ticking = setInterval(() => {
      if (runs.store.all.some(isUnderWay)) changed();
    }, TICK);
    this.ticking.unref();
  }

  getTreeItem({ item }: RunNode): vscode.TreeItem {
    return item;
  }

  getParent({ parent }: RunNode): RunNode | undefined {
    return parent;
  }

  async getChildren(node?: RunNode): Promise<RunNode[]> {
    return node === undefined ? this.from(0, undefined) : [...((await node.children?.()) ?? [])];
  }

  dispose(): void {
    clearTimeout(this.soon);
    clearInterval(this.ticking);
    for (const one of this.listening) one.dispose();
    this.changes.dispose();
  }

  private async from(begin: number, parent: RunNode | undefined): Promise<RunNode[]> {
    const { all } = this.runs.store;
    const nodes = await Promise.all(all.slice(begin, begin + AT_ONCE).map((run) => this.nodeOf(run, parent)));
    const left = all.length - begin - AT_ONCE;
    if (left > 0) nodes.push(olderNode(left, begin + AT_ONCE, parent, (older) => this.from(begin + AT_ONCE, older)));
    return nodes;
  }

  /** A log that cannot be read takes nothing but its numbers away. */
  private async nodeOf(run: Run, parent: RunNode | undefined): Promise<RunNode> {
    const log = await this.runs.logs.read(run.id).catch((error: unknown) => {
      this.log.warn(`The log of the run ${plainLabel(run.id, 200)} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      return new KeptLog();
    });
    return runNode(run, runOnPage(run, log, new Date(), this.runs.follower.troubleOf(run)), parent);
  }

  private changed(): void {
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      this.changes.fire(undefined);
    }, SOON);
  }
}
