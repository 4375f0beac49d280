/** Packages by their version, `python` among them; only those that are installed where the trainer runs. */
export type TrainerVersions = Readonly<Record<string, string>>;

/** What the line of `versions.py` begins with. */
const PREFIX = 'cot-lens versions ';
/** What that file asks for, and nothing else is taken: a log is others’ text. */
export const TRAINER_PACKAGES: readonly string[] = ['python', 'trl', 'verl', 'transformers', 'torch', 'peft', 'accelerate', 'datasets', 'tokenizers', 'numpy', 'vllm', 'deepspeed', 'bitsandbytes', 'flash-attn', 'liger-kernel', 'ray'];
/** `2.13.0+cu128`; of what was installed from a repository with its commit behind: `0.7.0.dev0 @1dda039abcde` */
const VERSION = /^[\w.+!-]{1,50}(?: @[0-9a-f]{12})?$/;

/** Characters of a log in which the line is looked for: it comes before all that the trainer says. Ours. */
export const BEGINNING = 65_536;
/** Characters of the line; ours. */
const LONGEST = 4096;

/** Is it the line that is not the trainer’s? */
export function saysVersions(line: string): boolean {
  return line.startsWith(PREFIX);
}

/** Of anything, what are versions of packages that we know. */
export function trainerVersions(value: unknown): TrainerVersions {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    TRAINER_PACKAGES.flatMap((name) => {
      const version: unknown = Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
      return typeof version === 'string' && VERSION.test(version) ? [[name, version]] : [];
    }),
  );
}

/** The versions that a log says first; `undefined` where it says none yet. @param beginning of the log; what of it is torn says nothing */
export function versionsIn(beginning: string): TrainerVersions | undefined {
  for (const line of beginning.slice(0, BEGINNING).split(/\r\n|[\r\n]/)) {
    if (!saysVersions(line) || line.length > LONGEST) continue;
    const found = trainerVersions(parsed(line.slice(PREFIX.length)));
    if (Object.keys(found).length > 0) return found;
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Torn by the end of what was read, or not ours.
    return undefined;
  }
}
