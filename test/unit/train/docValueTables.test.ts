import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAiSetting, raySetting } from '../../../src/train/backends/backendSetting';
import { recipeSchema } from '../../../src/train/recipeSchemas';
import { TRAINING_RECIPES } from '../../../src/train/recipes';
import { ROWS_FILE } from '../../../src/train/rowsFile';
import { root } from '../../harness/root';
import { codeIn, docTables, tableUnder } from './docTables';
import { plainWords, recipeValueRows, type ValueRow } from './recipeValueRows';

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const DOC = read('docs/training.md');

describe('the tables of values in docs/training.md', () => {
  const names = TRAINING_RECIPES.map(({ name }) => name);
  const tables = docTables(DOC).filter(({ heading }) => heading === 'Values');
  /** The rows of all tables that are about a recipe. */
  const saidOf = (recipe: string): readonly ValueRow[] =>
    tables.filter(({ before }) => codeIn(before).includes(recipe)).flatMap(({ rows }) => rows.map(([name = '', kind = '', preset = '', words = '']) => ({ name: codeIn(name).join(), kind, preset, words: plainWords(words) })));

  it.each(tables)('stand under names of recipes: $before', ({ before, header }) => {
    expect(codeIn(before).length).toBeGreaterThan(0);
    expect(names).toEqual(expect.arrayContaining([...codeIn(before)]));
    expect(header).toEqual(['value', '', 'default', '']);
  });

  it.each(TRAINING_RECIPES)('say each value of $name once, with its kind, default and words, and no other', (recipe) => {
    const byName = (rows: readonly ValueRow[]): readonly ValueRow[] => [...rows].sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(byName(saidOf(recipe.name))).toEqual(byName(recipeValueRows(recipeSchema(recipe))));
  });
});

describe('the tables of recipes and of what leaves the machine', () => {
  it('name each recipe with its label and the format of its rows', () => {
    const rows = tableUnder(DOC, 'The recipes').rows.map(([label, format]) => [label, format]);
    expect(rows).toEqual(TRAINING_RECIPES.map(({ name, label, format }) => [`${label} (\`${name}\`)`, `\`${format}\``]));
  });

  it('name each file of a package, and none that there is not', () => {
    const files = new Set([ROWS_FILE]);
    for (const recipe of TRAINING_RECIPES) {
      const values = recipe.read({ recipe: recipe.name, model: 'm', ...(recipe.backend === 'ray' ? { outputDir: '/o' } : {}) });
      if ('faults' in values) throw new Error(values.faults.join());
      const job = values.job(ROWS_FILE);
      if (job.kind === 'trainer') for (const name of Object.keys(job.files)) files.add(name);
    }
    const [, what = ''] = tableUnder(DOC, 'The preview, and what leaves the machine').rows[0] ?? [];
    expect([...new Set(codeIn(what).filter((code) => /^\w+\.\w+$/.test(code)))].sort()).toEqual([...files].sort());
  });
});

describe('the table of a backend’s fields', () => {
  interface Setting {
    readonly properties: Readonly<Record<string, { readonly items?: { readonly oneOf: readonly Entry[] } }>>;
  }
  interface Entry {
    readonly properties: Readonly<Record<string, { readonly const?: string; readonly maxLength?: number }>>;
  }
  const { rows } = tableUnder(DOC, 'Backends and keys');
  const { contributes } = JSON.parse(read('package.json')) as { readonly contributes: { readonly configuration: Setting | readonly Setting[] } };
  const entries = [contributes.configuration].flat().flatMap(({ properties }) => properties['cotLens.backends']?.items?.oneOf ?? []);
  const fieldsOf = (kind: string): readonly string[] => Object.keys(entries.find(({ properties }) => properties['kind']?.const === kind)?.properties ?? {}).sort();

  it('has each field of the setting once, and says whose it is', () => {
    const inTable = rows.flatMap(([names = '', of = '']) => codeIn(names).map((name) => ({ name, of })));
    const named = (...whose: readonly string[]): readonly string[] => inTable.filter(({ of }) => whose.includes(of)).map(({ name }) => name).sort();
    expect(entries).toHaveLength(2);
    expect(named('both', 'Ray')).toEqual(fieldsOf('ray'));
    expect(named('both', 'API')).toEqual(fieldsOf('openai'));
    expect(named('both', 'Ray', 'API')).toHaveLength(inTable.length);
  });

  it('speaks of the fields that are read, and of the longest name', () => {
    expect(Object.keys(raySetting.shape).sort()).toEqual(fieldsOf('ray'));
    expect(Object.keys(openAiSetting.shape).sort()).toEqual(fieldsOf('openai'));
    for (const { properties } of entries) expect(rows.find(([name]) => name === '`name`')?.[2]).toContain(`at most ${String(properties['name']?.maxLength)} characters`);
  });
});
