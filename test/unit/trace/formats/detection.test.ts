import { describe, expect, it } from 'vitest';
import { detectFormat, FORMATS, formatNamed, readRow } from '../../../../src/trace/formats';
import { FIXTURES, FORMAT_OF, fixtureRows } from './fixtureRows';

describe('which format a row is of', () => {
  it('has a fixture for every format, and no fixture of none', () => {
    expect(Object.keys(FORMAT_OF).sort()).toEqual(FIXTURES);
    expect([...new Set(Object.values(FORMAT_OF))].sort()).toEqual(FORMATS.map(({ name }) => name).sort());
  });

  it.each(FIXTURES)('is told by its content, and no other format is as sure: %s', (name) => {
    for (const row of fixtureRows(name)) {
      const sure = Object.fromEntries(FORMATS.map((format) => [format.name, format.detect(row)]));
      const own = sure[FORMAT_OF[name] ?? ''] ?? 0;
      expect(own).toBeGreaterThan(0);
      const others = Object.entries(sure).filter(([other]) => other !== FORMAT_OF[name]);
      expect(others.filter(([, each]) => each >= own), JSON.stringify(row).slice(0, 200)).toEqual([]);
      expect(detectFormat(row)?.name).toBe(FORMAT_OF[name]);
    }
  });

  it('is told row by row in a mixed file', () => {
    expect(fixtureRows('mixed.jsonl').map((row) => readRow(row).format)).toEqual(['chat messages', 'STAR-1', 'TRL preference', undefined]);
  });

  it.each([
    [{ name: 'kitchen', version: '1.0.0', description: 'Cook things', main: 'index.js', scripts: { test: 'vitest run' }, dependencies: { yaml: '^2' } }],
    [{ compilerOptions: { target: 'ES2022', strict: true }, include: ['src'] }],
    [{ input: 'src/index.ts', output: 'dist/index.js' }],
    [{ input: 'src/index.ts', output: { file: 'dist/index.js', format: 'esm' }, plugins: [] }],
    [{ version: 2, tasks: [{ label: 'build', type: 'shell', command: 'make all' }] }],
    [{ type: 'module', content: ['./src/**/*.html'], theme: { extend: {} } }],
    [{ user: 'Ada Lovelace', email: 'ada@example.org' }],
    [{ query: '{ me { name } }', variables: {} }],
    [{ messages: [] }],
    [{ messages: { hello: 'Hello there', bye: 'Good bye' } }],
    [{ step: 12, loss: 0.3, model: 'kitchen' }],
    [{ text: 'btn' }],
    [{}],
  ])('is none for what is no trace: %j', (row) => {
    expect(readRow(row)).toEqual({ format: undefined, traces: [] });
  });

  it('can be chosen; a name that is none gives no traces', () => {
    const row = { prompt: 'How do I keep basil?', response: 'In water.' };
    expect(readRow(row, { format: 'UnsafeChain' }).format).toBe('UnsafeChain');
    expect(readRow(row, { format: 'no such format' })).toEqual({ format: undefined, traces: [], problem: expect.stringContaining('no such format') as string });
    expect(formatNamed('STAR-1')?.name).toBe('STAR-1');
  });

  it('has names that stay: they are kept in settings', () => {
    expect(FORMATS.map(({ name }) => name)).toEqual([
      'CoT Lens curated', 'Inspect sample', 'STAR-1', 'XSTest', 'ThinkSafe', 'SafeChain', 'UnsafeChain', 'TRL stepwise', 'ShareGPT', 'OpenAI Responses',
      'TRL preference', 'chat completion', 'Anthropic blocks', 'harmony text', 'TRL unpaired preference', 'separate reasoning', 'Alpaca',
      'TRL text', 'chat messages', 'TRL prompt-completion', 'columns',
    ]);
  });
});
