import * as vscode from 'vscode';
import type { Disposable } from '../trace/event';

/** *Open a Sample…*: shows a copy of one of the traces that come with CoT Lens, as an untitled document to play with. */
export function registerOpenSample(extension: vscode.Uri): Disposable {
  return vscode.commands.registerCommand('cotLens.openSample', async () => {
    const folder = vscode.Uri.joinPath(extension, 'samples');
    const found = [...(await tracesIn(folder)), ...(await tracesIn(vscode.Uri.joinPath(folder, 'real')))];
    const picked = await vscode.window.showQuickPick(
      found.map((uri) => ({
        uri,
        label: (uri.path.split('/').at(-1) ?? '').replace(/\.cot$/, ''),
        description: uri.path.includes('/real/') ? 'real trace' : 'written by hand',
      })),
      { title: 'Open a copy of a sample', matchOnDescription: true },
    );
    if (picked === undefined) return;
    const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(picked.uri));
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'cot', content }));
  });
}

async function tracesIn(folder: vscode.Uri): Promise<vscode.Uri[]> {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  return entries.flatMap(([name, type]) =>
    type === vscode.FileType.File && name.endsWith('.cot') ? [vscode.Uri.joinPath(folder, name)] : [],
  );
}
