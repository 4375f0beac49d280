import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, openText, openUntitled } from './documents';
import { eventually } from './eventually';
import { saidDuring } from './messages';
import { lens, lenses, outlineNames, problemCodes } from './shown';

const TEXT = 'Q\n\n<think>\nA\n\nB\n</think>\n\nAnswer';

/** Runs the command on the active editor, and waits until the text is a trace. */
async function inspect(): Promise<vscode.TextDocument> {
  const document = vscode.window.activeTextEditor?.document;
  assert.ok(document);
  await vscode.commands.executeCommand('cotLens.inspectAsTrace');
  return eventually(() => {
    const now = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === document.uri.toString());
    assert.equal(now?.languageId, 'cot');
    assert.ok(now);
    return now;
  });
}

describe('Inspect as Trace', () => {
  afterEach(closeAll);

  for (const [language, ending] of [['plaintext', '.txt'], ['markdown', '.md']] as const) {
    it(`turns a ${language} document into a trace with its one CodeLens`, async () => {
      const { document } = await openText('inspect', TEXT, ending);
      assert.equal(document.languageId, language);
      assert.deepEqual(await lenses(document.uri), []);
      await inspect();
      const { line, title } = await lens(document.uri);
      assert.equal(line, 3);
      assert.match(title, /Score 2 steps/);
      assert.equal(document.isDirty, false, 'the text itself is as it was');
    });
  }

  it('works on text that was never saved', async () => {
    await openUntitled('plaintext', TEXT);
    const document = await inspect();
    assert.equal((await lens(document.uri)).line, 3);
  });

  it('reads text without the opening tag, as chat templates leave it', async () => {
    await openText('no-open', 'A\n\nB\n</think>\n\nAnswer', '.txt');
    const { uri } = await inspect();
    assert.deepEqual(await outlineNames(uri), [['Reasoning', ['1  A', '2  B']], 'Answer']);
    assert.equal((await lens(uri)).line, 0);
    await eventually(() => {
      assert.deepEqual(problemCodes(uri), ['missing-open-tag']);
    });
  });

  it('reads several blocks as one chain with one CodeLens', async () => {
    await openText('several', 'Q\n<think>\nA\n</think>\nx\n<think>\nB\n</think>\nAnswer', '.md');
    const { uri } = await inspect();
    const { line, title } = await lens(uri);
    assert.equal(line, 2);
    assert.match(title, /Score 2 steps/);
    await eventually(() => {
      assert.deepEqual(problemCodes(uri), ['several-blocks']);
    });
  });

  it('reads text without any mark as steps', async () => {
    await openText('no-marks', 'One\n\nTwo\n\nThree', '.txt');
    const { uri } = await inspect();
    assert.deepEqual(await outlineNames(uri), [['Reasoning', ['1  One', '2  Two', '3  Three']]]);
    assert.deepEqual(problemCodes(uri), []);
  });

  it('is undone by choosing another language', async () => {
    await openText('back', '<think>\nA', '.txt');
    const document = await inspect();
    await eventually(() => {
      assert.deepEqual(problemCodes(document.uri), ['missing-close-tag']);
    });
    await vscode.languages.setTextDocumentLanguage(document, 'plaintext');
    await eventually(async () => {
      assert.deepEqual(await lenses(document.uri), []);
      assert.deepEqual(problemCodes(document.uri), []);
    });
  });

  it('says what to do where no text is open', async () => {
    await closeAll();
    const said = await saidDuring(() => vscode.commands.executeCommand('cotLens.inspectAsTrace'));
    assert.deepEqual(said.map(({ how }) => how), ['information']);
    assert.match(said[0]?.text ?? '', /No text is open/);
  });
});
