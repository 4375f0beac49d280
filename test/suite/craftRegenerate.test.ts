import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { ModelServer } from '../harness/modelServer';
import { startTeacher } from '../harness/scriptedTeacher';
import { answering } from './answers';
import { answeringDialogs, craft, discardAll, draft, draftShows, draftTabs, provenance, putCursor, SHED, withTeacher } from './crafting';
import { closeAll, openText } from './documents';
import { eventually } from './eventually';

describe('a draft that is written anew while its teacher still writes', function () {
  this.timeout(40_000);
  let teacher: ModelServer;
  let delay = 0;
  before(async () => {
    teacher = await startTeacher({ chunks: { size: 12, get delay() { return delay; } } });
  });
  after(() => teacher.stop());
  afterEach(async () => {
    delay = 0;
    await discardAll();
    await closeAll();
  });

  it('is the new run’s: the end of the old one does not mark it as stopped', () =>
    withTeacher(teacher.url, async () => {
      const editor = await openText('shed', SHED);
      const { document } = editor;
      putCursor(editor, 'somebody else.');
      delay = 150;
      const first = craft({ recipe: 'temptation-correction' });
      await draftShows('Then again');
      const second = draft('regenerate');
      await first;
      await eventually(() => {
        assert.equal(teacher.completions.length, 2);
      });
      await draftShows('Then again');
      const rows: vscode.QuickPickItem[] = [];
      await answering([(items) => (rows.push(...(items as vscode.QuickPickItem[])), -1)], () => vscode.commands.executeCommand('cotLens.showDrafts'));
      assert.deepEqual(rows.map(({ detail }) => detail), ['being written by my teacher']);
      delay = 0;
      await second;
      const said = await answeringDialogs(() => draft('accept'));
      assert.deepEqual(said.map(({ text }) => text), [], 'it is accepted as written to its end');
      assert.deepEqual(provenance(document.getText()).map(({ role, by, edited }) => [role, by, edited]), [['error', 'scripted-teacher-1', false], ['correction', 'scripted-teacher-1', false]]);
      assert.deepEqual(draftTabs(), []);
    }));
});
