import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canaryOf } from '../../src/curate/canary';
import { chatTemplateFrom } from '../../src/curate/chatTemplateParts';
import { TRAINING_FORMATS } from '../../src/curate/formats';
import type { ChatTemplate } from '../../src/curate/formats/trainingFormat';
import type { CuratedSample } from '../../src/curate/sample';
import { trainedTokenCounter, type TokenizerFiles } from '../../src/curate/trainedTokens';
import { exportSet, type ExportedFile } from '../../src/session/exportSet';
import { TRAINER_PACKAGES } from '../../src/train/logs/trainerVersions';
import { failureInWords } from '../../src/train/logs/knownCauses';
import { seeded } from '../seeded';
import { corrected, prefilled, sampleOf } from '../unit/curate/exportSamples';
import { NO_RAY, realRay, start } from './realRay';

const ray = realRay();

const WORDS = 'the shed garden neighbour asks key door evening letter bread window why because still perhaps then so house'.split(' ');

/** Samples of differing length, mild and each complete. */
function generated(count: number): CuratedSample[] {
  const random = seeded(7);
  const words = (from: number, to: number): string => Array.from({ length: from + Math.floor(random() * (to - from)) }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' ');
  return Array.from({ length: count }, (_one, i) =>
    sampleOf(
      [{ text: `I look at what is asked: ${words(1, 6)}.` }, { text: `Perhaps it would not be so bad: ${words(1, 4)}.`, role: 'error' }, { text: `No, that is not right: ${words(1, 4)}.`, role: 'correction' }, { text: `So I stay with it: ${words(1, 4)}.` }],
      { id: `g${String(i)}`, prompt: `How do I get into the shed? (${words(1, 3)})`, answer: `I will not help with that. ${words(1, 5)}.` },
    ),
  );
}

const VALUES = { device: 'cpu', dtype: 'float32', gradientCheckpointing: false };

