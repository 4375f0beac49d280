import * as vscode from 'vscode';

/** The person went back to the question before. */
export const BACK = Symbol('back');
/** An answer, a step back, or `undefined` where the person left. */
export type Answer<T> = T | typeof BACK | undefined;

/** What a question is shown with. */
interface Question {
  readonly title: string;
  /** Its place among the questions; the first one has no way back. */
  readonly step: number;
  readonly of: number;
}

export interface TextQuestion extends Question {
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  /** Shown as dots, and kept out of the input's history. */
  readonly secret?: boolean;
  /** What is wrong with a text, while it is typed. */
  readonly wrong?: (text: string) => string | undefined;
  /** What to mind about a text that may be given all the same. */
  readonly mind?: (text: string) => string | undefined;
}

/** Asks for a line of text. */
export function askText(question: TextQuestion): Promise<Answer<string>> {
  const input = vscode.window.createInputBox();
  Object.assign(input, { ...frame(question), prompt: question.prompt, value: question.value ?? '', password: question.secret === true });
  if (question.placeholder !== undefined) input.placeholder = question.placeholder;
  const check = (): boolean => {
    const wrong = question.wrong?.(input.value.trim());
    const mind = wrong ?? question.mind?.(input.value.trim());
    const severity = wrong === undefined ? vscode.InputBoxValidationSeverity.Warning : vscode.InputBoxValidationSeverity.Error;
    input.validationMessage = mind === undefined ? undefined : { message: mind, severity };
    return wrong === undefined;
  };
  // What is wrong with a text that nobody has typed yet is said when it is given.
  if (input.value !== '') check();
  return ask(input, (answer) => {
    input.onDidChangeValue(check);
    input.onDidAccept(() => {
      if (check()) answer(input.value.trim());
    });
  });
}

export interface PickQuestion<T extends vscode.QuickPickItem> extends Question {
  readonly placeholder: string;
  /** Rows that are there at once, or come while the list is open already. */
  readonly rows: readonly T[] | Promise<readonly T[]>;
  /** A row for what was typed and no row is called, where that is an answer too. */
  readonly typed?: (text: string) => T;
}

/** Asks for one row of a list. */
export function askPick<T extends vscode.QuickPickItem>(question: PickQuestion<T>): Promise<Answer<T>> {
  const list = vscode.window.createQuickPick<T>();
  Object.assign(list, { ...frame(question), placeholder: question.placeholder, matchOnDescription: true, busy: true });
  let rows: readonly T[] = [];
  const show = (): void => {
    const text = list.value.trim();
    const own = question.typed === undefined || text === '' || rows.some(({ label }) => label === text) ? [] : [question.typed(text)];
    list.items = [...rows, ...own];
  };
  void Promise.resolve(question.rows).then((come) => {
    rows = come;
    list.busy = false;
    show();
  });
  return ask(list, (answer) => {
    list.onDidChangeValue(show);
    list.onDidAccept(() => {
      const [picked] = list.selectedItems;
      if (picked !== undefined) answer(picked);
    });
  });
}

function frame({ title, step, of }: Question): Partial<vscode.QuickInput> {
  return { title, step, totalSteps: of, ignoreFocusOut: true };
}

async function ask<T>(
  input: (vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>) & { step: number | undefined },
  listen: (answer: (value: T) => void) => void,
): Promise<Answer<T>> {
  if ((input.step ?? 1) > 1) input.buttons = [vscode.QuickInputButtons.Back];
  try {
    return await new Promise<Answer<T>>((resolve) => {
      listen(resolve);
      input.onDidTriggerButton((button) => {
        if (button === vscode.QuickInputButtons.Back) resolve(BACK);
      });
      input.onDidHide(() => {
        resolve(undefined);
      });
      input.show();
    });
  } finally {
    input.dispose();
  }
}
