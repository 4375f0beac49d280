import { describe, expect, it } from 'vitest';
import { recipeSchema } from '../../../src/train/recipeSchemas';
import { TRAINING_RECIPES, trainingRecipe } from '../../../src/train/recipes';
import { outputPlaceProblem } from '../../../src/train/recipes/plainText';

const MUST = { model: 'org/model', outputDir: '/shared/out' };
const RAY = TRAINING_RECIPES.filter(({ backend }) => backend === 'ray');
const faults = (name: string, values: object): readonly string[] => {
  const read = trainingRecipe(name)?.read({ recipe: name, ...(name === 'advchain-fine-tuning-api' ? { model: MUST.model } : MUST), ...values });
  if (read === undefined) throw new Error(`no recipe ${name}`);
  return 'faults' in read ? read.faults : [];
};

/** What hides, reorders, or begins a line. */
const UNSEEN = { newline: '\n', return: '\r', separator: '\u2028', escape: '\u001B', override: '\u202E', isolate: '\u2066', zeroWidth: '\u200B', tag: '\u{E0041}' };

describe('an output folder', () => {
  it.each(RAY.map(({ name }) => name))('of %s is a path from the root: a trainer takes anything else as a folder of the job, which is deleted', (name) => {
    for (const outputDir of ['/shared/out', '/', '/mnt/a b/ü', ' /shared/out ', '/shared/$USER/out']) expect([outputDir, faults(name, { outputDir })]).toEqual([outputDir, []]);
    for (const outputDir of ['out', './out', '../out', '~/out', '$HOME/out', '${HOME}/out', 's3://bucket/out', 'file:///shared/out', 'C:\\out', '\\\\host\\out', '', ' ']) {
      expect([outputDir, faults(name, { outputDir })]).toEqual([outputDir, [expect.stringMatching(/^outputDir: must be .*lost|^outputDir: must be a path from the root.*which the cluster deletes$/) as string]]);
    }
  });

  it('is refused in words that say what the trainer would do with it', () => {
    expect(outputPlaceProblem('/shared/out')).toBeUndefined();
    expect(outputPlaceProblem('~/out')).toMatch(/so that ~ stays as it is/);
    expect(outputPlaceProblem('$HOME/out')).toMatch(/so that \$… stays as it is/);
    expect(outputPlaceProblem('s3://bucket/out')).toMatch(/take an address for the name of one/);
    expect(outputPlaceProblem('out')).toMatch(/has to begin with \//);
    expect(outputPlaceProblem('')).toMatch(/without one the trained model is lost/);
    expect(outputPlaceProblem('/out\nforged')).toMatch(/a line break \(U\+000A\)/);
  });
});

describe('the texts of a recipe', () => {
  const texts: readonly (readonly [string, string, (text: string) => object])[] = [
    ...RAY.flatMap(({ name }) => [
      [name, 'model', (text: string) => ({ model: text })] as const,
      [name, 'outputDir', (text: string) => ({ outputDir: `/${text}` })] as const,
      [name, 'lora.targets', (text: string) => ({ lora: { targets: text } })] as const,
    ]),
    ...['recap-trl-grpo', 'recap-verl'].flatMap((name) => [
      [name, 'guard.model', (text: string) => ({ guard: { baseUrl: 'http://guard:1/v1', model: text } })] as const,
      [name, 'guard.baseUrl', (text: string) => ({ guard: { baseUrl: `http://guard:1/${text}`, model: 'm' } })] as const,
    ]),
    ...['advchain-sft', 'recap-trl-grpo'].map((name) => [name, 'trlSettings.run_name', (text: string) => ({ trlSettings: { run_name: text } })] as const),
    ['advchain-sft', 'optimizer', (text) => ({ optimizer: text })],
    ['advchain-sft', 'chatTemplatePath', (text) => ({ chatTemplatePath: text })],
    ['advchain-fine-tuning-api', 'model', (text) => ({ model: text })],
    ['advchain-fine-tuning-api', 'suffix', (text) => ({ suffix: text })],
  ];

  it.each(texts)('of %s: %s has no line break and nothing that hides or reorders what is shown', (name, field, of) => {
    expect(faults(name, of('ab'))).toEqual([]);
    for (const [what, mark] of Object.entries(UNSEEN)) {
      // Line breaks are no part of an address: they are taken out when it is read.
      if (field === 'guard.baseUrl' && /[\n\r]/.test(mark)) expect(trainingRecipe(name)?.read({ recipe: name, ...MUST, ...of(`a${mark}b`) })).toMatchObject({ values: { guard: { baseUrl: 'http://guard:1/ab' } } });
      else expect([what, faults(name, of(`a${mark}b`))]).toEqual([what, [expect.stringMatching(new RegExp(`^${field.replaceAll('.', '\\.')}: must be one line .*\\(U\\+[0-9A-F]{4,5}\\)$`)) as string]]);
    }
  });

  it('are held to it by the schema too, while the file is written', () => {
    for (const recipe of TRAINING_RECIPES) {
      const { model, outputDir } = recipeSchema(recipe)['properties'] as Record<string, { readonly pattern: string; readonly patternErrorMessage: string }>;
      // As VS Code reads a pattern.
      expect(new RegExp(model?.pattern ?? '', 'u').test('org/model') && !new RegExp(model?.pattern ?? '', 'u').test('org\nmodel')).toBe(true);
      if (recipe.backend !== 'ray') continue;
      expect(['/shared/out', 'out', '~/out', '/a\u202Eb'].map((text) => new RegExp(outputDir?.pattern ?? '', 'u').test(text))).toEqual([true, false, false, false]);
      expect(outputDir?.patternErrorMessage).toMatch(/path from the root/);
    }
  });
});
