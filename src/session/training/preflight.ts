import type { MixTarget } from '../../curate/mix';
import { mixInWords, mixOf } from '../../curate/mixOf';
import type { CuratedSample } from '../../curate/sample';
import { recipeNames } from '../../curate/recipeNames';
import type { SetFinding } from '../../curate/checks/setCheck';
import { countOf } from '../../trace/countOf';
import type { ReadRecipe } from '../../train/anyRecipe';
import type { BackendCheck } from '../../train/backends/backend';
import { ROWS_FILE } from '../../train/rowsFile';
import { isWrong } from '../../train/trainingRecipe';
import type { ExportedFile, SetToExport } from '../exportSet';
import { failedInWords } from '../exportSetInWords';

/** `open`: it could not be checked, and why. An `error` keeps a run from being launched; nothing else does. */
export type CheckStatus = 'ok' | 'open' | 'warning' | 'error';

/** One thing that is looked at before a launch. */
export interface PreflightCheck {
  /** What was looked at: `Chat template`. */
  readonly about: string;
  readonly status: CheckStatus;
  /** What was found, and of an error or warning what to do. */
  readonly said: string;
}

/** What a backend answered when it was asked, or in words why it did not. */
export type BackendAnswer = BackendCheck | { readonly fault: string };

/** Is it there, and may we? */
export function backendCheck({ name, url }: { readonly name: string; readonly url: string }, answer: BackendAnswer): PreflightCheck {
  if ('fault' in answer) return { about: 'Backend', status: 'error', said: answer.fault };
  if (answer.problems.length > 0) return { about: 'Backend', status: 'warning', said: answer.problems.join(' ') };
  return { about: 'Backend', status: 'ok', said: `${answer.version} answers at ${url} and lets us in (${name}).` };
}

/** Does the backend have the model, as far as it tells? */
export function modelCheck(kind: 'ray' | 'openai', model: string, answer: BackendAnswer): PreflightCheck | undefined {
  if ('fault' in answer) return undefined;
  if (kind === 'ray') return { about: 'Model', status: 'open', said: `${model}: a Ray cluster does not tell which models it can read. A name that it cannot find ends the run within a minute, and the log says so.` };
  // What speaks against the model stands among the problems of the backend.
  return answer.problems.length > 0 ? undefined : { about: 'Model', status: 'ok', said: `${model}: nothing that the backend tells speaks against it.` };
}

/**
 * How many GPUs does the run ask the cluster for, and does the backend's setting say the same? `undefined` where the values contradict
 * each other, which is said elsewhere, or where there are none to ask for.
 * @param setting the backend's; its `gpus` counts where the run asks for none
 */
export function gpusCheck(setting: { readonly name: string; readonly gpus?: number | undefined }, read: Pick<ReadRecipe, 'arithmetic' | 'job'>): PreflightCheck | undefined {
  const about = 'GPUs';
  if (isWrong(read.arithmetic(Number.MAX_SAFE_INTEGER))) return undefined;
  const job = read.job(ROWS_FILE);
  if (job.kind !== 'trainer') return undefined;
  const { gpus, gpusByItself } = job;
  if (gpusByItself !== undefined) return { about, status: 'open', said: `The trainer takes ${countOf(gpusByItself, 'GPU')} of the cluster by itself, which must be free when it begins; its entry point holds none, whatever the backend’s setting says.` };
  if (gpus === undefined) return undefined;
  if (setting.gpus !== undefined && setting.gpus !== gpus) {
    return { about, status: 'error', said: `The run asks for ${countOf(gpus, 'GPU')} (processes, one for each GPU), and the setting of ${setting.name} (cotLens.backends) says ${String(setting.gpus)}. Take gpus out of that setting, or change processes with “Edit Recipe…”.` };
  }
  return { about, status: 'open', said: `The run asks for ${countOf(gpus, 'GPU')}, on one node. Whether a node has so many is not known: on a cluster without, the run waits and does not begin.` };
}

/** Who says whether an answer helps to do harm? `undefined` of a recipe that rewards nothing. */
export function guardCheck(read: Pick<ReadRecipe, 'values' | 'arithmetic'>, rows: number): PreflightCheck | undefined {
  const about = 'Guard';
  if (!('prefillShare' in read.values)) return undefined;
  const asks = guardCost(read, rows);
  if (asks === undefined) return { about, status: 'warning', said: 'No guard judges the answers: phrases of refusal are counted, and a model can learn to say the phrases. Set guard with “Edit Recipe…” for anything but a trial.' };
  return { about, status: 'open', said: `${asks} Whether the cluster reaches it is not known from here; the run asks it once before it trains.` };
}

