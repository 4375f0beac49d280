import * as vscode from 'vscode';
import type { RunOnPage } from '../curve/runsPageModel';
import { plainLabel } from '../host/plainLabel';
import { outputDirOf } from '../session/training/runsModel';
import { hasEnded, isLookable, isStoppable, type Run, type RunState } from '../train/runs/run';
import { CLICKED } from './runsViewIds';
import { runLines, runWithLaunch } from './runsViewWords';

/** An entry of the *Runs* view; menus and commands are given these. */
export interface RunNode {
  /** The run's id; of older runs together: none. */
  readonly run: string | undefined;
  readonly item: vscode.TreeItem;
  readonly parent: RunNode | undefined;
  readonly children?: () => Promise<readonly RunNode[]>;
}

/** Characters of a title, and of a line of a tooltip. */
const TITLE = 120;
const LINE = 500;

const ICONS: Readonly<Record<RunState, readonly [icon: string, color?: string]>> = {
  preparing: ['cloud-upload'],
  submitting: ['cloud-upload'],
  unknown: ['question', 'list.warningForeground'],
  pending: ['watch'],
  running: ['play-circle', 'charts.blue'],
  paused: ['debug-pause', 'charts.yellow'],
  'stop requested': ['debug-stop', 'charts.yellow'],
  'not started': ['circle-slash', 'list.errorForeground'],
  succeeded: ['pass', 'testing.iconPassed'],
  failed: ['error', 'testing.iconFailed'],
  stopped: ['debug-stop', 'disabledForeground'],
  lost: ['question', 'list.errorForeground'],
};

export function runNode(run: Run, seen: RunOnPage, parent: RunNode | undefined): RunNode {
  const item = new vscode.TreeItem(plainLabel(run.title, TITLE) || plainLabel(run.id, TITLE), vscode.TreeItemCollapsibleState.None);
  const node: RunNode = { run: run.id, item, parent };
  const [icon, color] = ICONS[run.state];
  item.id = run.id;
  item.description = plainLabel(runWithLaunch(seen), LINE);
  // Plain text, a line each: whatever a file or a server says stays words.
  item.tooltip = runLines(seen, run).map((line) => plainLabel(line, LINE)).join('\n');
  item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
  item.contextValue = contextOf(run, seen);
  item.accessibilityInformation = { label: plainLabel([run.title, runWithLaunch(seen), seen.reason ?? ''].filter((part) => part !== '').join(', '), LINE) };
  item.command = { command: 'cotLens.run.show', title: 'Show Run', arguments: [node, CLICKED] };
  return node;
}

/** Runs that are too many to be listed at once: read when the entry is opened. */
export function olderNode(count: number, from: number, parent: RunNode | undefined, children: (node: RunNode) => Promise<readonly RunNode[]>): RunNode {
  const item = new vscode.TreeItem(`${count.toLocaleString('en-US')} older`, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `older ${String(from)}`;
  item.contextValue = 'older';
  const node: RunNode = { run: undefined, item, parent, children: () => children(node) };
  return node;
}

/** What menus know of a run: words, each of which a menu may ask for. */
function contextOf(run: Run, { model }: RunOnPage): string {
  const manages = run.backend.kind === 'openai';
  const mayHaveWritten = run.state !== 'preparing' && run.state !== 'not started';
  return [
    'run',
    hasEnded(run.state) ? 'ended' : 'open',
    ...(isLookable(run) ? ['lookable'] : []),
    ...(hasEnded(run.state) || run.state === 'unknown' ? ['removable'] : []),
    ...(isStoppable(run) ? ['stoppable'] : []),
    ...(manages && (run.state === 'running' || run.state === 'pending') ? ['pausable'] : []),
    ...(manages && run.state === 'paused' ? ['resumable'] : []),
    // An API names its checkpoints before there is a model.
    ...(mayHaveWritten && (model !== null || (manages && run.started !== undefined)) ? ['model'] : []),
    ...(mayHaveWritten && outputDirOf(run) !== undefined ? ['folder'] : []),
  ].join(' ');
}
