import * as vscode from 'vscode';
import type { EditableDataset } from '../session/datasets/dataset';
import type { DatasetPlaces, EditableDatasets } from '../session/datasets/datasetSet';
import type { KeptPlace } from '../session/datasets/cotlensFolder';
import type { IndexingTools } from '../session/datasets/indexedFile';
import type { Disposable } from '../trace/event';
import type { Logger } from '../trace/logger';

/** How long a dataset that nobody uses stays open, in milliseconds: rows are walked through one after the other. */
const LINGER = 60_000;

/** The datasets of this window. What they are read with is heavy, and is loaded with the first. */
export class DatasetFiles implements Disposable {
  private loading: Promise<EditableDatasets> | undefined;
  private readonly places: DatasetPlaces;
  private readonly lingering = new Map<string, { readonly dataset: EditableDataset; timer: NodeJS.Timeout }>();
  private disposed = false;

  /** @param onRenamed rows got other names by being saved */
  constructor(storage: vscode.Uri, log: Logger, onRenamed?: DatasetPlaces['onRenamed']) {
    const own = vscode.Uri.joinPath(storage, 'cotlens').fsPath;
    this.places = { onRenamed, own, log, placeOf: (path) => keptPlace(path, own) };
  }

  /** Opens a dataset; its `dispose` lets it go. @throws Error in words */
  async open(path: string, tools?: IndexingTools): Promise<EditableDataset> {
    return (await this.load()).open(path, tools);
  }

  /** Runs on a dataset, which stays open a while afterwards. @throws Error in words where it cannot be opened */
  async with<T>(path: string, run: (dataset: EditableDataset) => Promise<T>): Promise<T> {
    const dataset = await this.open(path);
    try {
      return await run(dataset);
    } finally {
      this.linger(dataset);
    }
  }

  async looksLikeTraces(path: string): Promise<boolean> {
    return (await this.load()).looksLikeTraces(path);
  }

  /** The names of all formats. */
  async formats(): Promise<readonly string[]> {
    return (await this.load()).formats;
  }

  dispose(): void {
    this.disposed = true;
    for (const { timer } of this.lingering.values()) clearTimeout(timer);
    this.loading?.then(
      (datasets) => {
        datasets.dispose();
      },
      // It never came, and whoever asked for it was told.
      () => undefined,
    );
  }

  private load(): Promise<EditableDatasets> {
    this.loading ??= import('../session/datasets/datasets.onDemand').then(({ createDatasets }) => createDatasets(this.places));
    return this.loading;
  }

  private linger(dataset: EditableDataset): void {
    if (this.disposed) return;
    const { path } = dataset;
    const known = this.lingering.get(path);
    clearTimeout(known?.timer);
    const timer = setTimeout(() => {
      this.lingering.delete(path);
      dataset.dispose();
    }, LINGER);
    this.lingering.set(path, { dataset, timer });
    known?.dataset.dispose();
  }
}

/** Beside the scores: in the workspace folder that holds the file, else in our own storage. */
export function keptPlace(path: string, own: string): KeptPlace {
  const uri = vscode.Uri.file(path);
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (folder?.uri.scheme !== 'file') return { folder: own, doc: uri.toString() };
  return { folder: vscode.Uri.joinPath(folder.uri, '.cotlens').fsPath.replaceAll('\\', '/'), doc: vscode.workspace.asRelativePath(uri, false) };
}
