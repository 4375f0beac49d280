import { ADVCHAIN_MAX_LENGTH } from '../../curate/advchainMaxLength';
import * as z from 'zod';
import type { JsonObject } from '../../trace/rows/fieldRef';
import type { TrainingRecipe } from '../trainingRecipe';
import { plainText } from './plainText';

/** The values of AdvChain’s supervised training that OpenAI’s fine-tuning API has a place for. */
const schema = z.strictObject({
  recipe: z.literal('advchain-fine-tuning-api'),
  model: plainText().describe('The model to train, as the server calls it.'),
  epochs: z.int().min(1).default(5).describe('Passes over the set. AdvChain: 5.'),
  batchSize: z.union([z.int().min(1), z.literal('auto')]).default(128).describe('Rows that one update sees, or `auto` for the server’s choice. AdvChain: 128.'),
  learningRateMultiplier: z
    .union([z.number().positive(), z.literal('auto')])
    .default('auto')
    .describe('By what the server’s own learning rate is multiplied, or `auto`. Some servers take it for the rate itself: Nebius documents such as 2e-5. AdvChain’s rate, 1e-4, has no place on OpenAI.'),
  learningRate: z
    .number()
    .positive()
    .optional()
    .describe('The learning rate itself, sent as `learning_rate` beside the others in place of the multiplier: only for servers that take such a field; OpenAI’s API has none. AdvChain: 1e-4.'),
  hyperparametersAt: z.enum(['method', 'top-level']).default('method').describe('Where the request says them: `method`, as OpenAI wants it now, or `top-level`, its deprecated place, which Nebius documents.'),
  suffix: plainText().max(64).optional().describe('Stands in the trained model’s name; 64 characters at most. Absent: the run’s id, by which it is found again on a server that keeps no metadata.'),
  seed: z.int().min(0).default(42).describe('Of all that is drawn. Ours.'),
});

export type AdvchainFineTuningApiValues = z.infer<typeof schema>;

const BOTH_RATES = 'learningRate and learningRateMultiplier are both set. Set one of them: leave learningRate out, or set learningRateMultiplier to "auto".';

/** AdvChain’s supervised training as far as a fine-tuning API can express it: what it cannot is told before anything is launched. */
export const advchainFineTuningApi: TrainingRecipe<AdvchainFineTuningApiValues> = {
  name: 'advchain-fine-tuning-api',
  label: 'AdvChain SFT by a fine-tuning API',
  short: 'AdvChain API',
  about:
    'Supervised fine-tuning on samples that go wrong and put themselves right, on a server with OpenAI’s fine-tuning API: passes, batch and seed as in the paper, all else as the server chooses. OpenAI itself is ending this: it takes no new jobs of organizations that never fine-tuned (since 2026-05-07) or used no fine-tuned model within 60 days (since 2026-07-02), and none at all from 2027-01-06.',
  source: 'AdvChain (arXiv 2509.24269), section 4.',
  format: 'openai-chat',
  backend: 'openai',
  schema,
  presets: [{ name: 'paper', label: 'As in the paper, as far as it goes', detail: '5 epochs, batch 128; the server chooses learning rate, warm-up, length and optimizer.', values: {} }],
  arithmetic({ epochs, batchSize, learningRate, learningRateMultiplier }, rows) {
    if (learningRate !== undefined && learningRateMultiplier !== 'auto') return { wrong: BOTH_RATES };
    if (rows < 1) return { wrong: 'No row goes out, so there is nothing to train on.' };
    const examples = epochs * rows;
    if (batchSize === 'auto') return { optimiserSteps: undefined, warmupSteps: undefined, batchSize: undefined, examples };
    return { optimiserSteps: epochs * Math.ceil(rows / batchSize), warmupSteps: undefined, batchSize, examples };
  },
  leavesOut: ({ learningRate, learningRateMultiplier, batchSize, hyperparametersAt }) => [
    learningRate !== undefined
      ? `The learning rate ${String(learningRate)} is sent as “learning_rate”, which OpenAI’s API does not have: a server that does not know it refuses the run, or passes over it without a word.`
      : learningRateMultiplier === 'auto'
        ? 'The paper’s learning rate, 1e-4, is left out: this API takes none, and the server chooses its own.'
        : `The paper’s learning rate, 1e-4, is left out: this API takes none. The server’s own is multiplied by ${String(learningRateMultiplier)}, unless it takes that for the rate itself (as Nebius documents).`,
    ...(batchSize === 'auto' ? ['The paper’s batch of 128 is left out: the server chooses, and how many updates there are is not known before.'] : []),
    'The paper’s warm-up over 5 % of the updates is left out: this API has no place for it.',
    `The paper’s longest row, ${String(ADVCHAIN_MAX_LENGTH)} tokens, is left out: the server cuts off or refuses rows by its own limit.`,
    'The paper’s optimizer, AdamW, is left out: the server chooses, and does not say which.',
    'The loss falls on every message of the assistant in a row, and whether the server keeps reasoning that stands in it is its own affair.',
    'OpenAI looks files through by its usage policies and may refuse them; rows with flawed reasoning on harmful prompts are likely to be. Other servers may do so too.',
    ...(hyperparametersAt === 'top-level' ? ['The values stand in the request’s deprecated place (“hyperparameters”): a server that looks only below “method” passes over them.'] : []),
  ],
  job(values) {
    const { model, epochs, batchSize, learningRate, learningRateMultiplier, hyperparametersAt, suffix, seed } = values;
    if (learningRate !== undefined && learningRateMultiplier !== 'auto') throw new Error(BOTH_RATES);
    const hyperparameters = { n_epochs: epochs, batch_size: batchSize, ...(learningRate === undefined ? { learning_rate_multiplier: learningRateMultiplier } : { learning_rate: learningRate }) };
    const body: JsonObject = {
      ...(suffix === undefined ? {} : { suffix }),
      seed,
      ...(hyperparametersAt === 'method' ? { method: { type: 'supervised', supervised: { hyperparameters } } } : { hyperparameters }),
    };
    return { kind: 'fine-tuning', model, body };
  },
};
