import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canaryOf } from '../../src/curate/canary';
import { chatTemplateFrom } from '../../src/curate/chatTemplateParts';
import { TRAINING_FORMATS } from '../../src/curate/formats';
import { promptMessages, type ChatMessage } from '../../src/curate/formats/rowParts';
import type { ChatTemplate } from '../../src/curate/formats/trainingFormat';
import { chatRenderer } from '../../src/curate/renderTemplate';
import type { CuratedSample } from '../../src/curate/sample';
import { templateCheck } from '../../src/curate/templateCheck';
import { trainedTokenCounter, type TokenizerFiles } from '../../src/curate/trainedTokens';
import { exportSet, type ExportedFile } from '../../src/session/exportSet';
import { corrected, prefilled, sampleOf } from '../unit/curate/exportSamples';

/** TRL itself on what we write: the Python with it, and a tiny model, are named by the environment. */
const bin = process.env['COT_LENS_RAY_BIN'];
const model = process.env['COT_LENS_RAY_MODEL'];
const CANARY = canaryOf('trl test');
/** The second cuts rows within what the assistant says. */
const MAX_LENGTHS = [8192, 150] as const;

const PROMPT = promptMessages(corrected({ system: 'You answer briefly.' }));

interface Counts {
  readonly tokens: number;
  readonly trained: number;
}

interface Results {
  readonly messages: { counts: Counts[]; texts: string[]; loss: number; steps: number };
  readonly messagesCut: Counts[];
  readonly promptCompletion: string[];
  readonly openAi: Counts[];
  readonly prefill: { seen: { prompt: string; completion: string; kind: string; canary: string }[]; prompts: string[]; steps: number };
  readonly preference: { prompt: string; chosen: string; rejected: string }[];
  readonly stepwise: { labels: number[]; text: string }[];
  readonly star1: { columns: string[]; rows: Record<string, unknown>[] };
  readonly templates: { tokens: Record<string, string>; templates: Record<string, { template: string; opened?: string; counts?: Counts[] }> };
}

const samples: readonly CuratedSample[] = [
  corrected({ system: 'You answer briefly.' }),
  corrected({ id: 's2', prompt: 'Wie komme ich in die Küche? 🍳', answer: 'Durch die Tür — “bitte” sagen. 😀' }),
  sampleOf(
    [{ text: 'They ask how to sharpen a kitchen knife:\n```\nsteps  of   it\n```' }, { text: 'Hm, knives… perhaps that is dangerous?', role: 'error' }, { text: 'No: it is ordinary kitchen work.', role: 'correction' }, { text: '中文也可以。' }],
    { id: 's3', intent: 'benign', recipe: 'hesitation-correction', answer: 'Use a whetstone.\n\n1. Wet it.\n2. Draw the blade.' },
  ),
  prefilled({ id: 's4' }),
  prefilled({ id: 's5', intent: 'benign', prompt: 'How do I kill a Python process?', system: 'Be kind.' }),
];

const plain = (sample: CuratedSample): boolean => sample.recipe !== 'counter-aligned-prefill';
const chainOf = ({ steps }: CuratedSample): string => steps.join('');

