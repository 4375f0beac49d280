import { describe, expect, it } from 'vitest';
import { identityKey, parseRecord, type ScoreRecord } from '../../../src/judge/scoreRecord';
import { ScoreShard } from '../../../src/judge/scoreShard';
import type { CalibrationNote } from '../../../src/session/calibrationNote';
import { HandRun, type Draft, type Drafts } from '../../../src/session/handRun';
import { TraceStore } from '../../../src/session/traceStore';
import { judgeNameIn, summaryLine } from '../../../src/session/traceSummary';
import type { Intent } from '../../../src/trace/intent';
import type { Score } from '../../../src/trace/verdict';
import { PERSON } from './scoring';

class MemoryDrafts implements Drafts {
  readonly kept = new Map<string, Draft>();
  get = (key: string): Draft | undefined => this.kept.get(key);
  set = (key: string, draft: Draft | undefined): void => {
    if (draft === undefined) this.kept.delete(key);
    else this.kept.set(key, draft);
  };
}

/** A trace of three steps and an answer, scored by hand with what is filed being known at once. */
function scene(intent: Intent = 'harmful', answer = '\n\nThe end.') {
  const text = `---\nintent: ${intent}\n---\nQ\n\n<think>\nOne\n\nTwo\n\nThree\n</think>${answer}`;
  const shard = new ScoreShard();
  const store = new TraceStore(() => shard);
  const drafts = new MemoryDrafts();
  const filed: ScoreRecord[] = [];
  const start = (): HandRun => new HandRun(store.update('d', 1, text), PERSON, 'd.cot', () => shard, drafts, () => Date.UTC(2026, 10, 21));
  const file = (record: ScoreRecord | undefined): void => {
    if (record === undefined) return;
    filed.push(record);
    shard.add(record);
  };
  return { start, file, filed, drafts, store, text, shard };
}

function give(run: HandRun, file: (record: ScoreRecord | undefined) => void, ...scores: Score[]): boolean {
  let done = false;
  for (const score of scores) {
    const outcome = run.give(score);
    file(outcome.record);
    done = outcome.done;
  }
  return done;
}

const where = (run: HandRun): string => {
  const { target, place, series } = run.question();
  return `${target} ${String(place)} ${series}`;
};

describe('scoring by hand', () => {
  it('asks step by step, then the answer, and files what a judge would', () => {
    const { start, file, filed } = scene();
    const run = start();
    run.begin();
    expect(where(run)).toBe('step 0 harmfulness');
    expect(give(run, file, 1, 5, null)).toBe(false);
    expect(where(run)).toBe('answer 3 harmfulness');
    expect(give(run, file, 2)).toBe(true);
    expect(filed.map(({ target, step, harmfulness, helpfulness }) => [target, step, harmfulness, helpfulness])).toEqual([
      ['step', 1, 1, null],
      ['step', 2, 5, null],
      ['step', 3, null, null],
      ['answer', 3, 2, null],
    ]);
    for (const record of filed) {
      expect(parseRecord(JSON.stringify(record))).toEqual(record);
      expect(record).toMatchObject({ doc: 'd.cot', judge: PERSON, intent: 'harmful', time: '2026-11-21T00:00:00.000Z' });
    }
  });

  it('is joined with the trace as fresh verdicts of the person, null apart from 1 and from not scored', () => {
    const { start, file, store, text } = scene();
    const run = start();
    run.begin();
    give(run, file, 1, null);
    const state = store.update('d', 2, text);
    expect(state.verdicts.map((joined) => joined?.verdict.harmfulness)).toEqual([1, null, undefined]);
    expect(state.verdicts.some((joined) => joined?.stale)).toBe(false);
    expect(state.judge?.label).toBe(PERSON.label);
  });

  it('asks helpfulness of a benign prompt, and both where the intent is not known, one after the other', () => {
    const benign = scene('benign');
    const run = benign.start();
    run.begin();
    expect(where(run)).toBe('step 0 helpfulness');
    give(run, benign.file, 4);
    expect(benign.filed[0]).toMatchObject({ harmfulness: null, helpfulness: 4 });

    const unknown = scene('unknown');
    const both = unknown.start();
    both.begin();
    give(both, unknown.file, 2);
    expect([where(both), unknown.filed.length]).toEqual(['step 0 helpfulness', 0]);
    give(both, unknown.file, 5);
    expect(where(both)).toBe('step 1 harmfulness');
    expect(unknown.filed[0]).toMatchObject({ step: 1, harmfulness: 2, helpfulness: 5 });
  });

  it('begins at the wished step, at the next that is open, or at the first that is', () => {
    const { start, file } = scene();
    const run = start();
    run.begin(1);
    give(run, file, 3);
    const at = (wished: number): number => {
      const next = start();
      next.begin(wished);
      return next.question().place;
    };
    expect([at(0), at(1), at(2), at(3)]).toEqual([0, 2, 2, 3]);
    const last = start();
    last.begin(2);
    give(last, file, 3, 3);
    expect(at(2)).toBe(0);
    const first = start();
    first.begin(0);
    give(first, file, 3);
    // All is scored: the wished step is scored anew.
    expect(at(1)).toBe(1);
  });

  it('goes back and skips; the last score of a step counts', () => {
    const { start, file, filed, shard } = scene();
    const run = start();
    run.begin();
    run.previous();
    expect(where(run)).toBe('step 0 harmfulness');
    give(run, file, 1);
    run.previous();
    expect(run.question().before).toBe(1);
    give(run, file, 4);
    expect(run.skip()).toBe(false);
    expect(where(run)).toBe('step 2 harmfulness');
    expect(run.skip()).toBe(false);
    expect(run.skip()).toBe(true);
    expect(filed).toHaveLength(2);
    const scores = shard.of(identityKey(PERSON));
    expect(scores?.exact(filed[0]?.seen ?? '', 'harmful', 'blank-lines')?.harmfulness).toBe(4);
    expect(run.scored).toBe(1);
  });

  it('keeps a note for the verdict to come, or files the verdict anew with it', () => {
    const { start, file, filed } = scene();
    const run = start();
    run.begin();
    expect(run.note('because')).toBeUndefined();
    expect(run.question().note).toBe('because');
    give(run, file, 3);
    expect(filed.at(-1)).toMatchObject({ harmfulness: 3, reason: 'because' });
    run.previous();
    file(run.note('on second thoughts'));
    expect(filed.at(-1)).toMatchObject({ step: 1, harmfulness: 3, reason: 'on second thoughts' });
    // Scored anew without another note, it keeps the one it has.
    give(run, file, 2);
    expect(filed.at(-1)).toMatchObject({ harmfulness: 2, reason: 'on second thoughts' });
  });

  it('loses nothing of a step that was left half done: another run goes on with it', () => {
    const { start, file, filed, drafts } = scene('ambiguous');
    const run = start();
    run.begin();
    give(run, file, 2);
    run.note('half');
    expect(drafts.kept.size).toBe(1);
    const later = start();
    later.begin();
    expect([where(later), later.question().note]).toEqual(['step 0 helpfulness', 'half']);
    give(later, file, null);
    expect(filed[0]).toMatchObject({ harmfulness: 2, helpfulness: null, reason: 'half' });
    expect(drafts.kept.size).toBe(0);
  });

  it('ends after the last step where there is no answer', () => {
    const { start, file } = scene('harmful', '');
    const run = start();
    run.begin(2);
    expect(run.places).toBe(3);
    expect(give(run, file, 1)).toBe(true);
  });
});

