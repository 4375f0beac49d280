import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunOnPage } from '../../../src/curve/runsPageModel';
import { plainModel } from '../../../src/views/runsPanelPlain';
import { runsPageModel } from '../../../webview/runs/messages';

function run(part: Partial<RunOnPage> = {}): RunOnPage {
  return {
    ...{ id: 'a', title: 'kitchen', state: 'running', stateInWords: 'running', recipe: 'AdvChain SFT', backend: 'cluster', set: 'kitchen', from: null, created: '2026-11-21T10:00:00.000Z' },
    ...{ elapsed: 1, remaining: null, step: 1, expected: 4, series: {}, last: {}, reason: null, hint: null, model: null, lookable: false, versions: '' },
    ...part,
  };
}
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe('what a Runs page is given', () => {
  it('has names of numbers as they can be shown, in the lines and in the last numbers, and the same in all runs', () => {
    const name = 'loss\u202Edraw\u200Ber\nnext';
    const { runs } = plainModel({ runs: [run({ series: { [name]: [[1, 2]] }, last: { [name]: 2 } }), run({ id: 'b', last: { [name]: 3 } })], differences: [] });
    expect(runs[0]?.series).toEqual({ 'loss draw er next': [[1, 2]] });
    expect(runs.map(({ last }) => last)).toEqual([{ 'loss draw er next': 2 }, { 'loss draw er next': 3 }]);
  });

  it('takes two names that look the same for two, and leaves the honest one as it is', () => {
    const { runs } = plainModel({ runs: [run({ series: { 'lo\u200Bss': [[1, 9]] } }), run({ id: 'b', series: { 'lo ss': [[1, 2]], '\u202E': [[1, 3]] } })], differences: [] });
    expect(runs.map(({ series }) => series)).toEqual([{ 'lo ss (2)': [[1, 9]] }, { 'lo ss': [[1, 2]], 'no name': [[1, 3]] }]);
  });

  it('law: a page takes it, no number is lost, and no name reorders or hides text', () => {
    const piece = fc.constantFrom('a', 'loss', '\u202E', '\u200B', '\n', '$(', '](', '💾', ' ', '\u2066', '__proto__');
    const name = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('').slice(0, 200));
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 12 }), (names) => {
        const values = Object.fromEntries(names.map((one, i) => [one, i]));
        const made = plainModel({ runs: [run({ last: values, series: Object.fromEntries(names.map((one, i) => [one, [[1, i]] as const])) })], differences: [] });
        expect(runsPageModel.safeParse(made).success).toBe(true);
        const { last = {}, series = {} } = made.runs[0] ?? {};
        expect(Object.values(last).sort((a, b) => a - b)).toEqual(names.map((_, i) => i));
        // What keeps `$` and `(` apart is ours.
        for (const shown of Object.keys(series)) expect(shown.replaceAll(/[$\]]\u200B(?=\()/g, '')).not.toMatch(HIDDEN);
      }),
      { seed: 26 },
    );
  });
});
