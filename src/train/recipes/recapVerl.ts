import { z } from 'zod';
import type { RunArithmetic, TrainingRecipe, WrongValues } from '../trainingRecipe';
import { commonValues } from './commonValues';
import { recapValues } from './recapValues';
import { rewardFiles } from './rewardFiles';
import { environmentOf } from './trlConfig';
import dataset from '../rewards/prefilled_prompts.py';

const { model, outputDir, seed } = commonValues;

const schema = z.strictObject({
  recipe: z.literal('recap-verl'),
  model,
  outputDir,
  seed,
  ...recapValues,
  gpusPerNode: z.int().min(1).default(8).describe('Ours.'),
  nodes: z.int().min(1).default(1).describe('Ours.'),
  maxPrompt: z.int().min(1).default(2048).describe('Tokens of a prompt with its prefill. Ours.'),
});

export type RecapVerlValues = z.infer<typeof schema>;

/** verl goes through whole batches of prompts. Groups that teach nothing are replaced, which takes more completions than are counted here. */
function arithmetic({ epochs, promptsPerUpdate, rollouts }: RecapVerlValues, rows: number): RunArithmetic | WrongValues {
  const perPass = Math.floor(rows / promptsPerUpdate);
  if (perPass < 1) return { wrong: `An update takes ${String(promptsPerUpdate)} prompts, and only ${String(rows)} go out. Lower promptsPerUpdate.` };
  const batchSize = promptsPerUpdate * rollouts;
  return { optimiserSteps: epochs * perPass, warmupSteps: 0, batchSize, examples: epochs * perPass * batchSize };
}

/** RECAP with DAPO’s dynamic sampling, by verl. Its command line is read in verl’s source and was not run by us. */
export const recapVerl: TrainingRecipe<RecapVerlValues> = {
  name: 'recap-verl',
  label: 'RECAP RL by verl (DAPO with dynamic sampling)',
  about: 'Reinforcement learning from flawed prefills as in the paper: groups whose completions all got the same reward are replaced. Takes a cluster with verl and GPUs; this project has not run it.',
  source: 'RECAP (arXiv 2510.00938 v2), section 4; the command line from verl 1dda039 (2026-08-22).',
  format: 'prefill-rl',
  backend: 'ray',
  schema,
  presets: [{ name: 'paper', label: 'All weights', detail: 'α 0.5, 16 rollouts, clip 0.2 / 0.28, groups filtered, 1 epoch.', values: {} }],
  arithmetic,
  leavesOut: ({ guard }) => [
    'This project has not run verl: its settings are read in verl’s source.',
    ...(guard === undefined ? ['No guard judges the answers: phrases of refusal are counted, which is coarse.'] : []),
  ],
  job(values, rowsAt) {
    const settings: Readonly<Record<string, string | number | boolean>> = {
      'algorithm.adv_estimator': 'grpo',
      'algorithm.filter_groups.enable': 'True',
      'algorithm.filter_groups.metric': 'acc',
      'data.train_files': rowsAt,
      'data.val_files': rowsAt,
      'data.train_batch_size': values.promptsPerUpdate,
      'data.max_prompt_length': values.maxPrompt,
      'data.max_response_length': values.maxCompletion,
      'data.custom_cls.path': 'prefilled_prompts.py',
      'data.custom_cls.name': 'PrefilledPrompts',
      'actor_rollout_ref.model.path': values.model,
      'actor_rollout_ref.actor.clip_ratio_low': values.clipLow,
      'actor_rollout_ref.actor.clip_ratio_high': values.clipHigh,
      'actor_rollout_ref.actor.loss_agg_mode': 'token-mean',
      'actor_rollout_ref.actor.optim.lr': values.learningRate,
      'actor_rollout_ref.rollout.name': 'vllm',
      'actor_rollout_ref.rollout.n': values.rollouts,
      'actor_rollout_ref.rollout.temperature': values.temperature,
      'reward.custom_reward_function.path': 'safety_rewards.py',
      'reward.custom_reward_function.name': 'compute_score',
      'trainer.n_gpus_per_node': values.gpusPerNode,
      'trainer.nnodes': values.nodes,
      'trainer.logger': '["console"]',
      'trainer.total_epochs': values.epochs,
      'trainer.default_local_dir': values.outputDir,
      'trainer.seed': values.seed,
    };
    const words = Object.entries(settings).map(([name, value]) => `${name}=${quoted(String(value))}`);
    return {
      kind: 'trainer',
      files: { 'prefilled_prompts.py': dataset, ...rewardFiles(values.guard) },
      entrypoint: ['python3 -m verl.trainer.main_ppo', ...words].join(' '),
      environment: environmentOf({ device: 'gpu' }, 1),
      outputDir: values.outputDir,
    };
  },
};

/** For the shell that Ray starts: what is no plain word stands between single quotes. */
function quoted(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
