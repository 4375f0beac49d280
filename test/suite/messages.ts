import * as vscode from 'vscode';

type Said = { readonly how: 'statusBar' | 'information' | 'warning' | 'error'; readonly text: string };

const window = vscode.window as unknown as Record<string, unknown>;
const ways = {
  setStatusBarMessage: 'statusBar',
  showInformationMessage: 'information',
  showWarningMessage: 'warning',
  showErrorMessage: 'error',
} as const;

/**
 * What the extension says while `run` runs. VS Code gives no way to read messages, so they are taken where the extension hands
 * them over; the person presses `answer`, if anything.
 */
export async function saidDuring(run: () => unknown, answer?: string): Promise<Said[]> {
  const said: Said[] = [];
  const before = Object.keys(ways).map((name) => [name, window[name]] as const);
  for (const [name, how] of Object.entries(ways)) {
    window[name] = (text: string) => {
      said.push({ how, text });
      return how === 'statusBar' ? { dispose: () => undefined } : Promise.resolve(answer);
    };
  }
  try {
    await run();
  } finally {
    for (const [name, original] of before) window[name] = original;
  }
  return said;
}
