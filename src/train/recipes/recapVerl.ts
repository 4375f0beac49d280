import * as z from 'zod';
import type { RunArithmetic, TrainingRecipe, WrongValues } from '../trainingRecipe';
import { commonValues } from './commonValues';
import { plainText } from './plainText';
import { recapLeavesOut } from './recapLeavesOut';
import { recapValues } from './recapValues';
import { rewardFiles } from './rewardFiles';
import { sayingVersions, versionsFile } from './saidVersions';
import { environmentOf } from './trlConfig';
import prompts from '../rewards/prefilled_prompts.py';
import rows from '../rewards/prefilled_rows.py';

const { model, outputDir, seed } = commonValues;

const schema = z.strictObject({
  recipe: z.literal('recap-verl'),
  model,
  outputDir,
  seed,
  ...recapValues,
  gpusPerNode: z.int().min(1).default(8).describe('GPUs of each node. Ours.'),
  nodes: z.int().min(1).default(1).describe('Nodes that train together. Ours.'),
  tensorParallel: z.int().min(1).default(1).describe('GPUs over which vLLM lays one copy of the model. Ours.'),
  maxPrompt: z.int().min(1).default(2048).describe('Tokens of a prompt with its prefill; a longer one ends the run before it trains. Ours.'),
  lora: z
    .strictObject({
      rank: z.int().min(1).default(32).describe('Rank of the adapters; verl’s documentation wants 32 or more. Ours.'),
      alpha: z.int().min(1).default(32).describe('What they are scaled by, over their rank; verl takes whole numbers. Ours.'),
      targets: plainText().default('all-linear').describe('The layers that get adapters. Ours.'),
    })
    .optional()
    .describe('Train small adapters instead of all weights. Absent: all weights, as the paper does.'),
});

export type RecapVerlValues = z.infer<typeof schema>;

/** verl goes through whole batches of prompts. Groups that teach nothing are replaced, which takes more completions than are counted here. */
function arithmetic(values: RecapVerlValues, rows: number): RunArithmetic | WrongValues {
  const wrong = uneven(values);
  if (wrong !== undefined) return { wrong };
  const { epochs, promptsPerUpdate, rollouts } = values;
  const perPass = Math.floor(rows / promptsPerUpdate);
  if (perPass < 1) return { wrong: `An update takes ${String(promptsPerUpdate)} prompts, and only ${String(rows)} go out. Lower promptsPerUpdate.` };
  const batchSize = promptsPerUpdate * rollouts;
  return { optimiserSteps: epochs * perPass, warmupSteps: 0, batchSize, examples: epochs * perPass * batchSize };
}

/** Why completions cannot be dealt out to the GPUs; `undefined` where they can. */
function uneven({ promptsPerUpdate, rollouts, gpusPerNode, nodes, tensorParallel }: RecapVerlValues): string | undefined {
  const gpus = gpusPerNode * nodes;
  if (gpus % tensorParallel !== 0) return `gpusPerNode × nodes (${String(gpusPerNode)} × ${String(nodes)}) is no multiple of tensorParallel (${String(tensorParallel)}).`;
  if ((promptsPerUpdate * rollouts) % gpus !== 0) return `promptsPerUpdate × rollouts (${String(promptsPerUpdate)} × ${String(rollouts)}) is no multiple of gpusPerNode × nodes (${String(gpusPerNode)} × ${String(nodes)} = ${String(gpus)}).`;
  return undefined;
}

