import * as z from 'zod';
import { ADVCHAIN_MAX_LENGTH } from '../../curate/advchainMaxLength';
import { accumulationOf, optimiserSteps, unevenBatch } from '../optimiserSteps';
import type { TrainingRecipe } from '../trainingRecipe';
import { commonValues } from './commonValues';
import { plainText } from './plainText';
import { sayingVersions, versionsFile } from './saidVersions';
import { commonConfig, environmentOf, trlYaml } from './trlConfig';
import { gpusOf, oneNode, processesProblem } from './trlProcesses';
import { furtherSettings, ownSettings, trlSettings } from './trlSettings';

/** The values of AdvChain’s supervised training. Its schedule is not published: cosine is ours. */
const schema = z.strictObject({
  recipe: z.literal('advchain-sft'),
  ...commonValues,
  epochs: z.int().min(1).default(5).describe('Passes over the set. AdvChain: 5.'),
  batchSize: z.int().min(1).default(128).describe('Rows that one update sees: per device × accumulation × processes. AdvChain: 128.'),
  perDeviceBatchSize: z.int().min(1).default(16).describe('Rows that one process holds at a time; what memory allows. Ours.'),
  optimizer: plainText().default('adamw_torch').describe('AdvChain: AdamW.'),
  learningRate: z.number().positive().default(1e-4).describe('AdvChain: 1e-4.'),
  schedule: z.enum(['cosine', 'linear', 'constant_with_warmup']).default('cosine').describe('How the learning rate falls after the warm-up. Not published; ours.'),
  warmup: z.number().min(0).default(0.05).describe('Below 1 a share of all updates, else their number. AdvChain: 5 %.'),
  maxLength: z.int().min(1).default(ADVCHAIN_MAX_LENGTH).describe(`Tokens of a row; what lies beyond is cut off. AdvChain: ${String(ADVCHAIN_MAX_LENGTH)}. (TRL’s own default is 1024.)`),
  chatTemplatePath: plainText().optional().describe('A training template (*.jinja) or tokenizer folder that the cluster can read, where TRL knows none for the model.'),
  trlSettings: trlSettings({
    optim: 'optimizer',
    warmup_steps: 'warmup',
    max_length: 'maxLength',
    chat_template_path: 'chatTemplatePath',
    // What the loss falls on.
    ...ownSettings('assistant_only_loss', 'completion_only_loss', 'packing', 'packing_strategy', 'padding_free', 'truncation_mode', 'dataset_text_field', 'loss_type'),
  }),
  cpuThreads: z.int().min(1).default(2).describe('Of a run on processors; Ray allows one where nothing is said. Ours.'),
});

export type AdvchainSftValues = z.infer<typeof schema>;

/** The loss falls on every token that the assistant says, reasoning and answer, as AdvChain trains. */
export const advchainSft: TrainingRecipe<AdvchainSftValues> = {
  name: 'advchain-sft',
  label: 'AdvChain SFT',
  short: 'AdvChain SFT',
  about: 'Supervised fine-tuning on samples that go wrong and put themselves right; the loss on every token that the assistant says.',
  source: 'AdvChain (arXiv 2509.24269), section 4; the schedule is ours.',
  format: 'trl-messages',
  backend: 'ray',
  schema,
  presets: [
    { name: 'paper', label: 'All weights', detail: `As in the paper: 5 epochs, batch 128, AdamW, learning rate 1e-4, ${String(ADVCHAIN_MAX_LENGTH)} tokens, 5 % warm-up.`, values: {} },
    { name: 'lora', label: 'LoRA', detail: 'The same on adapters of rank 16, for one GPU. Ours; the paper trains all weights.', values: { lora: { rank: 16, alpha: 32, dropout: 0.05, targets: 'all-linear' } } },
  ],
  arithmetic(values, rows) {
    const wrong = processesProblem(values);
    return wrong === undefined ? optimiserSteps(values, rows) : { wrong };
  },
  leavesOut: (values) => [
    ...(values.lora === undefined ? [] : ['The paper trains all weights; this run trains adapters (LoRA).']),
    ...(values.maxSteps === undefined ? [] : [`The run ends after ${String(values.maxSteps)} updates, whatever epochs says.`]),
    ...oneNode(values),
    ...furtherSettings(values.trlSettings),
  ],
  job(values, rowsAt) {
    const accumulation = accumulationOf(values);
    const wrong = processesProblem(values);
    if (wrong !== undefined) throw new Error(wrong);
    if (accumulation === undefined) throw new Error(unevenBatch(values));
    const config = {
      ...commonConfig(values, rowsAt),
      num_train_epochs: values.epochs,
      per_device_train_batch_size: values.perDeviceBatchSize,
      gradient_accumulation_steps: accumulation,
      optim: values.optimizer,
      learning_rate: values.learningRate,
      lr_scheduler_type: values.schedule,
      // `warmup_ratio` is gone from transformers 5; a number below 1 is a share.
      warmup_steps: values.warmup,
      max_length: values.maxLength,
      assistant_only_loss: true,
      packing: false,
      chat_template_path: values.chatTemplatePath,
      save_strategy: 'epoch',
      save_total_limit: 1,
    };
    return { kind: 'trainer', files: { 'sft.yaml': trlYaml({ ...config, ...values.trlSettings }), ...versionsFile }, entrypoint: sayingVersions('trl', 'trl sft --config sft.yaml'), environment: environmentOf(values, values.cpuThreads), outputDir: values.outputDir, ...gpusOf(values) };
  },
};
