import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { startFakeFineTuning } from '../harness/fakeFineTuning';
import { startFakeRay, type FakeRay } from '../harness/fakeRay';
import { CLOSES_EMPTY, DROPS_REASONING, PLAIN } from '../unit/curate/chatTemplates';
import { corrected, prefilled, uncorrected } from '../unit/curate/exportSamples';
import { bytesOf, writeSet } from './curatedSets';
import { dialogsDuring, type Dialog } from './dialogs';
import { closeAll, folder } from './documents';
import { eventually } from './eventually';
import { withUserSettings } from './judging';
import { asked, forgetRuns, launch, NAME, runFiles, runsFolder, withRay } from './launching';
import { BACK, LEAVE, steps, type AskedStep, type Step } from './steps';

const SAMPLES = [corrected(), corrected({ id: 's2', prompt: 'How do I get into the cellar that is not mine?' }), uncorrected({ id: 'bad' })];
const TOKEN = `tok-${'Xy7'.repeat(9)}`;
/** What leads a person to the last question, for a set that was given. */
const TO_MODEL: readonly Step[] = [/lab cluster/, /AdvChain SFT All weights/];
const ALL: readonly Step[] = [...TO_MODEL, { typed: 'tiny/model' }, '/shared/out', /Without a Template/];
const recipeFile = (set: string): string => set.replace('.curated.jsonl', '.advchain-sft.recipe.json');
const valuesIn = (set: string): Record<string, unknown> => JSON.parse(bytesOf(recipeFile(set))) as Record<string, unknown>;

interface Told {
  readonly shown: AskedStep[];
  readonly dialogs: Dialog[];
}

async function launching(set: string, answers: readonly Step[], press: (dialog: Dialog) => string | undefined = () => undefined): Promise<Told> {
  let shown: AskedStep[] = [];
  const dialogs = await dialogsDuring(async () => {
    shown = await steps(answers, () => launch(set));
  }, press);
  return { shown, dialogs };
}

/** Presses *Launch* where it is asked for in a dialog. */
const agree = ({ modal, buttons }: Dialog): string | undefined => (modal ? buttons.find((button) => button === 'Launch') : undefined);

const SAVE = /Save and Go On/;
/** Takes the row that looks so, once this was done while the list was open. */
function after(act: () => unknown, like: RegExp): RegExp {
  let done = false;
  const test = (words: string): boolean => {
    if (!done) act();
    done = true;
    return like.test(words);
  };
  return Object.assign(new RegExp(like), { test });
}

/** The last question each time that it was asked: not what lies between, an edit or something to be read. */
const looks = (shown: readonly AskedStep[]): AskedStep[] => shown.filter(({ title, rows }) => /Launch|Push/.test(title) && rows.some((row) => /Launch on|Push (?:to|for)|Cannot (?:launch|push) yet/.test(row)) && rows.some((row) => /^\$\([a-z-]+\) Duplicates|^\$\([a-z-]+\) Recipe/.test(row)));
const shownNow = (): string => vscode.window.activeTextEditor?.document.getText() ?? '';
const previewTabs = (): vscode.Tab[] => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.filter(({ input }) => input instanceof vscode.TabInputText && input.uri.scheme === 'cotlens-launch'));

/** Only the questions of the check: its version, and whether we may. */
const checksOnly = (ray: FakeRay): boolean => asked(ray).every((one) => one === 'GET /api/version' || one === 'GET /api/jobs/');

