import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JudgeIdentity, PrefixJudge, WholeTraceJudge } from '../../../src/judge/judge';
import { JudgeFault } from '../../../src/judge/judgeFault';
import { offlineJudge } from '../../../src/judge/offline/offlineJudge';
import { identityKey } from '../../../src/judge/scoreRecord';
import { askAgain } from '../../../src/session/askAgain';
import { answered, noteOf, parseCalibration, printCalibration, type Calibration, type CalibrationItem } from '../../../src/session/calibration';
import { calibrationResult } from '../../../src/session/calibrationResult';
import { calibrationLine, calibrationPage, calibrationReport } from '../../../src/session/calibrationText';
import { Calibrations } from '../../../src/session/calibrations';
import { nodeFiles } from '../../../src/session/nodeFiles';
import { judgeName } from '../../../src/session/traceSummary';
import { parseTrace } from '../../../src/trace/parseTrace';
import type { Score } from '../../../src/trace/verdict';
import { LogKeeper, PERSON, temporaryFolder } from './scoring';

const JUDGE: JudgeIdentity = { judge: 'm', label: 'GPT-4o', model: 'gpt-4o-2024-08-06', protocol: 'prefix', rubric: 'r', earnsNames: true };

const item = (doc: string, step: number, judge: Score, person?: Score, more: Partial<CalibrationItem> = {}): CalibrationItem => ({
  ...{ doc, step, seen: `${doc} ${String(step)}`, judge },
  ...(person === undefined ? {} : { person }),
  ...more,
});

const begun: Calibration = {
  ...{ v: 1, id: '2026-11-21-GPT-4o-1', started: '2026-11-21T08:00:00.000Z', judge: JUDGE, person: PERSON, series: 'harmfulness', seed: 5 },
  items: [item('a.cot', 1, 1, 1), item('a.cot', 2, 4, 5, { note: 'gives in' }), item('b.cot', 3, 2, null), item('b.cot', 4, 5)],
};

function finished(calibration: Calibration, at = '2026-11-21T08:20:00.000Z'): Calibration {
  return { ...calibration, finished: at, result: calibrationResult(calibration.items) };
}

describe('the result of a calibration', () => {
  const items = [
    item('a.cot', 1, 1, 1, { retest: 1 }),
    item('a.cot', 2, 4, 5, { retest: 3 }),
    item('b.cot', 3, 2, null, { retest: 2 }),
    item('b.cot', 4, 5, 3, { retest: null }),
    item('b.cot', 5, 5),
  ];

  it('counts what both scored, by hand: bias, exact share, and what was left out', () => {
    const { n, traces, notScorable, bias, exact, meanAbsoluteDifference, retest } = calibrationResult(items);
    expect([n, traces, notScorable]).toEqual([3, 2, 1]);
    expect(bias.value).toBeCloseTo((0 - 1 + 2) / 3, 12);
    expect([bias.low, bias.high]).toEqual([-1 / 2, 2]);
    expect(exact.value).toBeCloseTo(1 / 3, 12);
    expect(meanAbsoluteDifference.value).toBe(1);
    // 1 1, 4 3, 2 2: by hand 1 − 1 / (sum of (i − j)² over all pairings / 3) = 1 − 1 / (((0+4+1)+(9+1+4)+(1+1+0)) / 3) = 1 − 3/21.
    expect(retest).toEqual({ n: 3, kappa: 1 - 3 / 21, exact: 2 / 3 });
  });

  it('says nothing of nothing, and no interval of one trace', () => {
    const none = calibrationResult([item('a.cot', 1, 1)]);
    expect([none.n, none.kappa.value, none.retest]).toEqual([0, NaN, undefined]);
    const one = calibrationResult([item('a.cot', 1, 1, 2), item('a.cot', 2, 3, 4)]);
    expect([one.bias.value, one.bias.low, one.bias.high]).toEqual([-1, NaN, NaN]);
    expect(calibrationReport(finished({ ...begun, items: [item('a.cot', 1, 1, 2), item('a.cot', 2, 3, 4)] }))).toContain('an interval needs 2 traces or more');
  });

  it('stands beside the judge’s name with n, day and who', () => {
    const note = noteOf(finished(begun), PERSON);
    expect(note).toBeDefined();
    expect(judgeName(JUDGE, note && { ...note, kappa: 0.714 })).toBe('GPT-4o, prefix (harmfulness κ 0.71 with you, n 2, 2026-11-21)');
    expect(noteOf(finished(begun), { ...PERSON, label: 'Bob' })?.who).toBe('a person');
    expect(noteOf(begun, PERSON)).toBeUndefined();
    expect(judgeName(JUDGE, { series: 'helpfulness', kappa: NaN, n: 0, day: '2026-11-21', who: 'you' })).toBe('GPT-4o, prefix (helpfulness κ – with you, n 0, 2026-11-21)');
  });

  it('is told in full: figures, what was left out, every step and note', () => {
    const report = calibrationReport(finished(begun));
    for (const part of ['Calibration of GPT-4o, prefix', 'gpt-4o-2024-08-06', '2 of 4 drawn steps', '1 that cannot be scored, 1 skipped', 'a.cot, step 2: gives in', 'not asked']) {
      expect(report).toContain(part);
    }
    expect(calibrationLine(finished(begun))).toMatch(/^GPT-4o, prefix against a person, harmfulness: κ 0\.\d\d/);
    expect(calibrationReport(begun)).toContain('Finished  not yet');
  });
});

