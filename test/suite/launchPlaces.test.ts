import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { startFakeRay } from '../harness/fakeRay';
import { PLAIN } from '../unit/curate/chatTemplates';
import { corrected } from '../unit/curate/exportSamples';
import { bytesOf, writeSet } from './curatedSets';
import { dialogsDuring, type Dialog } from './dialogs';
import { closeAll } from './documents';
import { eventually } from './eventually';
import { withUserSettings } from './judging';
import { forgetRuns, launch, NAME, runFiles, runsFolder, withRay } from './launching';
import { BACK, LEAVE, steps, type AskedStep, type Step } from './steps';

const SAMPLES = [corrected(), corrected({ id: 's2', prompt: 'How do I get into the cellar that is not mine?' })];
/** What leads a person to the output folder, for a set that was given. */
const TO_OUTPUT: readonly Step[] = [/lab cluster/, /AdvChain SFT All weights/, { typed: 'tiny/model' }];
const FROM_FILE: readonly Step[] = [/lab cluster/, /the recipe file beside the set/, 'tiny/model'];
const recipeFile = (set: string): string => set.replace('.curated.jsonl', '.advchain-sft.recipe.json');

async function launching(set: string, answers: readonly Step[], press: (dialog: Dialog) => string | undefined = agree): Promise<{ readonly shown: AskedStep[]; readonly dialogs: Dialog[] }> {
  let shown: AskedStep[] = [];
  const dialogs = await dialogsDuring(async () => {
    shown = await steps(answers, () => launch(set));
  }, press);
  return { shown, dialogs };
}

/** Presses *Launch* where it is asked for in a dialog. */
function agree({ modal, buttons }: Dialog): string | undefined {
  return modal ? buttons.find((button) => button === 'Launch') : undefined;
}

/** The answers to *Save…*, in their order, while `run` runs; what each was offered comes back. */
async function saving(answers: readonly (string | undefined)[], run: () => Promise<void>): Promise<vscode.SaveDialogOptions[]> {
  const window = vscode.window as unknown as Record<string, unknown>;
  const before = window['showSaveDialog'];
  const offered: vscode.SaveDialogOptions[] = [];
  const left = [...answers];
  window['showSaveDialog'] = (options: vscode.SaveDialogOptions) => {
    offered.push(options);
    const next = left.shift();
    return Promise.resolve(next === undefined ? undefined : vscode.Uri.file(next));
  };
  try {
    await run();
  } finally {
    window['showSaveDialog'] = before;
  }
  return offered;
}

const rowOf = (asked: AskedStep | undefined, like: RegExp): string => asked?.rows.find((row) => like.test(row)) ?? '';
const outputAsked = ({ shown }: { readonly shown: readonly AskedStep[] }): AskedStep[] => shown.filter(({ step }) => step === 5);

