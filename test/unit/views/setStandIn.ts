import { readdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { vi } from 'vitest';
import type * as standIn from '../vscode/standIn';

/** The stand-in of VS Code with what the Curated Set view takes besides: entries of trees, files, and a person who answers. */
const real = await vi.importActual<typeof standIn>('../vscode/standIn');

/** What a person says next, what was said to them, and in which folder the sets lie. */
export const person = { picks: [] as RegExp[], typed: [] as string[], presses: [] as string[], heard: [] as string[], details: [] as string[], folder: '' };

function say(text: string, ...rest: unknown[]): Promise<unknown> {
  person.heard.push(text);
  const [first] = rest;
  if (typeof first === 'object' && first !== null && 'detail' in first) person.details.push(String(first.detail));
  const at = person.presses.findIndex((press) => rest.includes(press));
  return Promise.resolve(at < 0 ? undefined : person.presses.splice(at, 1)[0]);
}

const sets = (): string[] => readdirSync(person.folder).filter((name) => name.endsWith('.curated.jsonl'));
const watcher = { onDidCreate: () => undefined, onDidDelete: () => undefined, dispose: () => undefined };

export const { world, live, events, memento, extensionContext, EventEmitter, Disposable, Uri, Position, Range, Diagnostic, ThemeIcon, ThemeColor } = real;
export const { commands, languages, lm, DiagnosticSeverity, StatusBarAlignment, ColorThemeKind, ProgressLocation, ConfigurationTarget, CancellationTokenSource } = real;

export class TreeItem {
  constructor(
    readonly label: string,
    readonly collapsibleState: number,
  ) {}
}
export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };

export const workspace = {
  ...real.workspace,
  findFiles: (): Promise<standIn.Uri[]> => Promise.resolve(sets().map((name) => real.Uri.file(path.join(person.folder, name)))),
  createFileSystemWatcher: (): typeof watcher => watcher,
  fs: { stat: ({ fsPath }: { fsPath: string }): Promise<unknown> => stat(fsPath) },
};

export const window = {
  ...real.window,
  activeTextEditor: undefined as unknown,
  showInformationMessage: say,
  showWarningMessage: say,
  showErrorMessage: say,
  setStatusBarMessage: say,
  showInputBox: (): Promise<string | undefined> => Promise.resolve(person.typed.shift()),
  showQuickPick: (items: readonly { label: string }[]): Promise<unknown> => {
    const pick = person.picks.shift();
    return Promise.resolve(items.find(({ label }) => pick?.test(label) === true));
  },
  withProgress: (_how: unknown, run: (progress: unknown, token: unknown) => unknown): unknown => run({ report: () => undefined }, { onCancellationRequested: () => undefined }),
};
