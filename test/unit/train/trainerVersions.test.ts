import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import file from '../../../src/train/rewards/versions.py';
import { MetricLines } from '../../../src/train/logs/metricLines';
import { BEGINNING, TRAINER_PACKAGES, trainerVersions, versionsIn } from '../../../src/train/logs/trainerVersions';

const VERSIONS = { python: '3.11.7', trl: '1.13.0', torch: '2.13.0+cu128', verl: '0.7.0.dev0 @1dda039abcde' };
const LINE = `cot-lens versions ${JSON.stringify(VERSIONS)}`;
const LOG = `Running entrypoint for job a: python3 versions.py trl 2>/dev/null; exec trl sft --config sft.yaml\n${LINE}\n{'loss': '5.9', 'epoch': '0.1'}\n`;

describe('the trainer’s versions in a log', () => {
  it('are those of the line that the package’s file writes', () => {
    expect(versionsIn(LOG)).toEqual(VERSIONS);
    expect(versionsIn(LOG.replaceAll('\n', '\r\n'))).toEqual(VERSIONS);
    expect(versionsIn(LINE)).toEqual(VERSIONS);
    // A log of before, and one that does not go so far yet.
    for (const none of ['', LOG.replace(LINE, ''), 'cot-lens versions ', 'cot-lens versions {}', LINE.slice(0, -1)]) expect(versionsIn(none)).toBeUndefined();
  });

  it('are of the packages that the file asks for', () => {
    const [, names = ''] = /^PACKAGES = \((.*)\)$/m.exec(file) ?? [];
    expect(['python', ...names.split(', ').map((name) => JSON.parse(name) as string)]).toEqual(TRAINER_PACKAGES);
    expect(file).toContain('\nPREFIX = "cot-lens versions "\n');
  });

  it('law: are there once the line is whole, and never before, wherever the log is torn', () => {
    const whole = LOG.indexOf(LINE) + LINE.length;
    for (let end = 0; end <= LOG.length; end++) expect(versionsIn(LOG.slice(0, end)), String(end)).toEqual(end < whole ? undefined : VERSIONS);
  });

  it('are said first, and by nobody later', () => {
    expect(versionsIn(`${LOG}cot-lens versions {"trl": "6.6.6"}\n`)).toEqual(VERSIONS);
    expect(versionsIn(`${'x\n'.repeat(BEGINNING / 2)}${LINE}\n`)).toBeUndefined();
    expect(versionsIn(` ${LINE}\na completion: ${LINE}\n`)).toBeUndefined();
  });

  it('law: whatever a log says, they are short versions of packages that we know', () => {
    const value = fc.oneof(fc.jsonValue(), fc.string({ maxLength: 80 }), fc.constantFrom('1.13.0', '1.0\u202e', '../..', '1.0 @x', ' 1.0', '1'.repeat(51)));
    const said = fc.dictionary(fc.oneof(fc.constantFrom(...TRAINER_PACKAGES, 'cotLens', 'backend', '__proto__', 'constructor'), fc.string()), value).map((one) => JSON.stringify(one));
    fc.assert(
      fc.property(fc.array(fc.oneof(said, fc.json(), fc.string()), { maxLength: 5 }), (lines) => {
        const found = versionsIn(lines.map((line) => `cot-lens versions ${line}`).join('\n')) ?? {};
        for (const [name, version] of Object.entries(found)) {
          expect(TRAINER_PACKAGES).toContain(name);
          expect(version).toMatch(/^[\w.+!-]{1,50}( @[0-9a-f]{12})?$/);
        }
      }),
      { seed: 3 },
    );
    expect(versionsIn(`cot-lens versions {"trl": "1.13.0", "cotLens": "0.0.0", "torch": {"a": 1}, "peft": "${'1'.repeat(51)}"}`)).toEqual({ trl: '1.13.0' });
    expect(versionsIn(`cot-lens versions {"trl": "1.13.0", "x": "${'x'.repeat(5000)}"}\n${LINE}`)).toEqual(VERSIONS);
    expect(versionsIn(`cot-lens versions ${'['.repeat(4000)}\n${LINE}`)).toEqual(VERSIONS);
    for (const none of [undefined, null, 'trl', 7, ['1.13.0'], Object.create({ trl: '1.13.0' })]) expect(trainerVersions(none)).toEqual({});
  });

  it('are no numbers, and take no step of the curves', () => {
    expect(new MetricLines().read(LOG).map(({ step, values }) => [step, values])).toEqual([[1, { loss: 5.9, epoch: 0.1 }]]);
  });
});
