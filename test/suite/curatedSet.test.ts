import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { stepHash } from '../../src/trace/stepHash';
import type { SetNode } from '../../src/views/curatedSetViewNodes';
import { answering, entry } from './answers';
import { bytesOf, CRAFTED, craftedText, nodeOf, said, sampleOf, samplesIn, setPath, under, withTree, writeSet } from './curatedSets';
import { dialogsDuring, type Dialog } from './dialogs';
import { closeAll, open, openText, replace, writeTrace } from './documents';
import { eventually } from './eventually';
import { saidDuring } from './messages';
import { appendRecords, PERSON, recordsOf } from './scoreFiles';

const run = (command: string, ...given: unknown[]): Thenable<unknown> => vscode.commands.executeCommand(`cotLens.${command}`, ...given);
const nameOf = (file: string): string => (file.split(/[\\/]/).at(-1) ?? '').replace('.curated.jsonl', '');
const choose = (file: string): ReturnType<typeof entry> => entry(new RegExp(`^${nameOf(file)} `));

/** Adds what is in the editor to a set; of each dialog the person presses what `press` says. */
async function addTo(file: string, press: (dialog: Dialog) => string | undefined = ({ buttons }) => (buttons.includes('Add Anyway') ? 'Add Anyway' : undefined)): Promise<Dialog[]> {
  return dialogsDuring(() => answering([choose(file)], () => run('addToSet')), press);
}

async function samplesOf(file: string, like: RegExp): Promise<SetNode[]> {
  let found: SetNode[] = [];
  await withTree(async (tree) => {
    found = (await under(tree, await nodeOf(tree, file))).filter(({ kind, card }) => kind === 'sample' && like.test(card?.id ?? ''));
  });
  return found;
}

describe('curated sets: adding', () => {
  afterEach(closeAll);

  it('adds the open trace as it is in the editor, with provenance and the fresh verdicts of all judges', async () => {
    const uri = writeTrace('crafted', craftedText());
    appendRecords(uri, recordsOf(uri, CRAFTED, [1, 5, 1, 1], 1));
    appendRecords(uri, recordsOf(uri, CRAFTED, [1, 4, 2, 1], undefined, { ...PERSON, judge: 'other', label: 'Bo' }));
    const editor = await open(uri);
    const file = writeSet('add', []);
    await eventually(async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
      assert.match(lenses.map(({ command }) => command?.title ?? '').join(), /peak/);
    });
    await replace(editor, 'Whose shed is it?', 'Is it your own shed?');
    const dialogs = await addTo(file);
    assert.match(dialogs.at(-1)?.text ?? '', /^Added to add-\d+ \(1 sample\)$/);
    assert.deepEqual(dialogs.at(-1)?.buttons, ['Undo']);
    const [sample, ...more] = samplesIn(file);
    assert.ok(sample !== undefined && more.length === 0);
    assert.equal(sample.recipe, 'temptation-correction');
    assert.deepEqual(sample.steps.map((step) => step.trim()), CRAFTED.steps);
    assert.equal(sample.answer.trim(), 'Is it your own shed?', 'what is not saved is added too');
    assert.deepEqual(sample.cotlens.injected.map(({ role, step }) => [role, step]), [['error', stepHash(CRAFTED.steps[1] ?? '')], ['correction', stepHash(CRAFTED.steps[2] ?? '')]]);
    assert.deepEqual(sample.verdicts.map(({ judge, harmfulness }) => [judge.label, harmfulness]).sort(), [['Ada', [1, 5, 1, 1]], ['Bo', [1, 4, 2, 1]]]);
    assert.ok(sample.verdicts.every(({ answer }) => answer === undefined), 'the answer was changed, so its verdict is stale');
    assert.match(sample.from ?? '', /written\/crafted-\d+\.cot$/);
    assert.equal(bytesOf(uri.fsPath).includes('your own shed'), false, 'the document itself is not saved by it');
  });

  it('is undone from its message, byte for byte', async () => {
    await openText('crafted', craftedText());
    const file = writeSet('undo-add', [sampleOf(1)]);
    const whole = bytesOf(file);
    await addTo(file, ({ text, buttons }) => (text.startsWith('Added') ? 'Undo' : buttons.find((button) => button === 'Add Anyway')));
    await eventually(() => {
      assert.equal(bytesOf(file), whole);
    });
  });

  it('tells of what its own checks found, and adds it only where that is wanted', async () => {
    const short = { ...CRAFTED, steps: ['First I look at it.', 'Maybe.', 'No.', 'So I ask.'] };
    await openText('short', craftedText(short));
    const file = writeSet('findings', []);
    const refused = await dialogsDuring(() => answering([choose(file)], () => run('addToSet')), () => 'Show Problems');
    const [told] = refused;
    assert.match(told?.text ?? '', /^Its own checks found \d+ problems? in this sample/);
    assert.deepEqual([told?.modal, told?.buttons], [true, ['Add Anyway', 'Show Problems']]);
    assert.notEqual(told?.detail, '');
    assert.equal(bytesOf(file), '');
    await addTo(file);
    const [sample] = samplesIn(file);
    assert.ok((sample?.findings.length ?? 0) > 0, 'what was found goes with it');
  });

  it('says why a text is no sample', async () => {
    await openText('plain', 'Nothing here is marked.\n\nNot at all.\n');
    const told = await saidDuring(() => run('addToSet'));
    assert.match(told.map(({ text }) => text).join(), /^This trace cannot be a sample\. Nothing in this text tells the prompt from the reasoning/);
  });

  it('tells of the same text twice, and adds it again under a name of its own', async () => {
    await openText('twice', craftedText());
    const file = writeSet('twice', []);
    await addTo(file);
    const once = bytesOf(file);
    const told = await addTo(file, ({ text }) => (text.includes('exactly this text') ? undefined : 'Add Anyway'));
    assert.match(told.map(({ text }) => text).join(), /has a sample of exactly this text already/);
    assert.equal(bytesOf(file), once);
    await addTo(file);
    const ids = samplesIn(file).map(({ id }) => id);
    assert.equal(ids.length, 2);
    assert.equal(new Set(ids).size, 2);
    await addTo(file, ({ buttons }) => buttons.find((button) => button === 'Open the Other' || button === 'Add Anyway'));
    await eventually(() => {
      assert.equal(vscode.window.activeTextEditor?.document.uri.scheme, 'cotlens-row');
    });
    assert.equal(samplesIn(file).length, 2);
  });

  it('makes a new set where a person names one, and says what is no name', async () => {
    await openText('new', craftedText());
    const name = nameOf(setPath('made'));
    await dialogsDuring(() => answering([entry(/New Curated Set/), entry(/^traces/), `sets/${name}`], () => run('addToSet')), ({ buttons }) => buttons.find((button) => button === 'Add Anyway'));
    const made = vscode.Uri.joinPath(vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/'), `sets/${name}.curated.jsonl`).fsPath;
    await eventually(() => {
      assert.equal(samplesIn(made).length, 1);
    });
    const wrong = await saidDuring(() => answering([entry(/^traces/), '../out'], () => run('newSet')));
    assert.match(wrong.map(({ text }) => text).join(), /A name may hold/);
    const taken = await saidDuring(() => answering([entry(/^traces/), `sets/${name}`], () => run('newSet')));
    assert.match(taken.map(({ text }) => text).join(), /is there already/);
  });
});

