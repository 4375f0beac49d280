import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { JudgeIdentity } from '../../src/judge/judge';
import { scoreFileName } from '../../src/judge/scoreFileName';
import { parseCalibration, type Calibration } from '../../src/session/calibration';
import { answering, entry } from './answers';
import { writeDataset } from './datasets';
import { dialogsDuring } from './dialogs';
import { closeAll, folder, open, openText, writeTrace } from './documents';
import { eventually } from './eventually';
import { judgeAt, score, startJudgeServer, withJudge } from './judging';
import { saidDuring } from './messages';
import { recordsOf, recordsOnDisk, textOf, writeScored, type Parts } from './scoreFiles';
import { lens } from './shown';

const partsOf = (name: string): Parts => ({
  intent: 'harmful',
  prompt: `How do I do the forbidden thing in ${name}?`,
  steps: Array.from({ length: 4 }, (_, i) => `The ${['first', 'second', 'third', 'fourth'][i] ?? ''} thought about ${name}.`),
  answer: `No answer to ${name}.`,
});
const judge = (label: string): JudgeIdentity => ({ judge: label, label, protocol: 'prefix', rubric: '1', earnsNames: true });

/** Three traces that a judge has scored 1 … 4, twelve steps in all. */
function scoredBy(label: string): vscode.Uri[] {
  return [1, 2, 3].map((n) => {
    const uri = writeTrace(`calibrate-${label.replace(/\W/g, '')}-${String(n)}`, '');
    return writeScored(uri, partsOf(`${label} ${String(n)}`), [1, 2, 3, 4], 1, judge(label));
  });
}

function calibrationsOf(label: string): Calibration[] {
  const place = path.join(folder('traces').fsPath, '.cotlens/calibrations');
  if (!existsSync(place)) return [];
  return readdirSync(place)
    .filter((name) => name.endsWith('.json'))
    .map((name) => parseCalibration(readFileSync(path.join(place, name), 'utf8')))
    .filter((one) => one?.judge.label === label)
    .flatMap((one) => one ?? []);
}

const pageEditor = (): vscode.TextEditor | undefined =>
  vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'cotlens-calibration' && document.uri.path.endsWith('.cot'));
const hand = (name: string, argument?: number): Thenable<unknown> => vscode.commands.executeCommand(`cotLens.hand.${name}`, argument);

/** Starts the command without waiting for its end, which is the end of the calibration; it is over when `done` settles. */
async function begin(...answers: Parameters<typeof answering>[0]): Promise<{ done: Promise<unknown> }> {
  let done: Promise<unknown> = Promise.resolve();
  await answering(answers, async () => {
    done = Promise.resolve(vscode.commands.executeCommand('cotLens.calibrateJudge'));
    await eventually(() => {
      assert.ok(pageEditor(), 'a step is shown');
    });
  });
  return { done };
}

/** The number that the judge gave the step on the page: each test's steps say their own place. */
function judged(): number {
  const { document } = pageEditor() ?? {};
  const last = document?.getText().trimEnd().split('\n').at(-1) ?? '';
  return 1 + ['first', 'second', 'third', 'fourth'].findIndex((word) => last.includes(` ${word} `));
}

/** Gives a score and waits until the next step is shown, if there is one. */
async function give(score: number): Promise<void> {
  await hand('score', score);
}

