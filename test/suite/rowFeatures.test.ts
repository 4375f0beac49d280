import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { JudgeIdentity } from '../../src/judge/judge';
import { scoreFileName } from '../../src/judge/scoreFileName';
import { answering, entry } from './answers';
import { onDisk, openRow, rowOf, save, starRow, TEN, writeDataset } from './datasets';
import { dialogsDuring } from './dialogs';
import { closeAll, folder, open, replace } from './documents';
import { eventually } from './eventually';
import { saidDuring } from './messages';
import { recordsOf, type Parts } from './scoreFiles';
import { lens } from './shown';

const active = (): string => {
  const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
  return input instanceof vscode.TabInputText ? (input.uri.path.split('/').at(-1) ?? '') : '';
};
const run = (name: string): Thenable<unknown> => vscode.commands.executeCommand(`cotLens.${name}`);

describe('what works on traces works on rows', () => {
  afterEach(closeAll);

  it('the lens, scoring, hover; scores lie in the folder of the dataset by the row’s key, and are found again', async () => {
    const dataset = writeDataset();
    const { document } = await openRow(dataset, 2);
    await eventually(async () => {
      assert.match((await lens(document.uri)).title, /Score 3 steps/);
    });
    await run('score');
    await eventually(async () => {
      assert.match((await lens(document.uri)).title, /offline/i);
    });
    const scores = path.join(folder('traces').fsPath, '.cotlens/scores');
    const doc = `${vscode.workspace.asRelativePath(dataset, false)}#2`;
    await eventually(() => {
      const found = readdirSync(scores).filter((name) => readFileSync(path.join(scores, name), 'utf8').includes(`"doc":${JSON.stringify(doc)}`));
      assert.equal(found.length, 1);
    });
    const at = document.positionAt(document.getText().indexOf('Second of 2'));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, at);
    assert.ok(hovers.some(({ contents }) => contents.some((one) => /Step 2 of 3/.test(typeof one === 'string' ? one : one.value))));
    // The row moves; its scores are its own by its key.
    await closeAll();
    writeFileSync(dataset.fsPath, `${starRow('new')}\n${TEN}`);
    await open(rowOf(dataset, 3, '2'));
    await eventually(async () => {
      assert.match((await lens(rowOf(dataset, 3, '2'))).title, /offline/i);
    });
  });

  it('Set Intent… edits the front matter, and a save keeps it in the row', async () => {
    const dataset = writeDataset();
    const editor = await openRow(dataset, 4);
    await answering([entry(/harmful/)], () => run('setIntent'));
    await eventually(() => {
      assert.match(editor.document.getText(), /^intent: harmful$/m);
    });
    assert.ok(await save(editor));
    const row = JSON.parse(onDisk(dataset).split('\n')[3] ?? '') as Record<string, unknown>;
    assert.deepEqual(row['cotlens'], { intent: 'harmful' });
    assert.equal(onDisk(dataset).split('\n').filter((line, i) => line === TEN.split('\n')[i]).length, 10);
  });

  it('the curves page takes a row', async () => {
    const dataset = writeDataset();
    await openRow(dataset, 5);
    await run('showCurves');
    await eventually(() => {
      assert.ok(vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ input }) => input instanceof vscode.TabInputWebview)));
    });
  });

  it('the front matter’s hover says how the row was read and what else it holds', async () => {
    const dataset = writeDataset();
    const { document } = await openRow(dataset, 6);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, new vscode.Position(0, 1));
    const text = hovers.flatMap(({ contents }) => contents.map((one) => (typeof one === 'string' ? one : one.value))).join('\n');
    assert.match(text, /Row(?:&nbsp;| )6/);
    assert.match(text, /read(?:&nbsp;| )as/);
    assert.match(text, /STAR/);
    assert.match(text, /Kitchen/);
  });

  it('rows of a renamed dataset keep their scores', async () => {
    const dataset = writeDataset();
    await openRow(dataset, 2);
    await run('score');
    await closeAll();
    const now = dataset.with({ path: dataset.path.replace('set-', 'renamed-') });
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(dataset, now);
    assert.ok(await vscode.workspace.applyEdit(edit));
    await open(rowOf(now, 2));
    await eventually(async () => {
      assert.match((await lens(rowOf(now, 2))).title, /offline/i);
    });
  });
});