describe('a calibration file', () => {
  it('comes back as it was written, figures that cannot be said too', () => {
    for (const one of [begun, finished(begun), finished({ ...begun, items: [item('a.cot', 1, 1, 1)] })]) {
      expect(parseCalibration(printCalibration(one))).toEqual(one);
    }
  });

  it('keeps “cannot be scored” apart from “not scored yet” and from 1', () => {
    const read = parseCalibration(printCalibration(begun));
    expect(read?.items.map(({ person }) => person)).toEqual([1, 5, null, undefined]);
    expect(read && answered(read)).toBe(3);
  });

  it.each([
    ['torn', printCalibration(begun).slice(0, 200)],
    ['empty', ''],
    ['another file', '{"hello": 1}'],
    ['no object', '[1, 2]'],
    ['of a later version', printCalibration({ ...begun, v: 2 as 1 })],
    ['with a score of 0', printCalibration(begun).replace('"judge": 4', '"judge": 0')],
    ['without a judge', JSON.stringify({ ...begun, judge: undefined })],
    ['with a wrong date', JSON.stringify({ ...begun, started: 'yesterday' })],
    ['with a broken result', JSON.stringify({ ...begun, result: { n: 3 } })],
  ])('that is %s is none', (_what, text) => {
    expect(parseCalibration(text)).toBeUndefined();
  });
});

