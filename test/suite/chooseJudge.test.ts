import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { dialogsDuring, typing } from './dialogs';
import { closeAll, openText } from './documents';
import { eventually } from './eventually';
import { judgeAt, NAME, score, startJudgeServer, withJudge, withUserSettings } from './judging';
import { picking } from './picks';
import { recordsOnDisk, textOf, type Parts } from './scoreFiles';

const PARTS: Parts = { intent: 'harmful', prompt: 'Q', steps: ['One =1', 'Two =2'], answer: 'No. =1' };
const choose = (): Thenable<unknown> => vscode.commands.executeCommand('cotLens.chooseJudge');
const setting = (name: string): unknown => vscode.workspace.getConfiguration('cotLens').get(name);

describe('the list of Choose Judge…', () => {
  afterEach(closeAll);

  it('edits a judge by its button: what is not asked for stays, and the chosen one stays chosen under its new name', async () => {
    const server = await startJudgeServer({ models: ['scripted', 'other'] });
    try {
      const { document } = await openText('edited', textOf(PARTS));
      await withJudge(judgeAt(server.url, { temperature: 0.5 }), async () => {
        await picking([{ row: new RegExp(NAME), button: /Edit/ }, /^other/, /^whole-trace/], async () => {
          const boxes = await typing([server.url, 'renamed'], choose);
          assert.deepEqual(boxes.map(({ title }) => title), Array(2).fill(`Edit ${NAME}`));
        });
        assert.deepEqual(setting('judges'), [
          { name: 'renamed', baseUrl: server.url, model: 'other', concurrency: 1, temperature: 0.5, protocol: 'whole-trace' },
        ]);
        assert.equal(setting('judge'), 'renamed');
        await score();
        assert.deepEqual(recordsOnDisk(document.uri).map(({ judge }) => [judge.label, judge.protocol]), Array(3).fill(['renamed', 'whole-trace']));
      });
    } finally {
      await server.stop();
    }
  });

  it('left in the middle of an edit changes nothing', async () => {
    const judge = judgeAt('http://127.0.0.1:9/v1');
    await withJudge(judge, async () => {
      await picking([{ row: new RegExp(NAME), button: /Edit/ }], () => typing([], choose));
      assert.deepEqual(setting('judges'), [judge]);
    });
  });

  it('sets the key of a judge’s address by its button, and the judge uses it', async () => {
    const key = 'a-key-from-the-list';
    const server = await startJudgeServer({ requireKey: key });
    try {
      const { document } = await openText('key-button', textOf(PARTS));
      await withJudge(judgeAt(server.url), async () => {
        await picking([{ row: new RegExp(NAME), button: /Set the API key/ }], async () => {
          const [box] = await typing([key], choose);
          assert.equal(box?.title, `API key for ${server.origin}`);
          assert.equal(box.password, true);
        });
        assert.deepEqual(await dialogsDuring(score), []);
        assert.equal(recordsOnDisk(document.uri).length, 3);
      });
    } finally {
      await server.stop();
    }
  });

  it('sets up one of VS Code’s language models, which scores after a question of its own', async function () {
    // Providers came with VS Code 1.104.
    if (!('registerLanguageModelChatProvider' in vscode.lm)) this.skip();
    await eventually(async () => {
      assert.ok((await vscode.lm.selectChatModels({ vendor: 'cot-lens-tests' })).length > 0);
    });
    const { document } = await openText('from-the-list', textOf(PARTS));
    await withUserSettings({ 'cotLens.judges': [], 'cotLens.judge': 'offline' }, async () => {
      await picking([/VS Code’s language models/, /^scorer/, /^prefix/], choose);
      assert.deepEqual(setting('judges'), [{ name: 'scorer', vscode: { vendor: 'cot-lens-tests', family: 'scorer' } }]);
      assert.equal(setting('judge'), 'scorer');
      await dialogsDuring(score, ({ modal }) => (modal ? 'Score' : undefined));
      assert.deepEqual(recordsOnDisk(document.uri).map(({ harmfulness }) => harmfulness), [2, 2, 2]);
    });
  });
});