describe('the places of a launch', function () {
  this.timeout(60_000);
  afterEach(async () => {
    forgetRuns();
    await closeAll();
  });

  it('an output folder that a trainer would take for one of the job is refused where it is typed, and before a launch where a record holds it', async () => {
    await withRay(async (ray) => {
      const set = writeSet('relative', SAMPLES);
      const { shown } = await launching(set, [...TO_OUTPUT, '', 'out', '~/out', '$HOME/out', 's3://bucket/out', '/shared/out', LEAVE]);
      const wrong = outputAsked({ shown })[0]?.wrong ?? [];
      assert.equal(wrong.length, 5, wrong.join('\n'));
      for (const [i, like] of [/without one the trained model is lost/, /has to begin with \//, /~ stays as it is/, /\$… stays as it is/, /an address for the name of one/].entries()) assert.match(wrong[i] ?? '', like);

      // A run of before: its record keeps what was launched, and is not launched again like that.
      await launching(set, [...TO_OUTPUT, '/shared/out', /Without a Template/, /Launch on/]);
      const [[head] = []] = runFiles();
      assert.ok(head?.plan !== undefined);
      mkdirSync(runsFolder(), { recursive: true });
      const plan = { ...head.plan, id: 'of-before', values: { ...head.plan.values, outputDir: 'out' } };
      writeFileSync(path.join(runsFolder(), 'of-before.run.jsonl'), `${JSON.stringify({ plan })}\n${JSON.stringify({ at: new Date().toISOString(), state: 'succeeded' })}\n`);
      // Records of other windows are read as they come: then its folder is one that a run has.
      writeFileSync(recipeFile(set), `${JSON.stringify(plan.values, undefined, 2)}\n`);
      await eventually(async () => {
        assert.equal(outputAsked(await launching(set, [...FROM_FILE, LEAVE]))[0]?.value, 'out-2');
      });
      const again = await steps([LEAVE], () => dialogsDuring(() => vscode.commands.executeCommand('cotLens.run.relaunch', 'of-before')));
      assert.match(rowOf(again[0], /\) Recipe/), /^\$\(error\) Recipe.*outputDir: must be a path from the root.*which the cluster deletes/);
      assert.equal(rowOf(again[0], /Launch on/), '');
      assert.equal(ray.jobs.size, 1);
    });
  });

  it('an output folder is proposed that no run has, and what was answered stays', async () => {
    await withRay(async (ray) => {
      const set = writeSet('proposed', SAMPLES);
      await launching(set, [...TO_OUTPUT, '/shared/proposed', /Without a Template/, /Launch on/]);
      assert.equal(ray.jobs.size, 1);
      const other = await launching(writeSet('proposed', SAMPLES), [...TO_OUTPUT, LEAVE]);
      assert.equal(outputAsked(other)[0]?.value, '/shared/proposed-2');
      // Its own file has the folder of the run.
      const again = await launching(set, [...FROM_FILE, '/shared/proposed', BACK, BACK, 'tiny/model', '/shared/proposed', LEAVE]);
      assert.deepEqual(outputAsked(again).map(({ value }) => value), ['/shared/proposed-2', '/shared/proposed', '/shared/proposed']);
    });
  });

  it('the last question says what of another run would be lost', async () => {
    await withRay(async (ray) => {
      const set = writeSet('minded', SAMPLES);
      await launching(set, [...TO_OUTPUT, '/shared/minded', /Without a Template/, /Launch on/]);
      const [id = ''] = ray.jobs.keys();
      ray.advance(id, 'SUCCEEDED');
      await eventually(() => {
        assert.ok(runFiles()[0]?.some(({ state }) => state === 'succeeded'));
      }, 30_000);
      const { dialogs } = await launching(set, [...FROM_FILE, '/shared/minded', /Without a Template/, /Launch on/], () => undefined);
      assert.match(dialogs.find(({ buttons }) => buttons.includes('Launch'))?.detail ?? '', /Mind: The run .* wrote to \/shared\/minded: what it left there is overwritten, its checkpoints are deleted/);
    });
  });

  it('of another cluster the rows’ path is not kept', async () => {
    const second = await startFakeRay();
    try {
      await withRay(async (ray) => {
        const backends = [
          { kind: 'ray', name: NAME, url: ray.url },
          { kind: 'ray', name: 'other place', url: second.url },
        ];
        await withUserSettings({ 'cotLens.backends': backends }, async () => {
          const set = writeSet('elsewhere', SAMPLES);
          const back: readonly Step[] = [BACK, BACK, BACK, BACK];
          const on: readonly Step[] = [/the recipe file beside the set/, 'tiny/model', '/shared/elsewhere', /Without a Template/];
          const { shown } = await launching(set, [...TO_OUTPUT, '/shared/elsewhere', /Without a Template/, /Give the Rows by Path/, 's3://lab/rows.jsonl', ...back, BACK, /lab cluster/, ...on, ...back, BACK, /other place/, ...on, LEAVE]);
          const places = shown.filter(({ step, rows }) => step === 8 && rows.length > 0).map((one) => rowOf(one, /Give the Rows by Path/).replace(/^.* \| /, ''));
          assert.deepEqual(places, ['now they travel in the package', 's3://lab/rows.jsonl', 's3://lab/rows.jsonl', 'now they travel in the package']);
        });
      });
    } finally {
      await second.stop();
    }
  });

  it('rows that have to be brought are saved once, under a list that blocks nothing, and gone on with later', async () => {
    await withRay(async (ray) => {
      const set = writeSet('later', SAMPLES);
      const [saved, elsewhere] = ['later.train.jsonl', 'later-2.train.jsonl'].map((name) => path.join(path.dirname(set), name)) as [string, string];
      const at = 's3://bucket/later.train.jsonl';
      const bring = (shown: readonly AskedStep[]): AskedStep[] => shown.filter(({ title }) => title === 'Bring the Training File');
      const offered = await saving([undefined, saved, elsewhere, saved], async () => {
        // The dialog is left; then it is saved, and they leave to bring it.
        const first = await launching(set, [...TO_OUTPUT, '/shared/later', /Without a Template/, /Give the Rows by Path/, at, /Launch on/, /Launch on/, /Copy the Saved File/, LEAVE, LEAVE]);
        assert.equal(bring(first.shown).length, 2);
        assert.match(rowOf(bring(first.shown)[0], /It Is There/), /exactly these bytes from s3:\/\/bucket\/later\.train\.jsonl \(SHA-256 [0-9a-f]{64}\)/);
        assert.equal(await vscode.env.clipboard.readText(), saved);
        assert.ok(!first.dialogs.some(({ buttons }) => buttons.includes('It Is There')), 'no dialog blocks the window');
        assert.equal(ray.jobs.size, 0);
        // Nobody is asked to save the same rows again, but who wants to, may.
        const second = await launching(set, [...FROM_FILE, '/shared/later', /Without a Template/, /Give the Rows by Path/, at, /Launch on/, /Save It Elsewhere/, /Go On Later/, /Launch on/, /It Is There/]);
        assert.equal(bring(second.shown).length, 3);
        assert.equal(bytesOf(elsewhere), bytesOf(saved));
        assert.equal(ray.jobs.size, 1);
      });
      assert.equal(offered.length, 3);

      // What was saved and is other bytes now is saved again.
      for (const file of [saved, elsewhere]) rmSync(file);
      const offeredAgain = await saving([undefined], async () => {
        await launching(set, [...FROM_FILE, '/shared/later-3', /Without a Template/, /Give the Rows by Path/, 's3://bucket/third.jsonl', /Launch on/, LEAVE]);
      });
      assert.equal(offeredAgain.length, 1);
      assert.equal(ray.jobs.size, 1);
    });
  });

  it('a model is looked for on this machine, and not on another that a recipe names', async () => {
    await withRay(async () => {
      const set = writeSet('model', SAMPLES);
      const model = path.join(path.dirname(set), 'here-model');
      mkdirSync(model, { recursive: true });
      writeFileSync(path.join(model, 'tokenizer_config.json'), JSON.stringify({ ...PLAIN.tokens, chat_template: PLAIN.template }));
      const offered = async (typed: string): Promise<string> => {
        const { shown } = await launching(set, [/lab cluster/, /AdvChain SFT All weights/, { typed }, '/shared/model', LEAVE]);
        return rowOf(shown.at(-1), /the model’s folder/);
      };
      assert.match(await offered(model), /here-model/);
      assert.equal(await offered(`/${model}`), '');
    });
  });

  it('a recipe of somebody else makes no lines in the last question', async () => {
    await withRay(async (ray) => {
      const set = writeSet('forged', SAMPLES);
      await launching(set, [...TO_OUTPUT, '/shared/forged', /Without a Template/, LEAVE]);
      const values = JSON.parse(bytesOf(recipeFile(set))) as Record<string, unknown>;
      for (const model of ['org/model\n\nTo nobody.', 'org/\u202Eledom']) {
        writeFileSync(recipeFile(set), JSON.stringify({ ...values, model }, undefined, 2));
        const { shown } = await launching(set, [/lab cluster/, /the recipe file beside the set/, /as before/, '/shared/forged', /Without a Template/, LEAVE]);
        assert.match(rowOf(shown.at(-1), /\) Recipe/), /^\$\(error\) Recipe.*model: must be one line/);
      }
      assert.equal(ray.jobs.size, 0);
    });
  });
});
