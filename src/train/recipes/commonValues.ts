import * as z from 'zod';
import { outputPlace, plainText } from './plainText';

/** Values that all recipes have. Where a number is a paper's it says so; all else is ours. */
export const commonValues = {
  model: plainText().describe('The model to train: a name on the Hugging Face hub, or a folder that the cluster can read.'),
  outputDir: outputPlace().describe('Where the trained model is written: a folder on storage that all nodes share, by its path from the root. No API hands files out of a cluster.'),
  seed: z.int().min(0).default(42).describe('Of the order of rows and all else that is drawn. Ours.'),
  device: z.enum(['gpu', 'cpu']).default('gpu').describe('`cpu` is for trying a pipeline with a tiny model. Ours.'),
  dtype: z.enum(['bfloat16', 'float16', 'float32']).default('bfloat16').describe('What the arithmetic is done in; `float32` on a CPU. `float16` is for GPUs without bfloat16: its weights are kept in float32, without which gradients cannot be scaled. Ours.'),
  processes: z.int().min(1).default(1).describe('Processes that train together, one for each GPU: the run asks the cluster for as many GPUs, all on one node. 1 on a CPU. Ours.'),
  accelerateConfig: z.enum(['single_gpu', 'multi_gpu', 'fsdp1', 'fsdp2', 'zero1', 'zero2', 'zero3']).optional().describe('How the model lies on several GPUs, by the names that TRL ships. Absent: `multi_gpu` (a whole copy on each) where there are several processes.'),
  gradientCheckpointing: z.boolean().default(true).describe('Trades time for memory. Ours.'),
  lora: z
    .strictObject({
      rank: z.int().min(1).default(16).describe('Rank of the adapters. Ours.'),
      alpha: z.number().positive().default(32).describe('What they are scaled by, over their rank. Ours.'),
      dropout: z.number().min(0).max(1).default(0.05).describe('Share of their inputs that is left out by chance. Ours.'),
      targets: plainText().default('all-linear').describe('The layers that get adapters. Ours.'),
    })
    .optional()
    .describe('Train small adapters instead of all weights. Absent: all weights, as the papers do.'),
  maxSteps: z.int().min(1).optional().describe('Updates after which the run ends, however many passes that are, in place of `epochs`: for trying things out. Absent: as many as `epochs` makes.'),
};

/** The values above, as they are once read. */
export type CommonValues = z.infer<z.ZodObject<typeof commonValues>>;
