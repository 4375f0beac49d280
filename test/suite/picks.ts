import * as vscode from 'vscode';

/** A row to take, or a button of a row to press: by what the row, and the button, are called. */
export type Press = RegExp | { readonly row: RegExp; readonly button: RegExp };

const window = vscode.window as unknown as Record<string, unknown>;
/** Milliseconds between two looks for a row: lists fill while they are open. */
const LOOK_EVERY = 10;
const LOOK_FOR = 5000;

/**
 * Answers the lists that open by `createQuickPick` while `run` runs, in their order, each as soon as it has the row; lists beyond
 * that are left with Escape. VS Code has no command for the buttons of a row.
 * @throws where a list never has the row
 */
export async function picking(presses: readonly Press[], run: () => unknown): Promise<void> {
  const left = [...presses];
  let failure: Error | undefined;
  const before = window['createQuickPick'];
  window['createQuickPick'] = () => {
    const active = new vscode.EventEmitter<readonly vscode.QuickPickItem[]>();
    const [accept, hide, change] = [new vscode.EventEmitter<void>(), new vscode.EventEmitter<void>(), new vscode.EventEmitter<string>()];
    const button = new vscode.EventEmitter<vscode.QuickInputButton>();
    const itemButton = new vscode.EventEmitter<vscode.QuickPickItemButtonEvent<vscode.QuickPickItem>>();
    const items: readonly vscode.QuickPickItem[] = [];
    const list = {
      ...{ items, activeItems: items, selectedItems: items, value: '', title: '', busy: false },
      ...{ onDidAccept: accept.event, onDidHide: hide.event, onDidChangeValue: change.event, onDidChangeActive: active.event },
      ...{ onDidTriggerButton: button.event, onDidTriggerItemButton: itemButton.event },
      show: () => {
        void answer();
      },
      hide: () => {
        hide.fire();
      },
      dispose: () => undefined,
    };
    const rowOf = (like: RegExp): vscode.QuickPickItem | undefined =>
      list.items.find(({ label, description }) => like.test(`${label} ${description ?? ''}`));
    const answer = async (): Promise<void> => {
      const press = left.shift();
      if (press === undefined) {
        hide.fire();
        return;
      }
      const like = press instanceof RegExp ? press : press.row;
      const until = Date.now() + LOOK_FOR;
      let row = rowOf(like);
      for (; row === undefined && Date.now() < until; row = rowOf(like)) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
      const pressed = press instanceof RegExp ? undefined : row?.buttons?.find(({ tooltip }) => press.button.test(tooltip ?? ''));
      if (row !== undefined && press instanceof RegExp) {
        list.selectedItems = [row];
        active.fire([row]);
        accept.fire();
      } else if (row !== undefined && pressed !== undefined) itemButton.fire({ item: row, button: pressed });
      else {
        failure = new Error(`“${list.title}” has no ${String(like)}, only ${JSON.stringify(list.items.map(({ label }) => label))}`);
        hide.fire();
      }
    };
    return list;
  };
  try {
    await run();
  } finally {
    window['createQuickPick'] = before;
  }
  if (failure !== undefined) throw failure;
}
