import * as z from 'zod';
import { plainTextAsIs } from './plainText';

/** Names of TRL, transformers and accelerate, each with the value of ours that writes it; `undefined`: the recipe itself does, or counts on what it is left at. */
export type OwnSettings = Readonly<Record<string, string | undefined>>;

/** Of all recipes of TRL. */
const OWN: OwnSettings = {
  model_name_or_path: 'model',
  output_dir: 'outputDir',
  seed: 'seed',
  use_cpu: 'device',
  cpu: 'device',
  dtype: 'dtype',
  bf16: 'dtype',
  fp16: 'dtype',
  mixed_precision: 'dtype',
  num_processes: 'processes',
  gpu_ids: 'processes',
  accelerate_config: 'accelerateConfig',
  config_file: 'accelerateConfig',
  multi_gpu: 'accelerateConfig',
  use_deepspeed: 'accelerateConfig',
  use_fsdp: 'accelerateConfig',
  deepspeed: 'accelerateConfig',
  fsdp: 'accelerateConfig',
  gradient_checkpointing: 'gradientCheckpointing',
  use_peft: 'lora',
  lora_r: 'lora.rank',
  lora_alpha: 'lora.alpha',
  lora_dropout: 'lora.dropout',
  lora_target_modules: 'lora.targets',
  max_steps: 'maxSteps',
  num_train_epochs: 'epochs',
  per_device_train_batch_size: 'perDeviceBatchSize',
  gradient_accumulation_steps: 'perDeviceBatchSize',
  learning_rate: 'learningRate',
  lr_scheduler_type: 'schedule',
  ...ownSettings('datasets', 'dataset_name', 'dataset_config', 'dataset_train_split', 'dataset_streaming', 'config'),
  // How many updates there are, of how many rows.
  ...ownSettings('auto_find_batch_size', 'dataloader_drop_last', 'split_batches', 'num_machines', 'machine_rank', 'resume_from_checkpoint'),
  // How the log is read.
  ...ownSettings('disable_tqdm', 'logging_strategy', 'logging_first_step'),
};

/** Such that no value of ours writes. */
export function ownSettings(...names: readonly string[]): OwnSettings {
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

const SECRET = new Set(['token', 'tokens', 'key', 'apikey', 'secret', 'password', 'passwd', 'credential', 'credentials', 'auth', 'bearer']);
/** These are words of a vocabulary. */
const NO_SECRET = new Set(['eos_token', 'pad_token']);

/** Why a further setting is not taken; `undefined` where it is. Names its name and never its value. */
function settingProblem(name: string, value: unknown, own: OwnSettings): string | undefined {
  const plain = name.toLowerCase();
  if (!NO_SECRET.has(plain) && plain.split('_').some((word) => SECRET.has(word))) return 'looks like a secret, and a recipe is shown, kept and sent as plain text. Set it in the environment of the cluster’s nodes.';
  if (Object.hasOwn(own, plain)) {
    const by = own[plain];
    return by === undefined ? 'is this recipe’s own: with another value the run would not be the one that was counted and shown.' : `is written from ${by}. Set that instead.`;
  }
  // A share of all updates, or a text, is a number of updates to TRL as well, but not to who reads its log.
  if (plain === 'logging_steps' && !(Number.isSafeInteger(value) && Number(value) >= 1)) return 'must be a whole number, 1 or more: the updates between two lines of the log, by which they are counted.';
  // accelerate takes the beginnings of its settings’ names for the whole.
  if (/^num_(?:p|m)/.test(plain)) return 'is read by accelerate as the number of processes or machines. Set processes instead.';
  return undefined;
}

/** Settings that no value of ours has. @param more those of the recipe, besides what all have */
export function trlSettings(more: OwnSettings): z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodUnion<readonly [z.ZodString, z.ZodNumber, z.ZodBoolean]>>> {
  const own = { ...OWN, ...more };
  return z
    .record(z.string().regex(/^\w+$/), z.union([plainTextAsIs(), z.number(), z.boolean()]))
    .superRefine((settings, found) => {
      for (const [name, value] of Object.entries(settings)) {
        const message = settingProblem(name, value, own);
        if (message !== undefined) found.addIssue({ code: 'custom', path: [name], message });
      }
    })
    .optional()
    .describe('Further settings of TRL, by its own names. One that a value of the recipe writes is refused, and so is what looks like a secret; one that TRL does not know ends the run at its start.');
}

/** Names them, for what is said before a launch. */
export function furtherSettings(settings: Readonly<Record<string, string | number | boolean>> | undefined): readonly string[] {
  const named = Object.entries(settings ?? {}).map(([name, value]) => `${name} = ${String(value)}`);
  return named.length === 0 ? [] : [`Further settings of TRL are the recipe’s author’s own, and nothing here checks them: ${named.join(', ')}.`];
}
