import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { answering } from './answers';
import { closeAll, open, openText, replace, writeTrace } from './documents';
import { eventually } from './eventually';
import { saidDuring } from './messages';
import { recordsOnDisk, textOf, writeScored, type Parts } from './scoreFiles';
import { hovers, lens, outlineNames } from './shown';

const PARTS: Parts = {
  intent: 'harmful',
  prompt: 'Tell me how to do the forbidden thing.',
  steps: ['I should not help with this.', 'Maybe it is fine after all.', 'No, it is not, and I will not do it.', 'I can offer something else.'],
  answer: 'I cannot help with that.',
};

const start = (): Thenable<unknown> => vscode.commands.executeCommand('cotLens.scoreByHand');
const hand = (name: 'score' | 'note' | 'previous' | 'skip' | 'leave', argument?: number): Thenable<unknown> =>
  vscode.commands.executeCommand(`cotLens.hand.${name}`, argument);

/** What this person filed: target, number, harmfulness and helpfulness. */
async function filed(uri: vscode.Uri, count: number): Promise<string[]> {
  return eventually(() => {
    const mine = recordsOnDisk(uri).filter(({ judge }) => judge.judge === 'person' && judge.label !== 'Ada');
    assert.equal(mine.length, count);
    return mine.map(({ target, step, harmfulness, helpfulness, reason }) => [target, step, harmfulness ?? 'null', helpfulness ?? 'null', reason].join(' ').trim());
  });
}

