import * as vscode from 'vscode';
import { scoreFileName } from '../judge/scoreFileName';
import { nodeFiles } from '../session/nodeFiles';
import { scoredTrace, type ScoredTrace } from '../session/scoredTrace';
import type { TraceStore } from '../session/traceStore';
import { parseTrace } from '../trace/parseTrace';
import type { Trace } from '../trace/trace';
import { parseRowDoc, rowDoc } from '../session/datasets/rowDoc';
import { keyOrdinal } from '../session/datasets/rowKeys';
import type { RowPlace } from '../session/datasets/rowPath';
import type { DatasetFiles } from './datasetFiles';
import { firstDoc } from './firstDoc';
import { documentName, fileOf, rowUri } from './rowUris';
import type { ScoreLogs } from './scoreLogs';
import type { Settings } from './settings';

/** A document with scores, and where it lies. */
export interface FoundTrace extends ScoredTrace {
  /** The workspace folder that holds it; `undefined` of one that is open and lies in none. */
  readonly folder: vscode.WorkspaceFolder | undefined;
  /** Its name in the score log: in a folder, the path from there. */
  readonly path: string;
}

/** This many score files are read within a second; more show progress. */
const QUIET = 100;

/** Every document of the workspace that has scores: open ones as they are now, others as they are on disk. */
export class ScoredDocuments {
  constructor(
    private readonly scores: ScoreLogs,
    private readonly store: TraceStore,
    private readonly settings: Settings,
    private readonly datasets: Pick<DatasetFiles, 'with'>,
  ) {}