describe('two judges of rows', () => {
  afterEach(closeAll);

  it('are compared, and a disagreement opens the row at its step', async () => {
    const response = '<think>\nAlpha.\n\nBeta.\n\nGamma.\n\nDelta.\n</think>\n\nNo.';
    const dataset = writeDataset(`${starRow('1')}\n${JSON.stringify({ id: 'judged', question: 'Q', response, category: [], source: 'x', score: {} })}\n`);
    const doc = `${vscode.workspace.asRelativePath(dataset, false)}#judged`;
    const parts: Parts = { intent: 'unknown', prompt: 'Q', steps: ['Alpha.', 'Beta.', 'Gamma.', 'Delta.'], answer: 'No.' };
    const judge = (label: string): JudgeIdentity => ({ judge: label, label, protocol: 'prefix', rubric: '1', earnsNames: true });
    const records = [
      ...recordsOf(dataset, parts, [1, 1, 3, 1], 1, judge('Judge Row')),
      ...recordsOf(dataset, parts, [1, 2, 3, 5], 1, judge('Judge Line')),
    ].map((record) => ({ ...record, doc }));
    const file = path.join(folder('traces').fsPath, '.cotlens/scores', scoreFileName(doc));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    const said = await saidDuring(() => answering([entry(/Judge Row/), entry(/Judge Line/)], () => run('compareJudges')));
    assert.match(said.map(({ text }) => text).join(), /1 trace, 2 differences/);
    await run('nextDisagreement');
    await eventually(() => {
      const editor = vscode.window.activeTextEditor;
      assert.equal(editor?.document.uri.toString(), rowOf(dataset, 2, 'judged').toString());
      assert.match(editor.document.lineAt(editor.selection.active.line).text, /Delta\./);
    });
  });
});

