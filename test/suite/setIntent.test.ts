import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, openText, replace } from './documents';
import { saidDuring } from './messages';
import { runAndPick } from './quickPick';
import { textOf, type Parts } from './scoreFiles';
import { outline } from './shown';

const PARTS: Parts = { intent: 'harmful', prompt: 'Q', steps: ['A', 'B', 'C'], answer: 'No.' };
/** Where the list has this intent. */
const BENIGN = 1;

/** Runs the command; when it shows its list, `meanwhile` happens, and then the person takes the entry of this name. */
async function pickAfter(name: string, meanwhile: () => Promise<unknown>): Promise<void> {
  const window = vscode.window as unknown as Record<string, unknown>;
  const original = window['showQuickPick'];
  window['showQuickPick'] = async (items: readonly { intent?: string }[]) => {
    await meanwhile();
    return items.find(({ intent }) => intent === name);
  };
  try {
    await vscode.commands.executeCommand('cotLens.setIntent');
  } finally {
    window['showQuickPick'] = original;
  }
}

describe('Set Intent', () => {
  afterEach(closeAll);

  it('writes the intent into the front matter in one undo step', async () => {
    const { document } = await openText('undo', textOf(PARTS));
    await runAndPick('cotLens.setIntent', BENIGN);
    assert.equal(document.getText(), textOf({ ...PARTS, intent: 'benign' }));
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), textOf(PARTS));
  });

  it('adds front matter where there is none', async () => {
    const { document } = await openText('none', 'Q\r\n<think>\r\nA\r\n</think>\r\nB');
    await runAndPick('cotLens.setIntent', BENIGN);
    assert.equal(document.getText(), '---\r\nintent: benign\r\n---\r\n\r\nQ\r\n<think>\r\nA\r\n</think>\r\nB');
    assert.equal((await outline(document.uri))[0]?.name, 'Prompt');
  });

  it('replaces the value in the front matter and nothing else', async () => {
    const { document } = await openText('intent', '---\nid: a\n"intent": harmful # by Ada\n---\nQ\n<think>\nA\n</think>');
    await runAndPick('cotLens.setIntent', BENIGN);
    assert.equal(document.getText(), '---\nid: a\n"intent": benign # by Ada\n---\nQ\n<think>\nA\n</think>');
  });

  it('edits the text as it is when the choice is made', async () => {
    const editor = await openText('meanwhile', '---\nintent: harmful\n---\n<think>\nA\n</think>');
    await pickAfter('benign', () => replace(editor, 'intent', 'id: a-long-name\nintent'));
    assert.equal(editor.document.getText(), '---\nid: a-long-name\nintent: benign\n---\n<think>\nA\n</think>');
  });

  it('leaves broken front matter alone, and says to mend it', async () => {
    const text = '---\nid: [\nintent: harmful\n---\n<think>\nA\n</think>';
    const { document } = await openText('broken', text);
    const said = await saidDuring(() => pickAfter('benign', () => Promise.resolve()));
    assert.deepEqual(said.map(({ how }) => how), ['warning']);
    assert.match(said[0]?.text ?? '', /Mend the front matter first/);
    assert.equal(document.getText(), text);
  });
});
