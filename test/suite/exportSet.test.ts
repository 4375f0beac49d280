import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { CLOSES_EMPTY, DROPS_REASONING } from '../unit/curate/chatTemplates';
import { corrected, prefilled, uncorrected } from '../unit/curate/exportSamples';
import { answering, entry } from './answers';
import { bytesOf, setPath, writeSet } from './curatedSets';
import { rowOf, save } from './datasets';
import { dialogsDuring, type Dialog } from './dialogs';
import { closeAll, open, replace } from './documents';
import { eventually } from './eventually';
import { hoverSays } from './shown';

const run = (command: string, ...given: unknown[]): Thenable<unknown> => vscode.commands.executeCommand(`cotLens.${command}`, ...given);
const window = vscode.window as unknown as Record<string, unknown>;

/** The person chooses this file, or folder, in the system's dialog. */
async function choosing(dialog: 'showOpenDialog' | 'showSaveDialog', file: string | undefined, act: () => unknown): Promise<vscode.SaveDialogOptions[]> {
  const asked: vscode.SaveDialogOptions[] = [];
  const before = window[dialog];
  window[dialog] = (options: vscode.SaveDialogOptions) => {
    asked.push(options);
    const uri = file === undefined ? undefined : vscode.Uri.file(file);
    return Promise.resolve(dialog === 'showOpenDialog' && uri !== undefined ? [uri] : uri);
  };
  try {
    await act();
  } finally {
    window[dialog] = before;
  }
  return asked;
}

function modelFolder(title: string, template: string, tokens: Readonly<Record<string, string>>): string {
  const folder = path.join(path.dirname(setPath(title)), title);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'tokenizer_config.json'), JSON.stringify({ ...tokens, chat_template: template }));
  return folder;
}

const shown = (): vscode.TextDocument => {
  const { document } = vscode.window.activeTextEditor ?? {};
  assert.ok(document !== undefined && document.uri.scheme === 'cotlens-export', 'a preview is shown');
  return document;
};

/** Edits the eighth sample of a large set as its document, and saves that. */
async function editedAside(file: string, text: string, by: string): Promise<vscode.TextDocument> {
  const uri = rowOf(vscode.Uri.file(file), 8, 'row8');
  await vscode.workspace.fs.stat(uri);
  const editor = await open(uri);
  await replace(editor, text, by);
  await dialogsDuring(async () => {
    assert.ok(await save(editor));
    await hoverSays(uri, /1 edit kept aside/);
  });
  return editor.document;
}

const MESSAGES = entry(/trl-messages/);
const WITHOUT = entry(/Without a Template/);
const samples = (): Parameters<typeof writeSet>[1] => [corrected(), uncorrected({ id: 'bad' }), '{"no": "sample"}', corrected({ id: 'ümlaut 😀', answer: 'a\u2028b' }), prefilled({ id: 'pre' })];