describe('calibrating a judge', () => {
  afterEach(async () => {
    await hand('leave');
    await closeAll();
  });
  // A calibration stands beside its judge's name from then on; other tests name the heuristic too.
  after(async () => {
    const place = path.join(folder('traces').fsPath, '.cotlens/calibrations');
    for (const name of readdirSync(place)) rmSync(path.join(place, name));
    const uri = writeTrace('calibrate-no-more', textOf(partsOf('no calibration')));
    await open(uri);
    await vscode.commands.executeCommand('cotLens.score');
    await eventually(async () => {
      assert.match((await lens(uri)).title, /offline heuristic, prefix$/);
    });
    await closeAll();
  });

  it('draws steps, has them scored blind one at a time, and gives the result a place on disk and beside the judge’s name', async () => {
    const label = 'Model Vega';
    const [uri] = scoredBy(label);
    const { done } = await begin(entry(/Model Vega, prefix 3 traces/));
    const [started] = calibrationsOf(label);
    assert.equal(started?.items.length, 12);
    assert.deepEqual([1, 2, 3, 4].map((score) => started.items.filter((item) => item.judge === score).length), [3, 3, 3, 3]);
    assert.equal(new Set(started.items.map(({ seen }) => seen)).size, 12);
    const orders = new Set<string>();
    const said = await saidDuring(async () => {
      for (let i = 0; i < 12; i++) {
        const text = pageEditor()?.document.getText() ?? '';
        assert.ok(!text.includes('No answer'), 'nothing that comes later is shown');
        assert.doesNotMatch(text, /Vega, prefix|harmfulness/);
        orders.add(text);
        const score = judged();
        // One point above the judge, but for the highest; one step cannot be scored.
        await give(i === 0 ? 0 : Math.min(5, score + 1));
        assert.equal(calibrationsOf(label)[0]?.items.filter(({ person }) => person !== undefined).length, i + 1, 'each is on disk before the next');
      }
      await done;
    });
    assert.equal(orders.size, 12);
    const [finished] = calibrationsOf(label);
    assert.ok(finished?.result && finished.finished);
    const { n, bias, notScorable, exact, traces, kappa, retest } = finished.result;
    assert.deepEqual([n, notScorable, bias.value, exact.value, traces, retest], [11, 1, -1, 0, 3, undefined]);
    assert.ok(kappa.low <= kappa.value && kappa.value <= kappa.high && kappa.value < 1);
    const line = said.find(({ how }) => how === 'information')?.text ?? '';
    assert.match(line, /^Model Vega, prefix against .+, harmfulness: κ 0\.\d\d \[.*\], n 11$/);
    await closeAll();
    assert.ok(uri);
    await open(uri);
    await eventually(async () => {
      assert.match((await lens(uri)).title, new RegExp(`Model Vega, prefix \\(harmfulness κ ${kappa.value.toFixed(2)} with you, n 11, \\d{4}-\\d\\d-\\d\\d\\)$`));
    });
    // The person's scores are of the calibration; they make no curve in the traces.
    assert.ok(recordsOnDisk(uri).every((record) => record.judge.label === label));
  });

  it('can be left and gone on with, keeps notes, and can be finished with what is scored', async () => {
    const label = 'Model Altair';
    scoredBy(label);
    const first = await begin(entry(/Altair/));
    await give(2);
    await answering(['not sure'], () => hand('note'));
    const said = await saidDuring(async () => {
      await hand('leave');
      await first.done;
    });
    assert.match(said.map(({ text }) => text).join(), /1 of 12 scored; “Calibrate Judge…” goes on with it/);
    await closeAll();

    const second = await begin(entry(/Go on with Model Altair.* 1 of 12/));
    assert.equal(calibrationsOf(label).length, 1);
    await hand('previous');
    await give(3);
    await give(3);
    await hand('leave');
    await second.done;
    const [left] = calibrationsOf(label);
    assert.deepEqual(left?.items.slice(0, 3).map(({ person, note }) => [person, note]), [[3, undefined], [3, 'not sure'], [undefined, undefined]]);
    assert.equal(left.finished, undefined);

    await saidDuring(() => answering([entry(/Finish Model Altair/)], () => vscode.commands.executeCommand('cotLens.calibrateJudge')));
    const [finished] = calibrationsOf(label);
    assert.equal(finished?.result?.n, 2);
  });

  it('draws steps of rows of a dataset as well', async () => {
    const label = 'Model Rigel';
    const parts = [1, 2, 3].map((n) => partsOf(`row ${String(n)}`));
    const rows = parts.map(({ prompt, steps, answer }, i) => JSON.stringify({ id: String(i + 1), question: prompt, response: `<think>\n${steps.join('\n\n')}\n</think>\n\n${answer}`, category: [], source: 'x', score: {} }));
    const dataset = writeDataset(rows.map((row) => `${row}\n`).join(''));
    for (const [i, one] of parts.entries()) {
      const doc = `${vscode.workspace.asRelativePath(dataset, false)}#${String(i + 1)}`;
      const file = path.join(folder('traces').fsPath, '.cotlens/scores', scoreFileName(doc));
      mkdirSync(path.dirname(file), { recursive: true });
      const records = recordsOf(dataset, { ...one, intent: 'unknown' }, [1, 2, 3, 4], 1, judge(label));
      writeFileSync(file, records.map((record) => `${JSON.stringify({ ...record, doc })}\n`).join(''));
    }
    const { done } = await begin(entry(/Model Rigel, prefix 3 traces/));
    assert.equal(calibrationsOf(label)[0]?.items.length, 12);
    await saidDuring(async () => {
      for (let i = 0; i < 12; i++) await give(judged());
      await done;
    });
    const [finished] = calibrationsOf(label);
    assert.equal(finished?.result?.n, 12);
    assert.equal(finished.result.exact.value, 1);
    assert.ok(finished.items.every(({ doc }) => doc.includes('#')));
  });

  it('asks the heuristic once more by itself: it says the same again', async () => {
    const uri = writeTrace('calibrate-offline', textOf(partsOf('offline calibration')));
    await open(uri);
    await vscode.commands.executeCommand('cotLens.score');
    await closeAll();
    // Other tests may have had traces of other intents scored by the heuristic: then the series is asked for too.
    const { done } = await begin(entry(/offline heuristic/), entry(/^harmfulness/));
    await saidDuring(async () => {
      for (let i = 0; i < 3; i++) await give(2);
      await hand('leave');
      await done;
      await answering([entry(/Finish offline heuristic/)], () => vscode.commands.executeCommand('cotLens.calibrateJudge'));
    });
    const [finished] = calibrationsOf('offline heuristic');
    assert.equal(finished?.result?.retest?.exact, 1);
    assert.equal(finished.result.retest.n, 3);
  });

  it('says what asking a model once more would take, asks if it may, and says how often it said the same', async () => {
    const server = await startJudgeServer();
    try {
      const steps = ['One =1', 'Two =3', 'Three =5'];
      const parts: Parts = { intent: 'harmful', prompt: 'How do I do the forbidden thing?', steps, answer: 'No. =1' };
      const { document } = await openText('calibrate-model', textOf(parts));
      await withJudge(judgeAt(server.url, { name: 'Model Spica' }), async () => {
        await score();
        assert.equal(recordsOnDisk(document.uri).length, 4);
        const { done } = await begin(entry(/Model Spica/));
        const asked = server.completions.length;
        const dialogs = await dialogsDuring(
          async () => {
            for (const _ of steps) await give(3);
            await done;
          },
          ({ buttons }) => buttons.find((button) => button === 'Ask Once More'),
        );
        const [question] = dialogs;
        assert.match(question?.text ?? '', /^Ask Model Spica about the 3 steps once more/);
        assert.match(question?.detail ?? '', /^3 requests, about [\d,]+ input tokens/);
        assert.equal(server.completions.length, asked + 3);
        assert.deepEqual(calibrationsOf('Model Spica')[0]?.result?.retest, { n: 3, kappa: 1, exact: 1 });
        assert.equal(recordsOnDisk(document.uri).length, 4, 'the second answers are no scores');

        await closeAll();
        // Declined, nothing is sent, and the calibration is complete without.
        const again = await begin(entry(/Model Spica/));
        await dialogsDuring(async () => {
          for (const _ of steps) await give(1);
          await again.done;
        });
        assert.equal(server.completions.length, asked + 3);
        assert.deepEqual(calibrationsOf('Model Spica').map(({ result }) => result?.retest?.n).sort(), [3, undefined]);
      });
    } finally {
      await server.stop();
    }
  });

  it('leaves out a step that has changed since, and shows the whole result as text', async () => {
    const label = 'Model Deneb';
    const uris = scoredBy(label);
    const first = await begin(entry(/Deneb/));
    await give(1);
    await hand('leave');
    await first.done;
    await closeAll();
    const [begun] = calibrationsOf(label);
    // Two of the three traces are gone; what is left of the drawn steps can still be scored.
    for (const uri of uris.slice(0, 2)) await vscode.workspace.fs.delete(uri);
    const third = vscode.workspace.asRelativePath(uris[2] ?? uris[0] ?? folder('traces'), false);
    const left = begun?.items.filter(({ doc, person }) => doc === third && person === undefined).length ?? 0;
    const { done } = await begin(entry(/Go on with Model Deneb/));
    await saidDuring(async () => {
      for (let i = 0; i < left; i++) await give(2);
      await done;
    });
    const [finished] = calibrationsOf(label);
    assert.equal(finished?.result?.n, left + 1);
    await answering([entry(/Deneb/)], () => vscode.commands.executeCommand('cotLens.showCalibration'));
    const report = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(report, /^Calibration of Model Deneb, prefix\n/);
    assert.ok(report.includes(`${String(left + 1)} of 12 drawn steps`), report);
    assert.match(report, /Weighted kappa +/);
  });
});
