import { basename } from 'node:path';
import * as vscode from 'vscode';
import { checkSet } from '../curate/checks';
import { NEAR_DUPLICATE } from '../curate/checks/setCheck';
import type { ExportOptions } from '../curate/formats/trainingFormat';
import { mixTarget } from '../host/curatedSets';
import { plainLabel } from '../host/plainLabel';
import { tokenLimit } from '../host/tokenLimit';
import { exportSet, type ExportedFile, type SetToExport } from '../session/exportSet';
import { arithmeticCheck, backendCheck, dualUseCheck, duplicatesCheck, gpusCheck, guardCheck, leavesOutCheck, lengthCheck, mayLaunch, mixCheck, modelCheck, recipeCheck, sizeCheck, templateCheck, type PreflightCheck } from '../session/training/preflight';
import { evaluationsCheck, readEvaluations } from '../session/training/preflightEvaluations';
import { placesChecks } from '../session/training/preflightPlaces';
import { prefillCheck, prefillChoice, rewardCheck } from '../session/training/preflightPrefill';
import { packageSize, prepareLaunch, rowsAlone, type PreparedLaunch } from '../session/training/prepareLaunch';
import { recipeFilePath, type RecipeInFile } from '../session/training/recipeFile';
import { rowsPathCheck } from '../session/training/rowsPathCheck';
import { costCheck } from '../session/training/trainingCost';
import type { JsonObject } from '../trace/rows/fieldRef';
import type { AnyRecipe, ReadRecipe } from '../train/anyRecipe';
import type { Backend } from '../train/backends/backend';
import type { BackendSetting } from '../train/backends/backendSetting';
import type { RunPlan } from '../train/runs/run';
import { asked } from './backendCommands';
import { recipeIn } from './launchRecipe';
import { placeBefore } from './launchRowsPlace';
import { formatOf, known, type Asking } from './launchSteps';
import { evaluationFiles } from './setCommandsEvaluations';
import { counterOf, projectCanary, settledSet } from './settledSet';

/** What was looked at before a launch or a push, and what would go out if it goes on. */
export interface Examined {
  readonly checks: readonly PreflightCheck[];
  /** Absent where an error keeps it from going out. */
  readonly ready: ReadyLaunch | undefined;
  /** Does the package not fit, so that the rows can only go by a path? */
  readonly tooLarge: boolean;
  /** Does the backend want a key, or another one? */
  readonly wantsKey: boolean;
}

export interface ReadyLaunch extends PreparedLaunch {
  readonly backend: Backend;
  readonly read: ReadRecipe;
  readonly exported: ExportedFile;
}

/**
 * Looks at everything before anything is sent: asks the backend whether we may, makes the training file, and counts. Of the network only
 * the backend's own check.
 * @param file the recipe's file; absent where rows alone are pushed by a preset
 * @returns `undefined` where the person cancelled
 */
