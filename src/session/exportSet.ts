import { createHash, hash } from 'node:crypto';
import { ADVCHAIN_MAX_LENGTH } from '../curate/advchainMaxLength';
import { dualUse, isPrefilled } from '../curate/dualUse';
import type { ChatMessage } from '../curate/formats/rowParts';
import type { ExportOptions, NotExported, TrainingFormat } from '../curate/formats/trainingFormat';
import { chatRenderer } from '../curate/renderTemplate';
import type { BrokenLine, CuratedSample } from '../curate/sample';
import { templateChecker, type TemplateCheck } from '../curate/templateCheck';
import type { CountTrained } from '../curate/trainedTokens';
import type { JsonObject } from '../trace/rows/fieldRef';
import { breather } from './datasets/breather';

/** A curated set as it was read for an export. */
export interface SetToExport {
  /** The file's name, and the SHA-256 of its bytes. */
  readonly name: string;
  readonly sha256: string;
  readonly samples: readonly CuratedSample[];
  readonly broken: readonly BrokenLine[];
}

/** What all rows come to in a trainer. */
export interface TokenTotals {
  readonly maxLength: number;
  readonly tokens: number;
  readonly trained: number;
  /** Rows that are longer than `maxLength`, and so lose their end. */
  readonly cutRows: number;
}

/** A training file that is ready to be written, with what must be said of it. */
export interface ExportedFile {
  /** Exactly what is written. */
  readonly text: string;
  /** Of its bytes. */
  readonly sha256: string;
  readonly rows: number;
  readonly leftOut: readonly NotExported[];
  /** Samples in it whose final answer no named judge has scored. */
  readonly notChecked: readonly string[];
  /** Samples in it that depart from the dual-use rule. */
  readonly ablations: readonly string[];
  /** The first sample that the model's template renders wrongly, else the first one; absent where no template was chosen, or none matters. */
  readonly check?: TemplateCheck;
  /** Of how many samples the rendering was checked, and those that it is wrong of. */
  readonly checked?: { readonly samples: number; readonly failed: readonly string[] };
  /** Exact, or in words why it cannot be said. */
  readonly tokens?: TokenTotals | string;
}

export interface ExportTools {
  readonly signal: AbortSignal;
  /** How far: 0 … 1. */
  readonly progress: (share: number) => void;
  /** Counts rows of messages as TRL does under `assistant_only_loss`; a text: why it cannot. */
  readonly count?: CountTrained | string;
  /** Tokens that a row is cut to; AdvChain's where absent. */
  readonly maxLength?: number;
}

/**
 * Makes a training file of a set, sample by sample in the order of the set; what cannot go is left out, with the reason.
 * @throws the signal's reason; Error in words where the template cannot be read at all
 */
export async function exportSet(set: SetToExport, format: TrainingFormat, options: ExportOptions, { signal, progress, count, maxLength = ADVCHAIN_MAX_LENGTH }: ExportTools): Promise<ExportedFile> {
  const breathe = breather(signal);
  const all = options.template === undefined ? options : { ...options, render: chatRenderer(options.template) };
  const lines: string[] = [];
  const digest = createHash('sha256');
  const leftOut: NotExported[] = set.broken.map(({ line, why }) => ({ id: `line ${String(line)}`, reason: `it is no sample: ${why}` }));
  const notChecked: string[] = [];
  const ablations: string[] = [];
  const tokens = { maxLength, tokens: 0, trained: 0, cutRows: 0 };
  let counting = count;
  const checkOf = options.template === undefined ? undefined : templateChecker(options.template);
  const failed: string[] = [];
  let [checked, check]: [number, TemplateCheck | undefined] = [0, undefined];
  for (const [i, sample] of set.samples.entries()) {
    await breathe();
    if (i % 100 === 0) progress(i / set.samples.length);
    const made = format.rows(sample, all);
    if (isNotExported(made)) {
      leftOut.push(made);
      continue;
    }
    if (checkOf !== undefined && showsTemplate(format, sample)) {
      const found = checkFor(format, checkOf(sample));
      checked++;
      if (found.problems.length > 0) failed.push(sample.id);
      if (check === undefined || (failed.length === 1 && found.problems.length > 0)) check = found;
    }
    const { said = [] } = dualUse(sample, format.textUse, options) as { readonly said?: readonly string[] };
    if (said.includes('answer not checked')) notChecked.push(sample.id);
    if (said.includes('ablation')) ablations.push(sample.id);
    for (const row of made) {
      const line = rowLine(row);
      lines.push(line);
      digest.update(line);
      if (typeof counting === 'function') counting = counted(row, counting, tokens);
    }
  }
  return {
    text: lines.join(''),
    sha256: digest.digest('hex'),
    rows: lines.length,
    leftOut,
    notChecked,
    ablations,
    ...(check === undefined ? {} : { check, checked: { samples: checked, failed } }),
    ...(counting === undefined ? {} : { tokens: typeof counting === 'function' ? tokens : counting }),
  };
}

/** Does the template matter to this sample's rows? Of raw prompts only where a prefill stands in them, of whole rows only with reasoning. */
function showsTemplate({ textUse }: TrainingFormat, sample: CuratedSample): boolean {
  return textUse === 'prompt' ? isPrefilled(sample) : sample.steps.length > 0;
}

/** What is wrong for this format: where the row is rendered as one, nothing is cut at the prompt. */
export function checkFor({ rendered }: Pick<TrainingFormat, 'rendered'>, check: TemplateCheck): TemplateCheck {
  return rendered === 'apart' ? check : { ...check, problems: check.problems.filter(({ code }) => code !== 'prompt-not-kept') };
}

/** A row as its line; characters at which some programs end a line are escaped. */
function rowLine(row: JsonObject): string {
  return `${JSON.stringify(row).replace(/[\u2028\u2029\u0085]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

/** Adds a row to the totals. A row that cannot be counted ends the counting, with the reason: totals of some rows would be taken for those of all. */
function counted(row: JsonObject, count: CountTrained, totals: { -readonly [Name in keyof TokenTotals]: number }): CountTrained | string {
  try {
    const { tokens, trained, cut } = count(row['messages'] as readonly ChatMessage[], totals.maxLength);
    totals.tokens += tokens;
    totals.trained += trained;
    if (cut > 0) totals.cutRows++;
    return count;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function isNotExported(made: ReturnType<TrainingFormat['rows']>): made is NotExported {
  return !Array.isArray(made);
}

/** The SHA-256 of a short text, in hex. */
export function sha256(content: string): string {
  return hash('sha256', content, 'hex');
}

/** Bytes that are hashed at a time: some milliseconds' work. */
const PIECE = 4_000_000;

/** The SHA-256 of a file's bytes, in hex; lets other work run meanwhile. */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  const digest = createHash('sha256');
  const breathe = breather();
  for (let at = 0; at < bytes.length; at += PIECE) {
    digest.update(bytes.subarray(at, at + PIECE));
    await breathe();
  }
  return digest.digest('hex');
}
