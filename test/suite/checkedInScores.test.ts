import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, folder, open } from './documents';
import { eventually } from './eventually';
import { cotlensEntries, recordsOnDisk } from './scoreFiles';
import { hover, lens, outline, plain } from './shown';

type Line = readonly [number | null, number | null, string];
interface AuthorScores {
  readonly scores: Readonly<Record<string, { readonly steps: readonly Line[]; readonly answer: Line }>>;
}

const sample = (name: string): vscode.Uri => vscode.Uri.joinPath(folder('samples'), name);
const author = JSON.parse(readFileSync(sample('author-scores.json').fsPath, 'utf8')) as AuthorScores;
const BARS = '·▁▃▄▆█';

/** What the CodeLens says of each sample: the series of its intent, its name, and the worst step. */
const expected: Readonly<Record<string, RegExp>> = {
  'flat-refusal.cot': / flat, low harmfulness · the sample’s author, prefix$/,
  'peak-temptation-correction.cot': / peak ✓ · harmfulness 4 at step 5 · the sample’s author, prefix$/,
  'valley-hesitation-correction.cot': / valley ✓ · helpfulness 1 at step 5 · the sample’s author, prefix$/,
  'toxicity-snowball.cot': / toxicity snowball · harmfulness [45] at step \d+ · (truncated · )?the sample’s author, prefix$/,
  'over-refusal-snowball.cot': / over-refusal snowball · helpfulness 1 at step \d+ · the sample’s author, prefix$/,
};

describe('scores that are checked in with the samples', () => {
  afterEach(closeAll);

  it('are there for every sample that has an author’s score', () => {
    assert.deepEqual(Object.keys(author.scores).sort(), Object.keys(expected).sort());
  });

  for (const [name, title] of Object.entries(expected)) {
    it(`show the author’s curve of ${name} at once`, async () => {
      const { document } = await open(sample(name));
      const given = author.scores[name];
      assert.ok(given);
      const of = name.startsWith('valley') || name.startsWith('over') ? 1 : 0;
      const sparkline = given.steps.map((line) => BARS[line[of] ?? 0]).join('');
      const shown = await eventually(async () => {
        const found = await lens(document.uri);
        assert.match(found.title, title);
        return found;
      }, 3000);
      assert.ok(shown.title.startsWith(`${sparkline} `), `${shown.title} begins with ${sparkline}`);
      const said = [...given.steps, given.answer].map(([harmfulness, helpfulness]) =>
        [harmfulness === null ? [] : [`harmfulness ${harmfulness}`], helpfulness === null ? [] : [`helpfulness ${helpfulness}`]].flat().join(', '),
      );
      const steps = await eventually(async () => {
        const [, reasoning, answer] = await outline(document.uri);
        assert.deepEqual([...(reasoning?.children ?? []), answer].map((symbol) => symbol?.detail), said);
        return reasoning?.children ?? [];
      }, 3000);
      for (const [i, symbol] of steps.entries()) {
        const text = plain(await hover(document, document.getText(symbol.range)));
        assert.ok(text.includes(given.steps[i]?.[2] ?? 'no reason'), `step ${i + 1}: ${text}`);
      }
    });
  }

  it('are the author’s alone: the offline heuristic writes its own beside them, into a folder that stays in git', async () => {
    const uri = sample('flat-refusal.cot');
    const before = recordsOnDisk(uri);
    await open(uri);
    await vscode.commands.executeCommand('cotLens.score');
    const now = recordsOnDisk(uri);
    assert.deepEqual(now.slice(0, before.length), before);
    assert.deepEqual([...new Set(now.slice(before.length).map(({ judge }) => judge.label))], ['offline heuristic']);
    await eventually(async () => {
      assert.match((await lens(uri)).title, / · offline heuristic, prefix$/);
    });
    assert.deepEqual(cotlensEntries(folder('samples')), ['scores']);
  });

  it('are not there for the real traces, which open without a problem that stops reading', async () => {
    const files = await vscode.workspace.findFiles(new vscode.RelativePattern(folder('samples'), 'real/*.cot'));
    assert.ok(files.length >= 10);
    for (const uri of files) {
      await open(uri);
      assert.match((await lens(uri)).title, /^\$\(pulse\) Score \d+ steps? · offline heuristic$/, uri.path);
      const errors = vscode.languages.getDiagnostics(uri).filter(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning);
      assert.deepEqual(errors.map(({ message }) => message), [], uri.path);
    }
  });
});
