import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureReason } from '../../../src/train/logs/failureReason';
import { failureInWords } from '../../../src/train/logs/knownCauses';
import { LONGEST_LINE, MetricLines, metricsIn } from '../../../src/train/logs/metricLines';

const LINE = "{'loss': '5.995', 'grad_norm': '2.721', 'learning_rate': '5e-05', 'num_tokens': '1.61e+04', 'epoch': '0.254'}";

describe('the numbers in a trainer’s log', () => {
  it('are read out of lines between others', () => {
    expect(metricsIn(LINE)).toEqual({ loss: 5.995, grad_norm: 2.721, learning_rate: 5e-5, num_tokens: 16100, epoch: 0.254 });
    expect(metricsIn("{'loss': 0.5, 'rewards/safety_rewards.refuse_or_help/mean': '0.25'}")).toEqual({ loss: 0.5, 'rewards/safety_rewards.refuse_or_help/mean': 0.25 });
    for (const none of ['cot-lens versions {"python": "3.11.7", "step": "1"}', '', '{}', "{'a': 'b'}", '100%|##| 4/4', "{'loss': '1'", "note: {'loss': '1'}", "{'loss': 'nan'}"]) expect(metricsIn(none)).toBeUndefined();
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

describe('a line that is too long to be one of numbers', () => {
  const NUMBERS = ["{'loss': '1', 'note': 'N'}", 'step:1 - a:1 - note:N', '(TaskRunner pid=1) step:1 - a:1 - note:N'];

  it.each(NUMBERS)('is passed over whole, however it is read: %s', (line) => {
    const ofLength = (length: number): string => `${line.replace('N', 'x'.repeat(length - line.length + 1))}\n`;
    for (const [length, numbers] of [[LONGEST_LINE, 1], [LONGEST_LINE + 1, 0]] as const) {
      const text = ofLength(length);
      expect(text).toHaveLength(length + 1);
      expect(new MetricLines().read(text)).toHaveLength(numbers);
      const lines = new MetricLines();
      expect([text.slice(0, 40_000), text.slice(40_000, -1), text.slice(-1)].flatMap((part) => lines.read(part))).toHaveLength(numbers);
    }
  });
});

describe('the numbers in verl’s log', () => {
  const VERL = 'step:12 - training/global_step:12 - actor/pg_loss:0.03 - actor/lr:1e-06 - critic/rewards/mean:np.float64(0.5) - critic/rewards/max:1.0 - timing_s/gen:-2 - odd:nan - flag:True';
  const VALUES = { 'training/global_step': 12, loss: 0.03, learning_rate: 1e-6, reward: 0.5, 'critic/rewards/max': 1, 'timing_s/gen': -2 };

  it('are those of the update that the line names, under the names that all trainers have', () => {
    const actor = '\u001b[36m(TaskRunner pid=123, ip=192.0.2.1)\u001b[0m ';
    expect(new MetricLines().read('\u001b[36m(pid=7)\u001b[0m [rank0]: step:1 - a:1. - b:.5 - c:-2.5e3 [repeated 3x across cluster] - d:1\n')).toEqual([{ step: 1, values: { a: 1, b: 0.5, c: -2500 }, last: false }]);
    expect(new MetricLines().read(`${VERL}\n${actor}${VERL.replace('step:12', 'step:14')}\n(TaskRunner pid=1) ${VERL.replace('step:12', 'step:15')}\n`)).toEqual([12, 14, 15].map((step) => ({ step, values: VALUES, last: false })));
  });

  it('are in no other line', () => {
    for (const none of ['step:12', 'step: 12 - a:1', 'at step:12 - a:1', 'step:1 - a:b', '(WorkerDict pid=1) loaded - a:1', 'step:x - a:1']) expect(new MetricLines().read(`${none}\n`), none).toEqual([]);
  });
});

describe('why a run failed', () => {
  it('is not said to be the model where it is the disk or a port', () => {
    const hint = (log: string): string | undefined => failureInWords(log).hint;
    expect(hint('OSError: [Errno 122] Disk quota exceeded')).toContain('disk');
    expect(hint('OSError: [Errno 98] Address already in use')).toContain('port');
    expect(hint('OSError: [Errno 5] Input/output error')).toBeUndefined();
    for (const model of [
      "OSError: org/none is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'",
      "OSError: Can't load the configuration of 'x'.",
      "OSError: We couldn't connect to 'https://huggingface.co' to load the files, and couldn't find them in the cached files.",
      'huggingface_hub.errors.RepositoryNotFoundError: 404 Client Error.',
      'OSError: org/x does not appear to have a file named config.json.',
    ]) expect(hint(model), model).toContain('The model was not found');
  });

  it('names settings that recipes have, or says what there is instead', () => {
    const memory = failureInWords('torch.OutOfMemoryError: CUDA out of memory.').hint;
    expect(memory).toContain('where the recipe has it');
    expect(memory).toContain('maxCompletion');
    expect(failureInWords('ValueError: Total available GPUs 7.0 is less than total desired GPUs 8').hint).toBe('verl wants 8 GPUs (gpusPerNode × nodes), and of the cluster’s 7 were free. Lower gpusPerNode or nodes, or wait until other runs end.');
    expect(failureInWords('ValueError: The global train batch size (6 x 1) must be evenly divisible by the number of generations per prompt (4).').hint).toContain('multiple');
  });

  it('is said without colours and without who says it, and not by a line of a traceback', () => {
    const actor = (line: string): string => `\u001b[36m(TaskRunner pid=12, ip=192.0.2.1)\u001b[0m ${line}\n`;
    const raised = actor('Traceback (most recent call last):') + actor('  File "x.py", line 1, in run') + actor('    work()') + actor('\u001b[31mValueError: the reward\u0007 is gone\u001b[0m');
    expect(failureInWords(raised).line).toBe('ValueError: the reward is gone');
    expect(failureInWords(raised + actor('  File "x.py", line 3') + actor('') + actor("{'loss': '1'}") + actor(' 50%|##  | 2/4'))).toMatchObject({ line: 'ValueError: the reward is gone' });
    expect(failureInWords('[rank1]: Traceback (most recent call last):\n[rank1]:   File "x.py", line 3\n[rank1]: KeyError: 1\n[rank1]:\n').line).toBe('KeyError: 1');
    expect(failureInWords(`${actor('ValueError: real_train_batch_size (6) must be divisible by 4')}`).hint).toContain('multiple');
    expect(failureInWords('\u001b[31mCUDA out\u001b[0m of memory.').hint).toContain('GPU');
  });

  it('is not guessed from warnings', () => {
    expect(failureInWords('x.py:3: UserWarning: 10 is not divisible by 4\nKeyError: 1\n')).toEqual({ line: 'KeyError: 1', hint: undefined });
    expect(failureInWords('AssertionError: real_train_batch_size (6) must be divisible by 4').hint).toContain('multiple');
  });

  it('is the nearest to the end of all that fit, also in one line', () => {
    expect(failureInWords('CUDA out of memory\nNo space left on device\nfurther').hint).toContain('disk');
    expect(failureInWords('No space left on device, CUDA out of memory').hint).toContain('GPU');
    expect(failureInWords('CUDA out of memory; No space left on device; CUDA out of memory').hint).toContain('GPU');
  });

  it('is that no node had what the run asks for, as Ray says it', () => {
    // In ray 2.58.0, ray/dashboard/modules/job/job_manager.py.
    const timeout = 'Job supervisor actor failed to start within 900.0 seconds. This timeout can be configured by setting the environment variable RAY_JOB_START_TIMEOUT_SECONDS.';
    const found = failureReason('', `JOB_SUPERVISOR_ACTOR_START_TIMEOUT: ${timeout}`);
    expect(found.line).toContain(timeout);
    expect(found.hint).toMatch(/GPUs.*processes.*gpus.*device: cpu/);
    expect(failureReason('Job supervisor actor could not be scheduled: gone', undefined)).toEqual({ line: 'Job supervisor actor could not be scheduled: gone', hint: found.hint });
    expect(failureInWords('JOB_SUPERVISOR_ACTOR_UNSCHEDULABLE').hint).toBe(found.hint);
    expect(failureInWords('JOB_SUPERVISOR_ACTOR_DIED: Job supervisor actor died: its node has died').hint).toBeUndefined();
  });

  it('is the last line that says something, with what to do where that is known', () => {
    const log = 'usage: accelerate launch [-h]\n  --flag\nAccelerate launch command: error: unrecognized arguments: --warmup_ratio=0.05\n\n';
    expect(failureInWords(log)).toEqual({
      line: 'Accelerate launch command: error: unrecognized arguments: --warmup_ratio=0.05',
      hint: expect.stringContaining('knows no setting “warmup_ratio”') as string,
    });
    expect(failureInWords('torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB').hint).toContain('Lower perDeviceBatchSize');
    expect(failureInWords('')).toEqual({ line: undefined, hint: undefined });
    // What is written before the trainer says anything is no reason.
    const before = 'Running entrypoint for job a: python3 versions.py trl 2>/dev/null; exec trl sft --config sft.yaml\ncot-lens versions {"python": "3.11.7", "trl": "1.13.0"}\n';
    expect(failureInWords(before)).toEqual({ line: undefined, hint: undefined });
    expect(failureInWords(`${before}/bin/sh: 1: exec: trl: not found\n`)).toEqual({ line: '/bin/sh: 1: exec: trl: not found', hint: expect.stringContaining('TRL is not installed on the cluster') as string });
    expect(failureReason(before, `JOB_ENTRYPOINT_COMMAND_ERROR: Job entrypoint command failed with exit code 137, last available logs (truncated to 20,000 chars):\n${before}`).line).toContain('exit code 137');
    // accelerate adds that its child failed, which is known.
    const guard = "safety_rewards.GuardFault: The guard at http://guard did not let us in (HTTP 401).";
    expect(failureInWords(`Traceback (most recent call last):\n  File "x.py", line 1\n${guard}\nTraceback (most recent call last):\n  File "y.py", line 2\nsubprocess.CalledProcessError: Command '['python', '-m', 'trl']' returned non-zero exit status 1.\n`).line).toBe(guard);
  });
});