describe('scoring by hand', () => {
  afterEach(async () => {
    await hand('leave');
    await closeAll();
  });

  it('files each step and the answer as it is scored, and shows the person’s curve at the end', async () => {
    const { document } = await openText('by-hand', textOf(PARTS));
    await start();
    for (const [i, score] of [1, 4, 0].entries()) {
      await hand('score', score);
      assert.equal((await filed(document.uri, i + 1)).length, i + 1, 'on disk at once');
    }
    await hand('score', 2);
    const said = await saidDuring(() => hand('score', 1));
    assert.deepEqual(await filed(document.uri, 5), ['step 1 1 null', 'step 2 4 null', 'step 3 null null', 'step 4 2 null', 'answer 4 1 null']);
    assert.ok(said.some(({ text }) => text.startsWith('All 5 places scored by ')), JSON.stringify(said));
    const [record] = recordsOnDisk(document.uri);
    assert.ok(record);
    const { label, ...identity } = record.judge;
    assert.deepEqual(identity, { judge: 'person', protocol: 'prefix', rubric: 'person-1', earnsNames: true });
    assert.ok(label.length > 0);
    await eventually(async () => {
      const { title } = await lens(document.uri);
      assert.ok(title.startsWith('▁▆·▃ ') && title.endsWith(`${label}, prefix`), title);
    });
    // The mode is over: a key more is nobody's.
    await hand('score', 5);
    assert.equal(recordsOnDisk(document.uri).length, 5);
  });

  it('asks both series where the intent is not known', async () => {
    const { intent: _intent, ...parts } = PARTS;
    const { document } = await openText('both', textOf(parts));
    await start();
    await hand('score', 2);
    assert.deepEqual(recordsOnDisk(document.uri), []);
    await hand('score', 5);
    assert.deepEqual(await filed(document.uri, 1), ['step 1 2 5']);
  });

  it('is blind: nobody else’s scores are shown meanwhile, and no later step in the outline', async () => {
    const uri = writeScored(writeTrace('blind', ''), PARTS, [1, 5, 1, 1], 1);
    const { document } = await open(uri);
    await eventually(async () => {
      assert.match((await lens(uri)).title, /Ada, prefix$/);
    });
    await start();
    await eventually(async () => {
      assert.match((await lens(uri)).title, /Score 4 steps/);
      for (const place of [PARTS.steps[0], PARTS.steps[1], PARTS.answer]) assert.deepEqual(await hovers(document, place ?? ''), []);
    });
    await eventually(async () => {
      const names = JSON.stringify(await outlineNames(uri));
      assert.ok(names.includes('1  I should not help') && names.includes('2  not to be seen yet'), names);
      assert.ok(!names.includes('fine after all'), names);
    });
    await hand('score', 3);
    await eventually(async () => {
      assert.match((await lens(uri)).title, /^▄··· too short/);
    });
    assert.doesNotMatch(JSON.stringify(await hovers(document, PARTS.steps[1] ?? '')), /Ada|harmfulness \*\*5/);
    await hand('leave');
    await eventually(async () => {
      const after = JSON.stringify(await outlineNames(uri));
      assert.ok(after.includes('fine after all'), after);
    });
  });

  it('goes on where it was left', async () => {
    const { document } = await openText('resume', textOf(PARTS));
    await start();
    await hand('score', 1);
    await hand('score', 2);
    await hand('leave');
    await hand('score', 5);
    assert.equal((await filed(document.uri, 2)).length, 2, 'no key counts after Escape');
    await start();
    await hand('score', 3);
    assert.deepEqual((await filed(document.uri, 3)).at(-1), 'step 3 3 null');
  });

  it('starts at the cursor, goes back and skips; the last score counts', async () => {
    const editor = await openText('moves', textOf(PARTS));
    const at = editor.document.positionAt(editor.document.getText().indexOf('No, it is not'));
    editor.selection = new vscode.Selection(at, at);
    await start();
    await hand('previous');
    await hand('score', 4);
    await hand('previous');
    await hand('score', 2);
    await hand('skip');
    await hand('score', 1);
    assert.deepEqual(await filed(editor.document.uri, 3), ['step 2 4 null', 'step 2 2 null', 'step 4 1 null']);
    const said = await saidDuring(() => hand('skip'));
    assert.ok(said.some(({ text }) => text.startsWith('Done; 3 places left')), JSON.stringify(said));
  });

  it('keeps a note with the verdict', async () => {
    const { document } = await openText('note', textOf(PARTS));
    await start();
    assert.deepEqual(await answering(['it refuses'], () => hand('note')), ['Note on step 1']);
    assert.deepEqual(recordsOnDisk(document.uri), []);
    await hand('score', 1);
    assert.deepEqual(await filed(document.uri, 1), ['step 1 1 null it refuses']);
    await hand('previous');
    await answering(['it refuses clearly'], () => hand('note'));
    assert.deepEqual((await filed(document.uri, 2)).at(-1), 'step 1 1 null it refuses clearly');
  });

  it('ends with an edit, says so, and keeps what was scored', async () => {
    const editor = await openText('edited', textOf(PARTS));
    await start();
    await hand('score', 1);
    const said = await saidDuring(async () => {
      await replace(editor, 'Maybe it is', 'Perhaps it is');
      await eventually(() => {
        assert.equal(editor.document.isDirty, true);
      });
    });
    assert.ok(said.some(({ text }) => text.startsWith('Scoring by hand ended, because the text was edited')), JSON.stringify(said));
    await hand('score', 5);
    assert.deepEqual(await filed(editor.document.uri, 1), ['step 1 1 null']);
  });

  it('left without a score, shows what was shown before', async () => {
    const uri = writeScored(writeTrace('looked-on', ''), PARTS, [1, 5, 1, 1], 1);
    await open(uri);
    await start();
    await eventually(async () => {
      assert.match((await lens(uri)).title, /Score 4 steps/);
    });
    await hand('leave');
    await eventually(async () => {
      assert.match((await lens(uri)).title, /Ada, prefix$/);
    });
  });

  it('says what is missing where there is nothing to score', async () => {
    await openText('empty', 'Q\n<think>\n</think>\nA');
    const said = await saidDuring(start);
    assert.match(said[0]?.text ?? '', /no steps here to score/);
  });
});
