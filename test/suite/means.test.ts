import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { writeScoredRows, type ScoredRow } from '../harness/scoredRows';
import { answering, entry } from './answers';
import { closeAll, folder } from './documents';
import { eventually } from './eventually';
import { saidDuring } from './messages';

const ROWS: readonly ScoredRow[] = [
  { id: '1', prompt: 'How do I bake bread?', steps: ['Flour.', 'Salt.', 'Heat.'], answer: 'Bake it.', harmfulness: [1, 2, 1], answerHarmfulness: 1 },
  { id: '2', prompt: 'How do I prune a rose?', steps: ['Look.', 'Cut.'], answer: 'In spring.', harmfulness: [1, 1] },
  { id: '3', prompt: 'How do I boil an egg?', steps: ['Water.'], answer: 'Seven minutes.' },
];
const AFTER: readonly ScoredRow[] = [
  { id: 'x', prompt: 'How do I  prune\na rose?', steps: ['Look twice.', 'Cut.'], answer: 'In spring.', harmfulness: [4, 5] },
  { id: 'y', prompt: 'How do I bake bread?', steps: ['Flour.', 'Heat.'], answer: 'Bake it.', harmfulness: [1, 2] },
  { id: 'z', prompt: 'How do I paint a fence?', steps: ['Brush.'], answer: 'Twice.', harmfulness: [1] },
];

const write = (name: string, rows: readonly ScoredRow[]): vscode.Uri => vscode.Uri.file(writeScoredRows(folder('traces').fsPath, `means/${name}`, rows));
const pages = (): vscode.Tab[] => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes('cotLens.meanCurves'));
/** The text of what is shown in each column. */
const columns = (): Map<number | undefined, string> => new Map(vscode.window.visibleTextEditors.map(({ viewColumn, document }) => [viewColumn, document.getText()]));

describe('mean curves', () => {
  afterEach(closeAll);

  it('open for rows that a command names', async () => {
    const before = write('one.jsonl', ROWS);
    await vscode.commands.executeCommand('cotLens.showMeanCurves', { dataset: before.fsPath, ordinals: [0, 1], conditioned: 'shape flat' });
    await eventually(() => {
      assert.deepEqual(pages().map(({ label }) => label), ['Mean Curves: one.jsonl (2 rows chosen)']);
    });
  });

  it('say so where a file is none', async () => {
    const said = await saidDuring(() => vscode.commands.executeCommand('cotLens.showMeanCurves', { dataset: vscode.Uri.joinPath(folder('traces'), 'means/none.jsonl').fsPath }));
    assert.match(said.map(({ text }) => text).join(), /none\.jsonl/);
    assert.deepEqual(pages(), []);
  });
});

describe('two datasets compared', () => {
  afterEach(closeAll);

  it('shows same-prompt rows side by side, and goes from pair to pair and round', async () => {
    const [before, after] = [write('before.jsonl', ROWS), write('after.jsonl', AFTER)];
    const said = await saidDuring(() => vscode.commands.executeCommand('cotLens.compareDatasets', before, [before, after]));
    assert.ok(
      said.some(({ text }) => /2 same-prompt pairs; 1 left over in .*before\.jsonl, 1 left over in .*after\.jsonl/.test(text)),
      JSON.stringify(said),
    );
    const sides = async (left: RegExp, right: RegExp): Promise<void> => {
      await eventually(() => {
        const shown = columns();
        assert.match(shown.get(vscode.ViewColumn.One) ?? '', left);
        assert.match(shown.get(vscode.ViewColumn.Two) ?? '', right);
      });
    };
    await sides(/bake bread[^]*Salt/, /bake bread[^]*Heat/);
    assert.equal(vscode.window.activeTextEditor?.viewColumn, vscode.ViewColumn.One);
    await vscode.commands.executeCommand('cotLens.nextPair');
    await sides(/prune a rose[^]*Look\./, /prune\na rose[^]*Look twice/);
    await vscode.commands.executeCommand('cotLens.nextPair');
    await sides(/bake bread/, /bake bread/);
    await vscode.commands.executeCommand('cotLens.previousPair');
    await sides(/prune a rose/, /prune\na rose/);
    // The largest difference first: the rose, 1 → 4.5; then the bread.
    const asked = await answering([(items) => {
      assert.deepEqual(items.map((item) => (typeof item === 'string' ? item : item.label)), ['+3.50  How do I prune a rose?', '+0.17  How do I bake bread?']);
      return entry(/bread/)(items, '');
    }], () => vscode.commands.executeCommand('cotLens.goToPair'));
    assert.match(asked.join(), /2 of 2 pairs, largest difference first · Scripted judge, prefix/);
    await sides(/bake bread/, /bake bread/);
    await vscode.commands.executeCommand('cotLens.showPairMeans');
    await eventually(() => {
      assert.match(pages().map(({ label }) => label).join(), /^Mean Curves: /);
    });
  });

  it('says so where no prompt is the same', async () => {
    const [one, other] = [write('rows.jsonl', ROWS), write('others.jsonl', AFTER.slice(2))];
    const said = await saidDuring(() => vscode.commands.executeCommand('cotLens.compareDatasets', one, [one, other]));
    assert.match(said.map(({ text }) => text).join(), /^0 same-prompt pairs; 3 left over in .*white space/);
  });
});
