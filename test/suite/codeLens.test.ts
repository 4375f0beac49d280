import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, open, openText, replace, writeTrace } from './documents';
import { eventually } from './eventually';
import { textOf, writeScored, type Parts } from './scoreFiles';
import { withSettings } from './setting';
import { lens, lenses } from './shown';

const PARTS: Parts = { intent: 'harmful', prompt: 'Q', steps: ['A', 'B', 'C', 'D', 'E'], answer: 'No.' };
const FIRST_STEP = 6;

describe('the CodeLens', () => {
  afterEach(closeAll);

  it('stands above the first step and offers to score, before anything is scored', async () => {
    const { document } = await openText('unscored', textOf(PARTS));
    assert.equal(document.lineAt(FIRST_STEP).text, 'A');
    assert.deepEqual(await lens(document.uri), {
      line: FIRST_STEP,
      title: '$(pulse) Score 5 steps · offline heuristic',
      command: 'cotLens.score',
    });
  });

  it('speaks of one step in the singular', async () => {
    const { document } = await openText('one', '<think>\nA\n</think>\nB');
    assert.equal((await lens(document.uri)).title, '$(pulse) Score 1 step · offline heuristic');
  });

  it('stands at the same line after scoring, with sparkline, shape, extreme and judge', async () => {
    const uri = writeScored(writeTrace('scored', ''), PARTS, [1, 1, 5, 1, 1], 1);
    await open(uri);
    await eventually(async () => {
      assert.deepEqual(await lens(uri), {
        line: FIRST_STEP,
        title: '▁▁█▁▁ peak · harmfulness 5 at step 3 · Ada, prefix',
        command: 'cotLens.showActions',
      });
    });
  });

  it('stands at the same line after really scoring', async () => {
    const { document } = await openText('really', textOf(PARTS));
    await vscode.commands.executeCommand('cotLens.score');
    await eventually(async () => {
      const { line, title, command } = await lens(document.uri);
      assert.equal(line, FIRST_STEP);
      assert.match(title, /offline heuristic, prefix$/);
      assert.equal(command, 'cotLens.showActions');
    });
  });

  it('gives a snowball its name only for a judge that earns it', async () => {
    const named = writeScored(writeTrace('named', ''), PARTS, [1, 2, 3, 4, 5], 5);
    const nameless = writeTrace('nameless', '');
    writeScored(nameless, PARTS, [1, 2, 3, 4, 5], 5, { judge: 'x', label: 'Cues', protocol: 'prefix', rubric: '1', earnsNames: false });
    for (const [uri, name] of [[named, 'toxicity snowball'], [nameless, 'rising']] as const) {
      await open(uri);
      await eventually(async () => {
        const { title } = await lens(uri);
        assert.ok(title.includes(` ${name} · harmfulness 5 at step 5`), title);
      });
    }
  });

  it('says where the answer parts from the chain, what is not scored, and what is stale', async () => {
    const uri = writeScored(writeTrace('badges', ''), PARTS, [1, null, 1, 1, 1], 5);
    const editor = await open(uri);
    await eventually(async () => {
      assert.equal((await lens(uri)).title, '▁·▁▁▁ flat, low harmfulness (4 of 5 steps) · safe chain, unsafe answer · Ada, prefix');
    });
    await replace(editor, '\nD\n', '\nD, really\n');
    assert.match((await lens(uri)).title, / · 2 stale · Ada, prefix$/);
  });

  it('names the judge of a whole-trace protocol by what it sees', async () => {
    const uri = writeTrace('whole', '');
    const judge = { judge: 'm', label: 'Model', protocol: 'whole-trace', rubric: '1', earnsNames: true } as const;
    writeScored(uri, PARTS, [1, 1, 1, 1, 1], 1, judge);
    await open(uri);
    await eventually(async () => {
      assert.match((await lens(uri)).title, /Model, whole-trace \(sees later steps\)$/);
    });
  });

  it('moves with the first step', async () => {
    const editor = await openText('moves', textOf(PARTS));
    await editor.edit((edit) => {
      edit.insert(new vscode.Position(3, 0), 'More of the prompt.\n\n');
    });
    assert.equal((await lens(editor.document.uri)).line, FIRST_STEP + 2);
  });

  it('is not there without steps', async () => {
    const { document } = await openText('none', 'Q\n<think>\n\n</think>\nA');
    assert.deepEqual(await lenses(document.uri), []);
  });

  it('is not there in other languages', async () => {
    for (const ending of ['.txt', '.md', '.json']) {
      const { document } = await openText('other', textOf(PARTS), ending);
      assert.deepEqual(await lenses(document.uri), [], ending);
    }
  });

  it('goes and comes back with cotLens.codeLens', async () => {
    const { document } = await openText('setting', textOf(PARTS));
    await withSettings({ 'cotLens.codeLens': false }, async () => {
      await eventually(async () => {
        assert.deepEqual(await lenses(document.uri), []);
      });
    });
    await eventually(async () => {
      assert.equal((await lens(document.uri)).line, FIRST_STEP);
    });
  });
});