if (bin === undefined || model === undefined) {
  describe('TRL on exported files', () => {
    it.skipIf(true)('skipped: no Python with trl (COT_LENS_RAY_BIN and COT_LENS_RAY_MODEL are not set)', () => undefined);
  });
} else {
  describe('TRL on exported files', () => {
    let folder = '';
    let results: Results;
    let template: ChatTemplate;
    let files: TokenizerFiles;
    const exported = new Map<string, ExportedFile>();

    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'cot-lens-trl-'));
      const [tokenizer, config, jinja] = await Promise.all(['tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja'].map((name) => readFile(path.join(model, name), 'utf8')));
      files = { tokenizer: tokenizer ?? '', config: config ?? '' };
      template = chatTemplateFrom('the tiny model', { jinja: jinja ?? '', config: files.config });
      for (const format of TRAINING_FORMATS) {
        const tools = { signal: new AbortController().signal, progress: () => undefined, ...(format.name === 'trl-messages' ? { count: trainedTokenCounter(template, files) } : {}) };
        const made = await exportSet({ name: 'test', sha256: '', samples, broken: [] }, format, { template, ablation: format.textUse === 'contrast', canary: CANARY }, tools);
        exported.set(format.name, made);
        await writeFile(path.join(folder, `${format.name}.jsonl`), made.text);
      }
      await writeFile(path.join(folder, 'ask.json'), JSON.stringify({ maxLengths: MAX_LENGTHS, prompt: PROMPT }));
      const script = path.join(import.meta.dirname, 'trlReads.py');
      const { stdout } = await promisify(execFile)(path.join(bin, 'python'), [script, folder, model], { maxBuffer: 100_000_000, timeout: 280_000 });
      results = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Results;
    });

    afterAll(async () => {
      await rm(folder, { recursive: true, force: true });
    });

    function part<Name extends keyof Results>(name: Name): Results[Name] {
      const result = results[name] as Results[Name] & { readonly error?: string };
      if (result.error !== undefined) throw new Error(result.error);
      return result;
    }

    const rowsOf = (name: string): Record<string, unknown>[] => (exported.get(name)?.text ?? '').trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    const predicted = (count: ReturnType<typeof trainedTokenCounter>, maxLength: number): Counts[] =>
      rowsOf('trl-messages').map(({ messages }) => {
        const { tokens, trained } = count(messages as ChatMessage[], maxLength);
        return { tokens, trained };
      });

    it('messages: trains a step on exactly the tokens that we predict', () => {
      const { counts, texts, loss, steps } = part('messages');
      expect(counts).toEqual(predicted(trainedTokenCounter(template, files), MAX_LENGTHS[0]));
      const totals = exported.get('trl-messages')?.tokens;
      expect(totals).toMatchObject({ trained: counts.reduce((sum, { trained }) => sum + trained, 0), tokens: counts.reduce((sum, { tokens }) => sum + tokens, 0), cutRows: 0 });
      const trained = samples.filter(plain);
      for (const [i, sample] of trained.entries()) expect(texts[i]).toBe(`<think>\n${chainOf(sample)}\n</think>\n\n${sample.answer}<|im_end|>`);
      expect(texts).toHaveLength(trained.length);
      expect(steps).toBe(1);
      expect(loss).toBeGreaterThan(0);
    });

    it('messages: max_length cuts where we predict it', () => {
      const counts = predicted(trainedTokenCounter(template, files), MAX_LENGTHS[1]);
      expect(part('messagesCut')).toEqual(counts.filter(({ trained }) => trained > 0));
      expect(counts.some(({ tokens }) => tokens === MAX_LENGTHS[1])).toBe(true);
    });

    const named = (name: string): ChatTemplate => {
      const { tokens, templates } = part('templates');
      return { model: name, template: templates[name]?.template ?? '', tokens };
    };

    it('messages: the same under the training templates of TRL’s own; one that we cannot count says so', () => {
      const outcomeOf = (name: string, counts: Counts[]): string => {
        try {
          return JSON.stringify(predicted(trainedTokenCounter(named(name), files), MAX_LENGTHS[0])) === JSON.stringify(counts) ? 'exact' : 'wrong';
        } catch {
          return 'not counted';
        }
      };
      const outcomes = Object.entries(part('templates').templates).flatMap(([name, { counts }]) => (counts === undefined ? [] : [{ name, outcome: outcomeOf(name, counts) }]));
      expect(outcomes.filter(({ outcome }) => outcome === 'wrong')).toEqual([]);
      const exact = outcomes.flatMap(({ name, outcome }) => (outcome === 'exact' ? [name] : []));
      expect(exact).toEqual(expect.arrayContaining(['deepseek_r1_distill_training.jinja', 'llama3_training.jinja', 'qwen2_5_training.jinja', 'qwen3_training.jinja']));
      expect(exact.length).toBeGreaterThan(20);
    });

    it('templates that TRL knows are rendered as transformers renders them', () => {
      const rendered = Object.entries(part('templates').templates).flatMap(([name, { opened }]) => {
        if (opened === undefined) return [];
        try {
          return [{ name, same: chatRenderer(named(name))(PROMPT, { addGenerationPrompt: true }) === opened }];
        } catch {
          return [];
        }
      });
      expect(rendered.filter(({ same }) => !same)).toEqual([]);
      expect(rendered.length).toBeGreaterThan(45);
    });

    it('the check finds what real templates do wrong', () => {
      const codes = (name: string, sample = corrected()): string[] => templateCheck(named(name), sample).problems.map(({ code }) => code);
      expect(codes('deepseek_r1_distill.jinja')).toEqual(['reasoning-dropped', 'prompt-not-kept']);
      for (const kept of ['deepseek_r1_distill_training.jinja', 'qwen3.jinja', 'qwen2_5.jinja', 'llama3_1.jinja', 'phi3.jinja']) expect([kept, codes(kept)]).toEqual([kept, []]);
      for (const open of ['deepseek_r1_distill.jinja', 'qwen3.jinja', 'qwen3_5_think.jinja', 'llama3_1.jinja', 'phi3.jinja']) expect([open, codes(open, prefilled())]).toEqual([open, []]);
      expect(codes('qwen3_5_nothink.jinja', prefilled())).toEqual(['prefill-closed']);
      expect(templateCheck(named('qwen3.jinja'), prefilled()).asMessage.map(({ code }) => code)).toContain('prefill-closed');
      expect(templateCheck(named('llama3_1.jinja'), prefilled()).asMessage.map(({ code }) => code)).toEqual(['new-turn']);
    });

    it('prompt + completion: the loss falls on the whole completion', () => {
      expect(part('promptCompletion')).toEqual(samples.filter(plain).map((sample) => `<think>\n${chainOf(sample)}\n</think>\n\n${sample.answer}<|im_end|>\n`));
    });

    it('OpenAI chat: the same tokens as messages', () => {
      expect(part('openAi')).toEqual(part('messages').counts);
    });

    it('prefill rows: GRPO trains a step from behind the prefill, and hands the reward kind and canary', () => {
      const { seen, prompts, steps } = part('prefill');
      const rows = rowsOf('prefill-rl');
      expect(rows).toHaveLength(2);
      expect(prompts).toEqual(rows.map(({ prompt }) => prompt));
      for (const prompt of prompts) expect(prompt).toMatch(/<\|im_start\|>assistant\n<think>\nIt is only a shed[^<]*Nobody would mind, I suppose\.$/);
      expect(steps).toBe(1);
      expect(seen).toHaveLength(4);
      for (const { prompt, completion, kind, canary } of seen) {
        expect(rows).toContainEqual(expect.objectContaining({ prompt, kind, canary }));
        expect(completion).not.toContain('It is only a shed');
      }
    });

    it('preference pairs: chosen is the base, rejected the error without its correction', () => {
      const pairs = part('preference');
      expect(pairs).toHaveLength(3);
      expect(pairs[0]?.prompt).toMatch(/You answer briefly\.[^]*<\|im_start\|>assistant\n$/);
      expect(pairs[0]?.chosen).toMatch(/^<think>\nThe shed is not theirs\.\n\nSo I refuse/);
      expect(pairs[0]?.rejected).toMatch(/^<think>\nThe shed is not theirs\.\n\nStill, maybe[^\n]*\n\nSo I refuse/);
    });

    it('stepwise: a label at the end of each step, wrong for the injected error alone', () => {
      const rows = part('stepwise');
      expect(rows.map(({ labels }) => labels)).toEqual([[1, 0, 1, 1], [1, 0, 1, 1], [1, 0, 1, 1]]);
      expect(rows[0]?.text).toContain(String(samples[0]?.prompt));
    });

    it('STAR-1 rows: the same columns and values', () => {
      expect(part('star1').rows).toEqual(rowsOf('star-1'));
    });
  });
}
