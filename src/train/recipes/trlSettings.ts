import * as z from 'zod';

/**
 * Names of TRL, transformers and accelerate that a value of ours writes, with that value's name; `undefined` where the recipe itself
 * writes them, or counts on what they are left at. A further setting of such a name would make a run another than the one that was shown.
 */
const OURS: ReadonlyMap<string, string | undefined> = new Map([
  ['model_name_or_path', 'model'],
  ['output_dir', 'outputDir'],
  ['seed', 'seed'],
  ['use_cpu', 'device'],
  ['cpu', 'device'],
  ['dtype', 'dtype'],
  ['bf16', 'dtype'],
  ['fp16', 'dtype'],
  ['mixed_precision', 'dtype'],
  ['num_processes', 'processes'],
  ['gpu_ids', 'processes'],
  ['multi_gpu', 'accelerateConfig'],
  ['accelerate_config', 'accelerateConfig'],
  ['config_file', 'accelerateConfig'],
  ['use_deepspeed', 'accelerateConfig'],
  ['use_fsdp', 'accelerateConfig'],
  ['deepspeed', 'accelerateConfig'],
  ['fsdp', 'accelerateConfig'],
  ['gradient_checkpointing', 'gradientCheckpointing'],
  ['use_peft', 'lora'],
  ['lora_r', 'lora.rank'],
  ['lora_alpha', 'lora.alpha'],
  ['lora_dropout', 'lora.dropout'],
  ['lora_target_modules', 'lora.targets'],
  ['num_train_epochs', 'epochs'],
  ['max_steps', 'maxSteps'],
  ['per_device_train_batch_size', 'perDeviceBatchSize'],
  ['gradient_accumulation_steps', 'perDeviceBatchSize'],
  ['optim', 'optimizer'],
  ['learning_rate', 'learningRate'],
  ['lr_scheduler_type', 'schedule'],
  ['warmup_steps', 'warmup'],
  ['max_length', 'maxLength'],
  ['chat_template_path', 'chatTemplatePath'],
  ['epsilon', 'clipLow'],
  ['epsilon_high', 'clipHigh'],
  ['num_generations', 'rollouts'],
  ['max_completion_length', 'maxCompletion'],
  ['temperature', 'temperature'],
  ['use_vllm', 'vllm'],
  ['vllm_mode', 'vllm'],
  ['save_strategy', 'saveEvery'],
  ['save_steps', 'saveEvery'],
  ...[
    // What is trained on, and what the loss falls on.
    ...['datasets', 'dataset_name', 'dataset_config', 'dataset_train_split', 'dataset_streaming', 'dataset_text_field', 'assistant_only_loss', 'completion_only_loss', 'packing', 'packing_strategy', 'padding_free', 'truncation_mode'],
    // The rewards and the form of the loss.
    ...['reward_funcs', 'reward_weights', 'reward_model_name_or_path', 'loss_type', 'beta', 'scale_rewards', 'mask_truncated_completions'],
    // How many updates there are, of how many rows.
    ...['auto_find_batch_size', 'dataloader_drop_last', 'split_batches', 'generation_batch_size', 'steps_per_generation', 'num_iterations', 'num_machines', 'machine_rank', 'resume_from_checkpoint', 'config'],
    // How the log is read.
    ...['disable_tqdm', 'logging_strategy'],
  ].map((name) => [name, undefined] as const),
]);

/** What the recipes write and a person may write otherwise: nothing is counted with it. */
export const FREE_SETTINGS: readonly string[] = ['report_to', 'logging_steps', 'log_completions', 'save_total_limit'];

const SECRET = new Set(['token', 'tokens', 'key', 'apikey', 'secret', 'password', 'passwd', 'credential', 'credentials', 'auth', 'bearer']);
/** These are words of a vocabulary. */
const NO_SECRET = new Set(['eos_token', 'pad_token']);

/** Why a further setting is not taken; `undefined` where it is. Names its name and never its value. */
export function settingProblem(name: string): string | undefined {
  const plain = name.toLowerCase();
  if (!NO_SECRET.has(plain) && plain.split('_').some((word) => SECRET.has(word))) return 'looks like a secret, and a recipe is shown, kept and sent as plain text. Set it in the environment of the cluster’s nodes.';
  const by = OURS.get(plain);
  if (by !== undefined) return `is written from ${by}. Set that instead.`;
  if (OURS.has(plain)) return 'is this recipe’s own: with another value the run would not be the one that was counted and shown.';
  // accelerate takes the beginnings of its settings’ names for the whole.
  if (/^num_(?:p|m)/.test(plain)) return 'is read by accelerate as the number of processes or machines. Set processes instead.';
  return undefined;
}

/** Settings that no value of ours has. */
export const trlSettings = z
  .record(z.string().regex(/^\w+$/), z.union([z.string(), z.number(), z.boolean()]))
  .superRefine((settings, found) => {
    for (const name of Object.keys(settings)) {
      const message = settingProblem(name);
      if (message !== undefined) found.addIssue({ code: 'custom', path: [name], message });
    }
  })
  .optional()
  .describe('Further settings of TRL, by its own names. One that a value of the recipe writes is refused, and so is what looks like a secret; one that TRL does not know ends the run at its start.');

/** Names them, for what is said before a launch. */
export function furtherSettings(settings: z.infer<typeof trlSettings>): readonly string[] {
  const named = Object.entries(settings ?? {}).map(([name, value]) => `${name} = ${String(value)}`);
  return named.length === 0 ? [] : [`Further settings of TRL are the recipe’s author’s own, and nothing here checks them: ${named.join(', ')}.`];
}
