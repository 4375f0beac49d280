import * as z from 'zod';
import { isPlainAddress } from '../plainAddress';
import { plainAddress, plainText } from './plainText';

/** What both ways of RECAP's reinforcement learning share. */
export const recapValues = {
  prefillShare: z.number().min(0).max(1).default(0.5).describe('Share α of the prompts that begin with flawed reasoning. RECAP: 0.5.'),
  rollouts: z.int().min(2).default(16).describe('Completions of each prompt. RECAP: 16.'),
  promptsPerUpdate: z.int().min(1).default(8).describe('Prompts that one update sees, each with all its completions. Ours.'),
  epochs: z.int().min(1).default(1).describe('Passes over the prompts. RECAP: 1.'),
  maxCompletion: z.int().min(1).default(8000).describe('Tokens of a completion. RECAP: 8,000. (TRL’s own default is 512.)'),
  clipLow: z.number().positive().default(0.2).describe('Lower clip. RECAP: 0.2.'),
  clipHigh: z.number().positive().default(0.28).describe('Upper clip, DAPO’s “clip higher”. RECAP: 0.28.'),
  learningRate: z.number().positive().default(1e-6).describe('Ours; RECAP’s is not published.'),
  schedule: z.enum(['constant', 'cosine']).default('constant').describe('Whether the learning rate stays, or falls to 0 along a cosine; without a warm-up. Not published; ours, and the same for both trainers.'),
  temperature: z.number().positive().default(1).describe('Of the completions. Ours.'),
  saveEvery: z.int().min(1).default(100).describe('Updates after which a checkpoint is written, besides the last. Ours.'),
  guard: z
    .strictObject({
      baseUrl: plainAddress()
        // What is no address at all is said as such.
        .refine((url) => !URL.canParse(url) || isPlainAddress(url), 'must be an address of http:// or https:// without user, password, ? and #: it is shown, kept and sent with the run. The guard’s key is set on the cluster’s nodes, and keyVariable names its variable.')
        .describe('Where an OpenAI-compatible guard listens, as the cluster reaches it: http:// or https://, without user, password, ? and #.'),
      model: plainText().describe('Its model. A chat model says whether the answer complies, refuses or is unclear. A safety classifier that says “safe” or “unsafe” (Llama Guard) judges harmful prompts alone, where safe earns 1, be it a refusal or not; of benign ones it tells nothing of over-refusal, so there phrases are counted. Which it is shows when it is first asked.'),
      keyVariable: z
        .string()
        .regex(/^[A-Z_][A-Z0-9_]*$/)
        .optional()
        .describe('The environment variable, set on the cluster’s nodes, that holds its key. A key itself is never sent with a run: Ray shows a job’s environment to anyone.'),
    })
    .optional()
    .describe('The model that is shown the question and the final answer and says whether that helps or refuses. It is asked once before anything is trained, and one that cannot be asked or understood ends the run. Absent: phrases of refusal are counted, in English, which is coarse and easily learned.'),
};
