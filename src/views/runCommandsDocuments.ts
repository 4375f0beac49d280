import { readdir, readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { Run } from '../train/runs/run';
import type { RunStore } from '../session/training/runStore';
import type { Disposable } from '../trace/event';
import { setUri } from './runCommands';

const SCHEME = 'cotlens-run';

/** The recipe of a run with the values that it was launched with: its file where it still says them, else a read-only document. */
export class RunDocuments implements Disposable, vscode.TextDocumentContentProvider {
  private readonly registration: vscode.Disposable;

  constructor(private readonly store: Pick<RunStore, 'get'>) {
    this.registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  provideTextDocumentContent({ query }: vscode.Uri): string {
    const run = this.store.get(query);
    return run === undefined ? 'This run is not in the workspace any more.\n' : `${JSON.stringify(run.values, null, 2)}\n`;
  }

  async showRecipe(run: Run): Promise<void> {
    const { id, recipe } = run;
    const name = `${recipe.replaceAll(/[^A-Za-z0-9_-]+/g, '-')}.${id}.json`;
    const uri = (await unchangedFile(run)) ?? vscode.Uri.from({ scheme: SCHEME, path: `/${name}`, query: id });
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true });
  }

  dispose(): void {
    this.registration.dispose();
  }
}

/** The recipe's file beside the set, by the names of both, where its values are still those of the run. */
async function unchangedFile({ set, recipe, values }: Run): Promise<vscode.Uri | undefined> {
  const uri = setUri(set.path);
  if (uri === undefined) return undefined;
  const folder = path.dirname(uri.fsPath);
  const ending = `.${recipe}.recipe.json`;
  try {
    const name = (await readdir(folder)).find((one) => one.endsWith(ending) && path.basename(uri.fsPath).startsWith(`${one.slice(0, -ending.length)}.`));
    if (name === undefined) return undefined;
    const file = path.join(folder, name);
    return isDeepStrictEqual(JSON.parse(await readFile(file, 'utf8')), values) ? vscode.Uri.file(file) : undefined;
  } catch {
    // No such folder any more, or no file that can be read: the run's own record has the values.
    return undefined;
  }
}
