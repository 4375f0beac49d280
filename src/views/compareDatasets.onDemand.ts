import * as vscode from 'vscode';
import { LateProgress } from '../host/lateProgress';
import { plainLabel } from '../host/plainLabel';
import { rowUri } from '../host/rowUris';
import type { Dataset } from '../session/datasets/dataset';
import { judgeOfPairs, pairDifferences, type PairDifference } from '../session/means/pairDifferences';
import { promptOf } from '../session/means/promptHash';
import { tracePairs, type TracePairs } from '../session/means/tracePairs';
import { judgeName } from '../session/traceSummary';
import type { Disposable } from '../trace/event';
import type { CompareDatasetsParts } from './compareDatasets';
import { findDatasets } from './datasetList';
import { readMeanSet } from './meanCurvesSet';

/** The pairs of the two datasets compared last. */
export interface DatasetPairs extends Disposable {
  /** @param files from the Explorer; two are compared, else the person is asked */
  compare(files: readonly vscode.Uri[]): Promise<void>;
  nextPair(): Promise<void>;
  previousPair(): Promise<void>;
  goToPair(): Promise<void>;
  showPairMeans(): Promise<void>;
}

interface Compared {
  readonly datasets: readonly [Dataset, Dataset];
  readonly names: readonly [string, string];
  readonly pairs: TracePairs;
  listening: Disposable[];
  /** The pair shown last. */
  at: number;
  /** A file has changed since: rows may be others. */
  moved: boolean;
}

const HAS_PAIRS = 'cotLens.hasPairs';
/** How long a line in the status bar stays, in milliseconds. */
const SAY_FOR = 10_000;
/** Pairs in the quick pick; their prompts are read for it. Ours. */
const MOST_PICKS = 200;

export function createDatasetPairs(parts: CompareDatasetsParts): DatasetPairs {
  let compared: Compared | undefined;
  const release = (): void => {
    for (const one of [...(compared?.listening ?? []), ...(compared?.datasets ?? [])]) one.dispose();
    compared = undefined;
  };

  const compare = async (first: string, second: string): Promise<void> => {
    const run = new AbortController();
    const names: [string, string] = [vscode.workspace.asRelativePath(first), vscode.workspace.asRelativePath(second)];
    const late = new LateProgress(`Pairing ${plainLabel(names[0])} with ${plainLabel(names[1])}`, run);
    const opened: Dataset[] = [];
    try {
      const [a, b] = [await parts.datasets.open(first, { signal: run.signal }), await parts.datasets.open(second, { signal: run.signal })];
      opened.push(a, b);
      const pairs = await tracePairs([a, b], run.signal, (done, total) => {
        late.report(done, total);
      });
      release();
      const now: Compared = { datasets: [a, b], names, pairs, listening: [], at: 0, moved: false };
      now.listening = [a, b].map((dataset) => dataset.onDidChange(({ all }) => { now.moved ||= all; }));
      compared = now;
      opened.length = 0;
    } catch (error) {
      if (run.signal.aborted) return;
      throw error;
    } finally {
      late.end();
      for (const dataset of opened) dataset.dispose();
    }
    await vscode.commands.executeCommand('setContext', HAS_PAIRS, compared.pairs.count > 0);
    await tellOf(compared);
  };

  /** Says how many pairs there are and shows the first. */
  const tellOf = async (now: Compared): Promise<void> => {
    const { pairs, names } = now;
    const count = (n: number): string => n.toLocaleString('en-US');
    const rest = [0, 1].map((side) => {
      const without = pairs.withoutPrompt[side as 0 | 1];
      return `${count(pairs.leftOver[side as 0 | 1])} left over in ${names[side as 0 | 1]}${without === 0 ? '' : ` (${count(without)} without a prompt)`}`;
    });
    const said = plainLabel(`${count(pairs.count)} same-prompt pairs; ${rest.join(', ')}.`, 400);
    if (pairs.count === 0) {
      void vscode.window.showInformationMessage(`${said} Prompts are equal where they differ in white space alone.`);
      return;
    }
    await show(now, 0);
    const [means, pick] = ['Show Mean Curves', 'Go to Pair…'];
    void Promise.resolve(vscode.window.showInformationMessage(said, means, pick)).then((picked) => {
      if (picked === means) void vscode.commands.executeCommand('cotLens.showPairMeans');
      if (picked === pick) void vscode.commands.executeCommand('cotLens.goToPair');
    });
  };

  const show = async (now: Compared, pair: number): Promise<void> => {
    now.at = pair;
    const places = now.pairs.at(pair);
    for (const side of [0, 1] as const) {
      const { ordinal, trace } = places[side];
      const dataset = now.datasets[side];
      const { key, traces } = await dataset.row(ordinal);
      const uri = rowUri({ dataset: dataset.path, key, ordinal, variant: traces[trace]?.variant });
      // The second keeps the keyboard where it is: with the first, from which one goes on.
      await vscode.window.showTextDocument(uri, { viewColumn: side === 0 ? vscode.ViewColumn.One : vscode.ViewColumn.Two, preserveFocus: side === 1, preview: true });
    }
    const [a, b] = places;
    const moved = now.moved ? ' · a file has changed since: compare again' : '';
    vscode.window.setStatusBarMessage(
      plainLabel(`Pair ${String(pair + 1)} of ${String(now.pairs.count)}: row ${String(a.ordinal + 1)} of ${now.names[0]}, row ${String(b.ordinal + 1)} of ${now.names[1]}${moved}`, 240),
      SAY_FOR,
    );
  };

  const step = async (by: 1 | -1): Promise<void> => {
    const now = compared;
    if (now === undefined || now.pairs.count === 0) {
      vscode.window.setStatusBarMessage('Nothing is compared yet: run “Compare Two Datasets…” first', SAY_FOR);
      return;
    }
    await show(now, (now.at + by + now.pairs.count) % now.pairs.count);
  };

  return {
    async compare(files) {
      const local = files.filter(({ scheme }) => scheme === 'file');
      const [first, second, ...more] = local;
      if (first !== undefined && second !== undefined && more.length === 0) await compare(first.fsPath, second.fsPath);
      else {
        const picked = await askForTwo(parts, local[0]);
        if (picked !== undefined) await compare(...picked);
      }
    },
    nextPair: () => step(1),
    previousPair: () => step(-1),
    async goToPair() {
      const now = compared;
      if (now === undefined || now.pairs.count === 0) return step(1);
      const pair = await pickPair(parts, now);
      if (pair !== undefined) await show(now, pair);
    },
    async showPairMeans() {
      if (compared === undefined) return step(1);
      await parts.means.showPairs([compared.datasets[0].path, compared.datasets[1].path]);
    },
    dispose: release,
  };
}

