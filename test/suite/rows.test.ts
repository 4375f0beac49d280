import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { assertClean, onDisk, openRow, rowOf, save, starRow, TEN, writeDataset } from './datasets';
import { dialogsDuring, type Dialog } from './dialogs';
import { closeAll, open, replace } from './documents';
import { eventually } from './eventually';

const inEditor = (uri: vscode.Uri): vscode.TextDocument => {
  const found = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  assert.ok(found, `${uri.path} is open`);
  return found;
};

/** What is said of a save, with the buttons that are offered; the person presses `press`. */
async function refusedSave(editor: vscode.TextEditor, press?: string): Promise<Dialog> {
  let left = press;
  const said = await dialogsDuring(
    async () => {
      await save(editor);
      await sleep(1500);
    },
    ({ buttons }) => {
      const now = left !== undefined && buttons.includes(left) ? left : undefined;
      if (now !== undefined) left = undefined;
      return now;
    },
  );
  const [first] = said.filter(({ buttons }) => buttons.includes('Keep as Copy'));
  assert.ok(first, `asked what to do; said was ${JSON.stringify(said)}`);
  return first;
}

describe('rows as documents', () => {
  afterEach(closeAll);

  it('a row opens as a trace, and saving it changes its bytes alone', async () => {
    const dataset = writeDataset();
    const editor = await openRow(dataset, 3);
    assert.equal(editor.document.languageId, 'cot');
    assert.match(editor.document.getText(), /^---\nid: "?3"?\n[^]*Question 3\?[^]*<think>\nFirst of 3\./);
    await replace(editor, 'Second of 3.', 'Second, “changed” \\ of 3.');
    assert.ok(await save(editor), 'it is saved');
    assert.equal(onDisk(dataset), TEN.replace('Second of 3.', 'Second, “changed” \\\\ of 3.'));
    await replace(editor, 'First of 3.', 'And again.');
    assert.ok(await save(editor), 'it is saved again');
    assert.equal(onDisk(dataset), TEN.replace('Second of 3.', 'Second, “changed” \\\\ of 3.').replace('First of 3.', 'And again.'));
  });

  it('a change on disk shows in a row without unsaved changes, and only its own row’s time moves', async () => {
    const dataset = writeDataset();
    const [one, two] = [await openRow(dataset, 1), await openRow(dataset, 2)];
    const before = (await vscode.workspace.fs.stat(two.document.uri)).mtime;
    writeFileSync(dataset.fsPath, TEN.replace('First of 1.', 'Fists of 1.'));
    await eventually(() => {
      assertClean(one, /Fists of 1\./);
    });
    assert.equal((await vscode.workspace.fs.stat(two.document.uri)).mtime, before);
  });

  it('a same-length change on disk while dirty: nothing is written, Compare and Overwrite work', async () => {
    const dataset = writeDataset();
    const editor = await openRow(dataset, 4);
    await replace(editor, 'Second of 4.', 'Mine.');
    const other = TEN.replace('First of 4.', 'Fists of 4.');
    writeFileSync(dataset.fsPath, other);
    const said = await refusedSave(editor, 'Compare');
    assert.match(said.text, /^Row 4 of set-\d+\.jsonl: The row was changed on disk/);
    assert.deepEqual(said.buttons, ['Compare', 'Overwrite', 'Keep as Copy']);
    assert.equal(onDisk(dataset), other);
    await eventually(() => {
      const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
      assert.ok(input instanceof vscode.TabInputTextDiff, 'a comparison is open');
      assert.match(inEditor(input.original).getText(), /Fists of 4\./);
    });
    await refusedSave(await open(editor.document.uri), 'Overwrite');
    await eventually(() => {
      assert.equal(onDisk(dataset), TEN.replace('Second of 4.', 'Mine.'));
      assert.equal(editor.document.isDirty, false);
    });
    // And all is as usual again.
    await replace(editor, 'Third of 4.', 'Last.');
    assert.ok(await save(editor));
    assert.equal(onDisk(dataset), TEN.replace('Second of 4.', 'Mine.').replace('Third of 4.', 'Last.'));
  });

  it('a longer change on disk while dirty: Keep as Copy keeps the text and shows what is on disk', async () => {
    const dataset = writeDataset();
    const editor = await openRow(dataset, 5);
    await replace(editor, 'Second of 5.', 'Mine.');
    const other = TEN.replace('First of 5.', 'First of all, and much longer, of 5.');
    writeFileSync(dataset.fsPath, other);
    await refusedSave(editor, 'Keep as Copy');
    await eventually(() => {
      assert.equal(vscode.window.activeTextEditor?.document.uri.scheme, 'untitled');
      assert.match(vscode.window.activeTextEditor.document.getText(), /First of 5\.\n\nMine\./);
      assertClean(editor, /much longer, of 5\./);
    });
    assert.equal(onDisk(dataset), other);
    // What was thrown away is no conflict any more.
    const again = await open(editor.document.uri);
    await replace(again, 'Third of 5.', 'Later.');
    assert.ok(await save(again), 'it is saved');
    assert.equal(onDisk(dataset), other.replace('Third of 5.', 'Later.'));
  });

  it('a file that is replaced by renaming is a conflict where the row differs, and none where it does not', async () => {
    const dataset = writeDataset();
    const [one, two] = [await openRow(dataset, 1), await openRow(dataset, 2)];
    await replace(one, 'Second of 1.', 'Mine 1.');
    await replace(two, 'Second of 2.', 'Mine 2.');
    const other = starRow('new') + '\n' + TEN.replace('First of 1.', 'Fists of 1.');
    writeFileSync(`${dataset.fsPath}.next`, other);
    renameSync(`${dataset.fsPath}.next`, dataset.fsPath);
    await refusedSave(one);
    assert.ok(await save(two), 'the other is saved');
    assert.equal(onDisk(dataset), other.replace('Second of 2.', 'Mine 2.'));
  });

  it('a deleted file: says so, and keeps the text as a copy', async () => {
    const dataset = writeDataset();
    const editor = await openRow(dataset, 6);
    await replace(editor, 'Second of 6.', 'Mine.');
    rmSync(dataset.fsPath);
    const said = await refusedSave(editor, 'Keep as Copy');
    assert.match(said.text, /is not there any more/);
    assert.deepEqual(said.buttons, ['Keep as Copy']);
    await eventually(() => {
      assert.equal(vscode.window.activeTextEditor?.document.uri.scheme, 'untitled');
      assert.match(vscode.window.activeTextEditor.document.getText(), /Mine\./);
    });
    assert.ok(!existsSync(dataset.fsPath), 'it is not made anew');
  });

  it('a row that is taken out of its file: says so', async () => {
    const dataset = writeDataset();
    const editor = await openRow(dataset, 6);
    await replace(editor, 'Second of 6.', 'Mine.');
    const other = TEN.replace(`${starRow('6')}\n`, '');
    writeFileSync(dataset.fsPath, other);
    const said = await refusedSave(editor);
    assert.match(said.text, /The row 6 \(number 6 when it was opened\) is not in set-\d+\.jsonl any more/);
    assert.equal(onDisk(dataset), other);
  });

  it('Save All over ten rows writes the file once', async () => {
    const dataset = writeDataset();
    const before = statSync(dataset.fsPath).ino;
    for (let i = 1; i <= 10; i++) await replace(await openRow(dataset, i), `Second of ${String(i)}.`, `Changed ${String(i)}.`);
    const inodes = new Set<number>();
    const watching = setInterval(() => inodes.add(statSync(dataset.fsPath).ino), 1);
    await vscode.workspace.saveAll(false);
    clearInterval(watching);
    inodes.add(statSync(dataset.fsPath).ino);
    inodes.delete(before);
    assert.equal(onDisk(dataset), TEN.replace(/Second of (\d+)/g, 'Changed $1'));
    assert.equal(inodes.size, 1, 'one file took the place of the old one');
    assert.deepEqual(vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty), []);
  });

  it('another row that changes outside while this one is dirty is no conflict, and both survive', async () => {
    const dataset = writeDataset();
    const editor = await openRow(dataset, 7);
    await replace(editor, 'Second of 7.', 'Mine.');
    const other = TEN.replace('First of 2.', 'A much longer first of 2.');
    writeFileSync(dataset.fsPath, other);
    await sleep(400);
    assert.ok(await save(editor), 'it is saved');
    assert.equal(onDisk(dataset), other.replace('Second of 7.', 'Mine.'));
  });

  it('a read-only file is left as it is, and the text stays', async () => {
    const dataset = writeDataset();
    const editor = await openRow(dataset, 8);
    await replace(editor, 'Second of 8.', 'Mine.');
    chmodSync(dataset.fsPath, 0o444);
    await assert.rejects(async () => vscode.workspace.fs.writeFile(editor.document.uri, Buffer.from(editor.document.getText())), /is read-only\. Make it writable/);
    assert.equal(await save(editor), false);
    assert.equal(onDisk(dataset), TEN);
    assert.match(editor.document.getText(), /Mine\./);
    chmodSync(dataset.fsPath, 0o644);
    assert.ok(await save(editor), 'then it is saved');
    assert.deepEqual(readdirSync(path.dirname(dataset.fsPath)).filter((name) => name.endsWith('.tmp')), []);
  });

  it('undo after a save is a change like any other, and saved gives the bytes back', async () => {
    const dataset = writeDataset();
    const editor = await openRow(dataset, 2);
    await replace(editor, 'Second of 2.', 'Mine.');
    assert.ok(await save(editor));
    await vscode.commands.executeCommand('undo');
    await eventually(() => {
      assert.match(editor.document.getText(), /Second of 2\./);
      assert.ok(editor.document.isDirty);
    });
    assert.ok(await save(editor));
    assert.equal(onDisk(dataset), TEN);
  });

  it('revert throws unsaved text away and shows what is on disk now', async () => {
    const dataset = writeDataset();
    const editor = await openRow(dataset, 2);
    await replace(editor, 'Second of 2.', 'Mine.');
    const other = TEN.replace('First of 2.', 'Fists of 2.');
    writeFileSync(dataset.fsPath, other);
    await sleep(400);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await eventually(() => {
      assertClean(editor, /Fists of 2\.\n\nSecond of 2\./);
    });
    await replace(editor, 'Second of 2.', 'Later.');
    assert.ok(await save(editor));
    assert.equal(onDisk(dataset), other.replace('Second of 2.', 'Later.'));
  });

  it('a dataset that is renamed while a row has unsaved changes: says so, and the text can be kept', async () => {
    const dataset = writeDataset();
    const editor = await openRow(dataset, 2);
    await replace(editor, 'Second of 2.', 'Mine.');
    const now = `${dataset.fsPath}.moved.jsonl`;
    renameSync(dataset.fsPath, now);
    const said = await refusedSave(editor);
    assert.deepEqual(said.buttons, ['Keep as Copy']);
    assert.match(editor.document.getText(), /Mine\./);
    // It comes back, and the row is saved as if nothing had been.
    renameSync(now, dataset.fsPath);
    assert.ok(await save(await open(editor.document.uri)));
    assert.equal(onDisk(dataset), TEN.replace('Second of 2.', 'Mine.'));
  });

  it('what the row cannot take is refused with the reason', async () => {
    const dataset = writeDataset();
    const editor = await openRow(dataset, 9);
    await replace(editor, 'Answer 9.', 'Answer 9.\n--- user ---\nAnother question?');
    const said = await refusedSave(editor);
    assert.deepEqual(said.buttons, ['Keep as Copy']);
    assert.equal(onDisk(dataset), TEN);
  });

  it('auto save is off for rows; a person’s own loses nothing', async () => {
    const dataset = writeDataset();
    const editor = await openRow(dataset, 1);
    assert.equal(vscode.workspace.getConfiguration('files', editor.document).get('autoSave'), 'off');
    const files = vscode.workspace.getConfiguration('files', { languageId: 'cot' });
    await files.update('autoSave', 'afterDelay', vscode.ConfigurationTarget.Global, true);
    await files.update('autoSaveDelay', 100, vscode.ConfigurationTarget.Global, true);
    try {
      await replace(editor, 'Second of 1.', 'Saved by itself.');
      await eventually(() => {
        assert.equal(onDisk(dataset), TEN.replace('Second of 1.', 'Saved by itself.'));
      });
      const other = onDisk(dataset).replace('First of 1.', 'Fists of 1.');
      const said = await dialogsDuring(async () => {
        await replace(editor, 'Saved by itself.', 'Mine.');
        writeFileSync(dataset.fsPath, other);
        await sleep(2500);
      });
      // Either the save came first and is in the file with nothing lost, or the change on disk did, and is asked about.
      assert.ok(said.length > 0 || onDisk(dataset) === other, 'nothing is written over unasked');
      assert.match(editor.document.getText(), /Mine\./);
    } finally {
      await files.update('autoSave', undefined, vscode.ConfigurationTarget.Global, true);
      await files.update('autoSaveDelay', undefined, vscode.ConfigurationTarget.Global, true);
    }
  });

  it('a broken row says why it does not open', async () => {
    const dataset = writeDataset(TEN.replace(starRow('2'), '{"id": "2", "question":'));
    await assert.rejects(async () => vscode.workspace.fs.readFile(rowOf(dataset, 2, 'row2')), /Row 2 \(line 2\) is no JSON/);
    await assert.rejects(async () => vscode.workspace.fs.readFile(rowOf(dataset, 99)), /The row 99 is not in/);
    await assert.rejects(async () => vscode.workspace.fs.delete(rowOf(dataset, 1)), /cannot be deleted like a file/);
    assertClean(await openRow(dataset, 3), /First of 3/);
  });
});
