import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { startFakeFineTuning } from '../harness/fakeFineTuning';
import type { FakeRay } from '../harness/fakeRay';
import { CLOSES_EMPTY } from '../unit/curate/chatTemplates';
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

/** Only the questions of the check: its version, and whether we may. */
const checksOnly = (ray: FakeRay): boolean => asked(ray).every((one) => one === 'GET /api/version' || one === 'GET /api/jobs/');

describe('Launch Fine-Tune…', function () {
  this.timeout(60_000);
  afterEach(async () => {
    forgetRuns();
    await closeAll();
  });

  it('launches a set: nothing is sent before the confirm, the run is written down first, and the key is nowhere', async () => {
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
      assert.match(row('Dual-use rule'), /^\$\(warning\).*3 rows of 4 samples go out; 1 left out \(bad: no correction follows its error/);
      assert.match(row('Steps'), /^\$\(pass\).*5 updates of batch 128; 1 of warm-up; 15 examples in all/);
      assert.match(row('Left out of the recipe'), /^\$\(pass\).*Nothing/);
      assert.match(row('Package'), /^\$\(pass\).*MB, of at most 100/);
    });
  });

  it('launches with what stands in the recipe file, says wrong values by name, and reads it once more at the end', async () => {
    await withRay(async (ray) => {
      const set = writeSet('edited', SAMPLES);
      const edit = (more: Record<string, unknown>): void => {
        writeFileSync(recipeFile(set), JSON.stringify({ ...valuesIn(set), ...more }, undefined, 2));
      };
      const changes: Record<string, unknown>[] = [{ batchSize: 'many' }, { batchSize: 32, seed: 7 }];
      let confirms = 0;
      const { shown, dialogs } = await launching(set, [...ALL, /Edit Recipe/, /Edit Recipe/, /Launch on/, /Launch on/], (dialog) => {
        if (dialog.buttons.includes('Save and Go On')) {
          edit(changes.shift() ?? {});
          return 'Save and Go On';
        }
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
      await launching(set, [/lab cluster/, /the recipe file beside the set/, 'tiny/model', '/shared/out', /Without a Template/, /Launch on/], agree);
      assert.equal(ray.jobs.size, 2);
      const [first] = ray.jobs.keys();
      let shown: AskedStep[] = [];
      await dialogsDuring(async () => {
        shown = await steps([/Launch on/], () => vscode.commands.executeCommand('cotLens.run.relaunch', first));
      }, agree);
      assert.deepEqual(shown.map(({ step, of }) => [step, of]), [[8, 8]]);
      assert.equal(ray.jobs.size, 3);
      assert.equal(runFiles().length, 3);
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
      assert.ok(dialogs.find(({ modal }) => modal)?.detail.includes(`The rows are written to ${at} from here`));
      assert.equal(bytesOf(at).trimEnd().split('\n').length, 2);
      assert.equal(runFiles()[0]?.[0]?.plan?.file['at'], at);
      assert.equal(ray.jobs.size, 1);
      assert.ok([...ray.packages.values()].every((zip) => !Buffer.from(zip).includes('train.jsonl')), 'no rows in the package');
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
      assert.match(said.find((row) => /Left out of the recipe/.test(row)) ?? '', /does not filter groups/);
      assert.equal(ray.jobs.size, 1);
      const [run] = runFiles();
      let again: AskedStep[] = [];
      await dialogsDuring(async () => {
        again = await steps([LEAVE], () => vscode.commands.executeCommand('cotLens.run.relaunch', run?.[0]?.plan?.id));
      });
      assert.deepEqual(again.map(({ step }) => step), [8], 'the template is known from before');
    });
  });

  it('says on a fine-tuning API what it cannot express and that it costs money, and carries the run’s name', async () => {
    const server = await startFakeFineTuning({ models: ['base-model'] });
    try {
      await withUserSettings({ 'cotLens.backends': [{ kind: 'openai', name: 'provider', url: server.url }] }, async () => {
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
        assert.match(detail, /This costs money/);
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

  it('sends the rows alone after the confirm, says what they are called, and starts no run', async () => {
    await withRay(async (ray) => {
      const set = writeSet('push', SAMPLES);
      let before: string[] = [];
      const dialogs = await dialogsDuring(
        () => steps([/lab cluster/, /AdvChain SFT All weights/, /Without a Template/, /Push to lab cluster/], () => vscode.commands.executeCommand('cotLens.pushSet', set)),
        ({ modal, buttons }) => {
          if (modal) before = asked(ray);
          return modal ? buttons[0] : undefined;
        },
      );
      assert.deepEqual(before, ['GET /api/version', 'GET /api/jobs/']);
      assert.deepEqual(ray.packages.size, 1);
      const [name] = ray.packages.keys();
      assert.ok(dialogs.at(-1)?.text.includes(`gcs://${String(name)}`), dialogs.at(-1)?.text);
      assert.match(dialogs.at(-1)?.text ?? '', /Ray drops it in ten minutes unless a run uses it/);
      assert.ok(!asked(ray).some((one) => one.startsWith('POST')));
      assert.equal(ray.jobs.size + runFiles().length, 0);
      assert.equal(existsSync(recipeFile(set)), false);
    });
  });
});
