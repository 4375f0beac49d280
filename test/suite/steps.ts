import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';

/**
 * What a person does at one question of several: takes the row that looks so, types this (into a list too), goes a question back, or
 * leaves with Escape. What is no good as an answer leaves an input box open for the next one.
 */
export type Step = RegExp | string | { readonly typed: string } | typeof BACK | typeof LEAVE;
export const BACK = Symbol('back');
export const LEAVE = Symbol('leave');

/** A question as it was shown. */
export interface AskedStep {
  readonly title: string;
  readonly step: number | undefined;
  readonly of: number | undefined;
  readonly hasBack: boolean;
  readonly secret: boolean;
  /** Of a list: its rows when it was answered, label and description and detail. */
  rows: readonly string[];
  /** Of an input box: what stood in it at first, and what was wrong with what was typed. */
  readonly value: string;
  wrong: string[];
}

const window = vscode.window as unknown as Record<string, unknown>;
const LOOK_EVERY = 10;
const LOOK_FOR = 20_000;

/** Answers the lists and input boxes with steps that open while `run` runs; those beyond the answers are left. @throws where a list never has the row */
export async function steps(answers: readonly Step[], run: () => unknown): Promise<AskedStep[]> {
  const shown: AskedStep[] = [];
  const left = [...answers];
  const failures: Error[] = [];
  const before = [window['createQuickPick'], window['createInputBox']];
  const made = (isList: boolean) => (): unknown => {
    const [accept, hide, change] = [new vscode.EventEmitter<void>(), new vscode.EventEmitter<void>(), new vscode.EventEmitter<string>()];
    const button = new vscode.EventEmitter<vscode.QuickInputButton>();
    let disposed = false;
    const items: readonly vscode.QuickPickItem[] = [];
    const input = {
      ...{ title: '', value: '', step: undefined as number | undefined, totalSteps: undefined as number | undefined, password: false, buttons: [] as vscode.QuickInputButton[] },
      ...{ items, selectedItems: items, activeItems: items, busy: false, validationMessage: undefined as { message: string } | string | undefined },
      ...{ onDidAccept: accept.event, onDidHide: hide.event, onDidChangeValue: change.event, onDidTriggerButton: button.event },
      show: () => void answer(),
      hide: () => {
        hide.fire();
      },
      dispose: () => {
        disposed = true;
      },
    };
    const answer = async (): Promise<void> => {
      // Whoever shows it has yet to listen.
      await sleep(0);
      const asked: AskedStep = { title: input.title, step: input.step, of: input.totalSteps, hasBack: input.buttons.includes(vscode.QuickInputButtons.Back), secret: input.password, rows: [], value: input.value, wrong: [] };
      shown.push(asked);
      for (;;) {
        const next = left.shift();
        if (next === undefined || next === LEAVE) {
          asked.rows = wordsOf(input.items);
          hide.fire();
        } else if (next === BACK) {
          asked.rows = wordsOf(input.items);
          button.fire(vscode.QuickInputButtons.Back);
        } else if (isList) await pick(next, asked);
        else type(typeof next === 'string' ? next : '', asked);
        await sleep(0);
        if (disposed || isList) return;
      }
    };
    const pick = async (like: RegExp | string | { readonly typed: string }, asked: AskedStep): Promise<void> => {
      const found = (): vscode.QuickPickItem | undefined => input.items.find((row) => (like instanceof RegExp ? like.test(`${row.label} ${row.description ?? ''}`) : row.label === (typeof like === 'string' ? like : like.typed)));
      if (!(like instanceof RegExp)) {
        input.value = typeof like === 'string' ? like : like.typed;
        change.fire(input.value);
      }
      const until = Date.now() + LOOK_FOR;
      while (found() === undefined && Date.now() < until && (input.busy || input.items.length === 0)) await sleep(LOOK_EVERY);
      asked.rows = wordsOf(input.items);
      const row = found();
      if (row === undefined) {
        failures.push(new Error(`“${input.title}” (${String(input.step)}) has no ${like instanceof RegExp ? String(like) : JSON.stringify(like)}, only ${JSON.stringify(asked.rows)}`));
        left.length = 0;
        hide.fire();
        return;
      }
      input.selectedItems = [row];
      accept.fire();
    };
    const type = (text: string, asked: AskedStep): void => {
      input.value = text;
      change.fire(text);
      const { validationMessage } = input;
      if (validationMessage !== undefined) asked.wrong.push(typeof validationMessage === 'string' ? validationMessage : validationMessage.message);
      accept.fire();
    };
    return input;
  };
  [window['createQuickPick'], window['createInputBox']] = [made(true), made(false)];
  try {
    await run();
  } finally {
    [window['createQuickPick'], window['createInputBox']] = before;
  }
  if (failures[0] !== undefined) throw failures[0];
  return shown;
}

function wordsOf(rows: readonly vscode.QuickPickItem[]): readonly string[] {
  return rows.map(({ label, description, detail }) => [label, description, detail].filter((one) => one !== undefined && one !== '').join(' | '));
}
