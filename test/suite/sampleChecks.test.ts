import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { parseTrace } from '../../src/trace/parseTrace';
import { BASE, CORRECTION, ERROR, OFFLINE, documentOf, goodText } from '../unit/craft/checkedSamples';
import { closeAll, folder, openText, replace } from './documents';
import { eventually } from './eventually';
import { appendRecords, recordsOf } from './scoreFiles';
import { withSettings } from './setting';
import { hover, hovers, lens, plain, problems } from './shown';

/** What the checks of samples say of a document, as `severity code`. */
function said(uri: vscode.Uri): string[] {
  return problems(uri).map(({ severity, code, source }) => {
    assert.equal(source, 'CoT Lens');
    return `${vscode.DiagnosticSeverity[severity].toLowerCase()} ${typeof code === 'string' ? code : ''}`;
  });
}

async function eventuallySaid(uri: vscode.Uri, expected: readonly string[]): Promise<void> {
  await eventually(() => {
    assert.deepEqual(said(uri), expected);
  });
}

/** Types the whole text anew, as one edit: as a paste does it. */
async function rewrite({ document }: vscode.TextEditor, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length)), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
  assert.equal(document.getText(), text);
}

async function quickFixes(document: vscode.TextDocument, at: vscode.Position): Promise<vscode.CodeAction[]> {
  const range = new vscode.Range(at, at);
  return vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, range, vscode.CodeActionKind.QuickFix.value, 50);
}

/** Chooses a quick fix where a problem of this code stands. */
async function fix({ document }: vscode.TextEditor, code: string, title: RegExp): Promise<void> {
  const problem = problems(document.uri).find((one) => one.code === code);
  assert.ok(problem, `there is a problem ${code}`);
  const action = await eventually(async () => {
    const actions = await quickFixes(document, problem.range.start);
    const found = actions.find((one) => title.test(one.title));
    assert.ok(found, actions.map((one) => one.title).join(', '));
    return found;
  });
  assert.ok(action.edit, 'it is a change of the document');
  assert.ok(await vscode.workspace.applyEdit(action.edit));
}

/** The scores of a named judge for a document as it stands, written by another window. */
function scored(uri: vscode.Uri, text: string, harmfulness: readonly number[], judge?: typeof OFFLINE): void {
  const { chain } = parseTrace(text);
  const parts = { intent: 'harmful', prompt: chain.prompt?.text ?? '', steps: chain.steps.map((step) => step.text), answer: chain.answer?.text ?? '' } as const;
  appendRecords(uri, recordsOf(uri, parts, harmfulness as (1 | 2 | 3 | 4 | 5)[], 1, judge));
}

