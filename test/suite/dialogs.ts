import * as vscode from 'vscode';

/** A message, or a dialog, with the buttons a person may press. */
export interface Dialog {
  readonly how: 'information' | 'warning' | 'error';
  readonly text: string;
  readonly modal: boolean;
  readonly detail: string;
  readonly buttons: readonly string[];
}

const window = vscode.window as unknown as Record<string, unknown>;
const ways = { showInformationMessage: 'information', showWarningMessage: 'warning', showErrorMessage: 'error' } as const;

/**
 * The messages that the extension shows while `run` runs, taken where it hands them over. Of each the person presses what `press`
 * says, if anything.
 */
export async function dialogsDuring(run: () => unknown, press: (dialog: Dialog) => string | undefined = () => undefined): Promise<Dialog[]> {
  const shown: Dialog[] = [];
  const before = Object.keys(ways).map((name) => [name, window[name]] as const);
  for (const [name, how] of Object.entries(ways)) {
    window[name] = (text: string, ...rest: (string | vscode.MessageOptions | undefined)[]) => {
      const [first] = rest;
      const options = typeof first === 'object' ? first : {};
      const buttons = rest.filter((one) => typeof one === 'string');
      const dialog: Dialog = { how, text, modal: options.modal === true, detail: options.detail ?? '', buttons };
      shown.push(dialog);
      return Promise.resolve(press(dialog));
    };
  }
  try {
    await run();
  } finally {
    for (const [name, original] of before) window[name] = original;
  }
  return shown;
}

/**
 * Answers the input boxes that open while `run` runs, in their order; VS Code has no command to type into one. What they showed
 * comes back.
 */
export async function typing(answers: readonly string[], run: () => unknown): Promise<vscode.InputBox[]> {
  const boxes: vscode.InputBox[] = [];
  const left = [...answers];
  const before = window['createInputBox'];
  window['createInputBox'] = () => {
    let disposed = false;
    const accept = new vscode.EventEmitter<void>();
    const hide = new vscode.EventEmitter<void>();
    const change = new vscode.EventEmitter<string>();
    const button = new vscode.EventEmitter<vscode.QuickInputButton>();
    const box = {
      ...{ value: '', prompt: '', title: '', password: false, validationMessage: undefined },
      ...{ onDidAccept: accept.event, onDidHide: hide.event, onDidChangeValue: change.event, onDidTriggerButton: button.event },
      show: () => {
        const answerNext = (): void => {
          if (disposed) return;
          const answer = left.shift();
          if (answer === undefined) {
            hide.fire();
            return;
          }
          box.value = answer;
          change.fire(answer);
          accept.fire();
          // What is no good leaves the box open for the next answer.
          setTimeout(answerNext);
        };
        setTimeout(answerNext);
      },
      hide: () => undefined,
      dispose: () => {
        disposed = true;
      },
    };
    boxes.push(box as unknown as vscode.InputBox);
    return box;
  };
  try {
    await run();
  } finally {
    window['createInputBox'] = before;
  }
  return boxes;
}
