import * as vscode from 'vscode';
import { scoreFileName } from '../judge/scoreFileName';
import { ScoreLog } from '../judge/scoreLog';
import { nodeFiles } from '../session/nodeFiles';
import type { Disposable } from '../trace/event';
import type { Logger } from '../trace/logger';

/** The score log of a document and the document's name in it. */
export interface Place {
  readonly log: ScoreLog;
  readonly doc: string;
}

/**
 * One score log per workspace folder, in its `.cotlens`; documents outside any folder (untitled ones, single files) share one
 * in the extension's own storage, named there by their whole address.
 */
export class ScoreLogs implements Disposable {
  private readonly logs = new Map<string, ScoreLog>();
  private readonly places = new Map<string, Place>();

  /** @param changed called with the URI of a document whose scores changed */
  constructor(
    private readonly storage: vscode.Uri,
    private readonly logger: Logger,
    private readonly changed: (uri: string) => void,
  ) {}

  of(uri: vscode.Uri): Place {
    const key = uri.toString();
    let place = this.places.get(key);
    if (place === undefined) {
      const folder = uri.scheme === 'file' ? vscode.workspace.getWorkspaceFolder(uri) : undefined;
      place =
        folder === undefined || folder.uri.scheme !== 'file'
          ? { log: this.logIn(vscode.Uri.joinPath(this.storage, 'cotlens').fsPath), doc: key }
          : {
              log: this.logIn(vscode.Uri.joinPath(folder.uri, '.cotlens').fsPath),
              doc: vscode.workspace.asRelativePath(uri, false),
            };
      this.places.set(key, place);
    }
    return place;
  }

  /** A document, or a folder with all in it, moved; scores go with their documents. */
  async moved(from: vscode.Uri, to: vscode.Uri): Promise<void> {
    const { type } = await vscode.workspace.fs.stat(to);
    if (type === vscode.FileType.Directory) return this.folderMoved(from, to);
    const [old, now] = [this.of(from), this.of(to)];
    this.places.delete(from.toString());
    if (old.log === now.log) await now.log.moved(old.doc, now.doc);
    else await this.copy(old, now);
  }

  /** A text was saved under another name: its scores are good there too. */
  async copied(from: vscode.Uri, to: vscode.Uri): Promise<void> {
    await this.copy(this.of(from), this.of(to));
  }

  /** Forgets which folder a document belongs to: the workspace's folders changed. */
  forgetPlaces(): void {
    this.places.clear();
  }

  dispose(): void {
    for (const log of this.logs.values()) log.dispose();
    this.logs.clear();
  }

  private async copy(from: Place, to: Place): Promise<void> {
    await from.log.load(from.doc);
    await to.log.adopt(to.doc, from.log.scores(from.doc).records());
  }

  private async folderMoved(from: vscode.Uri, to: vscode.Uri): Promise<void> {
    const scored = await this.of(to).log.scoreFiles();
    for (const now of await vscode.workspace.findFiles(new vscode.RelativePattern(to, '**/*'), null)) {
      const old = vscode.Uri.joinPath(from, now.path.slice(to.path.length));
      if (scored.has(scoreFileName(this.of(old).doc))) await this.moved(old, now);
      // Most files of a folder are no traces; their places are not kept.
      else this.places.delete(old.toString());
    }
  }

  private logIn(folder: string): ScoreLog {
    let log = this.logs.get(folder);
    if (log === undefined) {
      const made = new ScoreLog(nodeFiles, folder.replaceAll('\\', '/'), this.logger);
      made.onDidChange((doc) => {
        for (const [uri, place] of this.places) if (place.log === made && place.doc === doc) this.changed(uri);
      });
      this.logs.set(folder, (log = made));
    }
    return log;
  }
}
