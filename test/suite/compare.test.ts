import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { JudgeIdentity } from '../../src/judge/judge';
import { answering, entry } from './answers';
import { closeAll, folder, open, openText, writeTrace } from './documents';
import { eventually } from './eventually';
import { judgeAt, startJudgeServer, withJudge } from './judging';
import { saidDuring } from './messages';
import { appendRecords, recordsOnDisk, textOf, writeScored, type Parts } from './scoreFiles';
import { lens } from './shown';

const SAMPLES = ['peak-temptation-correction', 'toxicity-snowball', 'over-refusal-snowball'];

/** Copies of samples with their author's scores, in the folder where tests may score. */
function copySamples(): vscode.Uri[] {
  return SAMPLES.map((name) => {
    const sample = vscode.Uri.joinPath(folder('samples'), `${name}.cot`);
    const copy = writeTrace(name, readFileSync(sample.fsPath));
    const doc = vscode.workspace.asRelativePath(copy, false);
    appendRecords(copy, recordsOnDisk(sample).filter(({ judge }) => judge.label.includes('author')).map((record) => ({ ...record, doc })));
    return copy;
  });
}

const go = async (direction: 'next' | 'previous'): Promise<string> => {
  const said = await saidDuring(() => vscode.commands.executeCommand(`cotLens.${direction}Disagreement`));
  return said.map(({ text }) => text).join();
};

const compare = (): Thenable<unknown> => vscode.commands.executeCommand('cotLens.compareJudges');

const judge = (label: string): JudgeIdentity => ({ judge: label, label, protocol: 'prefix', rubric: '1', earnsNames: true });
const PARTS: Parts = { intent: 'harmful', prompt: 'Q', steps: ['Alpha.', 'Beta.', 'Gamma.', 'Delta.'], answer: 'No.' };

