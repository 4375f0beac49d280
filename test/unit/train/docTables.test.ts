import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { TRAINING_FORMATS, trainingFormatNamed } from '../../../src/curate/formats';
import type { CuratedSample } from '../../../src/curate/sample';
import { sampleRow } from '../../../src/curate/sampleLine';
import { exportSet, type ExportedFile } from '../../../src/session/exportSet';
import { prepareLaunch } from '../../../src/session/training/prepareLaunch';
import { MOST_PAGES } from '../../../src/train/backends/openai/listWalk';
import { LARGEST_PACKAGE } from '../../../src/train/backends/ray/rayPackage';
import { failureInWords } from '../../../src/train/logs/knownCauses';
import { trainingRecipe } from '../../../src/train/recipes';
import { REQUESTS_PER_MINUTE } from '../../../src/train/runs/requestBudget';
import { RUN_STATES } from '../../../src/train/runs/run';
import { root } from '../../harness/root';
import { corrected } from '../curate/exportSamples';
import { codeIn, docTables, tableUnder } from './docTables';
import { patternsIn } from './sourcePatterns';

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const DOC = read('docs/training.md');
const CURATING = read('docs/curating.md');

describe('the table of known causes', () => {
  const phrases = tableUnder(DOC, 'Known causes').rows.map(([said = '']) => codeIn(said).map((phrase) => phrase.replaceAll('…', '1')));

  it('quotes only what a hint is given for', () => {
    for (const phrase of phrases.flat()) expect([phrase, failureInWords(phrase).hint]).toEqual([phrase, expect.stringMatching(/\S/) as string]);
  });

  it('has a row for each cause and a cause for each row', () => {
    const causes = patternsIn(read('src/train/logs/knownCauses.ts'), 'like');
    expect(causes.length).toBeGreaterThan(10);
    // By their places among the causes; of a row all phrases are of one.
    const matched = phrases.map((row) => [...new Set(row.map((phrase) => causes.findIndex((like) => like.test(phrase))))].join());
    expect(matched.sort()).toEqual(causes.map((_, i) => String(i)).sort());
  });
});

describe('the other tables of docs/training.md', () => {
  it('have each state of a run once', () => {
    expect(tableUnder(DOC, 'A launch happens once').rows.flatMap(([states = '']) => codeIn(states)).sort()).toEqual([...RUN_STATES].sort());
  });

  it('have all that is looked at before a launch, and nothing else', () => {
    const folder = 'src/session/training';
    const files = [...readdirSync(path.join(root, folder)).filter((name) => name.endsWith('.ts')).map((name) => `${folder}/${name}`), 'src/views/launchRecipe.ts'];
    const looked = new Set(files.flatMap((file) => [...read(file).matchAll(/\babout(?: =|:) '([^']+)'/g)].map(([, about = '']) => about)));
    expect(looked.size).toBeGreaterThan(10);
    expect(tableUnder(DOC, 'What is looked at').rows.map(([about = '']) => about.replace(/ \(.*\)$/, '')).sort()).toEqual([...looked].sort());
  });

  it('have the limits as they are', () => {
    const limits = tableUnder(DOC, 'Limits').rows.map((row) => row.join(': ')).join('\n');
    for (const said of [`a package: ${String(LARGEST_PACKAGE / 1024 / 1024)} MiB,`, `requests: ${String(REQUESTS_PER_MINUTE)} a minute`, `the ${(MOST_PAGES * 100).toLocaleString('en-US')} newest`]) expect(limits).toContain(said);
  });

  it('stand beside the numbers of the reward file', () => {
    const rewards = read('src/train/rewards/safety_rewards.py');
    const number = (name: string): string => Number(new RegExp(`^${name} = ([\\d.]+)$`, 'm').exec(rewards)?.[1]).toLocaleString('en-US');
    const section = DOC.slice(DOC.indexOf('\n## Rewards'), DOC.indexOf('\n## What is kept'));
    for (const said of [`tried ${number('TRIES')} times`, `given up after ${number('TIMEOUT')} s`, `at most ${number('MOST_TOKENS')} tokens`, `after ${number('GIVE_UP')} verdicts`, `first ${number('BEGINNING')} characters`, `fewer than ${number('FEWEST_WORDS')} words`]) {
      expect(section).toContain(said);
    }
  });
});

describe('what is kept of a run', () => {
  it('is named, to each field of the plan', async () => {
    const [recipe, format] = [trainingRecipe('advchain-sft'), trainingFormatNamed('trl-messages')];
    const values = recipe?.read({ recipe: 'advchain-sft', model: 'm', outputDir: '/o' });
    if (recipe === undefined || format === undefined || values === undefined || 'faults' in values) throw new Error('no recipe');
    const exported = await exportedOf('trl-messages', corrected());
    const { plan } = prepareLaunch(
      { set: setOf(corrected()), setPath: 'kitchen.curated.jsonl', backend: { kind: 'ray', name: 'lab', url: 'http://127.0.0.1:8265' }, recipe, read: values, format, ablation: false, exported, canary: 'C', at: '/shared/rows.jsonl', versions: { cotLens: '1.0.0' } },
      new Date(0),
    );
    const paragraph = DOC.split('\n').find((line) => line.startsWith('**`<id>.run.jsonl`**')) ?? '';
    expect(codeIn(paragraph)).toEqual(expect.arrayContaining([plan, plan.backend, plan.set, plan.file, plan.expected].flatMap((part) => Object.keys(part))));
  });
});

describe('the tables of docs/curating.md', () => {
  const formats = docTables(CURATING).find(({ header }) => header[0] === 'format')?.rows ?? [];

  it('have each field of a set’s line once', () => {
    const every: Required<CuratedSample> = { ...corrected(), system: 's', expected: '72', model: 'm', source: 's', note: 'n', ablation: true, from: 'a.cot', base: { steps: [], answer: '' } };
    expect(tableUnder(CURATING, 'A line').rows.flatMap(([names = '']) => codeIn(names)).sort()).toEqual(Object.keys(sampleRow(every)).sort());
  });

  it('have each training format once', () => {
    expect(formats.flatMap(([name = '']) => codeIn(name))).toEqual(TRAINING_FORMATS.map(({ name }) => name));
  });

  it('name the columns of prefill rows', async () => {
    const { text, leftOut } = await exportedOf('prefill-rl', corrected({ recipe: 'none', expected: '72', cotlens: { injected: [] } }));
    expect(leftOut).toEqual([]);
    const said = codeIn(formats.find(([name]) => name === '`prefill-rl`')?.at(-1) ?? '');
    const ofAll = codeIn(CURATING.split('\n').find((line) => line.startsWith('Reasoning stands between')) ?? '');
    expect([...said, ...ofAll]).toEqual(expect.arrayContaining(Object.keys(JSON.parse(text) as object)));
  });
});

function setOf(sample: CuratedSample): Parameters<typeof exportSet>[0] {
  return { name: 'kitchen', sha256: 'abc', samples: [sample], broken: [] };
}

async function exportedOf(name: string, sample: CuratedSample): Promise<ExportedFile> {
  const format = trainingFormatNamed(name);
  if (format === undefined) throw new Error(`no format ${name}`);
  const template = { model: 'm', template: "{{ messages[0]['content'] }}{% if add_generation_prompt %}[assistant]{% endif %}", tokens: {} };
  return exportSet(setOf(sample), format, { ablation: false, canary: 'C', ...(format.needsTemplate ? { template } : {}) }, { signal: new AbortController().signal, progress: () => undefined, count: () => ({ tokens: 50, trained: 30, cut: 0 }) });
}