export async function examined(asking: Asking, file: string | undefined): Promise<Examined | undefined> {
  const { draft } = asking;
  const setPath = known(draft.setPath, 'set');
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Looking at ${plainLabel(basename(setPath))} before it goes out`, cancellable: true }, async (progress, token) => {
    const run = new AbortController();
    token.onCancellationRequested(() => {
      run.abort();
    });
    let shown = 0;
    const report = (message: string, share: number): void => {
      progress.report({ message, increment: Math.max(0, 100 * share - shown) });
      shown = Math.max(shown, 100 * share);
    };
    try {
      return await look(asking, file, setPath, run.signal, report);
    } catch (error) {
      if (run.signal.aborted) return undefined;
      throw error;
    }
  });
}

async function look(asking: Asking, file: string | undefined, setPath: string, signal: AbortSignal, report: (message: string, share: number) => void): Promise<Examined | undefined> {
  const { draft, doing, backends } = asking;
  const setting = known(draft.backend, 'backend');
  const recipe = known(draft.recipe, 'recipe');
  const backend = await backends.make(setting);
  // Rows that are put where a cluster reads them are nothing to ask it about.
  const asks = doing === 'launch' || setting.kind !== 'ray';
  if (asks) report('asking the backend', 0);
  const found = await recipeNow(asking, file);
  const read = 'read' in found && found.recipe.name === recipe.name ? found.read : undefined;
  const model = typeof found.raw?.['model'] === 'string' ? found.raw['model'] : undefined;
  const answer = asks ? await asked(backend, signal, doing === 'launch' ? model : undefined) : undefined;
  if (asks && answer === undefined) return undefined;
  const wantsKey = answer !== undefined && 'fault' in answer && answer.auth;
  const before = answer === undefined ? [] : [backendCheck(setting, answer), ...(doing === 'launch' && model !== undefined ? [modelCheck(setting.kind, model, answer)] : [])].filter((one) => one !== undefined);
  const faults = 'faults' in found ? found.faults : read === undefined ? [`recipe: must be ${recipe.name}`] : [];
  if (file !== undefined || faults.length > 0) before.push(recipeCheck(faults, basename(file ?? recipeFilePath(setPath, recipe.name))));
  if (read === undefined) return { checks: before, ready: undefined, tooLarge: false, wantsKey };

  report('making the training file', 0.1);
  // Read again: what goes out is what is looked at now.
  const set = await settledSet(asking, setPath);
  draft.set = set;
  const format = formatOf(recipe);
  const prefills = prefillChoice(set.samples, read.values);
  const exported = await exportedFor(asking, set, read, prefills?.keep, signal, (share) => {
    report('making the training file', 0.1 + 0.5 * share);
  });
  const nearDuplicate = vscode.workspace.getConfiguration('cotLens', vscode.Uri.file(setPath)).get('nearDuplicate', NEAR_DUPLICATE);
  const evaluations = await readEvaluations(asking.datasets, evaluationsOf(setPath), signal, (share) => {
    report('reading the evaluations', 0.6 + 0.1 * share);
  });
  const findings = await checkSet(set.samples, { evaluationPrompts: evaluations.prompts, nearDuplicate }, signal, (_check, share) => {
    report('looking for duplicates', 0.7 + 0.2 * share);
  });
  const checks: PreflightCheck[] = [
    ...before,
    templateCheck(exported, format.needsTemplate || format.rendered !== undefined),
    lengthCheck(exported, format.rendered === 'whole'),
    // The mix is of samples that are trained on; of prompts for RL the share of prefills is.
    ...(format.textUse === 'prompt' ? [] : [mixCheck(set.samples, mixTarget(setPath))]),
    duplicatesCheck(findings),
    evaluationsCheck(evaluations, findings, set.samples),
    dualUseCheck(exported, set, draft.ablation),
    ...(prefills === undefined ? [] : [prefillCheck(prefills)]),
    // Values that contradict each other make no run, and nothing that its rows are sent with.
    ...(doing === 'launch' ? launchChecks(setting, read, set, exported) : [arithmeticCheck(read, exported)].filter(({ status }) => status === 'error')),
  ];
  const at = await placeOf(asking, exported);
  const unreadable = rowsPathCheck(read, at);
  if (unreadable !== undefined) checks.push(unreadable);
  checks.push(...(await placesOf(asking, { backend: setting, values: read.values, file: { sha256: exported.sha256, ...(at === undefined ? {} : { at }) } })));
  if (!mayLaunch(checks)) return { checks, ready: undefined, tooLarge: false, wantsKey };
  report('packing', 0.9);
  const prepared = preparedLaunch(asking, set, read, exported, at, answer === undefined || 'fault' in answer ? undefined : answer.version, await projectCanary(asking.memory));
  const size = asks ? await packageSize(prepared.shipment, signal) : undefined;
  if (size !== undefined) checks.push(sizeCheck(size, at));
  const tooLarge = size !== undefined && size.bytes > size.limit;
  return { checks, ready: tooLarge ? undefined : { ...prepared, backend, read, exported }, tooLarge, wantsKey };
}

/** The evaluations that are chosen for a set, by the names that they are shown by. */
function evaluationsOf(setPath: string): ReadonlyMap<string, string> {
  return new Map(evaluationFiles(setPath).map((file) => [plainLabel(vscode.workspace.asRelativePath(file), 200), file]));
}

/** What only matters where a trainer is started. */
function launchChecks(setting: BackendSetting, read: ReadRecipe, { samples }: SetToExport, exported: ExportedFile): readonly PreflightCheck[] {
  const checks = [gpusCheck(setting.kind === 'ray' ? setting : { name: setting.name }, read), rewardCheck(samples, read.values), guardCheck(read, exported.rows), arithmeticCheck(read, exported), costCheck(setting, read, exported), leavesOutCheck(read)];
  return checks.filter((one) => one !== undefined);
}

/** Where the cluster reads the rows: where the person says, else where they were pushed before. */
async function placeOf({ draft, doing, memory }: Asking, exported: ExportedFile): Promise<string | undefined> {
  const { kind, url } = known(draft.backend, 'backend');
  if (kind !== 'ray') return undefined;
  if (draft.at !== undefined || doing === 'push') return draft.at ?? undefined;
  return placeBefore({ memory, backend: url, exported });
}

/** Does another run have one of the places that this one writes to or reads from? A fine-tuning API has its own. */
export async function placesOf({ doing, runs }: Asking, { backend, values, file: { at, sha256 } }: Pick<RunPlan, 'values'> & { readonly backend: Pick<RunPlan['backend'], 'kind' | 'url'>; readonly file: Pick<RunPlan['file'], 'at' | 'sha256'> }): Promise<readonly PreflightCheck[]> {
  if (backend.kind !== 'ray') return [];
  const { outputDir } = (values ?? {}) as { readonly outputDir?: unknown };
  const { store } = await runs.load();
  return placesChecks(store.all, { backend, outputDir: doing === 'launch' && typeof outputDir === 'string' ? outputDir : undefined, rows: at === undefined ? undefined : { at, sha256 } });
}

function preparedLaunch({ draft, doing, backends }: Asking, set: SetToExport, read: ReadRecipe, exported: ExportedFile, at: string | undefined, version: string | undefined, canary: string): PreparedLaunch {
  const { kind, name, url } = known(draft.backend, 'backend');
  const recipe = known(draft.recipe, 'recipe');
  const path = vscode.workspace.asRelativePath(known(draft.setPath, 'set'), false).replaceAll('\\', '/');
  const choice = { set, setPath: path, backend: { kind, name, url }, recipe, read, format: formatOf(recipe), ablation: draft.ablation, exported, canary, at, versions: { cotLens: backends.version(), ...(version === undefined ? {} : { backend: version }) } };
  const prepared = prepareLaunch(choice, new Date());
  return doing === 'launch' ? prepared : { ...prepared, shipment: { ...prepared.shipment, job: rowsAlone(kind) } };
}

/** The recipe that something goes out by: as its file has it now, else the preset that rows are pushed by. @throws Error in words where the file is gone */
export async function recipeNow({ doing, draft }: Asking, file: string | undefined): Promise<RecipeInFile> {
  const recipe = known(draft.recipe, 'recipe');
  if (file === undefined) return rowsRead(draft.values, recipe);
  const found = await recipeIn(file);
  return doing === 'launch' || found.raw === undefined || found.recipe?.name !== recipe.name ? found : rowsRead(found.raw, recipe);
}

/** Of rows alone the recipe says how they are chosen and written, and nothing of a model. */
function rowsRead(values: JsonObject, recipe: AnyRecipe): RecipeInFile {
  const read = recipe.read({ model: '-', ...(recipe.backend === 'ray' ? { outputDir: '/-' } : {}), ...values });
  return 'faults' in read ? { recipe, raw: values, faults: read.faults } : { recipe, raw: values, read };
}

async function exportedFor({ draft, memory }: Asking, set: SetToExport, read: ReadRecipe, keep: ReadonlySet<string> | undefined, signal: AbortSignal, progress: (share: number) => void): Promise<ExportedFile> {
  const format = formatOf(known(draft.recipe, 'recipe'));
  const chosen = draft.template ?? null;
  const { maxLength } = read.values;
  const options: ExportOptions = { ablation: draft.ablation, canary: await projectCanary(memory), ...(chosen === null ? {} : { template: chosen.template }), ...(keep === undefined ? {} : { keepsPrefill: (id) => keep.has(id) }) };
  return exportSet(set, format, options, {
    signal,
    progress,
    maxLength: typeof maxLength === 'number' ? maxLength : tokenLimit(vscode.Uri.file(known(draft.setPath, 'set'))),
    ...(format.rendered === 'whole' && chosen !== null ? { count: counterOf(chosen) } : {}),
  });
}