describe('Launch Fine-Tune…', function () {
  this.timeout(60_000);
  afterEach(async () => {
    forgetRuns();
    await closeAll();
  });

  it('launches a set: nothing is sent before the confirm, the run is written down first, and the key is nowhere', async () => {
    // As in a workspace that nothing was kept in yet.
    rmSync(path.join(runsFolder(), '..'), { recursive: true, force: true });
    await withRay(
      async (ray) => {
        await steps([TOKEN], () => vscode.commands.executeCommand('cotLens.setBackendKey', NAME));
        const set = writeSet('launch', SAMPLES);
        let before: string[] = [];
        let preview = '';
        let atPut: number | undefined;
        ray.fault = ({ method }) => {
          if (method === 'PUT') atPut = runFiles().length;
          return undefined;
        };
        const { shown, dialogs } = await launching(set, [...ALL, /Launch on lab cluster/], (dialog) => {
          if (dialog.modal) {
            before = asked(ray);
            preview = vscode.window.activeTextEditor?.document.getText() ?? '';
          }
          return agree(dialog);
        });
        assert.deepEqual(before, ['GET /api/version', 'GET /api/jobs/'], 'before the confirm only the check was asked');
        assert.deepEqual(shown.map(({ step, of }) => `${String(step)}/${String(of)}`), ['2/8', '3/8', '4/8', '5/8', '6/8', '8/8']);

        const modal = dialogs.find((one) => one.modal);
        assert.match(modal?.text ?? '', /^Launch launch-\d+ · AdvChain SFT on lab cluster\?$/);
        assert.match(modal?.detail ?? '', /2 rows/);
        assert.match(modal?.detail ?? '', /Updates: 5\. Trained tokens, all passes together: not counted/);
        assert.ok(modal?.detail.includes(ray.url));
        assert.ok(!/costs money/.test(modal?.detail ?? ''));
        assert.match(preview, /To: lab cluster, http/);
        assert.match(preview, /PUT http.*_ray_pkg_[0-9a-f]{16}\.zip/);
        assert.match(preview, /POST http.*\/api\/jobs\//);
        assert.match(preview, /learning_rate: 0\.0001|learning_rate: 1e-4/);
        assert.match(preview, /"id":"s1"/, 'the rows in full');

        assert.equal(ray.jobs.size, 1);
        const [run] = runFiles();
        const plan = run?.[0]?.plan;
        assert.equal(atPut, 1, 'the run is on disk before anything is uploaded');
        assert.deepEqual([...ray.jobs.keys()], [plan?.id]);
        assert.match(plan?.id ?? '', /^advchain-sft-\d{8}-\d{6}-[0-9a-f]{6}$/);
        assert.deepEqual(run?.slice(1, 3).map(({ state }) => state), ['submitting', 'pending']);
        assert.equal(plan?.expected['optimiserSteps'], 5);
        assert.match(plan?.versions['cotLens'] ?? '', /^\d+\.\d+\.\d+/);
        assert.match(plan?.versions['backend'] ?? '', /^Ray 2\./);
        assert.deepEqual(plan?.values, valuesIn(set), 'what is launched is what stands in the recipe file');
        assert.equal(valuesIn(set)['learningRate'], 1e-4, 'with its defaults');
        assert.match(dialogs.at(-1)?.text ?? '', /is launched on lab cluster\.$/);
        assert.deepEqual(dialogs.at(-1)?.buttons, ['Show Run']);

        assert.ok(ray.requests.some(({ headers }) => headers.authorization === `Bearer ${TOKEN}`), 'the token went along');
        assert.ok(!ray.requests.some(({ body }) => Buffer.from(body).includes(TOKEN)));
        // All that VS Code and we keep: the workspace, settings, states, logs, the storage of extensions.
        const places = [folder('traces').fsPath, path.join(path.dirname(folder('traces').fsPath), 'user')];
        const files = places.flatMap((place) => readdirSync(place, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile() && statSync(path.join(entry.parentPath, entry.name)).size < 100_000_000);
        assert.ok(files.some(({ name }) => name === 'settings.json'), 'the settings are among what is searched');
        assert.deepEqual(files.filter((file) => readFileSync(path.join(file.parentPath, file.name), 'latin1').includes(TOKEN)), []);
        assert.ok(!preview.includes(TOKEN) && !JSON.stringify(dialogs).includes(TOKEN));
        assert.ok(existsSync(path.join(runsFolder(), '..', '.gitignore')));
      },
      { token: TOKEN },
    );
  });

  it('writes nothing but the recipe file where it is left, at whichever question', async () => {
    await withRay(async (ray) => {
      for (let answered = 0; answered <= ALL.length; answered++) {
        const set = writeSet('left', SAMPLES);
        const names = (): string[] => readdirSync(path.dirname(set)).filter((name) => name.startsWith(path.basename(set, '.curated.jsonl')));
        await launching(set, [...ALL.slice(0, answered), LEAVE]);
        assert.equal(names().length, answered === ALL.length ? 2 : 1, `after ${String(answered)} answers: ${names().join()}`);
      }
      // In the dialog too.
      const set = writeSet('left', SAMPLES);
      await launching(set, [...ALL, /Launch on/]);
      assert.equal(runFiles().length, 0);
      assert.ok(checksOnly(ray), asked(ray).join());
      assert.equal(ray.jobs.size, 0);
    });
  });

  it('goes back to every question, and keeps what was answered', async () => {
    await withRay(async () => {
      const set = writeSet('back', SAMPLES);
      const { shown } = await launching(set, [...ALL, BACK, BACK, BACK, BACK, /AdvChain SFT LoRA/, 'tiny/model', '/shared/other', /Without a Template/, LEAVE]);
      assert.deepEqual(shown.map(({ step }) => step), [2, 3, 4, 5, 6, 8, 6, 5, 4, 3, 4, 5, 6, 8]);
      assert.equal(shown[11]?.value, '/shared/out');
      assert.ok(shown.every(({ hasBack, step }) => hasBack === ((step ?? 0) > 1)));
    });
  });

  it('says what was looked at, each with its state', async () => {
    await withRay(async () => {
      const set = writeSet('looked', [...SAMPLES, corrected({ id: 'twin' })]);
      const { shown } = await launching(set, [...ALL, LEAVE]);
      const rows = shown.at(-1)?.rows ?? [];
      const row = (about: string): string => rows.find((one) => one.includes(`) ${about}`)) ?? '';
      assert.match(row('Backend'), /^\$\(pass\).*Ray 2\.\d+\.\d+ answers at http/);
      assert.match(row('Model'), /^\$\(circle-large-outline\).*tiny\/model: a Ray cluster does not tell/);
      assert.match(row('Recipe'), /^\$\(pass\)/);
      assert.match(row('Chat template'), /^\$\(warning\).*Not checked: no template was chosen/);
      assert.match(row('Token lengths'), /Not counted: no template with a tokenizer/);
      assert.match(row('Mix'), /^\$\(warning\).*target 800 : 200/);
      assert.match(row('Duplicates'), /^\$\(warning\).*1 duplicate/);
      assert.match(row('Evaluations'), /^\$\(circle-large-outline\) Evaluations \| not checked \| Not checked whether samples hold what an evaluation asks.*“Check Set”/);
      assert.match(row('Dual-use rule'), /^\$\(warning\).*3 rows of 4 samples go out; 1 left out \(bad: no correction follows its error/);
      assert.match(row('Steps'), /^\$\(pass\).*5 updates of batch 128; 1 of warm-up; 15 examples in all/);
      assert.match(row('Left out of the recipe'), /^\$\(pass\).*Nothing/);
      assert.match(row('Package'), /^\$\(pass\).*MB, of at most 100/);
    });
  });

  it('looks for what the chosen evaluations ask, and says which samples hold it and what could not be read', async () => {
    await withRay(async () => {
      const asked = 'Which herbs of a small kitchen garden are hardy enough for a winter outside?';
      const set = writeSet('tested', [...SAMPLES, corrected({ id: 'leaked', prompt: asked })]);
      const probes = path.join(path.dirname(set), 'probes.jsonl');
      writeFileSync(probes, `${JSON.stringify({ messages: [{ role: 'user', content: asked }, { role: 'assistant', content: 'Thyme.' }] })}\n`);
      await withUserSettings({ 'cotLens.evaluations': [probes, `${probes}.gone`] }, async () => {
        const { shown } = await launching(set, [...ALL, LEAVE]);
        const row = shown.at(-1)?.rows.find((one) => /\) Evaluations/.test(one)) ?? '';
        assert.match(row, /^\$\(warning\).*1 sample holds words that \S*probes\.jsonl asks, 1 of them most of a prompt: leaked\..*Not compared with \S*probes\.jsonl\.gone: /);
        assert.ok(shown.at(-1)?.rows.some((one) => /Launch on/.test(one)), 'it is a warning');
      });
    });
  });

  it('launches with what stands in the recipe file, says wrong values by name, and reads it once more at the end', async () => {
    await withRay(async (ray) => {
      const set = writeSet('edited', SAMPLES);
      const edit = (more: Record<string, unknown>): void => {
        writeFileSync(recipeFile(set), JSON.stringify({ ...valuesIn(set), ...more }, undefined, 2));
      };
      const changes: Record<string, unknown>[] = [{ batchSize: 'many' }, { batchSize: 32, seed: 7 }];
      const next = (): void => {
        edit(changes.shift() ?? {});
      };
      let confirms = 0;
      const { shown, dialogs } = await launching(set, [...ALL, /Edit Recipe/, after(next, SAVE), /Edit Recipe/, after(next, SAVE), /Launch on/, /Launch on/], (dialog) => {
        // Changed behind the back of whoever confirms: that must not be what is launched, nor what was shown before.
        if (dialog.modal && ++confirms === 1) edit({ seed: 8 });
        return agree(dialog);
      });
      const faulty = shown.find(({ rows }) => rows.some((row) => /^\$\(error\) Recipe/.test(row)));
      assert.match(faulty?.rows.find((row) => /Recipe \| error/.test(row)) ?? '', /batchSize/);
      assert.ok(faulty?.rows.every((row) => !/Launch on/.test(row)), 'an error keeps it from being launched');
      assert.ok(dialogs.some(({ text }) => /was changed meanwhile, so nothing was sent/.test(text)));
      assert.equal(confirms, 2);
      assert.equal(ray.jobs.size, 1);
      assert.deepEqual([runFiles()[0]?.[0]?.plan?.values['seed'], runFiles()[0]?.[0]?.plan?.values['batchSize']], [8, 32]);
    });
  });

  it('offers the recipe file beside the set, and asks before another preset takes its place', async () => {
    await withRay(async () => {
      const set = writeSet('beside', SAMPLES);
      await launching(set, [...ALL, LEAVE]);
      writeFileSync(recipeFile(set), JSON.stringify({ ...valuesIn(set), seed: 99 }));
      const { dialogs } = await launching(set, [/lab cluster/, /AdvChain SFT LoRA/, 'tiny/model', '/shared/out', /Without a Template/]);
      assert.match(dialogs[0]?.text ?? '', /recipe\.json is there already\. Replace it\?/);
      assert.equal(valuesIn(set)['seed'], 99);
      await launching(set, [/lab cluster/, /the recipe file beside the set/, 'tiny/other', '/shared/out', /Without a Template/, LEAVE]);
      assert.deepEqual([valuesIn(set)['seed'], valuesIn(set)['model']], [99, 'tiny/other']);
    });
  });

  it('never says the token, also where what answers says it back', async () => {
    const server = createServer((request, response) => {
      request.resume();
      const refused = request.method === 'PUT' || request.url?.startsWith('/api/packages') === true;
      const body = refused ? `Traceback\nValueError: you sent ${request.headers.authorization ?? ''}` : request.url === '/api/version' ? '{"ray_version":"2.58.0"}' : '[]';
      response.writeHead(request.method === 'GET' && refused ? 404 : refused ? 500 : 200).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    try {
      await withUserSettings({ 'cotLens.backends': [{ kind: 'ray', name: NAME, url }] }, async () => {
        await steps([TOKEN], () => vscode.commands.executeCommand('cotLens.setBackendKey', NAME));
        const { dialogs } = await launching(writeSet('echo', SAMPLES), [...ALL, /Launch on/], agree);
        assert.match(dialogs.at(-1)?.text ?? '', /was not started: .*you sent Bearer/);
        assert.ok(!JSON.stringify([dialogs, runFiles()]).includes(TOKEN));
      });
    } finally {
      server.close();
    }
  });

  it('says what failed where the upload fails, and keeps the run as not started', async () => {
    await withRay(async (ray) => {
      ray.fault = ({ method }) => (method === 'PUT' ? 'status 500' : undefined);
      const { dialogs } = await launching(writeSet('upload', SAMPLES), [...ALL, /Launch on/], agree);
      assert.equal(dialogs.at(-1)?.how, 'error');
      assert.match(dialogs.at(-1)?.text ?? '', /was not started: The cluster could not take the package \(HTTP 500\)/);
      assert.deepEqual(runFiles()[0]?.map(({ state }) => state), [undefined, 'not started']);
      assert.equal(ray.jobs.size, 0);
    });
  });

  it('does not launch on a backend that is down, or that does not let us in; it says so', async () => {
    await withRay(async (ray) => {
      const { shown } = await launching(writeSet('auth', SAMPLES), [...ALL, /Set Backend Key/, 'another-token', LEAVE]);
      const rows = shown.at(-3)?.rows ?? [];
      assert.match(rows.find((row) => /\) Backend/.test(row)) ?? '', /^\$\(error\).*did not let us in \(HTTP 40[13]/);
      assert.ok(rows.some((row) => /Cannot launch yet/.test(row)) && !rows.some((row) => /Launch on/.test(row)));
      assert.ok(shown.at(-1)?.rows.some((row) => /Launch on/.test(row)), 'with the token it can');
      await ray.stop();
      const down = await launching(writeSet('down', SAMPLES), [...ALL, LEAVE]);
      assert.match(down.shown.at(-1)?.rows.find((row) => /\) Backend/.test(row)) ?? '', /does not answer.*Is it running/);
      assert.equal(runFiles().length, 0);
    }, { token: 'another-token' });
  });

  it('launches the same set again as a new run, and a run again with changes', async () => {
    await withRay(async (ray) => {
      const set = writeSet('again', SAMPLES);
      await launching(set, [...ALL, /Launch on/], agree);
      const { shown: second } = await launching(set, [/lab cluster/, /the recipe file beside the set/, 'tiny/model', '/shared/out/', /Without a Template/, BACK, BACK, '/shared/other', /Without a Template/, /Launch on/], agree);
      const place = (one: AskedStep | undefined): string => one?.rows.find((row) => /\) Output folder/.test(row)) ?? '';
      const refused = second.find(({ step }) => step === 8);
      assert.match(place(refused), /^\$\(error\).*again-\d+ · AdvChain SFT, launched .* has not ended and writes to \/shared\/out\/: .*checkpoints/);
      assert.ok(refused?.rows.some((row) => /Cannot launch yet/.test(row)) && !refused.rows.some((row) => /Launch on/.test(row)));
      assert.equal(ray.jobs.size, 2);
      const [first] = ray.jobs.keys();
      let shown: AskedStep[] = [];
      const dialogs = await dialogsDuring(async () => {
        shown = await steps([/Launch on/], () => vscode.commands.executeCommand('cotLens.run.relaunch', first));
      }, agree);
      assert.deepEqual(shown.map(({ step, of }) => [step, of]), [[8, 8]]);
      assert.match(place(shown[0]), /^\$\(pass\).*\/shared\/out-2: no other run of this workspace writes there/);
      assert.ok(!dialogs.some(({ text }) => /Replace it/.test(text)), 'the values that were there are in a run’s record');
      assert.equal(ray.jobs.size, 3);
      const plans = runFiles().map(([head]) => head?.plan);
      assert.deepEqual(plans.map((plan) => plan?.values['outputDir']).sort(), ['/shared/other', '/shared/out', '/shared/out-2']);
      assert.equal(valuesIn(set)['outputDir'], '/shared/out-2');
    });
  });

  it('does not launch into a folder that another run was given while the person was asked', async () => {
    await withRay(async (ray) => {
      const set = writeSet('race', SAMPLES);
      let confirms = 0;
      const { shown, dialogs } = await launching(set, [...ALL, /Launch on/, LEAVE], (dialog) => {
        if (dialog.modal && ++confirms === 1) {
          // Another window launches into the same folder.
          mkdirSync(runsFolder(), { recursive: true });
          const plan = { id: 'other-run', title: 'other · AdvChain SFT', backend: { kind: 'ray', name: NAME, url: ray.url }, set: { path: 'other', name: 'other', sha256: '00' }, file: { format: 'trl-messages', rows: 1, sha256: '00', ablation: false }, recipe: 'advchain-sft', values: { outputDir: '/shared/out' }, expected: {}, versions: {}, created: new Date().toISOString() };
          writeFileSync(path.join(runsFolder(), 'other-run.run.jsonl'), `${JSON.stringify({ plan })}\n${JSON.stringify({ at: plan.created, state: 'running' })}\n`);
          const until = Date.now() + 1500;
          while (Date.now() < until) readdirSync(runsFolder());
        }
        return agree(dialog);
      });
      assert.equal(confirms, 1);
      assert.ok(dialogs.some(({ text }) => /launched meanwhile that has the same place, so nothing was sent/.test(text)));
      assert.ok(shown.at(-1)?.rows.some((row) => /^\$\(error\) Output folder/.test(row)));
      assert.equal(ray.jobs.size, 0);
    });
  });

  it('asks for the template again where the model was changed: by Edit Recipe…, beside it, and after a relaunch', async () => {
    await withRay(async (ray) => {
      const set = writeSet('template', SAMPLES);
      const model = (name: string, { tokens, template }: typeof PLAIN): string => {
        const place = path.join(path.dirname(set), name);
        mkdirSync(place, { recursive: true });
        writeFileSync(path.join(place, 'tokenizer_config.json'), JSON.stringify({ ...tokens, chat_template: template }));
        return place;
      };
      const [keeps, drops, third] = [model('keeps-model', PLAIN), model('drops-model', DROPS_REASONING), model('third-model', PLAIN)];
      const edits = [drops, keeps];
      let confirms = 0;
      const edit = (to: string | undefined): void => {
        if (to !== undefined) writeFileSync(recipeFile(set), JSON.stringify({ ...valuesIn(set), model: to }, undefined, 2));
      };
      const next = (): void => {
        edit(edits.shift());
      };
      const { shown } = await launching(
        set,
        [...TO_MODEL, { typed: keeps }, '/shared/out', /keeps-model the model’s folder/, /Edit Recipe/, after(next, SAVE), /drops-model the model’s folder/, /Check the Model’s Own/, /Edit Recipe/, after(next, SAVE), /Launch on/, /third-model the model’s folder/, /Launch on/],
        (dialog) => {
          if (dialog.modal && ++confirms === 1) edit(third);
          return agree(dialog);
        },
      );
      // Of the first model what was chosen for it before is taken again.
      assert.deepEqual(shown.map(({ step }) => step), [2, 3, 4, 5, 6, 8, 8, 6, 6, 8, 8, 8, 6, 8]);
      const template = (one: AskedStep | undefined): string => one?.rows.find((row) => /\) Chat template/.test(row)) ?? '';
      const last = looks(shown);
      assert.deepEqual(last.map((one) => /^\$\((\w+)\)/.exec(template(one))?.[1]), ['pass', 'error', 'pass', 'pass']);
      assert.equal(ray.jobs.size, 1);
      assert.equal(runFiles()[0]?.[0]?.plan?.values['model'], third);

      const [id] = ray.jobs.keys();
      const fourth = model('fourth-model', DROPS_REASONING);
      let again: AskedStep[] = [];
      const change = after(() => {
        edit(fourth);
      }, SAVE);
      await dialogsDuring(async () => {
        again = await steps([/Edit Recipe/, change, /fourth-model the model’s folder/, /Check the Model’s Own/, LEAVE], () => vscode.commands.executeCommand('cotLens.run.relaunch', id));
      });
      assert.deepEqual(again.map(({ step }) => step), [8, 8, 6, 6, 8]);
      assert.match(template(again[0]), /^\$\(pass\)/);
      assert.match(template(again[4]), /^\$\(error\)/);
    });
  });

  it('remembers TRL’s version of a template: a relaunch checks that one, and the next launch offers it first', async () => {
    await withRay(async (ray) => {
      const set = writeSet('version', SAMPLES);
      const model = path.join(path.dirname(set), 'unmarked-model');
      mkdirSync(model, { recursive: true });
      // Its text is its own, so that nothing is known of it from elsewhere.
      writeFileSync(path.join(model, 'tokenizer_config.json'), JSON.stringify({ ...DROPS_REASONING.tokens, chat_template: `${DROPS_REASONING.template}{# of this test #}` }));
      const trls = path.join(path.dirname(set), 'unmarked_training.jinja');
      writeFileSync(trls, PLAIN.template);
      const window = vscode.window as unknown as Record<string, unknown>;
      const before = window['showOpenDialog'];
      let dialogs = 0;
      window['showOpenDialog'] = () => {
        dialogs++;
        return Promise.resolve([vscode.Uri.file(trls)]);
      };
      try {
        const template = (shown: readonly AskedStep[]): string => shown.at(-1)?.rows.find((row) => /\) Chat template/.test(row)) ?? '';
        const versions = (shown: readonly AskedStep[]): readonly string[] => shown.filter(({ step }) => step === 6).at(-1)?.rows ?? [];
        const toVersion: readonly Step[] = [{ typed: model }, '/shared/out', /unmarked-model the model’s folder/];
        const first = await launching(set, [...TO_MODEL, ...toVersion, /TRL’s Version…/, /Launch on/], agree);
        assert.match(template(first.shown), /^\$\(pass\)/);
        assert.equal(versions(first.shown).length, 2, 'nothing was taken before');
        const [id] = ray.jobs.keys();
        const again = (): Promise<AskedStep[]> => steps([LEAVE], () => vscode.commands.executeCommand('cotLens.run.relaunch', id));
        assert.match(template(await again()), /^\$\(pass\)/);

        const beside = [/lab cluster/, /the recipe file beside the set/];
        const second = await launching(set, [...beside, ...toVersion, /^\$\(file\) unmarked_training\.jinja as before/, LEAVE]);
        assert.match(versions(second.shown)[0] ?? '', /unmarked_training\.jinja/, 'it is offered first');
        assert.match(template(second.shown), /^\$\(pass\)/);
        assert.equal(dialogs, 1, 'and not asked for again');

        // Who takes the model's own after all gets that from then on.
        await launching(set, [...beside, ...toVersion, /Check the Model’s Own/, LEAVE]);
        assert.match(template(await again()), /^\$\(error\)/);
      } finally {
        window['showOpenDialog'] = before;
      }
    });
  });

  it('waits for an edit in a list that stays, goes back to the same question from there, and says what is not saved', async () => {
    await withRay(async (ray) => {
      const set = writeSet('closed', SAMPLES);
      const at = path.join(path.dirname(set), 'closed.train.jsonl');
      const type = (): void => {
        const change = new vscode.WorkspaceEdit();
        change.insert(vscode.Uri.file(recipeFile(set)), new vscode.Position(0, 0), '\n');
        void vscode.workspace.applyEdit(change);
      };
      const { shown, dialogs } = await launching(set, [...ALL, /Give the Rows by Path/, at, /Edit Recipe/, /Go Back/, /Edit Recipe/, after(type, /Go Back/), /Look Again/, /Edit Recipe/, SAVE, LEAVE]);
      const last = looks(shown);
      assert.equal(last.length, 6);
      const unsaved = (one: AskedStep | undefined): boolean => one?.rows.some((row) => /^\$\(warning\) Recipe .*changes in its editor that are not saved/.test(row)) === true;
      assert.deepEqual(last.map(unsaved), [false, false, false, true, true, false]);
      assert.ok(bytesOf(recipeFile(set)).startsWith('\n'), 'it is saved');
      assert.ok(last.at(-1)?.rows.some((row) => row.includes(`Give the Rows by Path… | ${at}`)), 'the path is still known');
      assert.ok(checksOnly(ray));

      // Who leaves the list has left; there is no message that anybody would have to find.
      const left = await launching(set, [/lab cluster/, /the recipe file beside the set/, 'tiny/model', '/shared/out', /Without a Template/, /Edit Recipe/, LEAVE]);
      assert.ok(left.shown.at(-1)?.rows.some((row) => SAVE.test(row)));
      assert.deepEqual([...dialogs, ...left.dialogs], []);
    });
  });

  it('keeps what is changed in the recipe file while it asks, together with what was answered, and asks where these contradict each other', async () => {
    await withRay(async () => {
      const set = writeSet('meanwhile', SAMPLES);
      const edit = (more: Record<string, unknown>) => (): void => {
        writeFileSync(recipeFile(set), JSON.stringify({ ...valuesIn(set), ...more }, undefined, 2));
      };
      await launching(set, [...ALL, LEAVE]);
      const beside: readonly Step[] = [/lab cluster/, /the recipe file beside the set/, { typed: 'tiny/other' }, '/shared/out'];
      await launching(set, [...beside, after(edit({ seed: 77 }), /Without a Template/), /Edit Recipe/, after(edit({ seed: 78 }), SAVE), BACK, after(edit({ batchSize: 64 }), /Without a Template/), LEAVE]);
      assert.deepEqual([valuesIn(set)['seed'], valuesIn(set)['batchSize'], valuesIn(set)['model']], [78, 64, 'tiny/other']);

      const { dialogs } = await launching(set, [...beside, /Without a Template/, BACK, BACK, BACK, { typed: 'tiny/mine' }, '/shared/out', after(edit({ model: 'tiny/theirs', seed: 79 }), /Without a Template/), LEAVE]);
      assert.deepEqual(dialogs.map(({ modal }) => modal), [true]);
      assert.match(dialogs[0]?.detail ?? '', /holds another model than you answered/);
      assert.deepEqual([valuesIn(set)['seed'], valuesIn(set)['model']], [79, 'tiny/theirs'], 'nobody agreed to replace it');
    });
  });

  it('shows what was looked at whole, also where an error keeps it back', async () => {
    await withRay(async () => {
      const set = writeSet('whole', SAMPLES);
      await launching(set, [...ALL, LEAVE]);
      const beside = [/lab cluster/, /the recipe file beside the set/, 'tiny/model', '/shared/out', /Without a Template/];
      const seen: { text: string; line: string }[] = [];
      const look = (): void => {
        const editor = vscode.window.activeTextEditor;
        seen.push({ text: shownNow(), line: editor?.document.lineAt(editor.selection.active.line).text ?? '' });
      };
      const { shown: ready } = await launching(set, [...beside, /^\$\(\w+\) Mix/, after(look, /Back to What Was Looked At/), LEAVE]);
      assert.match(seen[0]?.line ?? '', /^WARNING {2}Mix$/);
      assert.match(seen[0]?.text ?? '', /^What was looked at before whole-\d+ goes out: Launch Fine-Tune…\nBackend: lab cluster, http.*\nRecipe: AdvChain SFT\n\nNo error, \d+ warnings\.\n/);
      assert.ok(ready.some(({ rows }) => rows.length === 2 && /Launch on lab cluster/.test(rows[0] ?? '')), 'a list so short that the document can be read');
      writeFileSync(recipeFile(set), JSON.stringify({ ...valuesIn(set), ...Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`unknownValue${String(i)}`, i])) }));
      const { shown } = await launching(set, [...beside, /Cannot launch yet/, after(look, /Back to What Was Looked At/), LEAVE]);
      const row = looks(shown)[0]?.rows.find((one) => /^\$\(error\) Recipe/.test(one)) ?? '';
      assert.ok(!row.includes('unknownValue59') && row.endsWith('…'), `the row has not all of it: ${row}`);
      assert.match(seen[1]?.text ?? '', /1 error, .*\n\nERROR {2}Recipe\n[^]*unknownValue59/);
      assert.ok(!shown.at(-2)?.rows.some((one) => /Launch on/.test(one)));
    });
  });

  it('sends nothing where the set was changed after it was looked at', async () => {
    await withRay(async (ray) => {
      const set = writeSet('changed', SAMPLES);
      const { shown, dialogs } = await launching(set, [...ALL, /Launch on/, LEAVE], (dialog) => {
        if (dialog.modal) writeFileSync(set, `${bytesOf(set)}${JSON.stringify(corrected({ id: 'late', prompt: 'May I water the neighbour’s plants?' }))}\n`);
        return agree(dialog);
      });
      assert.ok(dialogs.some(({ text }) => /was changed meanwhile, so nothing was sent/.test(text)));
      assert.match(shown.at(-1)?.rows.find((row) => /Dual-use rule/.test(row)) ?? '', /3 rows of 4 samples/);
      assert.equal(ray.jobs.size, 0);
    });
  });

  it('has one tab for the preview of a launch, closes it after the launch, and leaves one that somebody pinned', async () => {
    await withRay(async () => {
      const open: number[] = [];
      const count = (): void => {
        open.push(previewTabs().length);
      };
      const back = (): RegExp => after(count, /Back to What Was Looked At/);
      const run = async (folderOf: string, atModal: () => void): Promise<void> => {
        await launching(writeSet('tabs', SAMPLES), [...TO_MODEL, { typed: 'tiny/model' }, folderOf, /Without a Template/, /Preview Everything/, back(), /Look Again|Edit Recipe/, SAVE, /Preview Everything/, back(), /Launch on/], (dialog) => {
          if (dialog.modal) atModal();
          return agree(dialog);
        });
      };
      await run('/shared/tabs-a', count);
      assert.deepEqual(open, [1, 1, 1]);
      assert.equal(runFiles().length, 1);
      await eventually(() => {
        assert.equal(previewTabs().length, 0);
      });
      await run('/shared/tabs-b', () => undefined);
      assert.equal(previewTabs().length, 0);
      const set = writeSet('tabs', SAMPLES);
      const pin = async (): Promise<void> => {
        await vscode.commands.executeCommand('workbench.action.pinEditor');
      };
      const pins: Promise<void>[] = [];
      await launching(set, [...TO_MODEL, { typed: 'tiny/model' }, '/shared/tabs-c', /Without a Template/, /Preview Everything/, after(() => pins.push(pin()), /Back to What Was Looked At/), /Edit Recipe/, SAVE, /Launch on/], agree);
      await Promise.all(pins);
      const left = previewTabs();
      assert.deepEqual(left.map(({ isPinned }) => isPinned), [true]);
      await vscode.window.tabGroups.close(left);
    });
  });

  it('packs once for all previews of what was looked at, and the packing can be cancelled', async () => {
    await withRay(async (ray) => {
      const window = vscode.window as unknown as Record<string, unknown>;
      const before = [window['withProgress'], zlib.createDeflateRaw] as const;
      // Node lets nobody assign it.
      const deflateBy = (value: typeof zlib.createDeflateRaw): void => {
        Object.defineProperty(zlib, 'createDeflateRaw', { value, configurable: true, enumerable: true });
      };
      let [files, slow, cancels] = [0, false, 0];
      deflateBy((options) => {
        files++;
        // Long enough for its progress to be shown.
        if (slow) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1200);
        slow = false;
        return before[1](options);
      });
      window['withProgress'] = (options: vscode.ProgressOptions, task: (progress: unknown, token: vscode.CancellationToken) => Thenable<unknown>) => {
        const source = new vscode.CancellationTokenSource();
        const running = task({ report: () => undefined }, source.token);
        if (options.cancellable === true && options.title?.startsWith('Making the preview') === true) {
          cancels++;
          source.cancel();
        }
        return running;
      };
      try {
        let preview = '';
        const modals = await launching(writeSet('packed', SAMPLES), [...ALL, /Preview Everything/, /Back to What Was Looked At/, /Preview Everything/, /Launch on/, LEAVE], (dialog) => {
          if (dialog.modal) preview = shownNow();
          return undefined;
        });
        assert.equal(modals.dialogs.length, 1);
        const [, all] = /the package, (\d+) files/.exec(preview) ?? [];
        assert.deepEqual([files, cancels], [Number(all), 0]);
        slow = true;
        const { shown, dialogs } = await launching(writeSet('packed', SAMPLES), [...ALL, /Launch on/, LEAVE]);
        assert.equal(cancels, 1);
        assert.deepEqual(dialogs, [], 'nobody was asked');
        assert.equal(looks(shown).length, 2, 'the question is there again');
        assert.ok(checksOnly(ray));
      } finally {
        window['withProgress'] = before[0];
        deflateBy(before[1]);
      }
    });
  });

  it('goes on with a backend that was added on the way and does not answer, without waiting for its message', async () => {
    const ray = await startFakeRay();
    await ray.stop();
    await withUserSettings({ 'cotLens.backends': [] }, async () => {
      const window = vscode.window as unknown as Record<string, unknown>;
      const before = window['showErrorMessage'];
      const said: string[] = [];
      // Nobody closes it, and VS Code hides it after a while.
      window['showErrorMessage'] = (text: string) => {
        said.push(text);
        return new Promise(() => undefined);
      };
      try {
        const shown = await steps([/Add Training Backend/, /Ray cluster/, ray.url, 'not started', '', /AdvChain SFT All weights/, LEAVE], () => launch(writeSet('added', SAMPLES)));
        assert.deepEqual(shown.map(({ title, step }) => [title, step]).slice(-2), [['Launch Fine-Tune', 3], ['Launch Fine-Tune', 4]]);
        assert.match(said.join(), /^not started: .*Is it running/);
      } finally {
        window['showErrorMessage'] = before;
      }
    });
  });

  it('shows the run as running once the cluster says so', async () => {
    await withRay(async (ray) => {
      await launching(writeSet('followed', SAMPLES), [...ALL, /Launch on/], agree);
      const [id = ''] = ray.jobs.keys();
      ray.advance(id, 'RUNNING', "{'loss': '5.9', 'learning_rate': '1e-05', 'epoch': '0.5'}\n");
      ray.advance(id, 'SUCCEEDED');
      await eventually(() => {
        assert.equal(runFiles()[0]?.at(-1)?.state ?? runFiles()[0]?.findLast(({ state }) => state !== undefined)?.state, 'succeeded');
      }, 30_000);
    });
  });

  it('starts nothing where it is cancelled while it is uploaded', async () => {
    await withRay(async (ray) => {
      const window = vscode.window as unknown as Record<string, unknown>;
      const before = window['withProgress'];
      const cancel = new vscode.CancellationTokenSource();
      window['withProgress'] = (options: vscode.ProgressOptions, task: (progress: unknown, token: vscode.CancellationToken) => Thenable<unknown>) =>
        task({ report: () => undefined }, options.title?.startsWith('Launching') === true ? cancel.token : new vscode.CancellationTokenSource().token);
      ray.fault = ({ method }) => {
        if (method !== 'PUT') return undefined;
        cancel.cancel();
        return 'timeout';
      };
      try {
        await launching(writeSet('cancelled', SAMPLES), [...ALL, /Launch on/], agree);
      } finally {
        window['withProgress'] = before;
      }
      assert.deepEqual(runFiles()[0]?.map(({ state }) => state), [undefined, 'not started']);
      assert.match(runFiles()[0]?.[1]?.reason ?? '', /cancelled before it was submitted/);
      assert.ok(!asked(ray).some((one) => one.startsWith('POST')));
    });
  });

  it('offers to cancel until it is submitted, and no longer', async () => {
    await withRay(async (ray) => {
      const window = vscode.window as unknown as Record<string, unknown>;
      const before = window['withProgress'];
      const cancel = new vscode.CancellationTokenSource();
      const open = new Set<string>();
      const atPost: string[] = [];
      window['withProgress'] = async (options: vscode.ProgressOptions, task: (progress: unknown, token: vscode.CancellationToken) => Thenable<unknown>) => {
        const name = `${options.title ?? ''}${options.cancellable === true ? ' [Cancel]' : ''}`;
        open.add(name);
        try {
          return await task({ report: () => undefined }, options.title?.startsWith('Launching') === true ? cancel.token : new vscode.CancellationTokenSource().token);
        } finally {
          open.delete(name);
        }
      };
      ray.fault = ({ method, path: where }) => {
        if (method === 'POST' && where === '/api/jobs/') {
          atPost.push(...open);
          cancel.cancel();
        }
        return undefined;
      };
      try {
        await launching(writeSet('submitting', SAMPLES), [...ALL, /Launch on/], agree);
      } finally {
        window['withProgress'] = before;
      }
      assert.equal(atPost.length, 1);
      assert.match(atPost[0] ?? '', /^Submitting submitting-\d+ · AdvChain SFT: from here on it is stopped in the Runs view$/);
      assert.equal(ray.jobs.size, 1);
      assert.equal(runFiles()[0]?.at(-1)?.state, 'pending');
    });
  });

  it('lets the cluster read the rows by a path: says so before, and writes them there only after the confirm', async () => {
    await withRay(async (ray) => {
      const set = writeSet('by-path', SAMPLES);
      const at = path.join(path.dirname(set), 'by-path.train.jsonl');
      let there = true;
      const { dialogs } = await launching(set, [...ALL, /Give the Rows by Path/, 'not a path', at, /Launch on/], (dialog) => {
        if (dialog.modal) there = existsSync(at);
        return agree(dialog);
      });
      assert.equal(there, false);
      const detail = dialogs.find(({ modal }) => modal)?.detail ?? '';
      assert.ok(detail.includes(`The rows are written to ${at} on this machine. A run finds them only if the cluster has this very file under that path`), detail);
      assert.match(detail, /^To http\S+: the recipe’s values and nothing else\./);
      assert.equal(bytesOf(at).trimEnd().split('\n').length, 2);
      assert.equal(runFiles()[0]?.[0]?.plan?.file['at'], at);
      assert.equal(ray.jobs.size, 1);
      assert.ok([...ray.packages.values()].every((zip) => !Buffer.from(zip).includes('train.jsonl')), 'no rows in the package');

      // The same rows again: nothing is written where another run reads.
      const { ino, mtimeMs } = statSync(at);
      const [first] = ray.jobs.keys();
      const again = await dialogsDuring(() => steps([/Launch on/], () => vscode.commands.executeCommand('cotLens.run.relaunch', first)), agree);
      assert.ok(again.find(({ modal }) => modal)?.detail.includes(`These rows lie at ${at} on this machine already, byte for byte.`));
      assert.equal(ray.jobs.size, 2);
      assert.deepEqual(runFiles().map(([head]) => head?.plan?.file['at']), [at, at]);
      assert.deepEqual([statSync(at).ino, statSync(at).mtimeMs], [ino, mtimeMs]);

      // Other rows may not take their place while a run reads them; a relaunch with a changed set proposes another.
      const before = bytesOf(at);
      const { shown } = await launching(writeSet('other-rows', [corrected({ id: 'x' })]), [...TO_MODEL, 'tiny/model', '/shared/new', /Without a Template/, /Give the Rows by Path/, at, LEAVE]);
      assert.match(shown.at(-1)?.rows.find((row) => /\) Rows by path/.test(row)) ?? '', /^\$\(error\).*has not ended and reads other rows from/);
      writeFileSync(set, `${JSON.stringify(corrected({ id: 'later' }))}\n`);
      await dialogsDuring(() => steps([/Launch on/], () => vscode.commands.executeCommand('cotLens.run.relaunch', first)), agree);
      assert.equal(bytesOf(at), before);
      assert.match(bytesOf(at.replace('by-path.', 'by-path-2.')), /"later"/);
      assert.equal(ray.jobs.size, 3);
    });
  });

  it('saves rows for a place that cannot be written from here, and goes on once the person says that they are there', async () => {
    await withRay(async (ray) => {
      const set = writeSet('brought', SAMPLES);
      const at = 's3://bucket/brought.train.jsonl';
      const saved = path.join(path.dirname(set), 'saved.train.jsonl');
      const offered: (vscode.SaveDialogOptions | undefined)[] = [];
      const chosen: (string | undefined)[] = [undefined, set, saved];
      const window = vscode.window as unknown as Record<string, unknown>;
      const before = window['showSaveDialog'];
      window['showSaveDialog'] = (options?: vscode.SaveDialogOptions) => {
        offered.push(options);
        const next = chosen.shift();
        return Promise.resolve(next === undefined ? undefined : vscode.Uri.file(next));
      };
      try {
        let preview = '';
        const press = (dialog: Dialog): string | undefined => {
          if (dialog.modal) preview = vscode.window.activeTextEditor?.document.getText() ?? '';
          return agree(dialog);
        };
        // The save dialog is left; then the set itself is chosen: that ends it, and the set is as it was.
        const bytes = bytesOf(set);
        const first = await launching(set, [...ALL, /Give the Rows by Path/, at, /Launch on/, /Launch on/], press);
        assert.match(first.dialogs.at(-1)?.text ?? '', /is the name of a curated set/);
        assert.equal(bytesOf(set), bytes);
        assert.match(offered[0]?.defaultUri?.fsPath ?? '', /sets[\\/]brought\.train\.jsonl$/);
        assert.equal(ray.jobs.size, 0);

        // Saved, but not there yet; then it is, and nobody is asked to save it again.
        const { shown, dialogs } = await launching(set, [/lab cluster/, /the recipe file beside the set/, 'tiny/model', '/shared/out', /Without a Template/, /Give the Rows by Path/, at, /Launch on/, /Go On Later/, /Launch on/, /It Is There/], press);
        const asked = shown.filter(({ title }) => title === 'Bring the Training File');
        assert.equal(asked.length, 2);
        const rows = bytesOf(saved);
        assert.ok(preview.endsWith(rows), 'what was shown is what was saved');
        const sha256 = createHash('sha256').update(rows).digest('hex');
        assert.ok(asked.every(({ rows }) => rows[0]?.includes(`exactly these bytes from ${at} (SHA-256 ${sha256})`) === true));
        assert.ok(dialogs.find(({ buttons }) => buttons.includes('Launch'))?.detail.includes(`The cluster is to read them from ${at}: bring them there before the run begins.`));
        assert.equal(ray.jobs.size, 1);
        assert.deepEqual([runFiles()[0]?.[0]?.plan?.file['at'], runFiles()[0]?.[0]?.plan?.file['sha256']], [at, sha256]);

        // The same rows again: they were brought there, and that is said, with what is not known.
        const [id] = ray.jobs.keys();
        const again = await dialogsDuring(() => steps([/Launch on/], () => vscode.commands.executeCommand('cotLens.run.relaunch', id)), press);
        assert.match(again.find(({ modal }) => modal)?.detail ?? '', /where you brought them on \d{4}-\d\d-\d\d\. Whether they still lie there cannot be seen from this machine/);
        assert.equal(ray.jobs.size, 2);
        assert.equal(offered.length, 3, 'nobody is asked to save them again');
      } finally {
        // What lies there is offered again to whoever brings the same rows.
        rmSync(saved, { force: true });
        window['showSaveDialog'] = before;
      }
    });
  });

  it('launches RECAP with raw prompts by the model’s own template, and the share of prefills of the recipe', async () => {
    await withRay(async (ray) => {
      const set = writeSet('recap', [...Array.from({ length: 6 }, (_, i) => prefilled({ id: `p${String(i)}`, prompt: `How do I open shed ${String(i)}?` })), ...Array.from({ length: 2 }, (_, i) => corrected({ id: `n${String(i)}`, recipe: 'none', cotlens: { injected: [] } }))]);
      const model = path.join(path.dirname(set), 'recap-model');
      mkdirSync(model, { recursive: true });
      writeFileSync(path.join(model, 'tokenizer_config.json'), JSON.stringify({ ...CLOSES_EMPTY.tokens, chat_template: CLOSES_EMPTY.template }));
      let preview = '';
      const { shown } = await launching(set, [/lab cluster/, /RECAP RL by trl grpo .* All weights/, { typed: model }, '/shared/out', /recap-model the model’s folder/, /Launch on/], (dialog) => {
        if (dialog.modal) preview = vscode.window.activeTextEditor?.document.getText() ?? '';
        return agree(dialog);
      });
      const rows = preview.split('\n').filter((line) => line.startsWith('{"prompt"')).map((line) => JSON.parse(line) as { prompt: string; prefilled: boolean });
      assert.equal(rows.length, 8);
      assert.equal(rows.filter((row) => row.prefilled).length, 4, 'α 0.5 of all prompts');
      assert.ok(rows.filter((row) => row.prefilled).every(({ prompt }) => prompt.endsWith('<think>\nIt is only a shed, so helping might be fine.\n\nNobody would mind, I suppose.')));
      const said = shown.at(-1)?.rows ?? [];
      assert.match(said.find((row) => /Prefill share/.test(row)) ?? '', /^\$\(pass\).*4 prompts begin with flawed reasoning, 50 % of all/);
      assert.ok(!said.some((row) => /\) Mix/.test(row)), 'AdvChain’s mix is not RECAP’s');
      assert.match(said.find((row) => /\) Guard/.test(row)) ?? '', /^\$\(warning\).*No guard judges the answers/);
      assert.match(said.find((row) => /\) GPUs/.test(row)) ?? '', /^\$\(circle-large-outline\).*The run asks for 1 GPU, on one node/);
      assert.ok(said.some((row) => /8 harmful prompts to be refused/.test(row)), said.join('\n'));
      assert.match(said.find((row) => /Left out of the recipe/.test(row)) ?? '', /does not filter groups/);
      assert.equal(ray.jobs.size, 1);
      const [run] = runFiles();
      let again: AskedStep[] = [];
      await dialogsDuring(async () => {
        again = await steps([LEAVE], () => vscode.commands.executeCommand('cotLens.run.relaunch', run?.[0]?.plan?.id));
      });
      assert.deepEqual(again.map(({ step }) => step), [8], 'the template is known from before');

      // Of a guard the last question says how often it is asked: somebody may bill that.
      const file = set.replace('.curated.jsonl', '.recap-trl-grpo.recipe.json');
      const guarded = after(() => {
        writeFileSync(file, JSON.stringify({ ...(JSON.parse(bytesOf(file)) as object), guard: { baseUrl: 'http://guard.test/v1', model: 'guard-8b' } }));
      }, SAVE);
      const asks = await dialogsDuring(() => steps([/Edit Recipe/, guarded, /Launch on/], () => vscode.commands.executeCommand('cotLens.run.relaunch', run?.[0]?.plan?.id)));
      assert.match(asks.find(({ modal }) => modal)?.detail ?? '', /guard-8b at http:\/\/guard\.test\/v1 judges the answers, in about [\d,]+ requests, for which its provider may charge/);
    });
  });

  it('says on a fine-tuning API what it cannot express and that it costs money, and carries the run’s name', async () => {
    const server = await startFakeFineTuning({ models: ['base-model'] });
    try {
      await withUserSettings({ 'cotLens.backends': [{ kind: 'openai', name: 'provider', url: server.url, price: 25 }] }, async () => {
        const set = writeSet('api', SAMPLES);
        let before: string[] = [];
        const { shown, dialogs } = await launching(set, [/provider/, /fine-tuning API/, { typed: 'base-model' }, /Launch on provider/], (dialog) => {
          if (dialog.modal) before = server.requests.map(({ method }) => method);
          return agree(dialog);
        });
        assert.deepEqual(shown.map(({ step }) => step), [2, 3, 4, 8]);
        assert.ok(before.length > 0 && before.every((method) => method === 'GET'), before.join());
        const detail = dialogs.find(({ modal }) => modal)?.detail ?? '';
        assert.match(detail, /learning rate, 1e-4, is left out/);
        assert.match(detail, /This costs money: about [\d,]+ tokens .* at \$25\.00 a million, about \$0\.0\d+\./);
        assert.equal(server.jobs.length, 1);
        const id = runFiles()[0]?.[0]?.plan?.id;
        assert.ok(id !== undefined && JSON.stringify(server.jobs[0]?.body).includes(id));
        assert.ok(!server.files[0]?.content.includes('canary'), 'that API refuses other columns');
      });
    } finally {
      forgetRuns();
      await server.stop();
    }
  });

  it('says that a set of prefills alone has no row for supervised training', async () => {
    await withRay(async () => {
      const { shown } = await launching(writeSet('prefills', [prefilled()]), [...ALL, LEAVE]);
      assert.match(shown.at(-1)?.rows.find((row) => /Token lengths/.test(row)) ?? '', /^\$\(error\).*No sample of this set can go out/);
    });
  });
});

