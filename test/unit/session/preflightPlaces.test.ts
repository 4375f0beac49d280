import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { besidePlace, freePlace, placesChecks, placesWarnings, takenPlaces, untakenPlace, type RunPlaces } from '../../../src/session/training/preflightPlaces';
import { hasEnded, runOf, RUN_STATES, type Run, type RunPlan, type RunState } from '../../../src/train/runs/run';
import { planOf } from './training/plan';

const AT = '/shared/kitchen.jsonl';
const run = (state: RunState, { outputDir = '/shared/out', file, url = 'http://ray:8265' }: { outputDir?: string; file?: Partial<RunPlan['file']>; url?: string } = {}): Run => {
  const made = planOf(`${state}-1`);
  return runOf({ ...made, backend: { kind: 'ray', name: 'lab', url }, values: { outputDir }, file: { ...made.file, ...file } }, state === 'preparing' ? [] : [{ at: made.created, state }]);
};
const places = (more: Partial<RunPlaces> = {}): RunPlaces => ({ backend: { kind: 'ray', url: 'http://ray:8265' }, outputDir: '/shared/out', rows: undefined, ...more });
const said = (runs: readonly Run[], of: RunPlaces): string[] => placesChecks(runs, of).map(({ about, status }) => `${about}: ${status}`);

describe('the places of a run', () => {
  it('keep a launch from a folder that a run writes to, and warn of one that a run wrote to', () => {
    for (const state of RUN_STATES) {
      const expected = state === 'not started' ? 'ok' : hasEnded(state) ? 'warning' : 'error';
      expect(said([run(state)], places())).toEqual([`Output folder: ${expected}`]);
    }
    const [check] = placesChecks([run('succeeded'), run('running')], places());
    expect(check).toMatchObject({ status: 'error' });
    expect(check?.said).toMatch(/^The run .*launched \d{4}-\d\d-\d\d .* has not ended and writes to \/shared\/out: .*Choose another folder/);
  });

  it('tell folders apart by what they are, not by how they are written, and by their backend', () => {
    for (const outputDir of ['/shared/out/', '/shared//out', '/shared/./out', '/shared/x/../out']) expect(said([run('running', { outputDir })], places())).toEqual(['Output folder: error']);
    for (const outputDir of ['/shared/out-2', '/shared/out/inner', '/shared', '']) expect(said([run('running', { outputDir })], places())).toEqual(['Output folder: ok']);
    expect(said([run('running', { url: 'http://ray:8265/' })], places())).toEqual(['Output folder: error']);
    expect(said([run('running', { url: 'http://other:8265' })], places())).toEqual(['Output folder: ok']);
    expect(said([run('running')], places({ outputDir: undefined }))).toEqual([]);
  });

  it('let many runs read the same rows, and none replace the rows of another', () => {
    const rows = { at: AT, sha256: 'aa' };
    const reading = (state: RunState, sha256: string): Run => run(state, { outputDir: '/elsewhere', file: { at: AT, sha256 } });
    expect(said([reading('running', 'aa')], places({ rows }))).toEqual(['Output folder: ok']);
    expect(said([reading('running', 'bb')], places({ rows }))).toEqual(['Output folder: ok', 'Rows by path: error']);
    expect(said([reading('failed', 'bb')], places({ rows }))).toEqual(['Output folder: ok', 'Rows by path: warning']);
    expect(said([reading('not started', 'bb')], places({ rows }))).toEqual(['Output folder: ok']);
    // The same path may hold what travelled in a package: that is none of it.
    expect(said([run('running', { outputDir: '/elsewhere' })], places({ rows }))).toEqual(['Output folder: ok']);
  });

  it('are proposed where no run has them', () => {
    expect(freePlace('/shared/out', ['/shared/out'])).toBe('/shared/out-2');
    expect(freePlace('/shared/out/', ['/shared/out', '/shared/out-2/'])).toBe('/shared/out-3');
    expect(freePlace('/shared/out-2', ['/shared/out', '/shared/out-2'])).toBe('/shared/out-3');
    expect(freePlace('/shared/run-2026', ['/shared/run-2026'])).toBe('/shared/run-2026-2');
    expect(freePlace('/shared/rows.train.jsonl', ['/shared/rows.train.jsonl'], true)).toBe('/shared/rows-2.train.jsonl');
    expect(freePlace('/sh.ared/rows', [], true)).toBe('/sh.ared/rows-2');
    expect(takenPlaces([run('running', { file: { at: AT } }), run('failed', { outputDir: '' })])).toEqual({ outputDirs: ['/shared/out'], rows: [AT] });
  });

  it('stay as they are where no run has them', () => {
    expect(untakenPlace('/shared/out', ['/shared/other'])).toBe('/shared/out');
    expect(untakenPlace('/shared/out/', ['/shared/out'])).toBe('/shared/out-2');
    expect(untakenPlace('/shared/out-2', ['/shared/out-2', '/shared/out'])).toBe('/shared/out-3');
  });

  it('have names that are told from their folders, on Windows and of addresses too', () => {
    expect(besidePlace('/shared/x.jsonl', 'y.jsonl')).toBe('/shared/y.jsonl');
    expect(besidePlace('s3://bucket/sets/x.jsonl', 'y.jsonl')).toBe('s3://bucket/sets/y.jsonl');
    expect(besidePlace('Z:\\shared\\x.jsonl', 'y.jsonl')).toBe('Z:\\shared\\y.jsonl');
    expect(besidePlace('Z:\\shared/sets\\x.jsonl', 'y.jsonl')).toBe('Z:\\shared/sets\\y.jsonl');
    // Elsewhere a backslash is a letter like any other.
    expect(besidePlace('/shared/a\\b.jsonl', 'y.jsonl')).toBe('/shared/y.jsonl');
    expect(freePlace('Z:\\sets.of\\x.jsonl', ['Z:\\sets.of\\x.jsonl'], true)).toBe('Z:\\sets.of\\x-2.jsonl');
  });

  it('are minded once more before a launch where something of another run would be lost', () => {
    const rows = { at: AT, sha256: 'aa' };
    const ended = run('succeeded', { file: { at: AT, sha256: 'bb' } });
    const warnings = placesWarnings([{ about: 'Mix', status: 'warning', said: 'off' }, ...placesChecks([ended], places({ rows }))]);
    expect(warnings).toEqual([expect.stringMatching(/wrote to \/shared\/out: what it left there is overwritten/) as string, expect.stringMatching(/read other rows from \/shared\/kitchen\.jsonl: they are replaced/) as string]);
    expect(placesWarnings(placesChecks([], places({ rows })))).toEqual([]);
  });

  it('that are proposed one after the other are all different, and never taken', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('/o', '/o-2', '/o-3', '/o-9', '/p', '/o-2-2'), { maxLength: 8 }), fc.constantFrom('/o', '/o-2', '/p-7'), (taken, first) => {
        const all: string[] = [...taken];
        let last: string = first;
        for (let i = 0; i < 5; i++) {
          last = freePlace(last, all);
          expect(all).not.toContain(last);
          all.push(last);
        }
      }),
      { seed: 5 },
    );
  });
});