/** RECAP with DAPO’s dynamic sampling, by verl. Its command line is read in verl’s source and was not run by us. */
export const recapVerl: TrainingRecipe<RecapVerlValues> = {
  name: 'recap-verl',
  label: 'RECAP RL by verl (DAPO with dynamic sampling)',
  short: 'RECAP verl',
  about: 'Reinforcement learning from flawed prefills as in the paper: groups whose completions all got the same reward are replaced. The prompts go to the model raw, by a dataset and an agent loop that travel with the package. Takes a cluster with verl 1dda039 (2026-08-22) or later, vLLM and GPUs; this project has read verl’s source and not run it.',
  source: 'RECAP (arXiv 2510.00938 v2), section 4; the command line from verl 1dda039 (2026-08-22).',
  format: 'prefill-rl',
  backend: 'ray',
  schema,
  presets: [
    { name: 'paper', label: 'All weights', detail: 'α 0.5, 16 rollouts, clip 0.2 / 0.28, groups filtered, 1 epoch.', values: {} },
    { name: 'lora', label: 'LoRA', detail: 'The same figures on adapters of rank 32, but a learning rate of 1e-5, ten times that of all weights, as verl’s documentation wants. Ours.', values: { lora: { rank: 32, alpha: 32, targets: 'all-linear' }, learningRate: 1e-5 } },
  ],
  arithmetic,
  leavesOut: (values) => [
    'This project has not run verl: its settings, its dataset class and its agent loop are read in the source of verl 1dda039 (2026-08-22).',
    'Rows whose intent is ambiguous and that have no known answer are left out, since no reward speaks of them; then there are fewer updates.',
    ...(values.guard === undefined ? [] : ['A completion that the guard gave no verdict on is left out of its group; where it gives none for a whole batch, verl ends the run.']),
    ...recapLeavesOut(values),
  ],
  job(values, rowsAt) {
    const wrong = uneven(values);
    if (wrong !== undefined) throw new Error(wrong);
    if (/^https?:/.test(rowsAt)) throw new Error('verl reads the rows from a path or an hdfs: address, not over HTTP. Give a path on storage that all nodes share.');
    const settings: Readonly<Record<string, string | number | readonly string[]>> = {
      'algorithm.adv_estimator': 'grpo',
      'algorithm.filter_groups.enable': 'True',
      'algorithm.filter_groups.metric': 'acc',
      'data.train_files': rowsAt,
      'data.val_files': rowsAt,
      'data.seed': values.seed,
      'data.train_batch_size': values.promptsPerUpdate,
      'data.max_prompt_length': values.maxPrompt,
      'data.max_response_length': values.maxCompletion,
      'data.custom_cls.path': 'prefilled_prompts.py',
      'data.custom_cls.name': 'PrefilledPrompts',
      'actor_rollout_ref.model.path': values.model,
      ...loraSettings(values.lora),
      // One update for each batch, as the arithmetic counts.
      'actor_rollout_ref.actor.ppo_mini_batch_size': values.promptsPerUpdate,
      'actor_rollout_ref.actor.use_dynamic_bsz': 'True',
      'actor_rollout_ref.actor.ppo_max_token_len_per_gpu': Math.max(16_384, values.maxPrompt + values.maxCompletion),
      'actor_rollout_ref.actor.data_loader_seed': values.seed,
      'actor_rollout_ref.actor.checkpoint.save_contents': ['model', 'optimizer', 'extra', 'hf_model'],
      'actor_rollout_ref.actor.clip_ratio_low': values.clipLow,
      'actor_rollout_ref.actor.clip_ratio_high': values.clipHigh,
      'actor_rollout_ref.actor.loss_agg_mode': 'token-mean',
      'actor_rollout_ref.actor.optim.lr': values.learningRate,
      'actor_rollout_ref.actor.optim.lr_scheduler_type': values.schedule,
      'actor_rollout_ref.rollout.name': 'vllm',
      'actor_rollout_ref.rollout.n': values.rollouts,
      'actor_rollout_ref.rollout.temperature': values.temperature,
      'actor_rollout_ref.rollout.seed': values.seed,
      'actor_rollout_ref.rollout.tensor_model_parallel_size': values.tensorParallel,
      'actor_rollout_ref.rollout.agent.agent_loop_config_path': 'agent_loops.yaml',
      'actor_rollout_ref.rollout.agent.default_agent_loop': 'prefilled_prompt',
      'reward.custom_reward_function.path': 'safety_rewards.py',
      'reward.custom_reward_function.name': 'compute_score',
      'trainer.n_gpus_per_node': values.gpusPerNode,
      'trainer.nnodes': values.nodes,
      'trainer.logger': ['console'],
      'trainer.total_epochs': values.epochs,
      'trainer.default_local_dir': values.outputDir,
      // verl saves nothing unless told, begins with a validation, and goes on from what it finds in the folder.
      'trainer.save_freq': values.saveEvery,
      'trainer.val_before_train': 'False',
      'trainer.test_freq': -1,
      'trainer.resume_mode': 'disable',
    };
    const words = Object.entries(settings).map(([name, value]) => forShell(`${name}=${forHydra(value)}`));
    return {
      kind: 'trainer',
      files: { 'agent_loops.yaml': AGENT_LOOPS, 'prefilled_prompts.py': prompts, 'prefilled_rows.py': rows, ...rewardFiles(values.guard), ...versionsFile },
      entrypoint: sayingVersions('python3', ['python3 -m verl.trainer.main_ppo', ...words].join(' ')),
      environment: environmentOf({ device: 'gpu' }, 1),
      outputDir: values.outputDir,
      // verl’s own actors take the GPUs: one that the entry point held would be missing among them.
      gpus: 0,
      gpusByItself: values.gpusPerNode * values.nodes,
    };
  },
};

/** As verl’s documentation of LoRA has them; vLLM then loads the weights beneath the adapters by itself. */
function loraSettings(lora: RecapVerlValues['lora']): Readonly<Record<string, string | number>> {
  if (lora === undefined) return {};
  return {
    'actor_rollout_ref.model.lora_rank': lora.rank,
    'actor_rollout_ref.model.lora_alpha': lora.alpha,
    'actor_rollout_ref.model.target_modules': lora.targets,
    'actor_rollout_ref.rollout.load_format': 'safetensors',
  };
}

/** Which agent loop writes the completions. */
const AGENT_LOOPS = '- name: prefilled_prompt\n  _target_: prefilled_prompts.PrefilledPromptLoop\n';

/** As Hydra, which reads verl’s command line, takes a value: what is no plain word stands between double quotes. */
function forHydra(value: string | number | readonly string[]): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return `[${value.map(forHydra).join(',')}]`;
  return /^[\w./:@%+-]+$/.test(value) ? value : `"${value.replaceAll(/(\\*)("|$)/g, (_, slashes: string, quote: string) => slashes + slashes + (quote === '' ? '' : '\\"'))}"`;
}

/** For the shell that Ray starts: what is no plain word stands between single quotes. */
function forShell(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
