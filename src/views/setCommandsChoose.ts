import * as vscode from 'vscode';
import { SET_ENDING, type CuratedSetFiles } from '../host/curatedSets';
import { plainLabel } from '../host/plainLabel';

/** What a person is offered besides the sets there are. */
const NEW = 'New Curated Set…';

/**
 * Asks for a set, the one used last first; where there is none yet, for the name of a new one.
 * @param but a set that is not offered: samples are moved out of it
 * @returns its path; `undefined` where the person chose none
 */
export async function chosenSet(sets: CuratedSetFiles, title: string, { but, mayBeNew }: { but?: string; mayBeNew: boolean }): Promise<string | undefined> {
  const all = (await sets.look()).filter((path) => path !== but);
  if (all.length === 0) {
    if (mayBeNew) return newSet(sets);
    void vscode.window.showInformationMessage('There is no curated set in this workspace yet. “New Curated Set…” makes one.');
    return undefined;
  }
  const { last } = sets;
  const ordered = last === undefined || !all.includes(last) ? all : [last, ...all.filter((path) => path !== last)];
  const rows = ordered.map((path) => ({ label: plainLabel(nameOfSet(path)), description: `${plainLabel(vscode.workspace.asRelativePath(path))}${path === last ? ' · used last' : ''}`, path }));
  const picked = await vscode.window.showQuickPick([...rows, ...(mayBeNew ? [{ label: `$(add) ${NEW}`, description: '', path: undefined }] : [])], { title, placeHolder: 'Which curated set' });
  if (picked === undefined) return undefined;
  return picked.path ?? newSet(sets);
}

/** Asks for a name and makes an empty set. @returns its path; `undefined` where the person gave none. @throws Error in words */
export async function newSet(sets: CuratedSetFiles): Promise<string | undefined> {
  const folder = await chosenFolder();
  if (folder === undefined) return undefined;
  const typed = await vscode.window.showInputBox({
    title: NEW,
    prompt: `A file of samples, one a line, in ${plainLabel(folder.name)}; a path such as sets/kitchen puts it into a folder`,
    placeHolder: 'kitchen',
    validateInput: (value) => whyNoName(folder.uri, value),
  });
  const name = typed === undefined ? '' : bare(typed);
  if (name === '') return undefined;
  const uri = placeOf(folder.uri, name);
  const wrong = await whyNoName(folder.uri, name);
  if (wrong !== undefined) throw new Error(wrong);
  await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(uri, '..'));
  const set = await sets.create(uri.fsPath);
  await sets.used(set.path);
  return set.path;
}

/** A set's name: its file's, without the ending. */
export function nameOfSet(path: string): string {
  const file = path.split(/[\\/]/).at(-1) ?? path;
  return file.endsWith(SET_ENDING) ? file.slice(0, -SET_ENDING.length) : file;
}

async function chosenFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  if (folders.length === 0) {
    void vscode.window.showInformationMessage('A curated set is a file of the workspace, so that git can hold it. Open a folder first.');
    return undefined;
  }
  if (folders.length === 1) return folders[0];
  const picked = await vscode.window.showQuickPick(folders.map((folder) => ({ label: plainLabel(folder.name), description: plainLabel(folder.uri.fsPath), folder })), { title: 'In which folder' });
  return picked?.folder;
}

/** What was typed without the ending and without slashes around it. */
function bare(typed: string): string {
  const name = typed.trim().replaceAll('\\', '/');
  return (name.endsWith(SET_ENDING) ? name.slice(0, -SET_ENDING.length) : name).replace(/^\/+|\/+$/g, '');
}

function placeOf(folder: vscode.Uri, name: string): vscode.Uri {
  return vscode.Uri.joinPath(folder, `${name}${SET_ENDING}`);
}

async function whyNoName(folder: vscode.Uri, typed: string): Promise<string | undefined> {
  const name = bare(typed);
  if (name === '') return undefined;
  // eslint-disable-next-line no-control-regex -- control characters are what must not stand in a file's name
  if (/[<>:"|?*\u0000-\u001f]/.test(name) || name.split('/').some((part) => part === '' || part.startsWith('.') || part.trim() !== part)) {
    return 'A name may hold letters, digits, spaces, - and _; / makes folders.';
  }
  const there = await vscode.workspace.fs.stat(placeOf(folder, name)).then(
    () => true,
    () => false,
  );
  return there ? `${name}${SET_ENDING} is there already.` : undefined;
}
