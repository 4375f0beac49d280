import * as vscode from 'vscode';

/** Where a workspace's own teacher instructions stand. */
const FOLDER = '.cotlens/instructions';
/** What is longer than this is no instruction but a slip of the hand, in bytes. Ours. */
const MOST_BYTES = 100_000;

/**
 * The text of the workspace's own instructions of a name; `undefined` where it has none, so that the built-in ones hold.
 * @throws Error in words where there is a file and it cannot be used: never are the built-in ones used in its place
 */
export type InstructionTexts = (name: string) => string | undefined;

/** The teacher instructions that a workspace keeps, one file each, named after the built-in ones that it replaces. */
export class InstructionFiles {
  /**
   * The instructions of this document's folder (of the first one, for a document outside all) as their files stand now. They steer a model:
   * in a workspace that is not trusted none is even read.
   */
  async read(resource: vscode.Uri | undefined): Promise<InstructionTexts> {
    const read = new Map<string, string | Error>();
    if (vscode.workspace.isTrusted) {
      for (const uri of await this.found(resource)) read.set(nameOf(uri), await textOf(uri));
    }
    return (name) => {
      const text = read.get(name);
      if (text instanceof Error) throw text;
      return text;
    };
  }

  /** The files that are there, by name, also in a workspace that is not trusted, where they are not used. */
  async found(resource: vscode.Uri | undefined): Promise<readonly vscode.Uri[]> {
    const place = this.folder(resource);
    if (place === undefined) return [];
    let entries: readonly [string, vscode.FileType][];
    try {
      entries = await vscode.workspace.fs.readDirectory(place);
    } catch {
      // Most workspaces have no such folder.
      return [];
    }
    const names = entries.flatMap(([name, type]) => ((type & vscode.FileType.File) !== 0 && name.endsWith('.md') ? [name] : []));
    return names.sort().map((name) => vscode.Uri.joinPath(place, name));
  }

  /** Where the file of this name is, or would be; `undefined` where no folder is open. */
  fileOf(name: string, resource: vscode.Uri | undefined): vscode.Uri | undefined {
    const place = this.folder(resource);
    return place === undefined ? undefined : vscode.Uri.joinPath(place, `${name}.md`);
  }

  /**
   * Writes instructions to begin with into the workspace.
   * @returns where, and whether they are new: what is there already is never written over. `undefined` where no folder is open
   */
  async create(name: string, text: string, resource: vscode.Uri | undefined): Promise<{ uri: vscode.Uri; isNew: boolean } | undefined> {
    const uri = this.fileOf(name, resource);
    if (uri === undefined) return undefined;
    if ((await this.found(resource)).some((known) => known.toString() === uri.toString())) return { uri, isNew: false };
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    return { uri, isNew: true };
  }

  private folder(resource: vscode.Uri | undefined): vscode.Uri | undefined {
    const own = resource === undefined ? undefined : vscode.workspace.getWorkspaceFolder(resource);
    const folder = own ?? vscode.workspace.workspaceFolders?.[0];
    return folder === undefined ? undefined : vscode.Uri.joinPath(folder.uri, FOLDER);
  }
}

/** The name of an instructions' file without its ending. */
export function nameOf(uri: vscode.Uri): string {
  return (uri.path.split('/').at(-1) ?? '').replace(/\.md$/, '');
}

async function textOf(uri: vscode.Uri): Promise<string | Error> {
  const where = vscode.workspace.asRelativePath(uri);
  let bytes: Uint8Array;
  try {
    bytes = await vscode.workspace.fs.readFile(uri);
  } catch {
    return new Error(`The teacher instructions in ${where} cannot be read. Look at the file, or delete it to go back to the built-in ones.`);
  }
  if (bytes.length > MOST_BYTES) {
    return new Error(`The teacher instructions in ${where} are longer than ${String(MOST_BYTES / 1000)} kB, which no teacher would follow. Is it the right file?`);
  }
  const text = new TextDecoder().decode(bytes).replace(/^\uFEFF/, '');
  return text.trim() === '' ? new Error(`The teacher instructions in ${where} are empty. Write some, or delete the file to go back to the built-in ones.`) : text;
}
