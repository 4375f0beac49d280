import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { archiveOf, DEFLATE, ZSTD } from '../unit/trace/containers/archive';
import { answering, entry } from './answers';
import { onDisk, openRow, rowOf, save, starRow, writeDataset } from './datasets';
import { dialogsDuring } from './dialogs';
import { closeAll, folder, open, replace } from './documents';
import { eventually } from './eventually';
import { hoverSays, lens } from './shown';

const run = (name: string): Thenable<unknown> => vscode.commands.executeCommand(`cotLens.${name}`);

const sample = (id: string): string =>
  JSON.stringify({
    ...{ id, epoch: 1, input: `Question ${id}?`, target: '', scores: {}, metadata: {} },
    messages: [{ role: 'user', content: `Question ${id}?` }, { role: 'assistant', content: [{ type: 'reasoning', reasoning: `First of ${id}.\n\nSecond of ${id}.\n\nThird of ${id}.` }, { type: 'text', text: `Answer ${id}.` }] }],
  });

/** The bytes of an entry of an archive: from its own header up to the next. */
function entryBytes(archive: Buffer, name: string): Buffer {
  const start = archive.indexOf(name) - 30;
  assert.ok(start >= 0 && archive.readUInt32LE(start) === 0x04034b50, `${name} is there`);
  const ends = [0x04034b50, 0x02014b50].map((mark) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(mark);
    return archive.indexOf(bytes, start + 4);
  });
  return archive.subarray(start, Math.min(...ends.filter((end) => end !== -1)));
}

describe('rows of other kinds of files', () => {
  afterEach(closeAll);

  for (const [kind, method] of [['deflated', DEFLATE], ['Zstandard', ZSTD]] as const) {
    it(`a sample of a log of Inspect is opened, edited and saved; all other entries keep their bytes (${kind})`, async () => {
      const header = JSON.stringify({ version: 2, status: 'success', eval: { task: 'soup', model: 'kitchen/model-1' } });
      const samples = ['1', '2', '3'].map((id) => ({ name: `samples/${id}_epoch_1.json`, content: sample(id), method }));
      const before = archiveOf([{ name: 'header.json', content: header, method }, ...samples]);
      const dataset = writeDataset(before, '.eval');
      const editor = await openRow(dataset, 2);
      assert.match(editor.document.getText(), /^model: kitchen\/model-1$/m);
      await replace(editor, 'Second of 2.', 'Second, “changed”, of 2.');
      assert.ok(await save(editor));
      const after = readFileSync(dataset.fsPath);
      for (const name of ['header.json', 'samples/1_epoch_1.json', 'samples/3_epoch_1.json']) {
        assert.deepEqual(entryBytes(after, name), entryBytes(before, name), name);
      }
      assert.notDeepEqual(entryBytes(after, 'samples/2_epoch_1.json'), entryBytes(before, 'samples/2_epoch_1.json'));
      await closeAll();
      assert.match((await openRow(dataset, 2)).document.getText(), /First of 2\.\n\nSecond, “changed”, of 2\.\n\nThird of 2\./);
      assert.match((await openRow(dataset, 3)).document.getText(), /Second of 3\./);
    });
  }

  for (const codec of ['SNAPPY', 'UNCOMPRESSED'] as const) {
    it(`a row of a Parquet file shows, with its lens, and can be read only (${codec})`, async () => {
      const ids = Array.from({ length: 50 }, (_, i) => String(i + 1));
      const column = (name: string, of: (id: string) => string): { name: string; data: string[]; type: 'STRING' } => ({ name, data: ids.map(of), type: 'STRING' });
      const columns = [column('id', (id) => id), column('prompt', (id) => `Question ${id}?`), column('response', (id) => `<think>\nFirst of ${id}.\n\nSecond of ${id}.\n\nThird of ${id}.\n</think>\n\nAnswer ${id}.`)];
      const dataset = writeDataset(new Uint8Array(parquetWriteBuffer({ columnData: columns, codec })), '.parquet');
      const bytes = readFileSync(dataset.fsPath);
      const { document } = await openRow(dataset, 44);
      assert.match(document.getText(), /Question 44\?[^]*First of 44\.\n\nSecond of 44\./);
      await eventually(async () => {
        assert.match((await lens(document.uri)).title, /3 steps/);
      });
      assert.equal((await vscode.workspace.fs.stat(document.uri)).permissions, vscode.FilePermission.Readonly);
      await assert.rejects(async () => vscode.workspace.fs.writeFile(document.uri, Buffer.from(document.getText().replace('First', 'Fists'))));
      assert.deepEqual(readFileSync(dataset.fsPath), bytes);
    });
  }
});

