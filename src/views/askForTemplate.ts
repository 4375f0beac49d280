import * as vscode from 'vscode';

/** A model's folder, or a chat template's own file, by the system's dialog. */
export async function askForTemplate(folder: boolean): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title: folder ? 'The folder of a model' : 'A chat template',
    canSelectFolders: folder,
    canSelectFiles: !folder,
    openLabel: 'Use',
    ...(folder ? {} : { filters: { 'Chat templates': ['jinja', 'json'] } }),
  });
  return picked?.[0];
}
