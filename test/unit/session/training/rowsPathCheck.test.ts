import { describe, expect, it } from 'vitest';
import { rowsPathCheck } from '../../../../src/session/training/rowsPathCheck';
import { trainingRecipe } from '../../../../src/train/recipes';

function recipe(name: string, values: object = {}) {
  const read = trainingRecipe(name)?.read({ recipe: name, model: 'm', outputDir: '/shared/out', ...values });
  if (read === undefined || 'faults' in read) throw new Error(read?.faults.join('\n') ?? 'no recipe');
  return read;
}

describe('where the rows are read from', () => {
  it('is refused before a launch where the trainer cannot read from there', () => {
    expect(rowsPathCheck(recipe('recap-verl'), 'https://lab.example/rows.jsonl')).toEqual({ about: 'Rows by path', status: 'error', said: 'verl reads the rows from a path or an hdfs: address, not over HTTP. Give a path on storage that all nodes share. Change it with “Give the Rows by Path…”.' });
    expect(rowsPathCheck(recipe('recap-verl'), '/shared/rows.jsonl')).toBeUndefined();
    expect(rowsPathCheck(recipe('recap-trl-grpo'), 'https://lab.example/rows.jsonl')).toBeUndefined();
    expect(rowsPathCheck(recipe('recap-verl'), undefined)).toBeUndefined();
    // What is wrong with the values is said of them.
    expect(rowsPathCheck(recipe('recap-verl', { gpusPerNode: 8, tensorParallel: 3 }), '/shared/rows.jsonl')).toBeUndefined();
  });
});