/** How often a guard is asked, which its provider may bill; `undefined` where the recipe has none. */
export function guardCost({ values, arithmetic }: Pick<ReadRecipe, 'values' | 'arithmetic'>, rows: number): string | undefined {
  const guard = values['guard'] as { readonly baseUrl: string; readonly model: string } | undefined;
  if (guard === undefined) return undefined;
  const found = arithmetic(rows);
  const questions = isWrong(found) ? '' : `, in about ${numberOf(found.examples)} requests, for which its provider may charge`;
  return `${guard.model} at ${guard.baseUrl} judges the answers${questions}.`;
}

/** Which values of the recipe are wrong. */
export function recipeCheck(faults: readonly string[], file: string): PreflightCheck {
  if (faults.length === 0) return { about: 'Recipe', status: 'ok', said: `All values of ${file} are in their ranges.` };
  return { about: 'Recipe', status: 'error', said: `${file}: ${faults.join('; ').replace(/\.$/, '')}. Correct it with “Edit Recipe…”.` };
}

/** Does the reasoning survive the model's chat template? @param matters whether the trainer renders these rows with one */
export function templateCheck({ check, checked }: Pick<ExportedFile, 'check' | 'checked'>, matters: boolean): PreflightCheck {
  const about = 'Chat template';
  if (!matters) return { about, status: 'open', said: 'The backend renders the rows with a template of its own, which it does not show.' };
  if (check === undefined) return { about, status: 'warning', said: 'Not checked: no template was chosen. Some templates drop the reasoning, and such a run ends without any error. Go back and choose the model’s.' };
  if (check.problems.length === 0) return { about, status: 'ok', said: `The reasoning survives it in all of ${countOf(checked?.samples ?? 1, 'sample')}.` };
  return { about, status: 'error', said: [...(checked === undefined ? [] : [failedInWords(checked)]), ...check.problems.map(({ message }) => message)].join(' ') };
}

/** Are there rows, and do they fit into what the trainer takes of each? */
export function lengthCheck({ rows, tokens }: Pick<ExportedFile, 'rows' | 'tokens'>, counts: boolean): PreflightCheck {
  const about = 'Token lengths';
  if (rows === 0) return { about, status: 'error', said: 'No sample of this set can go out, so there is nothing to train on. “Export Training File…” says why of each.' };
  if (!counts) return { about, status: 'open', said: 'Not counted: of these rows nobody here can tell how the trainer renders them.' };
  if (tokens === undefined) return { about, status: 'open', said: 'Not counted: no template with a tokenizer beside it was chosen. Go back and choose the model’s folder.' };
  if (typeof tokens === 'string') return { about, status: 'open', said: `Not counted: ${tokens}` };
  const { cutRows, maxLength } = tokens;
  if (cutRows === 0) return { about, status: 'ok', said: `No row is longer than maxLength, ${numberOf(maxLength)} tokens.` };
  return { about, status: 'warning', said: `${countOf(cutRows, 'row')} longer than maxLength, ${numberOf(maxLength)} tokens, ${cutRows === 1 ? 'loses its' : 'lose their'} end, and with it the answer. Raise maxLength, or shorten ${cutRows === 1 ? 'the sample' : 'the samples'}.` };
}

/** How the set's recipes stand to one another, against the target. */
export function mixCheck(samples: readonly Pick<CuratedSample, 'recipe'>[], target: MixTarget): PreflightCheck {
  const counts = new Map<string, number>();
  for (const { recipe } of samples) counts.set(recipe, (counts.get(recipe) ?? 0) + 1);
  const parts = mixOf(counts, target);
  const said = mixInWords(parts, (recipe) => recipeNames(recipe).short).join('. ').replaceAll('..', '.');
  return { about: 'Mix', status: parts.some(({ missingForMix, missingInAll }) => missingForMix > 0 || missingInAll > 0) ? 'warning' : 'ok', said };
}

/** Samples that are (nearly) the same, or share an error. */
export function duplicatesCheck(findings: readonly Pick<SetFinding, 'code' | 'samples'>[]): PreflightCheck {
  const about = 'Duplicates';
  const times = new Map<string, number>();
  const notCompared = new Set<number>();
  for (const { code, samples } of findings) {
    if (code === 'not-compared') for (const place of samples) notCompared.add(place);
    // What an evaluation asks is looked at by itself.
    else if (code !== 'evaluation-overlap') times.set(code, (times.get(code) ?? 0) + 1);
  }
  const list = [...times].map(([code, n]) => countOf(n, code.replaceAll('-', ' '))).join(', ');
  const parts = [
    ...(list === '' ? [] : [`${list}: each is learned more than once. “Check Set” shows them.`]),
    ...(notCompared.size === 0 ? [] : [`${countOf(notCompared.size, 'sample')} could not be compared with all others; “Check Set” says why.`]),
  ];
  return parts.length === 0 ? { about, status: 'ok', said: 'No two samples are alike.' } : { about, status: 'warning', said: parts.join(' ') };
}