/** Asks for two datasets of the workspace: the one before, and the one after. */
async function askForTwo({ datasets }: CompareDatasetsParts, given: vscode.Uri | undefined): Promise<[string, string] | undefined> {
  const found: { label: string; path: string }[] = [];
  await findDatasets((path) => datasets.looksLikeTraces(path), new AbortController().signal, (known) => {
    found.splice(0, Infinity, ...known.map(({ uri, name }) => ({ label: plainLabel(name, 200), path: uri.fsPath })));
  });
  if (found.length < 2) {
    void vscode.window.showInformationMessage('Comparing needs two datasets in this workspace, such as the traces of one set of prompts before and after a fine-tune.');
    return undefined;
  }
  const first = given?.fsPath ?? (await vscode.window.showQuickPick(found, { title: 'Compare the traces of … (before)', placeHolder: 'Shown on the left' }))?.path;
  if (first === undefined) return undefined;
  const rest = found.filter(({ path }) => path !== first);
  const second = (await vscode.window.showQuickPick(rest, { title: '… with those of (after)', placeHolder: 'Shown on the right' }))?.path;
  return second === undefined ? undefined : [first, second];
}

type Pick = vscode.QuickPickItem & { readonly pair: number };

/** The pairs to choose from: where one judge scored both traces, the largest difference first; else in the order of the first file. */
async function pickPair(parts: CompareDatasetsParts, now: Compared): Promise<number | undefined> {
  const run = new AbortController();
  const late = new LateProgress('Reading the scores of the pairs', run);
  try {
    const { traces } = await readMeanSet({ kind: 'pairs', datasets: [now.datasets[0].path, now.datasets[1].path] }, parts, {
      signal: run.signal,
      progress: (_message, share) => {
        late.report(Math.round(share * 100), 100);
      },
    });
    const judge = judgeOfPairs(traces);
    const differences = judge === undefined ? [] : pairDifferences(traces, judge.key);
    const rows = differences.length > 0 ? differences : Array.from({ length: Math.min(MOST_PICKS, now.pairs.count) }, (_, pair) => ({ pair }));
    const picks: Pick[] = [];
    for (const row of rows.slice(0, MOST_PICKS)) picks.push(await pickOf(now, row));
    late.end();
    const of = `${String(picks.length)} of ${now.pairs.count.toLocaleString('en-US')} pairs`;
    const title = differences.length === 0 || judge === undefined ? `${of}, in order: no judge has scored both traces of a pair` : `${of}, largest difference first · ${judgeName(judge.identity, parts.calibrationOf(judge.key))}`;
    return (await vscode.window.showQuickPick(picks, { title: plainLabel(title, 200), matchOnDescription: true, matchOnDetail: true }))?.pair;
  } catch (error) {
    if (run.signal.aborted) return undefined;
    throw error;
  } finally {
    late.end();
  }
}

async function pickOf(now: Compared, row: { readonly pair: number } | PairDifference): Promise<Pick> {
  const [a, b] = now.pairs.at(row.pair);
  const { traces } = await now.datasets[0].row(a.ordinal);
  const trace = traces[a.trace];
  const prompt = plainLabel((trace === undefined ? undefined : promptOf(trace)) ?? '', 100);
  const rows = `rows ${String(a.ordinal + 1)} and ${String(b.ordinal + 1)}`;
  if (!('series' in row)) return { label: prompt, description: rows, pair: row.pair };
  const change = row.after - row.before;
  const sign = change > 0 ? '+' : change < 0 ? '−' : '±';
  return {
    label: `${sign}${Math.abs(change).toFixed(2)}  ${prompt}`,
    description: rows,
    detail: `mean ${row.series} of the steps ${row.before.toFixed(2)} → ${row.after.toFixed(2)}`,
    pair: row.pair,
  };
}
