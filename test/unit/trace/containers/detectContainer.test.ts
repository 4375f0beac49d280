import { describe, expect, it } from 'vitest';
import { containers, detectContainer } from '../../../../src/trace/containers';

describe('the container of a file', () => {
  const list = containers();

  it.each<[string, string, string | undefined]>([
    ['set.jsonl', '{"a":1}\n', 'jsonl'],
    ['set.json', '[{"a":1}]', 'json'],
    ['set.json', '{"a":1}\n{"a":2}\n', 'jsonl'],
    ['set.jsonl', '[\n {"a":1}\n]', 'json'],
    ['set.csv', 'a,b\n', 'csv'],
    ['set.tsv', 'a\tb\n', 'tsv'],
    ['set', '{"a": 1}\n{"a": 2}', 'jsonl'],
    ['notes.md', '# Beans', undefined],
    ['set.csv', 'PK\u0003\u0004', undefined],
  ])('%s with %j is %s', (name, head, container) => {
    expect(detectContainer(list, Buffer.from(head), name)?.name).toBe(container);
  });

  it('is asked of archives first, which are known by their first bytes', () => {
    const archive = { name: 'archive', writable: false, detect: (head: Uint8Array) => head[0] === 0x50 } as unknown as (typeof list)[0];
    expect(detectContainer(containers(archive), Buffer.from('PK'), 'set.csv')?.name).toBe('archive');
  });
});
