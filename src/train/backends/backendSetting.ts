import * as z from 'zod';

/** What is in an address is shown and recorded, so that no secret may be. */
function isPlain(url: string): boolean {
  try {
    const { username, password, search, hash } = new URL(url);
    return [username, password, search, hash].every((part) => part === '');
  } catch {
    return false;
  }
}

const shared = {
  name: z.string().trim().min(1).max(80).describe('What it is called in lists and records.'),
  url: z
    .url({ protocol: /^https?$/ })
    .refine(isPlain, 'An address holds no user, password, question or fragment: keys and tokens are kept apart, by “Set Backend Key…”.')
    .describe('Its address. Its key or token is kept apart, for this origin alone: “Set Backend Key…”.'),
};

/** How names of secrets end: `HF_TOKEN`, `WANDB_API_KEY`, not `TOKENIZERS_PARALLELISM` or `HF_TOKEN_PATH`. Ours. */
const SECRET = /(?:token|secret|password|passwd|passphrase|credentials?|api_?key|(?:^|_)key)$/i;

/** Quotes no value. */
function noSecrets(environment: Readonly<Record<string, string>>, context: z.RefinementCtx): void {
  for (const name of Object.keys(environment)) {
    if (SECRET.test(name)) context.addIssue({ code: 'custom', path: [name], message: 'is named like a secret, and Ray shows a job’s environment to anyone who asks. Take it out, make a new one if the file was shared, and set it on the cluster itself' });
  }
}

/** A Ray cluster, by its Jobs REST API. */
export const raySetting = z.strictObject({
  ...shared,
  kind: z.literal('ray'),
  gpus: z.number().min(0).optional().describe('GPUs that the entry point asks for where the recipe does not say: a recipe that trains on GPUs asks for one for each of its processes, and must agree with this. Best left out.'),
  cpus: z.number().min(0).optional().describe('CPUs that the entry point asks for.'),
  memory: z.number().min(0).optional().describe('Bytes of memory that the entry point asks for.'),
  resources: z.record(z.string(), z.number()).optional().describe('Ray’s own resources by name.'),
  path: z.string().trim().min(1).optional().describe('Folders that come before the cluster’s PATH, where the trainer is not on it: `/opt/venv/bin`.'),
  environment: z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.string()).superRefine(noSecrets).optional().describe('More of the entry point’s environment. Never a secret: Ray shows it to anyone who asks.'),
});

/** A server with OpenAI’s files and fine-tuning API. */
export const openAiSetting = z.strictObject({
  ...shared,
  kind: z.literal('openai'),
  price: z.number().min(0).optional().describe('What the provider bills for training, in US dollars for a million tokens of the file, each pass counted. With it a launch says about what it will cost.'),
});

/** One entry of `cotLens.backends`. */
export const backendSetting = z.discriminatedUnion('kind', [raySetting, openAiSetting]);

export type BackendSetting = z.infer<typeof backendSetting>;
export type RaySetting = z.infer<typeof raySetting>;
export type OpenAiSetting = z.infer<typeof openAiSetting>;