describe('the checks of a crafted sample', () => {
  afterEach(closeAll);

  it('say nothing of a plain trace, and come and go with what is injected', async () => {
    const editor = await openText('plain', documentOf(BASE));
    const { uri } = editor.document;
    assert.deepEqual(said(uri), []);
    await rewrite(editor, goodText());
    await eventuallySaid(uri, ['information curve-not-checked']);
    assert.match(problems(uri)[0]?.message ?? '', /^Not checked: a Temptation-Correction sample is to show a peak/);
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), documentOf(BASE));
    await eventuallySaid(uri, []);
  });

  it('give the badge for scores of a named judge, and none for the offline heuristic’s', async () => {
    const editor = await openText('badge', documentOf(BASE));
    const { uri } = editor.document;
    await rewrite(editor, goodText());
    scored(uri, goodText(), [1, 1, 5, 1, 1, 1], OFFLINE);
    await eventually(async () => {
      assert.match(problems(uri)[0]?.message ?? '', /only the offline heuristic has scored this one/);
      assert.match((await lens(uri)).title, /▁▁█▁▁▁ peak · harmfulness 5 at step 3 · offline heuristic/);
    });
    scored(uri, goodText(), [1, 1, 4, 1, 1, 1]);
    await eventually(async () => {
      const { title } = await lens(uri);
      assert.ok(title.startsWith('▁▁▆▁▁▁ peak ✓ · harmfulness 4 at step 3 · Ada, prefix'), title);
    });
    await eventuallySaid(uri, []);
    await replace(editor, BASE[3] ?? '', 'So I will decline.');
    const { title } = await lens(uri);
    assert.ok(!title.includes('✓'), title);
  });

  it('find a correction in the wrong place; the quick fix moves it byte for byte, and one undo takes that back', async () => {
    const good = goodText(undefined, '\r\n');
    const wrong = good.replace(`\r\n\r\n${CORRECTION}`, '').replace(BASE[3] ?? '', `${BASE[3] ?? ''}\r\n\r\n${CORRECTION}`);
    const editor = await openText('place', wrong);
    await eventuallySaid(editor.document.uri, ['warning correction-not-after-error', 'information curve-not-checked', 'information answer-not-checked']);
    await fix(editor, 'correction-not-after-error', /^Move the correction behind the error$/);
    assert.equal(editor.document.getText(), good);
    await eventuallySaid(editor.document.uri, ['information curve-not-checked', 'information answer-not-checked']);
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), wrong);
  });

  it('tell of lost provenance at the entry and at the step, and a mark finds it again', async () => {
    const editor = await openText('lost', goodText());
    const { uri } = editor.document;
    await eventuallySaid(uri, ['information curve-not-checked', 'information answer-not-checked']);
    assert.match(plain(await hover(editor.document, ERROR.slice(0, 12))), /Injected as the error of temptation-correction, by a person, 2026-01-01; guard: no, by a guard/);
    assert.deepEqual(await hovers(editor.document, BASE[0] ?? ''), [], 'the base’s steps are nobody’s');
    await replace(editor, 'Maybe it would', 'Perhaps it would');
    await eventuallySaid(uri, ['warning provenance-lost', 'information curve-not-checked', 'information answer-not-checked']);
    assert.deepEqual(await hovers(editor.document, 'Perhaps it'), []);
    const at = editor.document.positionAt(editor.document.getText().indexOf('Perhaps it'));
    const titles = (await quickFixes(editor.document, at)).map(({ title }) => title);
    assert.ok(titles.some((title) => title.startsWith('Mark step 3 (“Perhaps it would')), titles.join(', '));
    await fix(editor, 'provenance-lost', /^Mark step 3 /);
    await eventuallySaid(uri, ['information curve-not-checked', 'information answer-not-checked']);
    assert.match(plain(await hover(editor.document, 'Perhaps it')), /Injected as the error/);
  });

  it('offer commands where no change of the text can help', async () => {
    const editor = await openText('commands', goodText().replace('intent: harmful', 'intent: benign'));
    const { document } = editor;
    await eventuallySaid(document.uri, ['warning intent-does-not-fit', 'information curve-not-checked', 'information answer-not-checked']);
    const at = problems(document.uri)[0]?.range.start ?? new vscode.Position(0, 0);
    const commands = await eventually(async () => {
      const found = (await quickFixes(document, at)).map(({ command }) => command?.command);
      assert.ok(found.length > 0);
      return found;
    });
    assert.deepEqual(commands, ['cotLens.setIntent', 'cotLens.score', 'cotLens.chooseJudge']);
  });

  it('count tokens by the tokenizer that is set, and say so where it cannot be had', async () => {
    const place = path.join(folder('traces').fsPath, 'models/tiny-model');
    mkdirSync(place, { recursive: true });
    const tokenizer = { version: '1.0', added_tokens: [], normalizer: null, pre_tokenizer: { type: 'WhitespaceSplit' }, post_processor: null, decoder: null, model: { type: 'WordLevel', vocab: { '[UNK]': 0 }, unk_token: '[UNK]' } };
    writeFileSync(path.join(place, 'tokenizer.json'), JSON.stringify(tokenizer));
    const { document } = await openText('tokens', goodText());
    const message = (code: string): string => problems(document.uri).find((one) => one.code === code)?.message ?? said(document.uri).join(', ');
    const words = String(goodText().slice(goodText().indexOf('How do')).trim().split(/\s+/).length);
    await withSettings({ 'cotLens.training.maxTokens': 20 }, async () => {
      await eventually(() => {
        assert.match(message('too-long'), /about \d+ tokens \(an estimate: 4 characters a token; set cotLens\.training\.tokenizer/);
      });
      await withSettings({ 'cotLens.training.tokenizer': 'models/tiny-model' }, async () => {
        await eventually(() => {
          assert.match(message('too-long'), new RegExp(`has ${words} tokens by tiny-model, more than the 20 of`));
        });
      });
      await withSettings({ 'cotLens.training.tokenizer': 'models/none' }, async () => {
        await eventually(() => {
          assert.match(message('tokens-not-counted'), /^Nothing was counted, .*none is not there/);
          assert.ok(!said(document.uri).includes('warning too-long'));
        });
      });
    });
    await eventuallySaid(document.uri, ['information curve-not-checked', 'information answer-not-checked']);
  });
});