describe('comparing judges', () => {
  afterEach(closeAll);

  it('lays the heuristic over the samples’ author, and goes to the steps where they differ', async () => {
    for (const uri of copySamples()) {
      await open(uri);
      await vscode.commands.executeCommand('cotLens.score');
      assert.ok(recordsOnDisk(uri).some((record) => record.judge.judge === 'offline'));
      await closeAll();
    }
    const said = await saidDuring(async () => {
      const asked = await answering([entry(/author/), entry(/offline heuristic.* in common/)], compare);
      assert.deepEqual(asked.length, 2);
      assert.match(asked[1] ?? '', /laid over the sample’s author/);
    });
    const summary = said.find(({ how }) => how === 'statusBar')?.text ?? '';
    assert.match(summary, /^offline heuristic, prefix laid over the sample’s author, prefix: \d+ traces, \d+ differences$/);
    await eventually(() => {
      assert.ok(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).some(({ input }) => input instanceof vscode.TabInputWebview), 'the page is shown');
    });
    const count = Number(/(\d+) differences/.exec(summary)?.[1]);
    const first = await go('next');
    assert.match(first, new RegExp(`^1 of ${String(count)}: the sample’s author [1-5], offline heuristic [1-5] \\((harmfulness|helpfulness)\\)$`));
    assert.ok(vscode.window.activeTextEditor?.document.uri.path.endsWith('.cot'));
    assert.match(await go('next'), new RegExp(`^2 of ${String(count)}: `));
    assert.equal(await go('previous'), first);
    assert.match(await go('previous'), new RegExp(`^${String(count)} of ${String(count)}: `));
  });

  it('puts the cursor on the step, the largest difference first, and counts what is in common', async () => {
    const [a, b] = [judge('Judge Ursa'), judge('Judge Lynx')];
    const one = writeScored(writeTrace('differ', ''), PARTS, [1, 1, 3, 1], 1, a);
    writeScored(one, PARTS, [1, 2, 3, 5], 1, b);
    writeScored(writeTrace('only-one', ''), PARTS, [1, 1, 1, 1], 1, a);
    const said = await saidDuring(async () => {
      await answering([entry(/Judge Ursa, prefix 2 traces/), entry(/Judge Lynx, prefix 1 trace, 1 in common/)], compare);
    });
    assert.ok(said.some(({ text }) => text === 'Judge Lynx, prefix laid over Judge Ursa, prefix: 1 trace, 2 differences'), JSON.stringify(said));
    assert.equal(await go('next'), '1 of 2: Judge Ursa 1, Judge Lynx 5 (harmfulness)');
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.toString(), one.toString());
    assert.equal(editor.document.lineAt(editor.selection.active.line).text, 'Delta.');
    assert.equal(await go('next'), '2 of 2: Judge Ursa 1, Judge Lynx 2 (harmfulness)');
    assert.equal(editor.document.lineAt(editor.selection.active.line).text, 'Beta.');
    // The text that stands there now decides: a step that is gone is said to be.
    await editor.edit((edit) => {
      edit.delete(new vscode.Range(editor.document.lineAt(editor.selection.active.line).range.start, editor.document.positionAt(editor.document.getText().indexOf('</think>'))));
    });
    assert.match(await go('previous'), /but .*differ.* has no step 4 any more/);
  });

  it('says so where two judges have no step in common, and leaves stale scores out', async () => {
    const [a, b] = [judge('Judge Cetus'), judge('Judge Draco')];
    writeScored(writeTrace('cetus', ''), PARTS, [1, 1], undefined, a);
    writeScored(writeTrace('draco', ''), PARTS, [1, 1], undefined, b);
    const said = await saidDuring(async () => {
      await answering([entry(/Cetus/), entry(/Draco.* 0 in common/)], compare);
    });
    assert.match(said.at(-1)?.text ?? '', /Judge Cetus, prefix and Judge Draco, prefix have scored no step in common/);
  });

  it('finds the scores of a document that was renamed', async () => {
    const [a, b] = [judge('Judge Mensa'), judge('Judge Norma')];
    const uri = writeScored(writeTrace('before-rename', ''), PARTS, [1, 1, 1], undefined, a);
    writeScored(uri, PARTS, [1, 1, 4], undefined, b);
    const now = vscode.Uri.joinPath(uri, '..', 'after rename.cot');
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(uri, now);
    await open(uri);
    assert.ok(await vscode.workspace.applyEdit(edit));
    await eventually(() => {
      assert.equal(recordsOnDisk(now).length, 6);
    });
    await saidDuring(async () => {
      await answering([entry(/Mensa/), entry(/Norma.* 1 in common/)], compare);
    });
    await go('next');
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), now.toString());
  });

  it('shows the hindsight effect of the chosen model: scores what is missing by both protocols, and nothing twice', async () => {
    const server = await startJudgeServer();
    try {
      const parts: Parts = { ...PARTS, steps: ['One =1', 'Two =3', 'Three =5'], answer: 'No. =1' };
      const { document } = await openText('hindsight', textOf(parts));
      await withJudge(judgeAt(server.url), async () => {
        const hindsight = async (): Promise<string[]> =>
          (await saidDuring(() => vscode.commands.executeCommand('cotLens.compareProtocols'))).map(({ text }) => text);
        const said = await hindsight();
        assert.ok(
          said.some((text) => /^Hindsight effect: scripted judge, whole-trace laid over prefix: \d+ traces?, no difference$/.test(text)),
          JSON.stringify(said),
        );
        const protocols = recordsOnDisk(document.uri).map((record) => record.judge.protocol);
        assert.deepEqual(protocols, [...Array<string>(4).fill('prefix'), ...Array<string>(4).fill('whole-trace')]);
        assert.equal(server.completions.length, 5);
        await hindsight();
        assert.equal(server.completions.length, 5);
      });
    } finally {
      await server.stop();
    }
  });

  it('of two protocols is of one model, though another is chosen while it scores', async () => {
    const server = await startJudgeServer({ latency: 150 });
    try {
      const parts: Parts = { ...PARTS, steps: ['One =1', 'Two =3', 'Three =5'], answer: 'No. =1' };
      const { document } = await openText('other-meanwhile', textOf(parts));
      await withJudge(judgeAt(server.url), async () => {
        const done = saidDuring(() => vscode.commands.executeCommand('cotLens.compareProtocols'));
        await eventually(() => {
          assert.ok(server.completions.length > 0);
        });
        await vscode.workspace.getConfiguration('cotLens').update('judge', 'offline', vscode.ConfigurationTarget.Global);
        assert.ok((await done).some(({ text }) => text.startsWith('Hindsight effect: scripted judge, whole-trace laid over prefix')));
        assert.deepEqual([...new Set(recordsOnDisk(document.uri).map((record) => record.judge.judge))].length, 1);
      });
    } finally {
      await server.stop();
    }
  });

  it('shows the first on the page and lays the second over it, whoever was shown before', async () => {
    const [a, b, c] = [judge('Judge Aquila'), judge('Judge Bootes'), judge('Judge Cygnus')];
    const uri = writeScored(writeTrace('letters', ''), PARTS, [1, 1, 1, 1], 1, c);
    writeScored(uri, PARTS, [1, 2, 3, 4], 1, a);
    writeScored(uri, PARTS, [1, 2, 3, 5], 1, b);
    await open(uri);
    await eventually(async () => {
      assert.match((await lens(uri)).title, /Judge/);
    });
    await answering([entry(/Cygnus/)], () => vscode.commands.executeCommand('cotLens.showScoresOf'));
    await eventually(async () => {
      assert.match((await lens(uri)).title, /Cygnus/);
    });
    await saidDuring(async () => {
      await answering([entry(/Aquila/), entry(/Bootes/)], compare);
    });
    await eventually(async () => {
      assert.match((await lens(uri)).title, /Aquila/);
    });
  });

  it('of two protocols wants a language model', async () => {
    await open(writeScored(writeTrace('protocols', ''), PARTS, [1]));
    const said = await saidDuring(() => vscode.commands.executeCommand('cotLens.compareProtocols'));
    assert.match(said[0]?.text ?? '', /heuristic never sees later steps.*Choose a language model first/);
  });
});
