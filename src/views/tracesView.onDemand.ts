import * as vscode from 'vscode';
import type { Disposable } from '../trace/event';
import { TracesPage } from './tracesPage';
import type { TracesViewParts } from './tracesView';
import { TracesShown } from './tracesViewShown';

/** What can be done with the rows that are selected, or with the view as a whole. */
export type TracesAction = 'open' | 'score' | 'means' | 'copyPrompt' | 'reveal' | 'format' | 'look';

/** The view as long as VS Code runs: it outlives its page, which is taken down whenever it is hidden. */
export interface TracesSession extends Disposable {
  attach(view: vscode.WebviewView): void;
  /** @param path a dataset's absolute path */
  show(path: string): Promise<void>;
  act(action: TracesAction): Promise<void>;
  lists(dataset: string): boolean;
  neighbour(dataset: string, ordinal: number, by: 1 | -1): number | undefined;
}

export function createTracesSession(parts: TracesViewParts): TracesSession {
  const shown = new TracesShown(parts);
  let page: TracesPage | undefined;
  const follow = vscode.window.onDidChangeActiveTextEditor((editor) => {
    if (editor !== undefined) page?.follow(editor.document.uri, true);
  });
  return {
    attach(view) {
      page?.dispose();
      const attached: TracesPage = new TracesPage(view, parts, shown, () => {
        if (page === attached) page = undefined;
      });
      page = attached;
    },
    show: (path) => shown.choose(path),
    act: (action) => (action === 'look' ? shown.look() : shown.act(action)),
    lists: (dataset) => shown.opened?.dataset.path === dataset,
    neighbour: (dataset, ordinal, by) => (shown.opened?.dataset.path === dataset ? shown.opened.list.neighbour(ordinal, by) : undefined),
    dispose() {
      follow.dispose();
      page?.dispose();
      shown.dispose();
    },
  };
}
