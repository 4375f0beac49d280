import { saidLine } from './saidLine';
import { saysVersions } from './trainerVersions';

/** Why a run failed, for a person who has not read its log. */
export interface FailureInWords {
  /** The last line of the log that says something. */
  readonly line: string | undefined;
  /** What it means and what to do now, where that is known. */
  readonly hint: string | undefined;
}

interface KnownCause {
  /** Of one line, as its speaker meant it. */
  readonly like: RegExp;
  /** @param found what `like` matched */
  hint(found: RegExpExecArray): string;
}

/** What was seen to happen, or stands in a trainer's source; the first that fits counts. */
const CAUSES: readonly KnownCause[] = [
  {
    like: /error: unrecognized arguments: --?([\w-]+)/,
    hint: ([, key = '']) => `The trainer knows no setting “${key}”: it is misspelt, or gone from the version on the cluster. Take it out of the recipe, or install the version that has it.`,
  },
  { like: /CUDA out of memory|torch\.OutOfMemoryError|CUBLAS_STATUS_ALLOC_FAILED/, hint: () => 'The GPU’s memory was too small. Lower perDeviceBatchSize where the recipe has it (what an update sees stays the same: gradients are added up), or what a row may be long: maxLength, maxCompletion, maxPrompt. Or use LoRA, or more GPUs.' },
  { like: /The chat template is not training-compatible/, hint: () => 'TRL knows no training template for this model. Name one as chatTemplatePath, and check it with “Check Chat Template…”.' },
  { like: /is not a local folder and is not a valid model identifier|RepositoryNotFoundError|Repository Not Found for url|HFValidationError|does not appear to have a file named|Can't load (?:the )?(?:config|model|tokenizer|image|feature)|We couldn't connect to '[^']+' to load/, hint: () => 'The model was not found: a name on the hub needs a network and access, a folder must be one that the cluster’s nodes can read.' },
  { like: /Repo id must be in the form/, hint: () => 'The model is a path that the cluster does not have. Name a folder on storage that its nodes share.' },
  { like: /ModuleNotFoundError: No module named '([^']+)'/, hint: ([, name = '']) => `The cluster’s Python lacks the package ${name}. Install it there (pip install ${name}), or start the run in an environment that has it.` },
  { like: /(?:trl|accelerate): (?:command )?not found|No such file or directory: '?trl'?/, hint: () => 'TRL is not installed on the cluster, or not on its PATH. Install it there (pip install trl), or name its folder in the backend’s settings.' },
  { like: /No space left on device|Disk quota exceeded/, hint: () => 'The disk that the run writes to is full, or the user’s share of it. Free some of it, or choose another outputDir.' },
  { like: /Address already in use/, hint: () => 'A port that the trainer wants is taken on its node, most likely by another run. Wait for that run’s end, or launch on another node.' },
  {
    like: /Total available GPUs ([\d.]+) is less than total desired GPUs ([\d.]+)/,
    hint: ([, free = '', wanted = '']) => `verl wants ${plain(wanted)} GPUs (gpusPerNode × nodes), and of the cluster’s ${plain(free)} were free. Lower gpusPerNode or nodes, or wait until other runs end.`,
  },
  { like: /Permission denied: '([^']+)'/, hint: ([, path = '']) => `The run may not write to ${path}. Choose an outputDir that the cluster’s user can write to.` },
  { like: /Package gcs:\/\/\S+ does not exist|RUNTIME_ENV_SETUP_FAILURE|RuntimeEnvSetupError/, hint: () => 'The package of this run was not on the cluster any more when it was to start (Ray drops unused ones after ten minutes). Launch it again.' },
  {
    // In ray/dashboard/modules/job/job_manager.py.
    like: /JOB_SUPERVISOR_ACTOR_(?:START_TIMEOUT|UNSCHEDULABLE)|Job supervisor actor (?:failed to start within|could not be scheduled)/,
    hint: () => 'Ray found no node that has the GPUs (or other resources) that the run asks for at once, or none came free in time. Lower processes in the recipe, or gpus, cpus, memory or resources of the backend, or wait until other runs end. For a trial with a tiny model, device: cpu asks for no GPU.',
  },
  { like: /mismatch between tokenized prompt/i, hint: () => 'The chat template renders prompt and completion differently from the prompt alone. Use messages with assistant_only_loss (the recipe AdvChain SFT does).' },
  // Warnings speak of it as well, and go on.
  { like: /^(?:[\w.]*(?:Error|Exception): ).*divisible by/, hint: () => 'The batch does not come out even. What an update sees (batchSize, or rollouts × promptsPerUpdate) must be a multiple of what is held at a time (perDeviceBatchSize × processes, or all GPUs).' },
];

/** Ray counts GPUs in floats. */
function plain(count: string): string {
  return String(Number(count));
}

/** Lines that say nothing of why. The first of a job’s log is Ray’s own, with the entry point; those in brackets are ours. */
const EMPTY = /^\s|^$|^Running entrypoint for job |^\[The backend’s log begins anew|^\[The first \d+ MB of this log|^(?:\^+|File "|Traceback|During handling|The above exception|warnings\.warn)|\d%\||^\{'|^subprocess\.CalledProcessError|FutureWarning|UserWarning/;

/** @param log the end of the run's log, or the backend's message */
export function failureInWords(log: string): FailureInWords {
  const lines = log.split(/\r\n|[\r\n]/).map(saidLine);
  const line = lines.findLast((one) => !EMPTY.test(one) && !saysVersions(one))?.trim();
  return { line: line?.slice(0, 500), hint: hintIn(lines) };
}

/** The last that happened is the cause: what fits nearest to the end. */
function hintIn(lines: readonly string[]): string | undefined {
  for (const line of lines.toReversed()) {
    let hint: string | undefined;
    let nearest = -1;
    for (const cause of CAUSES) {
      if (!cause.like.test(line)) continue;
      const found = [...line.matchAll(new RegExp(cause.like, `${cause.like.flags}g`))].at(-1);
      if (found !== undefined && found.index > nearest) {
        nearest = found.index;
        hint = cause.hint(found);
      }
    }
    if (hint !== undefined) return hint;
  }
  return undefined;
}
