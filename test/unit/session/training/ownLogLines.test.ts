import { describe, expect, it, onTestFinished } from 'vitest';
import { MemoryFiles } from '../../../../src/session/memoryFiles';
import { RunLogs } from '../../../../src/session/training/runLogFile';
import { failureReason } from '../../../../src/train/logs/failureReason';
import { heard } from './setUp';

function logsOf(text: number): RunLogs {
  const logs = new RunLogs('/runs', new MemoryFiles(), () => '2026-11-22T10:00:00.000Z', heard(), { text, memory: 1e6 });
  onTestFinished(() => {
    logs.dispose();
  });
  return logs;
}

describe('what CoT Lens itself writes into a log', () => {
  it('is never taken for why a run failed', async () => {
    const anew = logsOf(1e6);
    await anew.append('a', { text: 'KeyError: 1\n', next: 12 });
    await anew.append('a', { text: '\n', next: 1 });
    expect((await anew.read('a')).text).toContain('[The backend’s log begins anew here');
    expect(failureReason((await anew.read('a')).text, undefined)).toEqual({ line: 'KeyError: 1', hint: undefined });

    const cut = logsOf(100);
    await cut.append('b', { text: '\n'.repeat(300), next: 300 });
    expect((await cut.read('b')).text).toContain('[The first 1 MB of this log are not kept here');
    expect(failureReason((await cut.read('b')).text, 'failed with exit code 1')).toEqual({ line: 'failed with exit code 1', hint: undefined });
  });
});