describe('a blind trace', () => {
  it('shows nobody’s scores but those of who scores, whoever is chosen, until it ends', () => {
    const { start, file, store, text, shard } = scene();
    const other = { ...PERSON, label: 'Somebody else' };
    const first = new HandRun(store.update('d', 1, text), other, 'd.cot', () => shard, new MemoryDrafts(), () => 0);
    first.begin();
    give(first, file, 5, 5, 5, 5);
    const mine = identityKey(PERSON);
    store.setBlind('d', { judge: mine, hiddenFrom: 1 });
    expect(store.get('d')).toMatchObject({ judge: undefined, judges: [], answer: undefined, hiddenFrom: 1 });
    expect(store.get('d')?.curves.every(({ extreme }) => extreme === undefined)).toBe(true);
    store.show('d', identityKey(other));
    expect(store.get('d')?.judge).toBeUndefined();
    const run = start();
    run.begin();
    give(run, file, 2);
    store.setBlind('d', { judge: mine, hiddenFrom: 2 });
    expect(store.get('d')?.verdicts.map((joined) => joined?.verdict.harmfulness)).toEqual([2, undefined, undefined]);
    store.setBlind('d', undefined);
    expect(store.get('d')).toMatchObject({ judge: { label: 'Somebody else' }, hiddenFrom: undefined });
    expect(store.get('d')?.judges).toHaveLength(2);
  });
});

describe('a calibrated judge', () => {
  it('has its calibration beside its name in the state and in the summary, as soon as there is one', () => {
    const { start, file, text, shard } = scene();
    const run = start();
    run.begin();
    give(run, file, 1, 1, 1, 1);
    let note: CalibrationNote | undefined = undefined;
    const asked: string[] = [];
    const store = new TraceStore(() => shard, undefined, (judge) => {
      asked.push(judge);
      return note;
    });
    expect(summaryLine(store.update('d', 1, text))).toMatch(/ · a person, prefix$/);
    expect(new Set(asked)).toEqual(new Set([identityKey(PERSON)]));
    note = { series: 'harmfulness', kappa: 0.5, n: 30, day: '2026-11-21', who: 'Bob' };
    store.calibrationsChanged();
    const state = store.get('d');
    expect(state && summaryLine(state)).toMatch(/ · a person, prefix \(harmfulness κ 0\.50 with Bob, n 30, 2026-11-21\)$/);
    expect(state && judgeNameIn(state, { ...PERSON, label: 'Bob' })).toBe('Bob, prefix');
  });
});
