import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNoSample, printSample, readSample } from '../../../src/curate/sampleLine';
import { sampleHash } from '../../../src/curate/sampleHash';
import type { CuratedSample, SampleVerdicts } from '../../../src/curate/sample';
import { sampleDocument } from '../../../src/curate/sampleTrace';
import { curated } from '../../../src/trace/formats/curated';
import type { JsonObject } from '../../../src/trace/rows/fieldRef';
import { composeRow, rowEdits } from '../../../src/trace/rows/rowDocument';
import { plainSample } from './plainSample';
import { anySample } from './sampleArbitrary';

const rowOf = (line: string): JsonObject => JSON.parse(line) as JsonObject;

function read(line: string): CuratedSample {
  const sample = readSample(rowOf(line));
  if (isNoSample(sample)) throw new Error(sample.wrong);
  return sample;
}

describe('a line of a set', { timeout: 60_000 }, () => {
  it('is one line for every reader, and reads back as the sample that it was made of', () => {
    fc.assert(
      fc.property(anySample(), (sample) => {
        const line = printSample(sample);
        expect(line).not.toMatch(/[\r\n\u0085\u2028\u2029]/);
        expect(line.isWellFormed()).toBe(true);
        // As text: a key `__proto__` counts like any other.
        expect(JSON.stringify(read(line))).toBe(JSON.stringify({ ...read(line), ...sample }));
        expect(printSample(read(line))).toBe(line);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps fields that no sample has', () => {
    fc.assert(
      fc.property(anySample(), fc.dictionary(fc.constantFrom('tags', '__proto__', 'größe', 'toString', '7'), fc.jsonValue()), (sample, more) => {
        const row = rowOf(JSON.stringify({ ...rowOf(printSample(sample)), ...more }));
        const again = rowOf(printSample(read(JSON.stringify(row)), row));
        expect(Object.keys(again).sort()).toEqual(Object.keys(row).sort());
        for (const key of Object.keys(row)) expect(JSON.stringify(again[key])).toBe(JSON.stringify(row[key]));
      }),
      { numRuns: 300 },
    );
  });

  const judge = { judge: 'gpt-4o', label: 'GPT-4o', protocol: 'prefix', rubric: 'r@1', earnsNames: true };
  it.each<[Record<string, unknown>, string]>([
    [{ id: undefined }, 'The field “id” is missing.'],
    [{ id: 7 }, 'The field “id” is a number, not a text.'],
    [{ id: '' }, 'The field “id” is empty.'],
    [{ intent: 'bad' }, 'The field “intent” is none of harmful, benign, ambiguous and unknown.'],
    [{ recipe: null }, 'The field “recipe” is null, not a text.'],
    [{ system: 3 }, 'The field “system” is a number, not a text.'],
    [{ prompt: ['a'] }, 'The field “prompt” is a list, not a text.'],
    [{ steps: 'a' }, 'The field “steps” is a text, not a list.'],
    [{ steps: ['a', 'b', {}] }, 'The field “steps[2]” is an object, not a text.'],
    [{ answer: undefined }, 'The field “answer” is missing.'],
    [{ note: false }, 'The field “note” is false, not a text.'],
    [{ verdicts: undefined }, 'The field “verdicts” is missing.'],
    [{ verdicts: [3] }, 'The field “verdicts[0]” is a number, not an object.'],
    [{ verdicts: [{ judge: 'me' }] }, 'The field “verdicts[0].judge” names no judge.'],
    [{ verdicts: [{ judge: { ...judge, protocol: 'x' } }] }, 'The field “verdicts[0].judge.protocol” is neither “prefix” nor “whole-trace”.'],
    [{ verdicts: [{ judge, harmfulness: [1, 6], helpfulness: [] }] }, 'The field “verdicts[0].harmfulness” is no list of scores from 1 to 5, or null where there is none.'],
    [{ verdicts: [{ judge, harmfulness: [1], helpfulness: [0] }] }, 'The field “verdicts[0].helpfulness” is no list of scores from 1 to 5, or null where there is none.'],
    [{ verdicts: [{ judge, harmfulness: [1], helpfulness: [1], answer: {} }] }, 'The field “verdicts[0].answer” holds no scores from 1 to 5, or null where there is none.'],
    [{ findings: [1] }, 'The field “findings[0]” is a number, not a text.'],
    [{ ablation: 'yes' }, 'The field “ablation” is a text, not true.'],
    [{ base: { steps: 'a', answer: '' } }, 'The field “base.steps” is no list of texts.'],
    [{ cotlens: [] }, 'The field “cotlens” is a list, not an object.'],
    [{ cotlens: { injected: {} } }, 'The field “cotlens.injected” is an object, not a list.'],
    [{ cotlens: { injected: [{ step: 'a', role: 'hero' }] } }, 'The field “cotlens.injected[0]” names no injected step: it must be an object with “step” and “role”.'],
  ])('that is none says which field is wrong: %j', (change, wrong) => {
    const row = { ...rowOf(printSample(plainSample('a'))), ...change } as JsonObject;
    expect(readSample(rowOf(JSON.stringify(row)))).toEqual({ wrong });
  });

  it('holds a known answer, as a text or a number, in the line or in the head of its document', () => {
    const row = rowOf(printSample(plainSample('a', { expected: '12' })));
    expect(row['expected']).toBe('12');
    expect(readSample({ ...row, expected: 72 })).toMatchObject({ expected: '72' });
    expect(readSample({ ...row, expected: ['72'] })).toEqual({ wrong: 'The field “expected” is a list, not a text.' });
    const { expected: _expected, ...without } = row;
    expect(readSample(without)).not.toHaveProperty('expected');
    expect(readSample({ ...without, cotlens: { expected: 5 } })).toMatchObject({ expected: '5', cotlens: { injected: [] } });
    // What a judge said of the text is not about it.
    const judged: SampleVerdicts = { of: sampleHash(plainSample('a')), judge: { judge: 'j', label: 'J', protocol: 'prefix', rubric: 'r', earnsNames: true }, harmfulness: [1, 1, 1], helpfulness: [5, 5, 5] };
    expect(readSample(rowOf(printSample(plainSample('a', { expected: '12', verdicts: [judged] }))))).toMatchObject({ verdicts: [judged] });
  });

  it('shows the known answer in the head of its document, where it can be changed, added and taken away', () => {
    const row: JsonObject = { ...rowOf(printSample(plainSample('a', { expected: '1/2' }))), expected: '1/2' };
    const changed = (of: JsonObject, from: string, to: string): ReturnType<typeof rowEdits> => {
      const [trace] = curated.read(of);
      if (trace === undefined) throw new Error('no trace');
      expect(trace.facts.map(({ name }) => name)).not.toContain('expected');
      const text = composeRow(trace, of['cotlens'] as JsonObject);
      expect(text).toContain(from);
      return rowEdits(trace, of['cotlens'] as JsonObject, of, text.replace(from, to));
    };
    expect(changed(row, 'expected: 1/2\n', 'expected: 0.50\n').edits).toEqual([{ path: ['expected'], value: '0.50' }]);
    // A number stays one.
    expect(changed({ ...row, expected: 72 }, 'expected: "72"\n', 'expected: 73\n').edits).toEqual([{ path: ['expected'], value: 73 }]);
    const emptied = changed(row, 'expected: 1/2\n', '');
    expect(emptied).toMatchObject({ edits: [], overlay: { expected: null } });
    expect(readSample({ ...row, cotlens: emptied.overlay ?? {} })).not.toHaveProperty('expected');
    const { expected: _expected, ...none } = row;
    const added = changed(none, 'intent: ', 'expected: 72\nintent: ');
    expect(readSample({ ...none, cotlens: added.overlay ?? {} })).toMatchObject({ expected: '72' });
    expect(sampleDocument(plainSample('a', { expected: '1/2' }))).toContain('\nexpected: 1/2\n');
  });

  it('whose head was emptied in a document, or says another model, reads so', () => {
    const { cotlens: _cotlens, ...row } = rowOf(printSample(plainSample('a', { model: 'm', source: 's' })));
    expect(readSample(row)).toMatchObject({ model: 'm', cotlens: { injected: [] } });
    const said = readSample({ ...row, cotlens: { model: 'other', source: null, intent: 'harmful', topic: 'basil' } });
    expect(said).toMatchObject({ model: 'other', intent: 'harmful', cotlens: { injected: [], topic: 'basil' } });
    expect(said).not.toHaveProperty('source');
    expect((said as CuratedSample).cotlens).not.toHaveProperty('model');
  });

  it('says nothing of verdicts on another text', () => {
    const of = (sample: CuratedSample): SampleVerdicts => ({
      of: sampleHash(sample),
      judge: { ...judge, protocol: 'prefix' },
      harmfulness: [1, 4, 1],
      helpfulness: [null, null, null],
    });
    const sample = plainSample('a');
    const scored = { ...sample, verdicts: [of(sample)] };
    expect(read(printSample(scored)).verdicts).toHaveLength(1);
    expect(read(printSample({ ...scored, answer: 'Another.' })).verdicts).toEqual([]);
    expect(read(printSample({ ...scored, intent: 'harmful' })).verdicts).toEqual([]);
    // White space around texts and the kind of line ends are no other text.
    expect(read(printSample({ ...scored, steps: sample.steps.map((step) => step.replaceAll('\n', '\r\n')) })).verdicts).toHaveLength(1);
    const { of: _of, ...unnamed } = of(sample);
    expect(read(printSample({ ...sample, steps: sample.steps.slice(1), verdicts: [unnamed] })).verdicts).toEqual([]);
  });
});
