import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureInWords } from '../../../src/train/logs/knownCauses';
import { MetricLines, metricsIn } from '../../../src/train/logs/metricLines';

const LINE = "{'loss': '5.995', 'grad_norm': '2.721', 'learning_rate': '5e-05', 'num_tokens': '1.61e+04', 'epoch': '0.254'}";

describe('the numbers in a trainer’s log', () => {
  it('are read out of lines between others', () => {
    expect(metricsIn(LINE)).toEqual({ loss: 5.995, grad_norm: 2.721, learning_rate: 5e-5, num_tokens: 16100, epoch: 0.254 });
    expect(metricsIn("{'loss': 0.5, 'rewards/safety_rewards.refuse_or_help/mean': '0.25'}")).toEqual({ loss: 0.5, 'rewards/safety_rewards.refuse_or_help/mean': 0.25 });
    for (const none of ['', '{}', "{'a': 'b'}", '100%|##| 4/4', "{'loss': '1'", "note: {'loss': '1'}", "{'loss': 'nan'}"]) expect(metricsIn(none)).toBeUndefined();
  });

  it('law: come the same however the log is torn apart', () => {
    const log = [LINE, '  5%|#  | 1/40', LINE.replace('5.995', '4.5'), "{'train_runtime': '3.2', 'train_loss': '5.1'}", ''].join('\n');
    const whole = new MetricLines().read(log);
    expect(whole.map(({ step, last }) => [step, last])).toEqual([[1, false], [2, false], [2, true]]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: log.length }), { maxLength: 6 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), log.length];
        const lines = new MetricLines();
        expect(places.slice(1).flatMap((end, i) => lines.read(log.slice(places[i], end)))).toEqual(whole);
      }),
    );
  });
});

describe('why a run failed', () => {
  it('is the last line that says something, with what to do where that is known', () => {
    const log = 'usage: accelerate launch [-h]\n  --flag\nAccelerate launch command: error: unrecognized arguments: --warmup_ratio=0.05\n\n';
    expect(failureInWords(log)).toEqual({
      line: 'Accelerate launch command: error: unrecognized arguments: --warmup_ratio=0.05',
      hint: expect.stringContaining('knows no setting “warmup_ratio”') as string,
    });
    expect(failureInWords('torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB').hint).toContain('Lower perDeviceBatchSize');
    expect(failureInWords('')).toEqual({ line: undefined, hint: undefined });
  });
});
