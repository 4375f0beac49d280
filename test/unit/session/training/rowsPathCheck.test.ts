import { describe, expect, it } from 'vitest';
import { rowsAddressProblem, rowsPathCheck } from '../../../../src/session/training/rowsPathCheck';
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

  it('is refused where it would carry a secret into the run’s record, without repeating it', () => {
    for (const at of ['https://lab.example/rows.jsonl?X-Amz-Signature=hunter2', 'https://me:hunter2@lab.example/rows.jsonl', 'https://hunter2@lab.example/rows.jsonl', 's3://me:hunter2@bucket/rows.jsonl', 'abfs://c@account/rows.jsonl?sig=hunter2', 'https://lab.example/rows.jsonl#hunter2', 'zip://rows.jsonl::https://me:hunter2@lab.example/a.zip', 'HTTPS://hunter2@lab.example/a']) {
      for (const name of ['recap-trl-grpo', 'recap-verl']) {
        const found = rowsPathCheck(recipe(name), at);
        expect(found, at).toMatchObject({ about: 'Rows by path', status: 'error', said: expect.stringMatching(/^The address of the rows stands in .*no user, password.*“Give the Rows by Path…”\.$/) as string });
        expect(found?.said).not.toContain('hunter2');
      }
    }
    // Also where the values contradict each other, since it may be kept until they do not.
    expect(rowsPathCheck(recipe('recap-verl', { gpusPerNode: 8, tensorParallel: 3 }), 's3://bucket/rows.jsonl?sig=x')).toMatchObject({ status: 'error' });
    for (const at of ['/shared/rows.jsonl', '/shared/a@b?c#d.jsonl', 's3://bucket/rows.jsonl', 'https://lab.example/a@b/rows.jsonl', 'hf://datasets/me/rows@v1/rows.jsonl', 'abfs://container@account/rows.jsonl', 'hdfs://me@name/rows.jsonl']) expect(rowsAddressProblem(at), at).toBeUndefined();
  });
});