describe('the calibrations of a folder', () => {
  async function open(folder?: string): Promise<{ folder: string; calibrations: Calibrations; log: LogKeeper }> {
    const place = folder ?? `${(await temporaryFolder()).replaceAll('\\', '/')}/.cotlens`;
    const log = new LogKeeper();
    const calibrations = new Calibrations(nodeFiles, place, log);
    onTestFinished(() => {
      calibrations.dispose();
    });
    await calibrations.load();
    return { folder: place, calibrations, log };
  }

  it('are none where there is no folder, and are kept one file each', async () => {
    const { folder, calibrations } = await open();
    expect(calibrations.all()).toEqual([]);
    await calibrations.save(begun);
    await calibrations.save({ ...begun, items: begun.items.map((one) => ({ ...one, person: 3 })) });
    expect(await readdir(path.join(folder, 'calibrations'))).toEqual([`${begun.id}.json`]);
    expect(calibrations.all()[0]?.items.map(({ person }) => person)).toEqual([3, 3, 3, 3]);
    expect((await open(folder)).calibrations.all()).toEqual(calibrations.all());
  });

  it('give the last finished one of a judge, and those that are unfinished', async () => {
    const { calibrations } = await open();
    const early = finished({ ...begun, id: 'early' }, '2026-11-01T00:00:00.000Z');
    // Begun first and finished last.
    const late = finished({ ...begun, id: 'late', started: '2026-10-01T00:00:00.000Z' }, '2026-11-22T00:00:00.000Z');
    const other = finished({ ...begun, id: 'other', judge: { ...JUDGE, rubric: 'r2' } }, '2026-12-01T00:00:00.000Z');
    for (const one of [early, late, other, begun]) await calibrations.save(one);
    expect(calibrations.latest(identityKey(JUDGE))?.id).toBe('late');
    expect(calibrations.latest('nobody')).toBeUndefined();
    expect(calibrations.unfinished().map(({ id }) => id)).toEqual([begun.id]);
  });

  it('leave torn and foreign files alone, and say so', async () => {
    const first = await open();
    const inside = path.join(first.folder, 'calibrations');
    await mkdir(inside, { recursive: true });
    await writeFile(path.join(inside, 'torn.json'), printCalibration(begun).slice(0, 99));
    await writeFile(path.join(inside, 'notes.txt'), 'mine');
    await writeFile(path.join(inside, 'copy.json'), printCalibration(begun));
    const { calibrations, log } = await open(first.folder);
    expect(calibrations.all().map(({ id }) => id)).toEqual(['copy']);
    expect(log.lines.filter((line) => line.includes('torn.json is no calibration'))).toHaveLength(1);
    await calibrations.save(begun);
    expect((await readFile(path.join(inside, 'torn.json'), 'utf8')).length).toBe(99);
    expect(await readFile(path.join(inside, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('are seen by another window', async () => {
    const one = await open();
    await one.calibrations.save(begun);
    const two = await open(one.folder);
    const heard = new Promise<void>((resolve) => {
      two.calibrations.onDidChange(() => {
        if (two.calibrations.latest(identityKey(JUDGE)) !== undefined) resolve();
      });
    });
    await one.calibrations.save(finished(begun));
    await heard;
    expect(two.calibrations.latest(identityKey(JUDGE))?.finished).toBe('2026-11-21T08:20:00.000Z');
  });
});

const TRACE = parseTrace('---\nintent: harmful\ninjected:\n  - {part: error, step: 2}\n---\nThe prompt.\r\n\r\n<think>\r\nOne.\r\n\r\nTwo\r\nlines.\r\n\r\nThree.\r\n</think>\r\n\r\nThe answer.');

describe('the page that a drawn step is scored on', () => {
  it('holds prompt and steps up to it, nothing after it, and of the front matter the intent alone', () => {
    const { text, start, end } = calibrationPage(TRACE, 1);
    expect(text).toBe('---\nintent: harmful\n---\nThe prompt.\n\n<think>\nOne.\n\nTwo\nlines.\n');
    expect(text.slice(start, end)).toBe('Two\nlines.');
  });

  it('reads as the same steps', () => {
    const [turn] = parseTrace(calibrationPage(TRACE, 2).text).turns;
    expect(turn.prompt?.text).toBe('The prompt.');
    expect(turn.steps.map(({ text }) => text)).toEqual(['One.', 'Two\nlines.', 'Three.']);
  });
});

describe('the page of a step after a second opening tag', () => {
  it('shows what leads to it where it stands in the trace', () => {
    const trace = parseTrace('Q\n\n<think>\nOne.\n</think>\n\n--- tool result search ---\nfound\n\n<think>\nTwo.\n\nThree.\n</think>');
    const { text, start, end } = calibrationPage(trace, 1);
    expect(text.slice(start, end)).toBe('Two.');
    expect(parseTrace(text).chain.steps.map((step) => [step.text, step.lead])).toEqual([
      ['One.', undefined],
      ['Two.', '--- tool result search ---\nfound'],
    ]);
  });
});

describe('asking a judge again', () => {
  const again = [1, 0].map((step) => ({ trace: TRACE, step }));
  const never = new AbortController().signal;

  it('shows it what it saw then, and takes the score of the series', async () => {
    const seen: (readonly string[])[] = [];
    const judge: PrefixJudge = {
      identity: JUDGE,
      scoreStep: ({ steps, prompt, intent }) => {
        seen.push([prompt ?? '', intent, ...steps]);
        return { harmfulness: steps.length === 1 ? 1 : null, helpfulness: 5, reason: '' };
      },
      scoreAnswer: () => Promise.reject(new Error('not asked')),
    };
    const said: [number, Score][] = [];
    await askAgain(again, judge, 'harmfulness', (place, score) => void said.push([place, score]), never);
    expect(seen).toEqual([['The prompt.', 'harmful', 'One.', 'Two\r\nlines.'], ['The prompt.', 'harmful', 'One.']]);
    expect(said).toEqual([[0, null], [1, 1]]);
  });

  it('asks one that sees the whole trace once a trace', async () => {
    let asked = 0;
    const judge: WholeTraceJudge = {
      identity: { ...JUDGE, protocol: 'whole-trace' },
      scoreAll: ({ wanted, steps, answer, wantsAnswer }, said) => {
        asked++;
        expect([wanted, steps.length, answer, wantsAnswer]).toEqual([[0, 1], 3, 'The answer.', false]);
        for (const target of wanted) said(target, { harmfulness: target === 0 ? 2 : 4, helpfulness: null, reason: '' });
        return Promise.resolve();
      },
    };
    const said: [number, Score][] = [];
    await askAgain(again, judge, 'harmfulness', (place, score) => void said.push([place, score]), never);
    expect([asked, said]).toEqual([1, [[1, 2], [0, 4]]]);
  });

  it('leaves out a step without a valid reply and goes on; stops at what stops the judge, and when it is stopped', async () => {
    const judgeThat = (fail: () => void): PrefixJudge => ({
      identity: JUDGE,
      scoreStep: ({ steps }) => {
        if (steps.length === 2) fail();
        return { harmfulness: 3, helpfulness: null, reason: '' };
      },
      scoreAnswer: () => ({ harmfulness: null, helpfulness: null, reason: '' }),
    });
    const said: number[] = [];
    const take = (place: number): void => void said.push(place);
    const fault = (): void => {
      throw new JudgeFault('not-json', 'step 2: no JSON');
    };
    await askAgain(again, judgeThat(fault), 'harmfulness', take, never);
    expect(said).toEqual([1]);
    const broken = (): void => {
      throw new Error('no connection');
    };
    await expect(askAgain(again, judgeThat(broken), 'harmfulness', take, never)).rejects.toThrow('no connection');
    await expect(askAgain(again, judgeThat(fault), 'harmfulness', take, AbortSignal.abort())).rejects.toThrow();
    expect(said).toEqual([1]);
  });

  it.each(['prefix', 'whole-trace'] as const)('takes nothing from a server that answers as another model by now (%s)', async (protocol) => {
    const by: JudgeIdentity = { ...JUDGE, protocol, model: 'gpt-4o-2026-01-01' };
    const verdict = { harmfulness: 3, helpfulness: null, reason: '', by } as const;
    let asked = 0;
    const prefix: PrefixJudge = { identity: JUDGE, scoreStep: () => (asked++, verdict), scoreAnswer: () => verdict };
    const whole: WholeTraceJudge = {
      identity: { ...JUDGE, protocol },
      scoreAll: ({ wanted }, said) => {
        asked++;
        for (const target of wanted) said(target, verdict);
        return Promise.resolve();
      },
    };
    const said: number[] = [];
    const run = askAgain(again, protocol === 'prefix' ? prefix : whole, 'harmfulness', (place) => void said.push(place), never);
    await expect(run).rejects.toThrow(/answers as gpt-4o-2026-01-01 now.*by gpt-4o-2024-08-06/);
    expect([said, asked]).toEqual([[], 1]);
  });

  it('the heuristic says the same of the same', async () => {
    const steps = [0, 1, 2].map((step) => ({ trace: TRACE, step }));
    const runs: Score[][] = [[], []];
    for (const run of runs) await askAgain(steps, offlineJudge, 'harmfulness', (_place, score) => void run.push(score), never);
    expect(runs[0]).toHaveLength(3);
    expect(runs[1]).toEqual(runs[0]);
  });
});
