import * as vscode from 'vscode';

type Item = vscode.QuickPickItem | string;
type Choose = (items: readonly Item[], title: string) => number;

const window = vscode.window as unknown as Record<string, unknown>;

/** The place of the entry whose label (and description) looks so. */
export function entry(like: RegExp): Choose {
  return (items, title) => {
    const labels = items.map((item) => (typeof item === 'string' ? item : `${item.label} ${item.description ?? ''}`));
    const at = labels.findIndex((label) => like.test(label));
    if (at === -1) throw new Error(`“${title}” offers no ${String(like)}, only ${JSON.stringify(labels)}`);
    return at;
  };
}

/**
 * Answers the lists and input boxes that the extension shows while `run` runs, in order; what is asked beyond that is dismissed.
 * @returns the titles of what was asked
 */
export async function answering(answers: readonly (Choose | string)[], run: () => unknown): Promise<string[]> {
  const asked: string[] = [];
  const left = [...answers];
  const before = [window['showQuickPick'], window['showInputBox']];
  window['showQuickPick'] = async (items: readonly Item[] | Thenable<readonly Item[]>, options: vscode.QuickPickOptions = {}) => {
    asked.push(options.title ?? '');
    const answer = left.shift();
    const all = await items;
    return typeof answer === 'function' ? all[answer(all, options.title ?? '')] : undefined;
  };
  window['showInputBox'] = (options: vscode.InputBoxOptions = {}) => {
    asked.push(options.title ?? '');
    const answer = left.shift();
    return Promise.resolve(typeof answer === 'string' ? answer : undefined);
  };
  try {
    await run();
  } finally {
    [window['showQuickPick'], window['showInputBox']] = before;
  }
  return asked;
}
