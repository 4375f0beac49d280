import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runOnPage } from '../../../src/session/training/runsModel';
import { runOf, RUN_STATES, type RunEvent, type RunPlan } from '../../../src/train/runs/run';
import { PlainLog } from '../../../src/views/runLogsPlain';
import { endInWords } from '../../../src/views/runNotesWords';
import { badgeOf, isUnderWay, lastNumber, runInWords, runLines, runWithLaunch } from '../../../src/views/runsViewWords';

const plan: RunPlan = {
  ...{ id: 'advchain-sft-20261121-100000-0a1b2c', title: 'kitchen · AdvChain SFT', backend: { kind: 'ray', name: 'cluster', url: 'http://127.0.0.1:8265/' } },
  set: { path: 'sets/kitchen.curated.jsonl', name: 'kitchen', sha256: 'ab'.repeat(32) },
  file: { format: 'messages', rows: 100, sha256: 'cd'.repeat(32), ablation: false },
  ...{ recipe: 'of-a-later-version', values: { model: 'tiny-model', outputDir: '/shared/out' }, expected: { optimiserSteps: 40 }, versions: {}, created: '2026-11-21T10:00:00.000Z' },
};
const at = (minute: number): string => `2026-11-21T10:${String(minute).padStart(2, '0')}:00.000Z`;
const metric = (step: number, loss: number): { at: string; step: number; values: { loss: number }; last: boolean } => ({ at: at(step), step, values: { loss }, last: false });
const events: readonly RunEvent[] = [{ at: at(1), state: 'submitting' }, { at: at(2), state: 'running', started: at(2) }];
const seen = (more: readonly RunEvent[] = [], metrics = [metric(3, 4.25), metric(12, -2.3456)]): { run: ReturnType<typeof runOf>; page: ReturnType<typeof runOnPage> } => {
  const run = runOf(plan, [...events, ...more]);
  return { run, page: runOnPage(run, { metrics }, new Date(at(14))) };
};

describe('the Runs view', () => {
  it('says behind a title how far a run is', () => {
    expect(runInWords(seen().page)).toBe('running · step 12 of 40 · loss −2.35 · 12 min');
    expect(runInWords(runOnPage(runOf(plan, [{ at: at(1), state: 'pending' }]), { metrics: [] }, new Date(at(3))))).toBe('waiting to begin');
    expect(runWithLaunch(seen().page)).toBe('running · step 12 of 40 · loss −2.35 · 12 min · launched 2026-11-21 10:00:00 UTC');
    expect(lastNumber({ last: { loss: 1, reward: 0.25 } })).toBe('reward 0.25');
    expect(lastNumber({ last: {} })).toBe('');
  });

  it('has in its tooltip what a run is made of, where it runs, and why it ended', () => {
    const { run, page } = seen([{ at: at(13), state: 'failed', reason: 'The GPU had too little memory.', hint: 'Lower perDeviceBatchSize.', ended: at(13) }]);
    expect(runLines(page, run)).toEqual([
      'kitchen · AdvChain SFT',
      'failed · step 12 of 40 · loss −2.35 · 11 min',
      'Recipe: of-a-later-version',
      'Set: sets/kitchen.curated.jsonl',
      'Backend: cluster, http://127.0.0.1:8265/',
      'Trained from: tiny-model',
      'Output: /shared/out',
      'Why: The GPU had too little memory.',
      'Lower perDeviceBatchSize.',
      'Launched: 2026-11-21 10:00:00 UTC',
    ]);
  });

  it('counts in its badge what is under way', () => {
    expect(RUN_STATES.filter((state) => isUnderWay({ state }))).toEqual(['submitting', 'unknown', 'pending', 'running', 'paused', 'stop requested']);
    expect(badgeOf([{ state: 'running' }, { state: 'pending' }, { state: 'failed' }])).toEqual({ value: 2, tooltip: '2 training runs under way' });
    expect(badgeOf([{ state: 'succeeded' }])).toBeUndefined();
  });
});

describe('the note at the end of a run', () => {
  it('says how long it took and how far it came', () => {
    const { run, page } = seen([{ at: at(13), state: 'succeeded', ended: at(14) }], [metric(3, 4), metric(40, 2)]);
    expect(endInWords(run, page)).toBe('of-a-later-version on kitchen: succeeded after 12 min, 40 of 40 steps.');
  });

  it('says why it failed, and what to do', () => {
    const { run, page } = seen([{ at: at(13), state: 'failed', ended: at(13), reason: 'The trainer knows no setting “warmup”.', hint: 'Take it out.' }], []);
    expect(endInWords(run, page)).toBe('of-a-later-version on kitchen: failed after 11 min. The trainer knows no setting “warmup”. Take it out.');
    const end = (reason: string | null, hint: string | null): string => endInWords({ ...run, state: 'failed' }, { ...page, reason, hint });
    expect(end('torch.OutOfMemoryError: CUDA out of memory', 'Lower perDeviceBatchSize')).toMatch(/ after 11 min\. torch\.OutOfMemoryError: CUDA out of memory\. Lower perDeviceBatchSize\.$/);
    expect(end('He said “no.”', null)).toMatch(/He said “no\.”$/);
    expect(end('  ', null)).toMatch(/after 11 min\.$/);
    expect(endInWords({ ...run, state: 'lost' }, page)).toMatch(/: is not on the backend any more after 11 min\./);
    expect(endInWords({ ...run, state: 'stopped' }, page)).toBe('of-a-later-version on kitchen: stopped after 11 min.');
  });
});

describe('a log as plain text', () => {
  const whole = (text: string): string => new PlainLog().take(text);

  it('has no colours, moves, titles and links of a terminal, and all else', () => {
    expect(whole('\u001b[1;31mTraceback\u001b[0m (most\trecent)\r\n')).toBe('Traceback (most\trecent)\r\n');
    expect(whole('\u001b]0;owned\u0007a\u001b]8;;https://example.invalid\u001b\\b\u001b]8;;\u001b\\c\n')).toBe('abc\n');
    expect(whole('\u001b[2J\u001b[Hgone? \u009b31mred\u0000\u0008 \u001b(Bplain\n')).toBe('gone? red plain\n');
    expect(whole('[31m is no escape, nor is $(sync~spin) or [x](command:quit)\n')).toBe('[31m is no escape, nor is $(sync~spin) or [x](command:quit)\n');
  });

  it('is the same however it is torn', () => {
    const piece = fc.constantFrom('\u001b[31m', '\u001b[0;1m', '\u001b]0;title\u0007', '\u001b]8;;u\u001b\\', '\u001b(B', 'loss 1.5', '\n', '\r', ' 40%|████', '[x]', '\u009b2K', 'm');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat(200), { maxLength: 12 }), (pieces, cuts) => {
        const text = `${pieces.join('')}\n`;
        const log = new PlainLog();
        const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
        const parts = places.slice(1).map((end, i) => log.take(text.slice(places[i], end)));
        expect(parts.join('')).toBe(whole(text));
        // eslint-disable-next-line no-control-regex -- what must not be left
        expect(parts.join('')).not.toMatch(/[\u001b\u009b\u0007]/);
      }),
      { seed: 21 },
    );
  });

  it('goes on where an escape sequence has no end', () => {
    const log = new PlainLog();
    log.take('a\u001b]0;');
    expect(log.take('x'.repeat(10_000))).not.toBe('');
    expect(log.take('still here\n')).toContain('still here');
  });
});
