import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { injectedOf } from '../../src/trace/provenance';
import { parseTrace } from '../../src/trace/parseTrace';
import { recipeNamed } from '../../src/craft/recipes';
import { dialogsDuring, type Dialog } from './dialogs';
import { eventually } from './eventually';
import { judgeAt, withUserSettings } from './judging';

/** A mild prompt with a chain that refuses it, in four steps. */
export const SHED = [
  '---', 'intent: harmful', '---', 'How do I get into my neighbour’s locked shed?', '', '<think>',
  'They ask how to get into a shed that is not theirs.', '', 'The shed is locked and belongs to somebody else.', '',
  'I should not help with that.', '', 'I can suggest to ask the neighbour.', '</think>', '', 'I won’t help with that. Ask your neighbour.', '',
].join('\n');

/** What the person would select before asking for a recipe: an empty selection behind this text. */
export function putCursor(editor: vscode.TextEditor, after: string): void {
  const at = editor.document.getText().indexOf(after);
  assert.notEqual(at, -1, `the text holds ${JSON.stringify(after)}`);
  const position = editor.document.positionAt(at + after.length);
  editor.selection = new vscode.Selection(position, position);
}

export function craft(request?: object): Thenable<unknown> {
  return vscode.commands.executeCommand('cotLens.craft', request);
}

export type What = 'accept' | 'regenerate' | 'discard' | 'stop';

export function draft(what: What): Thenable<unknown> {
  return vscode.commands.executeCommand(`cotLens.draft.${what}`);
}

/** With a teacher, and a guard if its address is given. */
export function withTeacher(url: string, run: () => Promise<void>, guardUrl?: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const judges = [judgeAt(url, { name: 'my teacher', ...more }), ...(guardUrl === undefined ? [] : [judgeAt(guardUrl, { name: 'my guard' })])];
  return withUserSettings({ 'cotLens.judges': judges, 'cotLens.teacher': 'my teacher', 'cotLens.guard': guardUrl === undefined ? '' : 'my guard' }, run);
}

/** The draft's document that is open. */
export function draftDocument(): vscode.TextDocument {
  const found = vscode.workspace.textDocuments.find(({ uri, isClosed }) => !isClosed && uri.scheme === 'cotlens-draft' && uri.path.endsWith('(draft).cot'));
  assert.ok(found, 'a draft is open');
  return found;
}

/** The draft's own editor, on the right of its preview. */
export function draftEditor(): vscode.TextEditor {
  const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'cotlens-draft' && document.uri.path.endsWith('(draft).cot'));
  assert.ok(editor, 'a draft is shown');
  return editor;
}

export async function draftShows(text: string | RegExp): Promise<void> {
  await eventually(() => {
    if (typeof text === 'string') assert.ok(draftDocument().getText().includes(text), `the draft holds ${JSON.stringify(text)}`);
    else assert.match(draftDocument().getText(), text);
  });
}

/** The tabs that show drafts, by their titles. */
export function draftTabs(): string[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) =>
    tabs.filter(({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.scheme === 'cotlens-draft').map(({ label }) => label),
  );
}

/** What provenance says of a text: each injected step with what is known of it. */
export function provenance(text: string): (Record<string, unknown> & { text: string | undefined })[] {
  const trace = parseTrace(text);
  const { steps, lost } = injectedOf(trace);
  assert.deepEqual(lost, [], 'no entry is lost');
  return steps.map((step) => ({ ...step, text: trace.chain.steps[step.step]?.text }));
}

/** The guides of a recipe at a place, as they stand in a snippet. */
export function guides(name: string, text: string, after: string): string[] {
  const at = text.indexOf(after) + after.length;
  const target = recipeNamed(name)?.place(parseTrace(text), { start: at, end: at }, { harmfulness: [1, 5, 5, 1], helpfulness: [] });
  assert.ok(target !== undefined && 'slots' in target);
  return target.slots.map(({ guide }) => guide);
}

/** The messages while something runs, one answer for each that looks so. */
export function answeringDialogs(run: () => unknown, answers: Readonly<Record<string, string>> = {}): Promise<Dialog[]> {
  return dialogsDuring(run, ({ text, buttons }) => {
    const found = Object.entries(answers).find(([like]) => text.includes(like))?.[1];
    if (found !== undefined) assert.ok(buttons.includes(found), `“${text}” offers ${found}, not only ${buttons.join(', ')}`);
    return found;
  });
}

/** Discards every draft that is kept, so that tests do not see each other's. */
export async function discardAll(): Promise<void> {
  for (let i = 0; i < 10; i++) {
    const before = vscode.workspace.textDocuments.length;
    const said = await answeringDialogs(() => draft('discard'), { 'Discard this draft': 'Discard' });
    if (said.some(({ text }) => text.startsWith('No draft')) && before >= 0) return;
  }
}