  /** Reads them one after the other and keeps no text. @returns `undefined` where the person cancelled */
  async find(): Promise<FoundTrace[] | undefined> {
    const files: { folder: vscode.WorkspaceFolder; name: string }[] = [];
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      if (folder.uri.scheme !== 'file') continue;
      const names = await nodeFiles.list(scoresFolder(folder));
      for (const name of names) if (name.endsWith('.jsonl')) files.push({ folder, name });
    }
    const read = async (report: () => void, isCancelled: () => boolean): Promise<FoundTrace[] | undefined> => {
      const found: FoundTrace[] = [];
      for (const { folder, name } of files) {
        if (isCancelled()) return undefined;
        const uri = await this.documentOf(folder, name);
        const trace = uri === undefined ? undefined : await this.join(uri, folder);
        if (trace !== undefined) found.push(trace);
        report();
      }
      return [...found, ...this.openElsewhere(found)];
    };
    if (files.length <= QUIET) return read(() => undefined, () => false);
    return vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: 'Reading scores of the workspace', cancellable: true },
      (progress, token) => {
        let done = 0;
        return read(
          () => {
            progress.report({ message: `${String(++done)} of ${String(files.length)}`, increment: 100 / files.length });
          },
          () => token.isCancellationRequested,
        );
      },
    );
  }

  /** A document's text as it is now, parsed; `undefined` where it cannot be read. */
  async read(uri: vscode.Uri): Promise<Trace | undefined> {
    const text = await textOf(uri);
    if (text === undefined) return undefined;
    return parseTrace(text, this.optionsOf(uri).splitter);
  }

  /** The same of a document of a folder by its name in the score log, which may be that of a row. */
  async readIn(folder: vscode.WorkspaceFolder, doc: string): Promise<Trace | undefined> {
    const uri = vscode.Uri.joinPath(folder.uri, doc);
    const row = parseRowDoc(doc);
    if (row === undefined || (await nodeFiles.facts(uri.fsPath)) !== undefined) return this.read(uri);
    const place = await this.rowIn(vscode.Uri.joinPath(folder.uri, row.dataset), row);
    return place === undefined ? undefined : this.read(place);
  }

  private async join(uri: vscode.Uri, folder: vscode.WorkspaceFolder): Promise<FoundTrace | undefined> {
    const { log, doc } = this.scores.of(uri);
    try {
      const trace = await this.read(uri);
      if (trace === undefined) return undefined;
      await log.load(doc);
      return { ...this.scored(uri, trace), folder, path: doc };
    } finally {
      if (this.store.get(uri.toString()) === undefined) {
        this.scores.release(uri);
        this.settings.release(uri);
      }
    }
  }

  /** Open traces that lie in no folder: untitled ones, and files from elsewhere. */
  private openElsewhere(found: readonly FoundTrace[]): FoundTrace[] {
    const known = new Set(found.map(({ uri }) => uri));
    return this.store.uris.flatMap((uri) => {
      const state = this.store.get(uri);
      if (known.has(uri) || state === undefined || state.judges.length === 0) return [];
      const parsed = vscode.Uri.parse(uri);
      const folder = vscode.workspace.getWorkspaceFolder(fileOf(parsed));
      return [{ ...this.scored(parsed, state.trace), folder, path: this.scores.of(parsed).doc }];
    });
  }

  private scored(uri: vscode.Uri, trace: Trace): ScoredTrace {
    const { log, doc } = this.scores.of(uri);
    const document = { uri: uri.toString(), doc: documentName(uri) };
    return scoredTrace(document, trace, log.scores(doc), this.optionsOf(uri).shapeRules);
  }

  private optionsOf(uri: vscode.Uri): ReturnType<Settings['traceOptions']> {
    const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    return this.settings.traceOptions(open ?? { uri, languageId: 'cot' });
  }

  /** The document that a score file belongs to: as its records say; of a document that was renamed, by the file's own name. */
  private async documentOf(folder: vscode.WorkspaceFolder, name: string): Promise<vscode.Uri | undefined> {
    const doc = await firstDoc(`${scoresFolder(folder)}/${name}`);
    if (doc === undefined) return undefined;
    const row = parseRowDoc(doc);
    if (row !== undefined && (await nodeFiles.facts(vscode.Uri.joinPath(folder.uri, doc).fsPath)) === undefined) return this.rowOf(folder, name, row);
    if (scoreFileName(doc) === name) return vscode.Uri.joinPath(folder.uri, doc);
    return renamed(folder, name, name, (path) => path);
  }

  /** A row is found by its key, wherever in its dataset it lies now. */
  private async rowOf(folder: vscode.WorkspaceFolder, name: string, row: Pick<RowPlace, 'dataset' | 'key' | 'variant'>): Promise<vscode.Uri | undefined> {
    const nameIn = (path: string): string => rowDoc(path, row);
    const as = nameIn(row.dataset);
    const file =
      scoreFileName(as) === name
        ? vscode.Uri.joinPath(folder.uri, row.dataset)
        : await renamed(folder, name, name.slice(0, Math.max(1, name.lastIndexOf(`_${row.key}`))), nameIn);
    return file === undefined ? undefined : this.rowIn(file, row);
  }

  private async rowIn(file: vscode.Uri, row: Pick<RowPlace, 'key' | 'variant'>): Promise<vscode.Uri | undefined> {
    const dataset = file.fsPath;
    try {
      const ordinal = await this.datasets.with(dataset, (one) => one.find(row.key, keyOrdinal(row.key) ?? 0));
      return ordinal === undefined ? undefined : rowUri({ ...row, dataset, ordinal });
    } catch {
      // The dataset is gone, or is none any more: the scores of its rows stay, and speak of nothing that is there.
      return undefined;
    }
  }
}

function scoresFolder(folder: vscode.WorkspaceFolder): string {
  return vscode.Uri.joinPath(folder.uri, '.cotlens', 'scores').fsPath;
}

async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString() && !document.isClosed);
  if (open !== undefined) return open.getText();
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    // Deleted, or moved by hand: its scores stay, and speak of nothing that is there.
    return undefined;
  }
}

/** The file of a document that was renamed. In the name of a score file each character that is unusual in file names is an underscore. */
async function renamed(folder: vscode.WorkspaceFolder, name: string, begin: string, nameIn: (path: string) => string): Promise<vscode.Uri | undefined> {
  const base = begin.replace(/\.[0-9a-f]{8}\.jsonl$/, '').replaceAll('_', '*');
  const candidates = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, `**/${base}*`), null);
  return candidates.find((uri) => scoreFileName(nameIn(vscode.workspace.asRelativePath(uri, false))) === name);
}
