import * as vscode from 'vscode';
import { DEFAULT_PAGE_STATE, pageState } from '../../webview/messages';
import type { Comparison } from '../session/comparison';
import { comparisonModel } from '../session/comparisonModel';
import { identityKey } from '../judge/scoreRecord';
import type { Disposable } from '../trace/event';
import type { LoadedParts, OpenOptions } from './curvesPages';
import { CurvesPanel } from './curvesPanel';
import { CURVES_VIEW } from './curvesView';

/** The pages that are open. */
export interface CurvesPageSet extends Disposable {
  open(uri: vscode.Uri, options: OpenOptions): Promise<void>;
  showComparison(comparison: Comparison, uri?: vscode.Uri): Promise<void>;
  /** Takes over a page that VS Code kept over a reload, with what the page remembered. */
  restore(panel: vscode.WebviewPanel, state: unknown): void;
}

export function createCurvesPages(parts: LoadedParts): CurvesPageSet {
  const pages = new Set<CurvesPanel>();

  const adopt = (panel: vscode.WebviewPanel, trace: vscode.Uri | undefined, state: { overlay: string[]; pinned: boolean }): CurvesPanel => {
    const page: CurvesPanel = new CurvesPanel(panel, parts, trace, state, () => pages.delete(page));
    pages.add(page);
    return page;
  };

  /** The page that shows this trace, else one that follows the editor, else a new one. */
  const pageFor = (trace: vscode.Uri | undefined, overlay: readonly string[] | undefined): CurvesPanel => {
    const all = [...pages];
    const found = all.find(({ uri }) => uri === trace?.toString()) ?? all.find(({ pinned }) => !pinned);
    if (found !== undefined) {
      found.panel.reveal(undefined, true);
      if (trace !== undefined) found.show(trace, overlay);
      return found;
    }
    const panel = vscode.window.createWebviewPanel(CURVES_VIEW, 'Curves', { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
    return adopt(panel, trace, { ...DEFAULT_PAGE_STATE, overlay: [...(overlay ?? [])] });
  };

  return {
    open(uri, { overlay }) {
      pageFor(uri, overlay);
      return Promise.resolve();
    },
    showComparison(comparison, uri) {
      const trace = uri ?? activeTrace(parts) ?? firstUri(comparison);
      const calibrations = trace === undefined ? undefined : parts.store.get(trace.toString())?.calibrations;
      // Both: on a trace that the page follows the editor to, either of them may be the judge that is shown.
      pageFor(trace, [identityKey(comparison.b), identityKey(comparison.a)]).compare(comparisonModel(comparison, calibrations));
      return Promise.resolve();
    },
    restore(panel, raw) {
      const state = pageState.safeParse(raw);
      const remembered = state.success ? state.data : DEFAULT_PAGE_STATE;
      adopt(panel, remembered.uri === null ? undefined : vscode.Uri.parse(remembered.uri, true), remembered);
    },
    dispose() {
      for (const { panel } of [...pages]) panel.dispose();
    },
  };
}

function activeTrace({ traces }: LoadedParts): vscode.Uri | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document !== undefined && traces.known(document) !== undefined ? document.uri : undefined;
}

function firstUri({ differences }: Comparison): vscode.Uri | undefined {
  const first = differences[0];
  return first === undefined ? undefined : vscode.Uri.parse(first.uri, true);
}
