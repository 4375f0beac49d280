import * as vscode from 'vscode';

/** Where a workspace's own rubrics stand. */
const FOLDER = '.cotlens/rubrics';
/** A rubric that is longer than this is no rubric but a slip of the hand, in bytes. Ours. */
const MOST_BYTES = 100_000;

/** A person's own rubric, as its file stands now. */
export interface UserRubric {
  /** The file's name without its ending. */
  readonly name: string;
  readonly text: string;
  readonly uri: vscode.Uri;
}

/** The rubric files of the workspace, and which is chosen. A file steers a model, so it is read in a trusted workspace alone. */
export class Rubrics {
  /** The rubric's file that the settings name for a document (or for the first folder); `undefined`: the built-in rubric. */
  chosen(resource?: vscode.Uri): vscode.Uri | undefined {
    // A trace outside all folders, or not saved yet, has the first folder's.
    const value: unknown = vscode.workspace.getConfiguration('cotLens', folderOf(resource)?.uri ?? resource).get('rubric');
    if (typeof value !== 'string' || value.trim() === '') return undefined;
    const path = value.trim();
    if (/^(?:[/\\]|[a-z]:[/\\])/i.test(path)) return vscode.Uri.file(path);
    const folder = folderOf(resource);
    if (folder === undefined) {
      throw new Error(`The setting cotLens.rubric names “${path}”, and no folder is open that this could be in. Give the whole path, or choose a rubric anew with “Choose Rubric…”.`);
    }
    return vscode.Uri.joinPath(folder.uri, path);
  }

  /**
   * The chosen rubric as its file stands now; `undefined`: the built-in one.
   * @throws Error where the workspace is not trusted, or the file cannot be used: never is another rubric used in its place
   */
  async read(resource?: vscode.Uri): Promise<UserRubric | undefined> {
    const uri = this.chosen(resource);
    if (uri === undefined) return undefined;
    const name = nameOf(uri);
    if (!vscode.workspace.isTrusted) {
      throw new Error(`The rubric “${name}” is a file that steers a model, and this workspace is not trusted. Trust the workspace, or choose the built-in rubric with “Choose Rubric…”.`);
    }
    let bytes: Uint8Array;
    try {
      bytes = await vscode.workspace.fs.readFile(uri);
    } catch {
      throw new Error(`The rubric “${name}” cannot be read: ${vscode.workspace.asRelativePath(uri)} is not there. Choose another with “Choose Rubric…”.`);
    }
    if (bytes.length > MOST_BYTES) {
      throw new Error(`The rubric “${name}” is longer than ${String(MOST_BYTES / 1000)} kB, which no judge would follow. Is it the right file?`);
    }
    const text = new TextDecoder().decode(bytes).replace(/^\uFEFF/, '');
    if (text.trim() === '') throw new Error(`The rubric “${name}” is empty. Write one, or choose another with “Choose Rubric…”.`);
    return { name, text, uri };
  }

  /** The rubric files that lie where a workspace keeps them, in all its folders. */
  async found(): Promise<readonly vscode.Uri[]> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const found = await Promise.all(folders.map((folder) => vscode.workspace.findFiles(new vscode.RelativePattern(folder, `${FOLDER}/*.md`), null)));
    return found.flat().sort((a, b) => a.path.localeCompare(b.path));
  }

  /** Chooses a file, or with `undefined` the built-in rubric, for the document's folder; without a folder, for the user. */
  async choose(uri: vscode.Uri | undefined, resource?: vscode.Uri): Promise<void> {
    const folder = folderOf(resource);
    const config = vscode.workspace.getConfiguration('cotLens', folder?.uri ?? resource);
    const target =
      folder === undefined
        ? vscode.ConfigurationTarget.Global
        : vscode.workspace.workspaceFile === undefined
          ? vscode.ConfigurationTarget.Workspace
          : vscode.ConfigurationTarget.WorkspaceFolder;
    await config.update('rubric', uri === undefined ? undefined : written(uri, folder), target);
    // The built-in one may be hidden by a rubric that is set further up.
    if (uri === undefined && this.chosen(resource) !== undefined) await config.update('rubric', '', target);
  }

  /** Writes a rubric to begin with into the workspace, under a name that is not taken. `undefined` where no folder is open. */
  async create(text: string, resource?: vscode.Uri): Promise<vscode.Uri | undefined> {
    const folder = folderOf(resource);
    if (folder === undefined) return undefined;
    const taken = new Set((await this.found()).map(nameOf));
    let name = 'my-rubric';
    for (let n = 2; taken.has(name); n++) name = `my-rubric-${String(n)}`;
    const uri = vscode.Uri.joinPath(folder.uri, FOLDER, `${name}.md`);
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    return uri;
  }
}

/** The name of a rubric's file without its ending. */
export function nameOf(uri: vscode.Uri): string {
  return (uri.path.split('/').at(-1) ?? '').replace(/\.[^.]+$/, '');
}

function folderOf(resource: vscode.Uri | undefined): vscode.WorkspaceFolder | undefined {
  const own = resource === undefined ? undefined : vscode.workspace.getWorkspaceFolder(resource);
  return own ?? vscode.workspace.workspaceFolders?.[0];
}

/** Relative to the folder where it lies in it, so that the setting holds for everybody who has the folder. */
function written(uri: vscode.Uri, folder: vscode.WorkspaceFolder | undefined): string {
  return folder !== undefined && uri.path.startsWith(`${folder.uri.path}/`) ? uri.path.slice(folder.uri.path.length + 1) : uri.fsPath;
}