describe('commands of rows', () => {
  afterEach(closeAll);

  it('Next Row and Previous Row go through the file, and through the traces of a row', async () => {
    const pair = (n: number): string => JSON.stringify({ id: `p${String(n)}`, prompt: `Q${String(n)}?`, chosen: '<think>\nA.\n</think>\n\nB.', rejected: '<think>\nC.\n</think>\n\nD.' });
    const dataset = writeDataset(`${pair(1)}\n${pair(2)}\n`);
    await answering(['1'], async () => {
      await open(dataset);
      await run('openRow');
    });
    await eventually(() => {
      assert.match(active(), /\.row1\.chosen\.cot$/);
    });
    for (const like of [/\.row1\.rejected\.cot$/, /\.row2\.chosen\.cot$/, /\.row2\.rejected\.cot$/]) {
      await run('nextRow');
      await eventually(() => {
        assert.match(active(), like);
      });
    }
    const said = await saidDuring(() => run('nextRow'));
    assert.match(said.map(({ text }) => text).join(), /last row/);
    for (const like of [/\.row2\.chosen\.cot$/, /\.row1\.rejected\.cot$/, /\.row1\.chosen\.cot$/]) {
      await run('previousRow');
      await eventually(() => {
        assert.match(active(), like);
      });
    }
  });

  it('Open Row… takes an id as well', async () => {
    const dataset = writeDataset(TEN.replaceAll('"id":"7"', '"id":"seven"'));
    await open(dataset);
    await answering(['seven'], () => run('openRow'));
    await eventually(() => {
      assert.equal(active(), 'seven.row7.cot');
    });
  });

  it('Reveal Row in File opens the file where the row begins', async () => {
    const dataset = writeDataset();
    await openRow(dataset, 8);
    await run('revealRow');
    await eventually(() => {
      const editor = vscode.window.activeTextEditor;
      assert.equal(editor?.document.uri.toString(), dataset.toString());
      assert.equal(editor.selection.active.line, 7);
    });
  });

  it('Choose Format…: mapped columns show at once in rows that are open, and are remembered', async () => {
    const rows = Array.from({ length: 3 }, (_, i) => JSON.stringify({ nr: i, frage: `Question ${String(i)}?`, gedanken: `One ${String(i)}.\n\nTwo ${String(i)}.`, antwort: `Answer ${String(i)}.` }));
    const dataset = writeDataset(`${rows.join('\n')}\n`);
    await open(dataset);
    await answering(
      [entry(/Map columns/), entry(/^Prompt/), entry(/^frage/), entry(/^Reasoning/), entry(/^gedanken/), entry(/^Answer/), entry(/^antwort/), entry(/^Intent/), entry(/All rows: benign/), entry(/Use these/)],
      () => run('chooseFormat'),
    );
    const row = rowOf(dataset, 2, 'row2');
    const { document } = await open(row);
    assert.match(document.getText(), /intent: benign/);
    assert.match(document.getText(), /Question 1\?[^]*<think>\nOne 1\.\n\nTwo 1\.\n<\/think>[^]*Answer 1\./);
    await replace(await open(row), 'Two 1.', 'Zwei.');
    assert.ok(await save(await open(row)));
    assert.equal(onDisk(dataset), `${rows.join('\n').replace('Two 1.', 'Zwei.')}\n`);
    await answering([entry(/^By content/)], () => run('chooseFormat'));
  });

  it('Choose Format…: values of a column that are no intents are asked about, and none is ignored in silence', async () => {
    const kinds = ['schlimm', 'harmlos', 'schlimm', 'benign', 'sonst', '', 'harmlos', 'schlimm'];
    const rows = kinds.map((art, i) => JSON.stringify({ prompt: `Question ${String(i)}?`, response: `Answer ${String(i)}.`, art }));
    const dataset = writeDataset(`${rows.join('\n')}\n`);
    await open(dataset);
    let asked: string[] = [];
    const said = await dialogsDuring(async () => {
      asked = await answering(
        [entry(/Map columns/), entry(/^Intent/), entry(/^art/), entry(/^harmful/), entry(/^benign/), entry(/^Skip/), entry(/Use these/)],
        () => run('chooseFormat'),
      );
    });
    assert.deepEqual(asked.slice(3, 6), ['What “schlimm” in art means (1 of 3)', 'What “harmlos” in art means (2 of 3)', 'What “sonst” in art means (3 of 3)']);
    assert.deepEqual(said.map(({ text }) => text), ['Of the first 8 rows, the intent of 2 stays unknown: 1 value of art is not explained (“sonst”); 1 row has none.']);
    const kept = JSON.stringify(JSON.parse(readFileSync(path.join(folder('traces').fsPath, '.cotlens/formats.json'), 'utf8')));
    assert.ok(kept.includes('"mapping":{"intent":"art","intents":{"schlimm":"harmful","harmlos":"benign"}}'), kept);
    // What they mean is what the rows say.
    await answering(['1'], () => run('openRow'));
    await eventually(() => {
      assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /intent: harmful/);
    });
    await answering([entry(/^By content/)], () => run('chooseFormat'));
  });

  it('a table keeps its bytes; what it cannot hold lies beside it', async () => {
    const csv = 'prompt,response\r\n"Soup, with ""salt""?","<think>\nOne.\n\nTwo.\n</think>\n\nYes."\r\nB?,No.\r\n';
    const dataset = writeDataset(csv, '.csv');
    await open(dataset);
    await answering(['1'], () => run('openRow'));
    const editor = await eventually(() => {
      assert.match(active(), /\.row1\.cot$/);
      assert.ok(vscode.window.activeTextEditor?.document.uri.scheme === 'cotlens-row');
      return vscode.window.activeTextEditor;
    });
    await replace(editor, 'Two.', 'Two, "changed".');
    assert.ok(await save(editor));
    assert.equal(onDisk(dataset), csv.replace('Two.', 'Two, ""changed"".'));
    const size = statSync(dataset.fsPath).size;
    await answering([entry(/benign/)], () => run('setIntent'));
    assert.ok(await save(editor));
    assert.equal(statSync(dataset.fsPath).size, size);
    assert.match(editor.document.getText(), /intent: benign/);
  });

  it('Write Verdicts into the Log… adds a score to the samples that have verdicts, asks first, and changes nothing else', async () => {
    const sample = (id: number): string =>
      `{"id": ${String(id)}, "epoch": 1, "input": "Q${String(id)}?", "messages": [{"role": "user", "content": "Q${String(id)}?"}, {"role": "assistant", "content": [{"type": "reasoning", "reasoning": "A.\\n\\nB.\\n\\nC."}, {"type": "text", "text": "D."}]}], "scores": {"match": {"value": "C"}}}`;
    const text = `{"version": 2, "status": "success", "eval": {"task": "t", "model": "m"}, "samples": [\n  ${sample(1)},\n  ${sample(2)}\n]}\n`;
    const dataset = writeDataset(text, '.json');
    await open(dataset);
    await answering(['2'], () => run('openRow'));
    await eventually(() => {
      assert.ok(vscode.window.activeTextEditor?.document.uri.scheme === 'cotlens-row');
    });
    await run('score');
    const declined = await dialogsDuring(() => run('writeVerdicts'));
    assert.match(declined.map((one) => one.text).join(), /Write the verdicts of .* into 1 sample of written\/set-\d+\.json\?|Write the verdicts of .* into 1 sample of .*set-\d+\.json\?/);
    assert.equal(onDisk(dataset), text);
    await dialogsDuring(() => run('writeVerdicts'), ({ buttons }) => (buttons.includes('Write') ? 'Write' : undefined));
    const now = JSON.parse(onDisk(dataset)) as { samples: { scores: Record<string, { value: unknown }> }[] };
    assert.deepEqual(Object.keys(now.samples[0]?.scores ?? {}), ['match']);
    const [, name] = Object.keys(now.samples[1]?.scores ?? {});
    assert.match(name ?? '', /^cot_lens_offline/);
    assert.ok(onDisk(dataset).startsWith(text.slice(0, text.indexOf(sample(2)))), 'what lies before is as it was');
    // The row's document reads as before: it is no conflict.
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    await replace(editor, 'B.', 'B, changed.');
    assert.ok(await save(editor));
    assert.match(onDisk(dataset), /B, changed\./);
  });
});