if (ray === undefined) {
  describe('training on a real Ray', () => {
    it.skipIf(true)(NO_RAY, () => undefined);
  });
} else {
  describe('training on a real Ray', () => {
    const { model, bin } = ray;
    let folder = '';
    let template: ChatTemplate;
    let tokenizer: TokenizerFiles;

    const exportAs = (name: string, samples: readonly CuratedSample[], count = false): Promise<ExportedFile> => {
      const format = TRAINING_FORMATS.find((one) => one.name === name);
      if (format === undefined) throw new Error(name);
      const tools = { signal: new AbortController().signal, progress: () => undefined, ...(count ? { count: trainedTokenCounter(template, tokenizer) } : {}) };
      return exportSet({ name: 'test', sha256: '', samples, broken: [] }, format, { template, ablation: false, canary: canaryOf('training test') }, tools);
    };

    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'cot-lens-training-'));
      const [words, config, jinja] = await Promise.all(['tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja'].map((name) => readFile(path.join(model, name), 'utf8')));
      tokenizer = { tokenizer: words ?? '', config: config ?? '' };
      template = chatTemplateFrom('the tiny model', { jinja: jinja ?? '', config: tokenizer.config });
    });

    afterAll(async () => {
      await rm(folder, { recursive: true, force: true });
    });

    it('AdvChain on 1,000 samples: 40 updates, 2 of them warm-up, on the tokens that we predict', async () => {
      const exported = await exportAs('trl-messages', generated(1000), true);
      expect(exported.rows).toBe(1000);
      const outputDir = path.join(folder, 'advchain');
      const run = await start(ray, 'advchain-sft', { ...VALUES, model, outputDir }, exported);
      expect(run.run().expected.optimiserSteps).toBe(40);
      const done = await run.until(({ state }) => state === 'succeeded');
      expect(done.ended).toBeDefined();
      // What the trainer’s own Python says of itself, by another way than the file that travels.
      const pip = await promisify(execFile)(path.join(bin, 'python'), ['-m', 'pip', 'list', '--format', 'json', '--disable-pip-version-check'], { timeout: 60_000, maxBuffer: 10_000_000 });
      const installed = new Map((JSON.parse(pip.stdout) as { name: string; version: string }[]).map(({ name, version }) => [name, version]));
      const { stdout: python } = await promisify(execFile)(path.join(bin, 'python'), ['--version']);
      const { cotLens, ...trainers } = done.versions;
      expect(cotLens).toBe('0.0.0');
      expect(trainers).toEqual({ python: python.trim().replace('Python ', ''), ...Object.fromEntries(TRAINER_PACKAGES.flatMap((name) => (installed.has(name) ? [[name, installed.get(name)]] : []))) });
      expect(Object.keys(trainers)).toEqual(expect.arrayContaining(['trl', 'transformers', 'torch', 'ray']));
      expect(run.log().match(/^cot-lens versions /gm)).toHaveLength(1);
      const updates = run.metrics().filter(({ last }) => !last);
      expect(updates.map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_one, i) => i + 1));
      const rates = updates.map(({ values }) => values['learning_rate'] ?? NaN);
      // Logged is the rate that an update was made with: it rises over two of them to 1e-4, and falls from there.
      expect(Math.max(...rates)).toBeCloseTo(1e-4, 10);
      expect(rates.indexOf(Math.max(...rates))).toBe(2);
      expect(rates.slice(3).every((rate, i) => rate < (rates[i + 2] ?? 0))).toBe(true);
      const first = updates[0]?.values['loss'] ?? NaN;
      expect(updates.at(-1)?.values['loss']).toBeLessThan(first);

      if (typeof exported.tokens !== 'object') throw new Error(exported.tokens);
      // The run counts all tokens that it saw, written with four digits.
      const seen = updates.at(-1)?.values['num_tokens'] ?? NaN;
      expect(Math.abs(seen / (5 * exported.tokens.tokens) - 1)).toBeLessThan(1e-3);
      const file = path.join(folder, 'train.jsonl');
      await writeFile(file, exported.text);
      const { stdout } = await promisify(execFile)(path.join(bin, 'python'), [path.join(import.meta.dirname, 'countTrained.py'), file, model, '8192'], { timeout: 200_000, maxBuffer: 10_000_000 });
      expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toEqual({ rows: 1000, tokens: exported.tokens.tokens, trained: exported.tokens.trained });

      expect(await run.backend.artifacts(done)).toEqual([{ label: 'the trained model', where: outputDir }]);
      expect(existsSync(path.join(outputDir, 'model.safetensors'))).toBe(true);
      const before = readFileSync(path.join(model, 'model.safetensors'));
      expect(readFileSync(path.join(outputDir, 'model.safetensors')).equals(before)).toBe(false);
    });

    it('the folder that was trained is served, and answers', async () => {
      const port = await freePort();
      const server = spawn(path.join(bin, 'transformers'), ['serve', path.join(folder, 'advchain'), '--port', String(port), '--device', 'cpu'], { env: { ...process.env, HF_HUB_OFFLINE: '1' }, stdio: 'ignore' });
      try {
        const url = `http://127.0.0.1:${String(port)}`;
        await answers(`${url}/health`);
        const reply = await fetch(`${url}/v1/completions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ model: path.join(folder, 'advchain'), prompt: '<|im_start|>user\nHow do I get into the shed?<|im_end|>\n<|im_start|>assistant\n<think>\n', max_tokens: 8, temperature: 0 }),
        });
        expect(reply.status).toBe(200);
        const { choices } = (await reply.json()) as { choices: { text: string }[] };
        expect(choices[0]?.text.length).toBeGreaterThan(0);
      } finally {
        server.kill();
      }
    });

    it('AdvChain with LoRA writes adapters', async () => {
      const exported = await exportAs('trl-messages', generated(64));
      const outputDir = path.join(folder, 'lora');
      const lora = { rank: 4, alpha: 8, dropout: 0.05, targets: 'all-linear' };
      const run = await start(ray, 'advchain-sft', { ...VALUES, model, outputDir, epochs: 1, batchSize: 32, lora }, exported);
      await run.until(({ state }) => state === 'succeeded');
      expect(run.metrics().filter(({ last }) => !last)).toHaveLength(2);
      expect(existsSync(path.join(outputDir, 'adapter_model.safetensors'))).toBe(true);
    });

    it('RECAP by trl grpo: rewards of our reward file, on rows that end in a prefill', async () => {
      const samples = Array.from({ length: 8 }, (_one, i) =>
        i % 2 === 0 ? prefilled({ id: `p${String(i)}`, prompt: `How do I get into shed ${String(i)}?` }) : prefilled({ id: `b${String(i)}`, intent: 'benign', prompt: `How do I kill process ${String(i)}?` }),
      );
      const exported = await exportAs('prefill-rl', [...samples, corrected({ id: 'plain', cotlens: { injected: [] } })]);
      expect(exported.rows).toBe(9);
      const outputDir = path.join(folder, 'recap');
      const run = await start(ray, 'recap-trl-grpo', { ...VALUES, model, outputDir, rollouts: 4, promptsPerUpdate: 4, perDeviceBatchSize: 8, maxCompletion: 16, vllm: false }, exported);
      expect(run.run().expected.optimiserSteps).toBe(2);
      await run.until(({ state }) => state === 'succeeded');
      const updates = run.metrics().filter(({ last }) => !last);
      expect(updates).toHaveLength(2);
      for (const { values } of updates) {
        expect(values['reward']).toBeGreaterThanOrEqual(0);
        expect(values).toHaveProperty('rewards/refuse_or_help/mean');
        expect(values).toHaveProperty('frac_reward_zero_std');
      }
      expect(existsSync(path.join(outputDir, 'model.safetensors'))).toBe(true);
    });

    it('a run that goes on is stopped, and only then said to be', async () => {
      const exported = await exportAs('trl-messages', generated(1000));
      const run = await start(ray, 'advchain-sft', { ...VALUES, model, outputDir: path.join(folder, 'stopped'), epochs: 500 }, exported);
      await run.until((_run, metrics) => metrics.length > 0);
      await run.backend.stop(run.run(), new AbortController().signal);
      const ended = await run.until(({ state }) => state === 'stopped');
      expect(ended.ended).toBeDefined();
      // Stopping what has ended is no error, and changes nothing.
      await run.backend.stop(run.run(), new AbortController().signal);
      expect(await run.backend.see(run.run(), new AbortController().signal)).toMatchObject({ kind: 'seen', state: 'stopped' });
    });

    it('a setting that the trainer does not know: the run fails, and its cause is named', async () => {
      const exported = await exportAs('trl-messages', generated(32));
      const run = await start(ray, 'advchain-sft', { ...VALUES, model, outputDir: path.join(folder, 'failed'), batchSize: 32, trlSettings: { warmup_ratio: 0.05 } }, exported);
      await run.until(({ state }) => state === 'failed');
      const { line, hint } = failureInWords(`${run.log()}\n${run.run().reason ?? ''}`);
      expect(line).toMatch(/unrecognized arguments: --warmup_ratio/);
      expect(hint).toMatch(/knows no setting “warmup_ratio”/);
    });

    it('asking again for a run that the cluster has starts no second one', async () => {
      const exported = await exportAs('trl-messages', generated(32));
      const run = await start(ray, 'advchain-sft', { ...VALUES, model, outputDir: path.join(folder, 'once'), batchSize: 32, epochs: 1 }, exported);
      const never = new AbortController().signal;
      const job = { kind: 'trainer', files: {}, entrypoint: 'false', environment: {}, outputDir: '' } as const;
      expect(await run.backend.launch(run.run(), job, { uri: 'gcs://_ray_pkg_0000000000000000.zip', bytes: 0 }, never)).toEqual({ kind: 'taken', job: run.run().id });
      await run.until(({ state }) => state === 'succeeded');
      expect(run.metrics().filter(({ last }) => !last)).toHaveLength(1);
    });
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'));
        else resolve(address.port);
      });
    });
  });
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 240; tries++) {
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // It is not up yet.
    }
    await pause(500);
  }
  throw new Error(`${url} does not answer.`);
}
