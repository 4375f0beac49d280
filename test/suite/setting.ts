import * as vscode from 'vscode';

/** Sets settings of the workspace for as long as `run` takes, and takes them back whatever happens. */
export async function withSettings(settings: Readonly<Record<string, unknown>>, run: () => Promise<void>): Promise<void> {
  const names = Object.keys(settings);
  const set = async (name: string, value: unknown): Promise<void> => {
    await vscode.workspace.getConfiguration().update(name, value, vscode.ConfigurationTarget.Workspace);
  };
  try {
    for (const name of names) await set(name, settings[name]);
    await run();
  } finally {
    for (const name of names) await set(name, undefined);
  }
}
