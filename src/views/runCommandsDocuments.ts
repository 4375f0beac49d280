import { readdir, readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { Run } from '../train/runs/run';
import type { RunStore } from '../session/training/runStore';
import type { Disposable } from '../trace/event';
import { setPlaces } from './runSetFile';

const SCHEME = 'cotlens-run';

/** The recipe of a run with the values that it was launched with: its file where it still says them, else a read-only document. */
export class RunDocuments implements Disposable, vscode.TextDocumentContentProvider {
  private readonly registration: vscode.Disposable;

  /** @param store of the runs, read when a document is asked for: a tab that comes back after a reload asks before anything else does */
  constructor(private readonly store: () => Promise<Pick<RunStore, 'get'>>) {
    this.registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  /** @throws Error where the runs cannot be read */
  async provideTextDocumentContent({ query }: vscode.Uri): Promise<string> {
    const run = (await this.store()).get(query);
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
  const ending = `.${recipe}.recipe.json`;
  for (const place of setPlaces(set.path)) {
    const folder = path.dirname(place);
    try {
      const name = (await readdir(folder)).find((one) => one.endsWith(ending) && path.basename(place).startsWith(`${one.slice(0, -ending.length)}.`));
      if (name === undefined) continue;
      const file = path.join(folder, name);
      if (isDeepStrictEqual(JSON.parse(await readFile(file, 'utf8')), values)) return vscode.Uri.file(file);
    } catch {
      // No such folder any more, or no file that can be read: the run's own record has the values.
    }
  }
  return undefined;
}
