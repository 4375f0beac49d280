import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LateProgress } from '../../../src/host/lateProgress';
import { window } from '../vscode/standIn';

type Work = (progress: { report: (value: unknown) => void }, token: { onCancellationRequested: (cancel: () => void) => void }) => Promise<void>;

/** How far each notification is: VS Code calls back a moment after it was asked for one, and takes it down when that settles. */
let shown: { reports: unknown[]; over: boolean; cancel: () => void }[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  shown = [];
  Object.assign(window, {
    withProgress: (_options: unknown, work: Work) => {
      setTimeout(() => {
        const one = { reports: [] as unknown[], over: false, cancel: () => undefined as void };
        shown.push(one);
        void work({ report: (value) => one.reports.push(value) }, { onCancellationRequested: (cancel) => (one.cancel = cancel) }).then(() => (one.over = true));
      }, 50);
    },
  });
});
afterEach(() => {
  vi.useRealTimers();
});

it('is not shown for a run that is short, and taken down after one that is long, which it can cancel', async () => {
  const run = new AbortController();
  new LateProgress('Short', run).end();
  await vi.advanceTimersByTimeAsync(5000);
  expect(shown).toEqual([]);
  const progress = new LateProgress('Long', run);
  progress.report(1, 4);
  await vi.advanceTimersByTimeAsync(2000);
  expect(shown[0]?.reports).toEqual([{ message: '1 of 4', increment: 25 }]);
  shown[0]?.cancel();
  expect(run.signal.aborted).toBe(true);
  expect(shown[0]?.over).toBe(false);
  progress.end();
  await vi.advanceTimersByTimeAsync(0);
  expect(shown[0]?.over).toBe(true);
});

it('does not stay for ever where the run ends while VS Code is about to show it', async () => {
  const progress = new LateProgress('Just over a second', new AbortController());
  await vi.advanceTimersByTimeAsync(1010);
  progress.end();
  await vi.advanceTimersByTimeAsync(1000);
  expect(shown.map(({ over }) => over)).toEqual([true]);
});