describe('Export Training File…', () => {
  afterEach(closeAll);

  it('shows the exact bytes, says what is left out and why, and saves them with a record', async () => {
    const file = writeSet('export', samples());
    const dialogs = await dialogsDuring(() => answering([MESSAGES, WITHOUT], () => run('exportSet', file)));
    assert.match(dialogs.at(-1)?.text ?? '', /^2 rows of 4 samples, 3 left out, 2 answers not checked\.$/);
    assert.deepEqual(dialogs.at(-1)?.buttons, ['Save…', 'Show Report']);
    const preview = shown();
    const target = path.join(path.dirname(file), 'train.jsonl');
    const asked = await choosing('showSaveDialog', target, () => dialogsDuring(() => run('saveTrainingFile')));
    assert.match(asked[0]?.defaultUri?.path ?? '', /export-\d+\.trl-messages\.jsonl$/);
    assert.equal(bytesOf(target), preview.getText());
    const ids = bytesOf(target).trimEnd().split('\n').map((line) => (JSON.parse(line) as { id: string }).id);
    assert.deepEqual(ids, ['s1', 'ümlaut 😀']);
    const record = JSON.parse(bytesOf(path.join(path.dirname(file), 'train.export.json'))) as { canary: string; leftOut: { id: string; reason: string }[]; versions: { cotLens: string } };
    assert.match(record.canary, /canary GUID [0-9a-f-]{36}$/);
    assert.ok(bytesOf(target).includes(record.canary));
    assert.match(record.versions.cotLens, /^\d+\.\d+\.\d+/);
    assert.deepEqual(record.leftOut.map(({ id }) => id), ['line 3', 'bad', 'pre']);
    assert.equal(readdirSync(path.dirname(file)).some((name) => name.endsWith('.tmp')), false);

    await run('showExportReport', preview.uri);
    assert.match(shown().getText(), /^ {2}bad: no correction follows its error \(step 2\)\./m);
    assert.match(shown().getText(), /^ {2}pre: it begins with a flawed prefill/m);
  });

  it('has one canary for all that the project exports', async () => {
    const file = writeSet('canary', [corrected()]);
    const canaries: string[] = [];
    for (const format of [MESSAGES, entry(/star-1/)]) {
      await dialogsDuring(() => answering([format, WITHOUT], () => run('exportSet', file)));
      canaries.push((JSON.parse(shown().getText()) as { canary: string }).canary);
    }
    assert.equal(new Set(canaries).size, 1);
  });

  it('renders prefill rows with the template of the model whose folder is chosen', async () => {
    const file = writeSet('prefill', [prefilled(), corrected({ id: 'other' })]);
    const folder = modelFolder('model-that-closes', CLOSES_EMPTY.template, CLOSES_EMPTY.tokens);
    await choosing('showOpenDialog', folder, () => dialogsDuring(() => answering([entry(/prefill-rl/), entry(/Model’s Folder/)], () => run('exportSet', file))));
    const row = JSON.parse(shown().getText()) as { prompt: string; kind: string };
    assert.match(row.prompt, /<\|im_start\|>assistant\n<think>\nIt is only a shed, so helping might be fine\.\n\nNobody would mind, I suppose\.$/);
    assert.equal(row.kind, 'harmful');
  });

  it('fails loudly where the reasoning does not survive the template, and goes on only if told to', async () => {
    const file = writeSet('failing', [corrected()]);
    const folder = modelFolder('model-that-drops', DROPS_REASONING.template, DROPS_REASONING.tokens);
    const failing = (press: (dialog: Dialog) => string | undefined): Promise<Dialog[]> =>
      dialogsDuring(() => choosing('showOpenDialog', folder, () => answering([entry(/trl-prompt-completion/), entry(/Model’s Folder/)], () => run('exportSet', file))), press);
    const [dialog, ...more] = await failing(() => undefined);
    assert.equal(dialog?.how, 'error');
    assert.equal(dialog?.modal, true);
    assert.match(dialog?.detail ?? '', /The reasoning does not survive the chat template of model-that-drops: step 1 of 4/);
    assert.equal(more.length, 0);
    assert.notEqual(vscode.window.activeTextEditor?.document.uri.scheme, 'cotlens-export');
    await failing(({ buttons }) => buttons.find((button) => button === 'Preview All the Same'));
    assert.match(shown().uri.path, /\.trl-prompt-completion\.jsonl$/);
  });

  it('exports preference pairs only as an ablation that was agreed to', async () => {
    const file = writeSet('pairs', [corrected()]);
    const pairs = (press: (dialog: Dialog) => string | undefined): Promise<Dialog[]> => dialogsDuring(() => answering([entry(/trl-preference/), WITHOUT], () => run('exportSet', file)), press);
    const [dialog] = await pairs(() => undefined);
    assert.match(dialog?.text ?? '', /flawed, uncorrected reasoning as an ablation/);
    assert.equal(vscode.window.activeTextEditor, undefined);
    await pairs(({ buttons }) => buttons.find((button) => button === 'Export as Ablation'));
    assert.equal((JSON.parse(shown().getText()) as { ablation: boolean }).ablation, true);
  });

  it('says why where nothing can go out, and writes nothing', async () => {
    const file = writeSet('nothing', [uncorrected()]);
    const dialogs = await dialogsDuring(() => answering([MESSAGES, WITHOUT], () => run('exportSet', file)));
    assert.match(dialogs.at(-1)?.text ?? '', /No sample of nothing-\d+ can go into this file/);
    assert.match(shown().getText(), /^ {2}s1: no correction follows its error/m);
  });

  it('never takes the place of a set, and leaves a record that it did not write unless told to', async () => {
    const file = writeSet('place', [corrected()]);
    await dialogsDuring(() => answering([MESSAGES, WITHOUT], () => run('exportSet', file)));
    const preview = shown().uri;
    const before = bytesOf(file);
    const said = await dialogsDuring(() => choosing('showSaveDialog', file, () => run('saveTrainingFile', preview)));
    assert.match(said.at(-1)?.text ?? '', /is the name of a curated set/);
    assert.equal(bytesOf(file), before);

    const target = path.join(path.dirname(file), 'orphan.jsonl');
    writeFileSync(path.join(path.dirname(file), 'orphan.export.json'), 'mine');
    const [dialog] = await dialogsDuring(() => choosing('showSaveDialog', target, () => run('saveTrainingFile', preview)));
    assert.match(dialog?.text ?? '', /orphan\.export\.json is there already/);
    assert.equal(existsSync(target), false);
    assert.equal(bytesOf(path.join(path.dirname(file), 'orphan.export.json')), 'mine');
  });

  it('does not leave out edits of a large set that are kept aside: it says that they must be applied first', async () => {
    const padding = 'x'.repeat(1 << 20);
    const file = writeSet('large', Array.from({ length: 66 }, (_, i) => JSON.stringify({ ...corrected({ id: `s${String(i)}` }), padding })));
    try {
      const edited = await editedAside(file, 'The shed is not theirs.', 'It belongs to somebody else.');
      const dialogs = await dialogsDuring(() => answering([MESSAGES, WITHOUT], () => run('exportSet', file)));
      assert.match(dialogs[0]?.text ?? '', /1 edit of samples in large-\d+\.curated\.jsonl is kept aside and not in the file yet.*“Apply Edits…”/);
      await vscode.window.showTextDocument(edited);
      await dialogsDuring(() => run('applyEdits'), ({ buttons }) => buttons.find((button) => button === 'Apply'));
      await dialogsDuring(() => answering([MESSAGES, WITHOUT], () => run('exportSet', file)));
      assert.match(shown().getText(), /It belongs to somebody else\./);
    } finally {
      await closeAll();
      rmSync(file);
    }
  }).timeout(90_000);

  it('has nothing to save once its preview is closed', async () => {
    const file = writeSet('closed', [corrected()]);
    await dialogsDuring(() => answering([MESSAGES, WITHOUT], () => run('exportSet', file)));
    const preview = shown().uri;
    await closeAll();
    await eventually(async () => {
      const [dialog] = await dialogsDuring(() => choosing('showSaveDialog', undefined, () => run('saveTrainingFile', preview)));
      assert.match(dialog?.text ?? '', /No training file is shown here/);
    });
  });
});

describe('Check Chat Template…', () => {
  afterEach(closeAll);

  it('shows what was rendered of a row and of a prefill, and what is wrong with it', async () => {
    const file = writeSet('check', [corrected(), prefilled({ id: 'pre' })]);
    const folder = modelFolder('model-to-check', DROPS_REASONING.template, DROPS_REASONING.tokens);
    const dialogs = await dialogsDuring(() => choosing('showOpenDialog', folder, () => answering([entry(/Model’s Folder/)], () => run('checkTemplate', file))));
    assert.equal(dialogs.at(-1)?.how, 'error');
    const text = shown().getText();
    assert.match(text, /FAILED on a whole row/);
    assert.match(text, /a prefill as a raw prompt is rendered as it should be/);
    assert.match(text, /<｜Assistant｜><think>\nIt is only a shed/);
  });

  it('says so where a folder has no template', async () => {
    const folder = path.join(path.dirname(setPath('empty')), 'empty-model');
    mkdirSync(folder, { recursive: true });
    const dialogs = await dialogsDuring(() => choosing('showOpenDialog', folder, () => answering([entry(/Model’s Folder/)], () => run('checkTemplate'))));
    assert.match(dialogs.at(-1)?.text ?? '', /empty-model has no chat template/);
  });
});
