import * as z from 'zod';
import { isPlainAddress } from '../plainAddress';

const shared = {
  name: z.string().trim().min(1).max(80).describe('What it is called in lists and records.'),
  url: z
    .url({ protocol: /^https?$/ })
    .refine(isPlainAddress, 'An address holds no user, password, question or fragment: keys and tokens are kept apart, by “Set Backend Key…”.')
    .describe('Its address. Its key or token is kept apart, for this origin alone: “Set Backend Key…”.'),
};

/** How names of secrets end: `HF_TOKEN`, `WANDB_API_KEY`, `GH_PAT`, not `TOKENIZERS_PARALLELISM`, `HF_TOKEN_PATH` or `RAY_AUTH_MODE`. Ours. */
const SECRET = /(?:token|secret|password|passwd|pwd|passphrase|credentials?|api_?key|(?:^|_)(?:key|pat|pass|auth|authorization|bearer))$/i;
/** The shell’s own: folders. */
const FOLDERS = new Set(['PWD', 'OLDPWD']);
/** A user or password before the host: `http://user:password@proxy`, also where `http://` is left out. */
const USER = /:\/\/[^\s/?#@]*@|^[^\s/?#@:]*:[^\s/?#@]*@/;
/** How keys of Hugging Face, of APIs of OpenAI’s shape, and of GitHub, GitLab, Slack, AWS and Google begin. Ours. */
const KEY = /^\s*(?:hf_[A-Za-z0-9]{16}|sk-|gh[opsru]_|github_pat_|glpat-|xox[a-z]-|AKIA[A-Z0-9]{16}|AIza|(?:Bearer|Basic)\s)/;

/** Quotes no value. */
function noSecrets(environment: Readonly<Record<string, string>>, context: z.RefinementCtx): void {
  const shown = 'and Ray shows a job’s environment to anyone who asks. Take it out, make a new one if the file was shared, and set it on the cluster itself';
  for (const [name, value] of Object.entries(environment)) {
    const what = SECRET.test(name) && !FOLDERS.has(name) ? 'is named like a secret' : USER.test(value) ? 'holds an address with a user or password' : KEY.test(value) ? 'begins like a key' : undefined;
    if (what !== undefined) context.addIssue({ code: 'custom', path: [name], message: `${what}, ${shown}` });
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
  environment: z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.string()).superRefine(noSecrets).optional().describe('More of the entry point’s environment. Never a secret, nor an address with a user or password: Ray shows it to anyone who asks.'),
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