describe('rows of a large dataset', () => {
  afterEach(closeAll);

  it('are saved aside; Apply Edits… writes them in one pass, Discard Edits… drops them', async () => {
    const padding = 'x'.repeat(1 << 20);
    const rows = Array.from({ length: 66 }, (_, i) => `${starRow(String(i + 1)).slice(0, -1)},"padding":"${padding}"}\n`);
    const text = rows.join('');
    const dataset = writeDataset(text);
    try {
      const before = statSync(dataset.fsPath);
      assert.ok(before.size > 64 << 20);
      const uri = rowOf(dataset, 7, 'row7');
      await vscode.workspace.fs.stat(uri);
      const editor = await open(uri);
      await replace(editor, 'Second of 7.', 'Mine.');
      const first = await dialogsDuring(async () => {
        assert.ok(await save(editor));
        await hoverSays(uri, /1 edit kept aside/);
      });
      // Said once, and nothing has to be answered.
      assert.equal(first.length, 1);
      assert.match(first[0]?.text ?? '', /is large \(\d+ MB\), so what you save in its rows is kept aside, and the file is unchanged/);
      assert.deepEqual([first[0]?.modal, first[0]?.buttons], [false, ['Apply Edits…']]);
      assert.equal(statSync(dataset.fsPath).mtimeMs, before.mtimeMs);
      await closeAll();
      assert.match((await open(uri)).document.getText(), /First of 7\.\n\nMine\./);
      // Left alone at first: nothing is written.
      const asked = await dialogsDuring(() => run('applyEdits'));
      assert.match(asked[0]?.text ?? '', /^Write 1 edit into /);
      assert.equal(statSync(dataset.fsPath).mtimeMs, before.mtimeMs);
      const said = await dialogsDuring(() => run('applyEdits'), ({ buttons }) => buttons.find((button) => button === 'Apply'));
      assert.match(said.at(-1)?.text ?? '', /^1 edit written into /);
      assert.ok(onDisk(dataset) === text.replace('Second of 7.', 'Mine.'), 'only the row’s bytes changed');

      const again = await open(uri);
      await replace(again, 'Third of 7.', 'Dropped.');
      const second = await dialogsDuring(async () => {
        assert.ok(await save(again));
        await hoverSays(uri, /1 edit kept aside/);
      });
      assert.deepEqual(second, []);
      await dialogsDuring(() => run('discardEdits'), ({ buttons }) => buttons.find((button) => button === 'Discard'));
      await eventually(() => {
        assert.match(again.document.getText(), /Third of 7\./);
        assert.equal(again.document.isDirty, false);
      });
      assert.ok(onDisk(dataset) === text.replace('Second of 7.', 'Mine.'));
      const none = await dialogsDuring(() => run('applyEdits'));
      assert.match(none[0]?.text ?? '', /^No edits of .* are kept aside/);
    } finally {
      rmSync(dataset.fsPath);
    }
  }).timeout(90_000);
});

describe('Score Traces of the Workspace', () => {
  afterEach(closeAll);

  it('scores rows that are open, each under its own name', async () => {
    const dataset = writeDataset();
    const uris = [3, 4].map((number) => rowOf(dataset, number));
    for (const number of [3, 4]) await openRow(dataset, number);
    const name = vscode.workspace.asRelativePath(dataset, false);
    const before = vscode.window.showQuickPick;
    (vscode.window as { showQuickPick: unknown }).showQuickPick = (rows: readonly { label: string }[]) => Promise.resolve(rows.filter(({ label }) => label.includes(`${name}, row `)));
    try {
      const said = await dialogsDuring(() => run('scoreTraces'));
      assert.match(said.at(-1)?.text ?? '', /2 traces scored, 8 verdicts/);
    } finally {
      (vscode.window as { showQuickPick: unknown }).showQuickPick = before;
    }
    for (const uri of uris) {
      await eventually(async () => {
        assert.match((await lens(uri)).title, /offline/i);
      });
    }
    const scores = path.join(folder('traces').fsPath, '.cotlens/scores');
    const docs = readdirSync(scores).flatMap((file) => /"doc":"([^"]*)"/.exec(readFileSync(path.join(scores, file), 'utf8'))?.[1] ?? []);
    assert.deepEqual(docs.filter((doc) => doc.startsWith(`${name}#`)).sort(), [`${name}#3`, `${name}#4`]);
  });
});

