import * as vscode from 'vscode';
import { DEFAULT_MEAN_STATE, meanState, MOST_PACKED, type MeanInput, type MeanState } from '../../webview/means/messages';
import { plainLabel } from '../host/plainLabel';
import { packedRanges, rangesOf } from '../session/means/rowRanges';
import type { Disposable } from '../trace/event';
import { findDatasets, findTraceFiles, type FoundDataset } from './datasetList';
import type { MeanCurvesParts, MeanRequest } from './meanCurves';
import { MeanCurvesPanel } from './meanCurvesPanel';
import { MEAN_CURVES_VIEW } from './meanCurvesView';

/** Three steps before the injected step, five after it (ours). */
const AT_THE_INJECTED_STEP: MeanState['choice'] = { judge: null, alignment: { kind: 'injected', from: -3, to: 5 }, by: 'recipe' };

/** The pages that are open. */
export interface MeanCurvesPageSet extends Disposable {
  /** Shows the mean curves of these rows; asks for datasets where none are given. */
  show(requests: readonly MeanRequest[] | undefined): Promise<void>;
  showPairs(datasets: readonly [string, string]): Promise<void>;
  /** The page of a curated set; one that is open already comes to the front. */
  showSet(path: string): Promise<void>;
  /** Takes over a page that VS Code kept over a reload, with what the page remembered. */
  restore(panel: vscode.WebviewPanel, state: unknown): void;
}

export function createMeanCurvesPages(parts: MeanCurvesParts): MeanCurvesPageSet {
  const pages = new Set<MeanCurvesPanel>();
  const adopt = (panel: vscode.WebviewPanel, state: MeanState): void => {
    const page: MeanCurvesPanel = new MeanCurvesPanel(panel, parts, state, () => pages.delete(page));
    pages.add(page);
  };
  const open = (input: MeanInput, more: Partial<MeanState> = {}): void => {
    const panel = vscode.window.createWebviewPanel(MEAN_CURVES_VIEW, 'Mean Curves', { viewColumn: vscode.ViewColumn.Active });
    adopt(panel, { ...DEFAULT_MEAN_STATE, ...more, input });
  };
  const byFile: Partial<MeanState> = { choice: { ...DEFAULT_MEAN_STATE.choice, by: 'file' } };
  return {
    async show(requests) {
      const asked = requests ?? (await askForSets(parts));
      if (asked === undefined || asked.length === 0) return;
      const sets: Extract<MeanInput, { kind: 'rows' }>['sets'] = [];
      for (const { dataset, ordinals, conditioned } of asked) {
        const rows = ordinals === undefined || ordinals === 'all' ? null : packedRanges(rangesOf(ordinals));
        if (rows !== null && rows.length > MOST_PACKED) throw new Error('These are more separate runs of rows than a page can remember. Choose fewer rows, or all.');
        sets.push({ dataset, rows, of: await countOf(dataset, parts), conditioned: conditioned ?? null });
      }
      open({ kind: 'rows', sets }, sets.length > 1 ? byFile : {});
    },
    showPairs([first, second]) {
      open({ kind: 'pairs', datasets: [first, second] }, byFile);
      return Promise.resolve();
    },
    showSet(path) {
      const known = [...pages].find((page) => page.shows(path));
      if (known === undefined) open({ kind: 'curated', set: path }, { choice: AT_THE_INJECTED_STEP });
      else known.panel.reveal();
      return Promise.resolve();
    },
    restore(panel, raw) {
      const state = meanState.safeParse(raw);
      adopt(panel, state.success ? state.data : DEFAULT_MEAN_STATE);
    },
    dispose() {
      for (const { panel } of [...pages]) panel.dispose();
    },
  };
}

/** How many rows a dataset has now, so that a page that comes back later can say that they are others. */
async function countOf(path: string, { datasets }: MeanCurvesParts): Promise<number | null> {
  if (path === '') return null;
  const dataset = await datasets.open(path);
  try {
    return dataset.count;
  } finally {
    dataset.dispose();
  }
}

/** From the palette: which datasets of the workspace. @returns `undefined` where the person chose none */
async function askForSets({ datasets }: MeanCurvesParts): Promise<MeanRequest[] | undefined> {
  const found = await datasetsOf((path) => datasets.looksLikeTraces(path));
  const files = await findTraceFiles();
  const rows = [
    ...(files.length === 0 ? [] : [{ label: 'Trace files (.cot)', description: `${String(files.length)} of the workspace`, dataset: '' }]),
    ...found.map(({ uri, name }) => ({ label: plainLabel(name, 200), description: '', dataset: uri.fsPath })),
  ];
  if (rows.length === 0) {
    void vscode.window.showInformationMessage('This workspace has no dataset and no .cot file. Open a folder that has one.');
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(rows, {
    title: 'Mean curves of …',
    placeHolder: 'Files with scored traces; several become groups',
    canPickMany: true,
  });
  return picked?.map(({ dataset }) => ({ dataset }));
}

async function datasetsOf(looksLikeTraces: (path: string) => Promise<boolean>): Promise<readonly FoundDataset[]> {
  let all: readonly FoundDataset[] = [];
  await findDatasets(looksLikeTraces, new AbortController().signal, (known) => {
    all = known;
  });
  return all;
}