/** What the dual-use rule keeps back, and what departs from it. */
export function dualUseCheck({ rows, leftOut, notChecked, ablations }: Pick<ExportedFile, 'rows' | 'leftOut' | 'notChecked' | 'ablations'>, { samples }: Pick<SetToExport, 'samples'>, ablation: boolean): PreflightCheck {
  const [first] = leftOut;
  const parts = [
    `${countOf(rows, 'row')} of ${countOf(samples.length, 'sample')} ${rows === 1 ? 'goes' : 'go'} out`,
    ...(first === undefined ? [] : [`${numberOf(leftOut.length)} left out (${first.id}: ${first.reason.replace(/\.$/, '')}${leftOut.length > 1 ? '; and others' : ''})`]),
    ...(notChecked.length === 0 ? [] : [`no named judge has scored the final answer of ${countOf(notChecked.length, 'sample')}`]),
    ...(ablation ? [`launched as an ablation, with ${countOf(ablations.length, 'sample')} that ${ablations.length === 1 ? 'departs' : 'depart'} from the rule`] : []),
  ];
  return { about: 'Dual-use rule', status: ablation || leftOut.length > 0 || notChecked.length > 0 ? 'warning' : 'ok', said: `${parts.join('; ')}.` };
}

/** What the run comes to: updates, warm-up, tokens that the loss falls on. */
export function arithmeticCheck(read: Pick<ReadRecipe, 'arithmetic'>, exported: Pick<ExportedFile, 'rows' | 'tokens'>): PreflightCheck {
  const about = 'Steps';
  const found = read.arithmetic(exported.rows);
  if (isWrong(found)) return { about, status: 'error', said: `${found.wrong} Correct it with “Edit Recipe…”.` };
  const { optimiserSteps, warmupSteps, batchSize, examples } = found;
  const parts = [
    optimiserSteps === undefined ? 'The backend chooses the batch, and with it the number of updates' : `${optimiserSteps === 1 ? '1 update' : `${numberOf(optimiserSteps)} updates`} of ${batchSize === undefined ? 'batches that the backend chooses' : `batch ${numberOf(batchSize)}`}`,
    ...(warmupSteps === undefined ? [] : [`${numberOf(warmupSteps)} of warm-up`]),
    `${numberOf(examples)} examples in all`,
    ...trainedParts(exported.tokens, trainedInAll(read, exported)),
  ];
  return { about, status: 'ok', said: `${parts.join('; ')}.` };
}

function trainedParts(tokens: ExportedFile['tokens'], all: number | undefined): string[] {
  if (tokens === undefined || typeof tokens === 'string' || all === undefined) return [];
  return [`the loss falls on ${numberOf(tokens.trained)} tokens a pass, ${numberOf(all)} in all`];
}

/** Tokens that the loss falls on in all passes together; `undefined` where they are not counted. */
export function trainedInAll(read: Pick<ReadRecipe, 'arithmetic'>, { rows, tokens }: Pick<ExportedFile, 'rows' | 'tokens'>): number | undefined {
  const found = read.arithmetic(rows);
  if (isWrong(found) || rows === 0 || tokens === undefined || typeof tokens === 'string') return undefined;
  return Math.round((tokens.trained * found.examples) / rows);
}

/** What of the paper's way this run does not do. */
export function leavesOutCheck(read: Pick<ReadRecipe, 'leavesOut'>): PreflightCheck {
  const lines = read.leavesOut();
  return { about: 'Left out of the recipe', status: lines.length === 0 ? 'ok' : 'warning', said: lines.length === 0 ? 'Nothing.' : lines.join(' ') };
}

/** How large a package is, where it is one. `at most`: it was not packed to find out, since it fits however it packs. */
export interface PackageSize {
  readonly bytes: number;
  readonly atMost: boolean;
  readonly limit: number;
}

/** Does what is sent fit into what the backend takes? @param at where the cluster reads the rows, if they do not travel along */
export function sizeCheck({ bytes, atMost, limit }: PackageSize, at: string | undefined): PreflightCheck {
  const about = 'Package';
  const size = `${atMost ? 'at most ' : ''}${megabytes(bytes)} MB`;
  if (bytes > limit) return { about, status: 'error', said: `The package has ${size}, and the cluster takes at most ${megabytes(limit)}. “Give the Rows by Path…” lets the cluster read them from storage of its own.` };
  if (at !== undefined) return { about, status: 'warning', said: `The rows do not travel in the package (${size}): the cluster reads them from ${at}. They must be there, byte for byte, before the run begins.` };
  return { about, status: 'ok', said: `The package has ${size}, of at most ${megabytes(limit)}.` };
}

/** May it be launched? */
export function mayLaunch(checks: readonly PreflightCheck[]): boolean {
  return checks.every(({ status }) => status !== 'error');
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toLocaleString('en-US', { maximumFractionDigits: bytes < 10 * 1024 * 1024 ? 2 : 0 });
}

function numberOf(count: number): string {
  return count.toLocaleString('en-US');
}
