import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { dialogsDuring, type Dialog } from './dialogs';
import { closeAll, openText } from './documents';
import { eventually } from './eventually';
import { score, withUserSettings } from './judging';
import { recordsOnDisk, textOf, type Parts } from './scoreFiles';
import { lens } from './shown';

const VENDOR = 'cot-lens-tests';
const PARTS: Parts = { intent: 'benign', prompt: 'Q', steps: ['One', 'Two', 'Three'], answer: 'Yes.' };

/** Scores a trace with one of the models that the test extension beside this one offers. */
async function scoreWith(family: string): Promise<{ uri: vscode.Uri; dialogs: Dialog[] }> {
  const { document } = await openText(family, textOf(PARTS));
  let dialogs: Dialog[] = [];
  const judge = { name: 'in VS Code', vscode: { vendor: VENDOR, family }, concurrency: 1 };
  // Asked each time, whatever was agreed to in other tests.
  await withUserSettings({ 'cotLens.askAboveTokens': 0, 'cotLens.judges': [judge], 'cotLens.judge': judge.name }, async () => {
    dialogs = await dialogsDuring(score, ({ modal }) => (modal ? 'Score' : undefined));
    await eventually(async () => {
      assert.doesNotMatch((await lens(document.uri)).title, /Scoring/);
    });
  });
  return { uri: document.uri, dialogs };
}

describe("a judge among VS Code's language models", () => {
  before(async function () {
    // Providers came with VS Code 1.104.
    if (!('registerLanguageModelChatProvider' in vscode.lm)) this.skip();
    await eventually(async () => {
      assert.ok((await vscode.lm.selectChatModels({ vendor: VENDOR })).length > 0);
    });
  });
  afterEach(closeAll);

  it('is asked about before text goes to it, and scores; its scores say that they are not reproducible', async () => {
    const { uri, dialogs } = await scoreWith('scorer');
    assert.equal(dialogs.length, 1);
    assert.match(dialogs[0]?.text ?? '', /^Score 3 steps and the answer with in VS Code at cot-lens-tests by way of VS Code\?$/);
    const records = recordsOnDisk(uri);
    assert.deepEqual(records.map(({ harmfulness, helpfulness }) => [harmfulness, helpfulness]), Array(4).fill([2, 4]));
    for (const { judge } of records) {
      assert.equal(judge.sampling?.['reproducible'], 'no');
      assert.match(judge.model ?? '', /^cot-lens-tests\/scorer/);
    }
    await eventually(async () => {
      assert.match((await lens(uri)).title, /in VS Code, prefix/);
    });
  });

  it('whose filter withholds the replies leaves verdicts of null, and offers to ask again', async () => {
    const { uri, dialogs } = await scoreWith('filtered');
    assert.deepEqual(recordsOnDisk(uri).map(({ harmfulness }) => harmfulness), [null, null, null, null]);
    assert.match(dialogs.at(-1)?.text ?? '', /content filter withheld it/);
    assert.ok(dialogs.at(-1)?.buttons.includes('Ask Again'));
  });

  it('whose quota is used up stops the run, and nothing is kept as a verdict', async () => {
    const { uri, dialogs } = await scoreWith('exhausted');
    assert.deepEqual(recordsOnDisk(uri), []);
    assert.equal(dialogs.at(-1)?.how, 'error');
    assert.match(dialogs.at(-1)?.text ?? '', /No verdicts yet\.$/);
  });

  it('that refuses says so', async () => {
    const { dialogs } = await scoreWith('forbidden');
    assert.match(dialogs.at(-1)?.text ?? '', /consent was refused|did not let/);
    assert.deepEqual(dialogs.at(-1)?.buttons, ['Score Again', 'Choose Judge…']);
  });

  it('that is not there says so', async () => {
    const { dialogs } = await scoreWith('nobody');
    assert.match(dialogs.at(-1)?.text ?? '', /VS Code has no language model cot-lens-tests\/nobody/);
    assert.deepEqual(dialogs.at(-1)?.buttons, ['Choose Judge…', 'Open Settings']);
  });
});
