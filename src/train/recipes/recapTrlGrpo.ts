import * as z from 'zod';
import { warmupStepsOf } from '../optimiserSteps';
import type { RunArithmetic, TrainingRecipe, WrongValues } from '../trainingRecipe';
import { commonValues } from './commonValues';
import { recapLeavesOut } from './recapLeavesOut';
import { recapValues } from './recapValues';
import { rewardFiles } from './rewardFiles';
import { sayingVersions, versionsFile } from './saidVersions';
import { commonConfig, environmentOf, trlYaml } from './trlConfig';
import { gpusOf, oneNode, processesProblem } from './trlProcesses';
import { furtherSettings, ownSettings, trlSettings } from './trlSettings';

const schema = z.strictObject({
  recipe: z.literal('recap-trl-grpo'),
  ...commonValues,
  ...recapValues,
  perDeviceBatchSize: z.int().min(1).default(8).describe('Completions that one process holds at a time; what memory allows. Ours.'),
  vllm: z.boolean().default(true).describe('Completions by vLLM on the same GPUs; without it transformers writes them, slowly. Ours.'),
  trlSettings: trlSettings({
    epsilon: 'clipLow',
    epsilon_high: 'clipHigh',
    num_generations: 'rollouts',
    max_completion_length: 'maxCompletion',
    temperature: 'temperature',
    use_vllm: 'vllm',
    vllm_mode: 'vllm',
    save_strategy: 'saveEvery',
    save_steps: 'saveEvery',
    // The rewards, the form of the loss, and how many updates there are.
    ...ownSettings('reward_funcs', 'reward_weights', 'reward_model_name_or_path', 'loss_type', 'beta', 'scale_rewards', 'mask_truncated_completions', 'warmup_steps', 'generation_batch_size', 'steps_per_generation', 'num_iterations'),
  }),
  cpuThreads: z.int().min(1).default(2).describe('Of a run on processors; Ray allows one where nothing is said. Ours.'),
});

export type RecapTrlGrpoValues = z.infer<typeof schema>;

/** How often gradients are added up; `undefined` where completions do not come out even. */
function accumulation({ rollouts, promptsPerUpdate, perDeviceBatchSize, processes }: RecapTrlGrpoValues): number | undefined {
  const times = (rollouts * promptsPerUpdate) / (perDeviceBatchSize * processes);
  return Number.isInteger(times) && times >= 1 ? times : undefined;
}

function uneven({ rollouts, promptsPerUpdate, perDeviceBatchSize, processes }: RecapTrlGrpoValues): string {
  return `rollouts × promptsPerUpdate (${String(rollouts)} × ${String(promptsPerUpdate)}) is no multiple of perDeviceBatchSize × processes (${String(perDeviceBatchSize)} × ${String(processes)}).`;
}

/**
 * TRL generates for whole batches of prompts and leaves out the last ones of a pass that do not fill one.
 */
function arithmetic(values: RecapTrlGrpoValues, rows: number): RunArithmetic | WrongValues {
  const wrong = processesProblem(values) ?? (accumulation(values) === undefined ? uneven(values) : undefined);
  if (wrong !== undefined) return { wrong };
  const perPass = Math.floor(rows / values.promptsPerUpdate);
  if (perPass < 1) return { wrong: `An update takes ${String(values.promptsPerUpdate)} prompts, and only ${String(rows)} go out. Lower promptsPerUpdate.` };
  const steps = values.maxSteps ?? values.epochs * perPass;
  const batchSize = values.promptsPerUpdate * values.rollouts;
  return { optimiserSteps: steps, warmupSteps: warmupStepsOf(0, steps), batchSize, examples: steps * batchSize };
}

/** RECAP with what TRL has: DAPO's loss and clip, without its filter of groups. */
export const recapTrlGrpo: TrainingRecipe<RecapTrlGrpoValues> = {
  name: 'recap-trl-grpo',
  label: 'RECAP RL by trl grpo (DAPO loss, no group filtering)',
  short: 'RECAP trl grpo',
  about: 'Reinforcement learning from flawed prefills. TRL has DAPO’s loss and clip but not its dynamic sampling: groups whose completions all got the same reward are gone through without teaching anything (`frac_reward_zero_std` says how many).',
  source: 'RECAP (arXiv 2510.00938 v2), section 4; learning rate, its schedule, temperature and prompts per update are ours.',
  format: 'prefill-rl',
  backend: 'ray',
  schema,
  presets: [
    { name: 'paper', label: 'All weights', detail: 'α 0.5, 16 rollouts, clip 0.2 / 0.28, 1 epoch.', values: {} },
    { name: 'lora', label: 'LoRA', detail: 'The same figures on adapters of rank 16, but a learning rate of 1e-5, ten times that of all weights. Ours.', values: { lora: { rank: 16, alpha: 32, dropout: 0.05, targets: 'all-linear' }, learningRate: 1e-5 } },
  ],
  arithmetic,
  leavesOut: (values) => [
    'TRL does not filter groups (DAPO’s dynamic sampling): those whose completions all got the same reward teach nothing, and are not replaced.',
    ...recapLeavesOut(values),
    ...(values.maxSteps === undefined ? [] : [`The run ends after ${String(values.maxSteps)} updates, whatever epochs says.`]),
    ...oneNode(values),
    ...furtherSettings(values.trlSettings),
  ],
  job(values, rowsAt) {
    const wrong = processesProblem(values);
    if (wrong !== undefined) throw new Error(wrong);
    const times = accumulation(values);
    if (times === undefined) throw new Error(uneven(values));
    const config = {
      ...commonConfig(values, rowsAt),
      reward_funcs: ['safety_rewards.refuse_or_help', 'safety_rewards.right_answer'],
      reward_weights: [1, 1],
      loss_type: 'dapo',
      beta: 0,
      epsilon: values.clipLow,
      epsilon_high: values.clipHigh,
      scale_rewards: 'group',
      num_generations: values.rollouts,
      num_train_epochs: values.epochs,
      per_device_train_batch_size: values.perDeviceBatchSize,
      gradient_accumulation_steps: times,
      max_completion_length: values.maxCompletion,
      mask_truncated_completions: true,
      temperature: values.temperature,
      learning_rate: values.learningRate,
      lr_scheduler_type: values.schedule,
      use_vllm: values.vllm && values.device === 'gpu' ? true : undefined,
      vllm_mode: values.vllm && values.device === 'gpu' ? 'colocate' : undefined,
      log_completions: false,
      save_strategy: 'steps',
      save_steps: values.saveEvery,
      save_total_limit: 1,
    };
    return {
      kind: 'trainer',
      files: { 'grpo.yaml': trlYaml({ ...config, ...values.trlSettings }), ...rewardFiles(values.guard), ...versionsFile },
      entrypoint: sayingVersions('trl', 'trl grpo --config grpo.yaml'),
      environment: environmentOf(values, values.cpuThreads),
      outputDir: values.outputDir,
      ...gpusOf(values),
    };
  },
};
