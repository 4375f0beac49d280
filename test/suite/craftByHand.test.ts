import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { answering, entry } from './answers';
import { craft, guides, provenance, putCursor, SHED } from './crafting';
import { openRow, save, writeDataset } from './datasets';
import { dialogsDuring } from './dialogs';
import { closeAll, openText, replace } from './documents';
import { eventually } from './eventually';

const T_C = 'temptation-correction';
const BENIGN = SHED.replace('intent: harmful', 'intent: benign');

const undo = (): Thenable<unknown> => vscode.commands.executeCommand('undo');
const type = (text: string): Thenable<unknown> => vscode.commands.executeCommand('type', { text });
/** Provenance follows once typing has paused for a second. */
const followed = (editor: vscode.TextEditor, texts: readonly string[]): Promise<void> =>
  eventually(() => {
    assert.deepEqual(provenance(editor.document.getText()).map(({ text }) => text), texts);
  });

async function actions(document: vscode.TextDocument, at: string): Promise<string[]> {
  const offset = document.getText().indexOf(at) + at.length;
  const position = document.positionAt(offset);
  const found = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, new vscode.Range(position, position), 'refactor.rewrite.cot');
  return found.map(({ title }) => title);
}

describe('crafting by hand', () => {
  afterEach(closeAll);

  it('is offered where it makes sense, by intent and place', async () => {
    const harmful = await openText('offers', SHED);
    // The first to be asked may come before the extension has started.
    await eventually(async () => {
      assert.notDeepEqual(await actions(harmful.document, 'somebody else.'), []);
    });
    assert.deepEqual(await actions(harmful.document, 'somebody else.'), ['Insert temptation + correction here by hand', 'Prefill flawed reasoning before the first step by hand', 'Rewrite this step by hand']);
    assert.deepEqual(await actions(harmful.document, 'How do I'), ['Prefill flawed reasoning before the first step by hand'], 'the prompt is no place for a pair');
    const benign = await openText('offers', BENIGN);
    assert.deepEqual(await actions(benign.document, 'somebody else.'), ['Insert hesitation + correction here by hand', 'Prefill flawed reasoning before the first step by hand', 'Rewrite this step by hand']);
    const unknown = await openText('offers', SHED.replace('intent: harmful', 'id: shed'));
    assert.deepEqual(await actions(unknown.document, 'somebody else.'), []);
    const plain = await openText('offers', 'Nothing but text.', '.rs');
    assert.deepEqual(await actions(plain.document, 'Nothing'), []);
  });

  it('shows every recipe in a list, those that do not fit with the reason', async () => {
    const editor = await openText('list', SHED);
    putCursor(editor, 'somebody else.');
    const rows: vscode.QuickPickItem[] = [];
    await answering([(items) => (rows.push(...(items as vscode.QuickPickItem[])), 0)], () => craft());
    assert.deepEqual(rows.map(({ label }) => label.replace(/^\$\([\w-]+\) /, '')), [
      'Insert temptation + correction here', 'Prefill flawed reasoning before the first step', 'Rewrite this step',
      'Insert hesitation + correction here', 'Continue from here with a return to the last safe step',
    ]);
    assert.match(rows[3]?.detail ?? '', /is for benign and ambiguous prompts; this one is harmful/);
    assert.match(rows[4]?.detail ?? '', /Score this trace first/);
    assert.match(editor.document.getText(), /injected:/);
    await undo();
    const [said] = await dialogsDuring(() => answering([entry(/hesitation/)], () => craft()));
    assert.match(said?.text ?? '', /this one is harmful/);
    assert.equal(editor.document.getText(), SHED, 'what does not fit changes nothing');
  });

  it('says what to do where the intent is not known, and offers it', async () => {
    const editor = await openText('unknown', SHED.replace('intent: harmful', 'id: shed'));
    putCursor(editor, 'somebody else.');
    const said = await dialogsDuring(() => craft({ recipe: T_C }));
    assert.deepEqual(said.map(({ text, buttons }) => [text.slice(0, 20), buttons]), [['Set the intent first', ['Set Intent…']]]);
  });

  for (const [name, text] of Object.entries({ LF: SHED, CRLF: SHED.replaceAll('\n', '\r\n'), indented: SHED.replace('The shed is', '    The shed is'), 'without front matter’s end line': SHED.replace('intent: harmful\n', 'intent: harmful\nnote: |\n  a\n\n') })) {
    it(`puts guides in as one change that one undo takes back byte for byte: ${name}`, async () => {
      const editor = await openText('undo', text);
      const { document } = editor;
      putCursor(editor, 'somebody else.');
      await craft({ recipe: T_C });
      const [first = '', second = ''] = guides(T_C, text, 'somebody else.');
      const eol = text.includes('\r\n') ? '\r\n' : '\n';
      assert.ok(document.getText().includes(`somebody else.${eol}${eol}${first}${eol}${eol}${second}${eol}${eol}I should`), document.getText());
      assert.equal(document.getText(editor.selection), first, 'the first guide is selected, to be written over');
      assert.deepEqual(provenance(document.getText()).map(({ role, by, recipe, text: step }) => [role, by, recipe, step]), [['error', 'person', T_C, first], ['correction', 'person', T_C, second]]);
      await undo();
      assert.equal(document.getText(), text);
      await vscode.commands.executeCommand('redo');
      assert.deepEqual(provenance(document.getText()).map(({ text: step }) => step), [first, second]);
      await undo();
      assert.equal(document.getText(), text);
    });
  }

  /** A pair of which a person has begun to write the first step, with provenance that follows; `second` is the other's guide. */
  async function begun(title: string): Promise<{ editor: vscode.TextEditor; document: vscode.TextDocument; second: string }> {
    const editor = await openText(title, SHED);
    putCursor(editor, 'somebody else.');
    await craft({ recipe: T_C });
    const [, second = ''] = guides(T_C, SHED, 'somebody else.');
    for (const key of 'Maybe it') await type(key);
    await followed(editor, ['Maybe it', second]);
    return { editor, document: editor.document, second };
  }

  it('lets a person write from tab stop to tab stop while provenance follows', async () => {
    const { editor, document, second } = await begun('write');
    // Following neither leaves the snippet nor moves the cursor.
    for (const key of ' is fine.') await type(key);
    assert.match(document.getText(), /Maybe it is fine\.\n/);
    await followed(editor, ['Maybe it is fine.', second]);
    await vscode.commands.executeCommand('jumpToNextSnippetPlaceholder');
    await eventually(() => {
      assert.equal(document.getText(editor.selection), second);
    });
    for (const key of 'No.') await type(key);
    await followed(editor, ['Maybe it is fine.', 'No.']);
    assert.equal(document.getText().replace(/injected:[^]*?\n(?=---)/, ''), SHED.replace('somebody else.', 'somebody else.\n\nMaybe it is fine.\n\nNo.'));
    for (let i = 0; i < 40 && document.getText() !== SHED; i++) await undo();
    assert.equal(document.getText(), SHED, 'and undo still leads back to the base');
    await sleep(1300);
    assert.equal(document.getText(), SHED, 'what is undone stays so');
  });

  it('follows on after an undo that took provenance back with the last words', async () => {
    const { editor, document, second } = await begun('undone');
    for (const key of ' is fine.') await type(key);
    await followed(editor, ['Maybe it is fine.', second]);
    await undo();
    const left = /somebody else\.\n\n(?<step>[^\n]*)/.exec(document.getText())?.groups?.['step'] ?? '';
    assert.match(left, /^Maybe(?!.*fine\.)/, 'one undo takes the last words back alone');
    for (const key of ' so.') await type(key);
    await followed(editor, [`${left} so.`, second]);
    await replace(editor, second, 'No.');
    await followed(editor, [`${left} so.`, 'No.']);
  });

  it('writes provenance before the document is saved, however soon', async () => {
    const editor = await openText('save', SHED);
    putCursor(editor, 'somebody else.');
    await craft({ recipe: T_C });
    await type('Maybe.');
    await vscode.commands.executeCommand('jumpToNextSnippetPlaceholder');
    await eventually(() => {
      assert.equal(editor.document.getText(editor.selection), guides(T_C, SHED, 'somebody else.')[1]);
    });
    await type('No.');
    assert.ok(await editor.document.save());
    assert.equal(editor.document.isDirty, false);
    assert.deepEqual(provenance(Buffer.from(await vscode.workspace.fs.readFile(editor.document.uri)).toString()).map(({ text }) => text), ['Maybe.', 'No.']);
  });

  it('ends when both are written and the cursor has left: later edits inside are lost and shown so', async () => {
    const editor = await openText('end', SHED);
    putCursor(editor, 'somebody else.');
    await craft({ recipe: T_C });
    await type('Maybe.');
    await vscode.commands.executeCommand('jumpToNextSnippetPlaceholder');
    await sleep(100);
    await type('No.');
    putCursor(editor, 'How do I');
    await followed(editor, ['Maybe.', 'No.']);
    await replace(editor, 'Maybe.', 'Perhaps.');
    await sleep(1300);
    assert.throws(() => provenance(editor.document.getText()), /no entry is lost/);
  });

  it('survives edits elsewhere while it is being written', async () => {
    const editor = await openText('elsewhere', SHED);
    putCursor(editor, 'somebody else.');
    await craft({ recipe: T_C });
    const [, second = ''] = guides(T_C, SHED, 'somebody else.');
    await replace(editor, 'They ask', 'Before anything else: they ask');
    await replace(editor, 'I can suggest', 'A new step.\n\nI can suggest');
    putCursor(editor, 'somebody else.\n\n');
    await replace(editor, guides(T_C, SHED, 'somebody else.')[0] ?? '', 'Maybe so.');
    await followed(editor, ['Maybe so.', second]);
  });

  it('works in a row of a dataset, and is saved into its row', async () => {
    const dataset = writeDataset();
    const editor = await openRow(dataset, 3);
    await replace(editor, 'Question 3?', 'Question 3?');
    await vscode.workspace.fs.stat(editor.document.uri);
    if (!/intent:/.test(editor.document.getText())) {
      await answering([entry(/^(\$\(check\) )?harmful/)], () => vscode.commands.executeCommand('cotLens.setIntent'));
    }
    const before = editor.document.getText();
    putCursor(editor, 'Second of 3.');
    await craft({ recipe: T_C });
    await type('Maybe.');
    await vscode.commands.executeCommand('jumpToNextSnippetPlaceholder');
    await sleep(100);
    await type('No.');
    assert.ok(await save(editor));
    await eventually(() => {
      assert.deepEqual(provenance(editor.document.getText()).map(({ text }) => text), ['Maybe.', 'No.']);
    });
    const row = Buffer.from(await vscode.workspace.fs.readFile(dataset)).toString().split('\n')[2] ?? '';
    assert.match(row, /First of 3\.\\n\\nSecond of 3\.\\n\\nMaybe\.\\n\\nNo\.\\n\\nThird of 3\./);
    assert.match(row, /"injected"/);
    for (let i = 0; i < 20 && editor.document.getText() !== before; i++) await undo();
    assert.equal(editor.document.getText(), before);
  });

  it('rewrites a step for a quick fix that names it, and keeps what it was for', async () => {
    const editor = await openText('rewrite', SHED);
    putCursor(editor, 'somebody else.');
    await craft({ recipe: T_C });
    await craft({ recipe: 'recompose-step', step: 2 });
    const text = editor.document.getText();
    assert.match(text, /\[Step 3 anew: the flawed step/);
    assert.ok(!text.includes(guides(T_C, SHED, 'somebody else.')[0] ?? ''));
    const [said] = await dialogsDuring(() => craft({ recipe: 'recompose-step', step: 40 }));
    assert.match(said?.text ?? '', /no step 41/);
  });
});
