import * as vscode from 'vscode';

const NAMES: Readonly<Record<string, string>> = { svg: 'SVG drawing', png: 'PNG picture', csv: 'CSV table' };

/**
 * Asks where to, and writes there.
 * @returns the file's name; `null` where the person chose none
 * @throws with words for the user where it cannot be written
 */
export async function saveExport(trace: vscode.Uri, format: string, bytes: Uint8Array): Promise<string | null> {
  const where = await vscode.window.showSaveDialog({
    title: `Save the curves as ${NAMES[format] ?? format}`,
    filters: { [NAMES[format] ?? format]: [format] },
    defaultUri: defaultPlace(trace, format),
  });
  if (where === undefined) return null;
  try {
    await vscode.workspace.fs.writeFile(where, bytes);
  } catch (error) {
    throw new Error(`${where.path} could not be written (${error instanceof Error ? error.message : String(error)}). Choose another place.`, { cause: error });
  }
  return where.path.split('/').at(-1) ?? where.path;
}

/** Beside the trace; an untitled one has no place of its own. */
function defaultPlace(trace: vscode.Uri, format: string): vscode.Uri {
  const name = (trace.path.split('/').at(-1) ?? 'trace').replace(/\.[^.]+$/, '');
  const file = `${name}.curves.${format}`;
  if (trace.scheme !== 'untitled') return vscode.Uri.joinPath(trace, '..', file);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder === undefined ? vscode.Uri.file(`/${file}`) : vscode.Uri.joinPath(folder, file);
}