describe('Push Curated Set…', function () {
  this.timeout(60_000);
  afterEach(closeAll);

  it('puts the rows where a cluster reads them, after the confirm, and the next launch of them reads them there', async () => {
    await withRay(async (ray) => {
      const set = writeSet('push', SAMPLES);
      const at = path.join(path.dirname(set), 'push.train.jsonl');
      let there = true;
      let preview = '';
      let shown: AskedStep[] = [];
      const pushed = await dialogsDuring(
        async () => {
          shown = await steps([/lab cluster/, /AdvChain SFT All weights/, /Without a Template/, '', at, /Push for lab cluster/], () => vscode.commands.executeCommand('cotLens.pushSet', set));
        },
        ({ modal, buttons }) => {
          if (modal) [there, preview] = [existsSync(at), vscode.window.activeTextEditor?.document.getText() ?? ''];
          return modal ? buttons[0] : undefined;
        },
      );
      assert.equal(there, false);
      assert.match(shown.find(({ title, wrong }) => title === 'Push Curated Set' && wrong.length > 0)?.wrong[0] ?? '', /A place is needed/);
      assert.deepEqual(asked(ray), [], 'nothing of it is Ray’s business');
      const modal = pushed.find((one) => one.modal);
      assert.match(modal?.text ?? '', /^Push push-\d+ for lab cluster\?$/);
      assert.ok(modal?.detail.includes(`To ${at}: 2 rows`) && modal.detail.includes(`Nothing is sent to ${ray.url}`), modal?.detail);
      assert.ok(preview.includes(`To: ${at}. Nothing is sent to lab cluster`) && !/key or token|═══ Request/.test(preview), preview.slice(0, 1000));
      assert.ok(preview.endsWith(bytesOf(at)));
      assert.ok(pushed.at(-1)?.text.includes(`2 rows at ${at}`), pushed.at(-1)?.text);
      assert.equal(ray.jobs.size + runFiles().length, 0);
      assert.equal(existsSync(recipeFile(set)), false);

      const { ino } = statSync(at);
      const first = await launching(set, [...ALL, /Launch on/], agree);
      assert.ok(first.dialogs.find((one) => one.modal)?.detail.includes(`These rows lie at ${at} on this machine already, byte for byte.`));
      assert.deepEqual([runFiles()[0]?.[0]?.plan?.file['at'], runFiles()[0]?.[0]?.plan?.file['sha256']], [at, createHash('sha256').update(bytesOf(at)).digest('hex')]);
      assert.equal(statSync(at).ino, ino, 'it is not written again');
      const holdRows = (): number => [...ray.packages.values()].filter((zip) => Buffer.from(zip).includes('train.jsonl')).length;
      assert.equal(holdRows(), 0, 'no rows in the package');

      // They travel along where the person wants that, and where what was pushed is not there any more.
      const beside = [/lab cluster/, /the recipe file beside the set/, 'tiny/model'];
      await launching(set, [...beside, '/shared/two', /Without a Template/, /Give the Rows by Path/, '', /Launch on/], agree);
      assert.equal(holdRows(), 1);
      rmSync(at);
      await launching(set, [...beside, '/shared/three', /Without a Template/, /Launch on/], agree);
      assert.equal(holdRows(), 2);
      assert.equal(runFiles().filter(([head]) => head?.plan?.file['at'] === undefined).length, 2);
    });
  });

  it('reads a recipe file as it stands, says what is wrong in it, and lets it be corrected there', async () => {
    await withRay(async (ray) => {
      const set = writeSet('push-file', SAMPLES);
      const at = path.join(path.dirname(set), 'push-file.train.jsonl');
      await launching(set, [...ALL, LEAVE]);
      ray.requests.length = 0;
      const edit = (batchSize: unknown) => (): void => {
        writeFileSync(recipeFile(set), JSON.stringify({ ...valuesIn(set), batchSize }));
      };
      edit('many')();
      let shown: AskedStep[] = [];
      const dialogs = await dialogsDuring(
        async () => {
          const answers = [/lab cluster/, /the recipe file beside the set/, /Without a Template/, at, /Edit Recipe/, after(edit(100), SAVE), /Edit Recipe/, after(edit(64), SAVE), /Push for lab cluster/];
          shown = await steps(answers, () => vscode.commands.executeCommand('cotLens.pushSet', set));
        },
        ({ modal, buttons }) => (modal ? buttons[0] : undefined),
      );
      const [faulty, contradicts, good] = looks(shown);
      assert.match(faulty?.rows.find((row) => /Recipe \| error/.test(row)) ?? '', /batchSize/);
      assert.match(contradicts?.rows.find((row) => /Steps \| error/.test(row)) ?? '', /batchSize 100 is no multiple/);
      assert.ok(good?.rows.some((row) => /Push for lab cluster/.test(row)));
      assert.match(dialogs.at(-1)?.text ?? '', /is pushed for lab cluster: 2 rows/);
      assert.equal(bytesOf(at).trimEnd().split('\n').length, 2);
      assert.equal(valuesIn(set)['batchSize'], 64);
      assert.deepEqual(asked(ray), []);
    });
  });

  it('sends the rows alone to a fine-tuning API after the confirm, says what they are called, and starts no run', async () => {
    const server = await startFakeFineTuning({ models: ['base-model'] });
    try {
      await withUserSettings({ 'cotLens.backends': [{ kind: 'openai', name: 'provider', url: server.url }] }, async () => {
        const set = writeSet('push-api', SAMPLES);
        let before: string[] = [];
        const dialogs = await dialogsDuring(
          () => steps([/provider/, /fine-tuning API/, /Push to provider/], () => vscode.commands.executeCommand('cotLens.pushSet', set)),
          ({ modal, buttons }) => {
            if (modal) before = server.requests.map(({ method }) => method);
            return modal ? buttons[0] : undefined;
          },
        );
        assert.ok(before.length > 0 && before.every((method) => method === 'GET'), before.join());
        assert.equal(server.files.length, 1);
        assert.match(dialogs.at(-1)?.text ?? '', /is pushed to provider: 2 rows, [\d,]+ bytes, called file-\S+ there\./);
        assert.equal(server.jobs.length + runFiles().length, 0);
      });
    } finally {
      await server.stop();
    }
  });
});