describe('curated sets: the view', () => {
  // The first command starts the extension; entries of the view are given to commands in its own process alone.
  before(() => saidDuring(() => run('undoRemoveFromSet')));
  afterEach(closeAll);

  it('lists sets with their mix, problems and samples, and follows the disk', async () => {
    const earned = { judge: PERSON, harmfulness: [1, 5, 1], helpfulness: [null, null, null] };
    const injected = [{ step: stepHash('Maybe shed 1 is mine.'), occurrence: 1, of: 1, role: 'error' as const, recipe: 'temptation-correction' }];
    const file = writeSet('tree', [
      sampleOf(1, { verdicts: [earned], cotlens: { injected }, note: 'the $(best) one' }),
      '{"id": broken',
      sampleOf(2, { recipe: 'hesitation-correction', intent: 'benign', findings: ['no-valley'] }),
    ]);
    const other = writeSet('tree-other', []);
    await withTree(async (tree) => {
      const node = await nodeOf(tree, file);
      assert.deepEqual(said([node]), [`${nameOf(file)} | 1 T-C · 1 H-C · 2 problems`]);
      assert.ok(typeof node.item.tooltip === 'string', 'a tooltip is plain text');
      assert.match(node.item.tooltip, /2 samples\n1 T-C : 1 H-C, target 800 : 200\nFor this mix add 3 T-C\./);
      const all = await under(tree, node);
      const lines = said(all);
      assert.ok(lines.includes('Problems | 2 · not checked across samples'), lines.join('\n'));
      assert.ok(lines.some((line) => /^Line 2 \| /.test(line)), lines.join('\n'));
      assert.ok(lines.includes('no valley | 1 sample, found when added'), lines.join('\n'));
      assert.ok(lines.includes('Temptation-Correction | 1 of 800'), lines.join('\n'));
      const sample = all.find(({ card }) => card?.id === 's1');
      assert.equal(sample?.item.label, 'How do I open shed 1?');
      assert.match(String(sample?.item.description), /^peak ✓ · the \$\u200B\(best\) one$/);
      assert.deepEqual(said([await nodeOf(tree, other)]), [`${nameOf(other)} | empty`]);
      let told = 0;
      tree.onDidChangeTreeData(() => told++);
      writeFileSync(file, bytesOf(file) + `${JSON.stringify(sampleOf(3))}\n`);
      await eventually(async () => {
        assert.match(said([await nodeOf(tree, file)]).join(), /2 T-C · 1 H-C/);
        assert.ok(told > 0);
      });
      rmSync(other);
      await eventually(async () => {
        await assert.rejects(nodeOf(tree, other), /is not in the view/);
      });
      assert.equal(bytesOf(other), '');
    });
  });

  it('lists ten thousand samples in runs, each once', async () => {
    const file = writeSet('many', Array.from({ length: 10_000 }, (_, i) => sampleOf(i)));
    await withTree(async (tree) => {
      const node = await nodeOf(tree, file);
      const group = (await tree.getChildren(node)).find(({ kind }) => kind === 'group');
      assert.ok(group);
      const runs = await tree.getChildren(group);
      assert.deepEqual([runs.length, runs[0]?.item.label, runs.at(-1)?.item.label], [20, '1 to 500', '9,501 to 10,000']);
      const last = await tree.getChildren(runs.at(-1));
      assert.deepEqual([last.length, last.at(-1)?.card?.id], [500, 's9999']);
      assert.equal(tree.getParent(last[0] ?? group), runs.at(-1));
    });
    rmSync(file);
  });

  it('opens a sample as a document, and the line of a sample or of a broken one in its file', async () => {
    const file = writeSet('open', [sampleOf(1), 'broken', sampleOf(2)]);
    const [sample] = await samplesOf(file, /^s2$/);
    await run('set.open', sample);
    await eventually(() => {
      const document = vscode.window.activeTextEditor?.document;
      assert.equal(document?.uri.scheme, 'cotlens-row');
      assert.match(document.getText(), /How do I open shed 2\?[^]*Maybe shed 2 is mine\./);
    });
    await run('set.reveal', sample);
    const line = (): [string | undefined, number | undefined] => [vscode.window.activeTextEditor?.document.uri.fsPath, vscode.window.activeTextEditor?.selection.active.line];
    await eventually(() => {
      assert.deepEqual(line(), [file, 2]);
    });
    await withTree(async (tree) => {
      const broken = (await under(tree, await nodeOf(tree, file))).find(({ kind }) => kind === 'broken');
      await run('set.reveal', broken);
    });
    await eventually(() => {
      assert.deepEqual(line(), [file, 1]);
    });
  });

  it('removes samples, and puts them back byte for byte from the message and by the command', async () => {
    const file = writeSet('remove', [sampleOf(1), ' {"not": "a sample"} ', sampleOf(2), sampleOf(3), sampleOf(4)]);
    const whole = bytesOf(file);
    const chosen = await samplesOf(file, /^s[24]$/);
    const told = await dialogsDuring(() => run('set.remove', chosen[0], chosen));
    assert.match(told.map(({ text }) => text).join(), /^Removed 2 samples from remove-\d+ \(2 samples left\)\.$/);
    assert.equal(bytesOf(file), whole.split('\n').filter((line) => !/"s[24]"/.test(line)).join('\n'));
    await run('undoRemoveFromSet');
    assert.equal(bytesOf(file), whole);
    await dialogsDuring(() => run('set.remove', chosen[0], [chosen[0]]), () => 'Undo');
    await eventually(() => {
      assert.equal(bytesOf(file), whole);
    });
    const nothing = await saidDuring(() => run('undoRemoveFromSet'));
    assert.match(nothing.map(({ text }) => text).join(), /^Nothing that was removed in this window/);
  });

  it('moves samples into another set, in their order and as they are', async () => {
    const [from, to] = [writeSet('from', [sampleOf(1), sampleOf(2), sampleOf(3)]), writeSet('to', [sampleOf(9)])];
    const lines = bytesOf(from).split('\n');
    const chosen = await samplesOf(from, /^s[13]$/);
    await answering([choose(to)], () => run('set.move', chosen[1], [...chosen].reverse()));
    assert.deepEqual(samplesIn(from).map(({ id }) => id), ['s2']);
    assert.equal(bytesOf(to), `${JSON.stringify(sampleOf(9))}\n${lines[0] ?? ''}\n${lines[2] ?? ''}\n`);
  });

  it('writes and clears a note, and no other byte', async () => {
    const file = writeSet('note', [sampleOf(1), sampleOf(2)]);
    const whole = bytesOf(file);
    const [sample] = await samplesOf(file, /^s1$/);
    await answering([' a good one '], () => run('set.note', sample));
    assert.equal(samplesIn(file)[0]?.note, 'a good one');
    assert.equal(bytesOf(file).split('\n')[1], whole.split('\n')[1]);
    const [noted] = await samplesOf(file, /^s1$/);
    await answering([''], () => run('set.note', noted));
    assert.equal(bytesOf(file), whole);
  });

  it('marks samples as ablations after a question, and takes the mark away, and writes no other byte', async () => {
    const file = writeSet('ablation', [sampleOf(1), sampleOf(2), sampleOf(3)]);
    const whole = bytesOf(file);
    const samples = await samplesOf(file, /^s[13]$/);
    const mark = (): Promise<unknown> => run('set.markAblation', samples[0], samples) as Promise<unknown>;
    const left = await dialogsDuring(mark);
    assert.deepEqual(left.map(({ modal, text }) => [modal, text]), [[true, 'Mark 2 samples as ablations?']]);
    assert.equal(bytesOf(file), whole, 'closing the question marks none');
    await dialogsDuring(mark, () => 'Mark 2 Samples');
    assert.deepEqual(samplesIn(file).map(({ ablation }) => ablation), [true, undefined, true]);
    assert.equal(bytesOf(file).split('\n')[1], whole.split('\n')[1]);
    const marked = await samplesOf(file, /^s[13]$/);
    assert.deepEqual(await dialogsDuring(() => run('set.markAblation', marked[0], marked)), []);
    assert.equal(bytesOf(file), whole);
  });

  it('never rewrites a broken line, whatever is done beside it', async () => {
    const broken = '{"id": "s7", "prompt": "half a li';
    const file = writeSet('broken', [sampleOf(1), broken, sampleOf(2)]);
    const [first, second] = await samplesOf(file, /^s[12]$/);
    await answering(['noted'], () => run('set.note', second));
    await dialogsDuring(() => run('set.remove', first, [first]));
    await openText('crafted', craftedText());
    await addTo(file);
    assert.equal(bytesOf(file).split('\n')[0], broken);
    await withTree(async (tree) => {
      assert.ok(said(await under(tree, await nodeOf(tree, file))).some((line) => line.startsWith('Line 1 | ')));
    });
  });

  it('checks across samples: duplicates, and prompts of chosen evaluations', async () => {
    const file = writeSet('check', [sampleOf(1), sampleOf(2), { ...sampleOf(1), id: 'again' }]);
    const [sample] = await samplesOf(file, /^s1$/);
    const told = await saidDuring(() => run('checkSet', sample));
    assert.match(told.map(({ text }) => text).join(), /^check-\d+: [1-9]\d* problems? across 3 samples, no evaluation chosen\.$/);
  });

  it('takes over the scores that a sample’s document got', async () => {
    const file = writeSet('scores', [sampleOf(1, { findings: ['too-long'] }), sampleOf(2)]);
    const [sample, other] = await samplesOf(file, /^s[12]$/);
    const unscored = await saidDuring(() => run('set.takeScores', other));
    assert.match(unscored.map(({ text }) => text).join(), /1 sample has no scores on the text as it is saved/);
    await run('set.open', sample);
    await eventually(() => {
      assert.equal(vscode.window.activeTextEditor?.document.uri.scheme, 'cotlens-row');
    });
    await run('score');
    await eventually(async () => {
      await saidDuring(() => run('set.takeScores', sample));
      assert.equal(samplesIn(file)[0]?.verdicts.length, 1);
    });
    assert.equal(samplesIn(file)[0]?.verdicts[0]?.harmfulness.length, 3);
    assert.ok(samplesIn(file)[0]?.findings.includes('too-long'), 'what was found of its tokens stays');
    assert.deepEqual(samplesIn(file)[1], sampleOf(2));
  });

  it('shows the page of a set', async () => {
    const file = writeSet('page', [sampleOf(1, { verdicts: [{ judge: PERSON, harmfulness: [1, 5, 1], helpfulness: [5, 1, 5] }] })]);
    const [sample] = await samplesOf(file, /^s1$/);
    await run('showSetPage', sample);
    await eventually(() => {
      const labels = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).map(({ label }) => label);
      assert.deepEqual(labels, [`Curated Set: ${nameOf(file)}`]);
    });
  });
});