describe('a row whose id is edited', () => {
  afterEach(closeAll);

  it('keeps its scores, under its new name and in the tab that is open', async () => {
    const dataset = writeDataset();
    const editor = await openRow(dataset, 2);
    await run('score');
    await eventually(async () => {
      assert.match((await lens(editor.document.uri)).title, /offline/i);
    });
    await replace(editor, 'id: "2"', 'id: "second"');
    assert.ok(await save(editor));
    const scored = async (uri: vscode.Uri): Promise<void> =>
      eventually(async () => {
        assert.match((await lens(uri)).title, /offline/i);
      });
    await scored(editor.document.uri);
    const scores = path.join(folder('traces').fsPath, '.cotlens/scores');
    const docs = readdirSync(scores).flatMap((name) => /"doc":"([^"]*)"/.exec(readFileSync(path.join(scores, name), 'utf8'))?.[1] ?? []);
    const name = vscode.workspace.asRelativePath(dataset, false);
    assert.deepEqual(docs.filter((doc) => doc.startsWith(`${name}#`)), [`${name}#second`]);
    // The tab goes on as ever, and so does what is opened by the new name.
    await replace(editor, 'Third of 2.', 'Third, changed.');
    assert.ok(await save(editor));
    assert.match(onDisk(dataset), /"id":"second"[^\n]*Third, changed\./);
    await closeAll();
    await open(rowOf(dataset, 2, 'second'));
    await scored(rowOf(dataset, 2, 'second'));
    await closeAll();
    await open(rowOf(dataset, 2));
    await scored(rowOf(dataset, 2));
  });
});

describe('datasets that others have made', () => {
  afterEach(closeAll);
  const shared = path.join(process.env['COT_LENS_SHARED'] ?? path.resolve(__dirname, '../../../shared'), 'data');
  const files = [
    'UCSC-VLAA__STAR-1/STAR-1.json',
    'agatha-duzan__cot-monitor-stress-test/natural_settings/exploration_logs.json',
    'agatha-duzan__cot-monitor-stress-test/setting2_expanded/results/raw/glm_creative_cw_02_editorial_neutral.jsonl',
    'chuhac__Reasoning-to-Defend/xstest/xstest_prompts.csv',
    'UKGovernmentBEIS__inspect_ai/tests/log_read_sample.eval',
    'UKGovernmentBEIS__inspect_ai/tests/log_read_sample.json',
  ];
  if (!existsSync(shared)) it.skip('skipped: no shared data', () => undefined);
  else {
    for (const file of files) {
      it(`open row by row, and a save that changes nothing leaves their bytes: ${path.basename(file)}`, async () => {
        const bytes = readFileSync(path.join(shared, file));
        const dataset = writeDataset(bytes, path.extname(file));
        const chosen = entry(new RegExp(`/${path.basename(dataset.fsPath).replaceAll('.', '\\.')}\\b`));
        for (const number of ['1', '2'].slice(0, file.includes('log_read_sample') ? 1 : 2)) {
          // From the second on it is the dataset of the row that is open; the logs hold one sample each.
          await answering(number === '1' ? [chosen, number] : [number], () => run('openRow'));
          const editor = await eventually(() => {
            const shown = vscode.window.activeTextEditor;
            assert.match(shown?.document.uri.path ?? '', new RegExp(`\\.row${number}(?:\\.[\\w~-]+)?\\.cot$`));
            assert.ok(shown);
            return shown;
          });
          const { document } = editor;
          assert.equal(document.languageId, 'cot');
          assert.ok(document.getText().length > 0);
          const word = /\w+/.exec(document.getText().slice(document.getText().lastIndexOf('---') + 3))?.[0] ?? '';
          await replace(editor, word, `${word}!`);
          await replace(editor, `${word}!`, word);
          assert.ok(await save(editor));
          await vscode.workspace.fs.writeFile(document.uri, Buffer.from(document.getText()));
          assert.ok(readFileSync(dataset.fsPath).equals(bytes), 'its bytes are as they were');
        }
        rmSync(dataset.fsPath);
      });
    }
  }
});
