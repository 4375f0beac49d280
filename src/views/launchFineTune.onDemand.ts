import { configuredBackends, settingOf } from '../host/configuredBackends';
import { nodeFiles } from '../session/nodeFiles';
import type { Run } from '../train/runs/run';
import { trainingRecipe } from '../train/recipes';
import type { JsonObject } from '../trace/rows/fieldRef';
import { addBackend, checkBackend, clearBackendKey, removeTrainingBackend, setBackendKey } from './backendCommands';
import type { LaunchParts } from './launchFineTune';
import { recipeTextBeside, saveRecipe } from './launchRecipe';
import { freePlace, takenPlaces } from '../session/training/preflightPlaces';
import { recipeFileText } from '../session/training/recipeFile';
import { setOfRun } from '../session/training/setOfRun';
import { askPushPlace } from './launchRowsPlace';
import { emptyDraft, formatOf, walk, type AskStep } from './launchSteps';
import { askAblation, askBackend, askModel, askOutput, askRecipe, askSet } from './launchStepsAsk';
import { askToGo } from './launchStepsGo';
import { askTemplate, rememberedTemplate } from './launchStepsTemplate';
import { ownFolders } from './runSetFile';
import { settledSet } from './settledSet';

/** What the commands do; each may be given a set's path, those of backends a backend's name. */
export interface Launches {
  launch(path: string | undefined): Promise<void>;
  push(path: string | undefined): Promise<void>;
  addBackend(): Promise<void>;
  checkBackend(name: string | undefined): Promise<void>;
  setBackendKey(name: string | undefined): Promise<void>;
  clearBackendKey(): Promise<void>;
  removeBackend(): Promise<void>;
  /** @throws Error in words where the set of the run is not there any more, or its recipe is none of ours */
  relaunch(run: Run): Promise<void>;
}

const LAUNCH: readonly AskStep[] = [askSet, askBackend, askRecipe, askModel, askOutput, askTemplate, askAblation, askToGo];
const PUSH: readonly AskStep[] = [askSet, askBackend, askRecipe, askTemplate, askAblation, askPushPlace, askToGo];

export function createLaunches(parts: LaunchParts): Launches {
  for (const { entry, what } of configuredBackends().problems) parts.log.warn(`The training backend “${entry}” in the setting cotLens.backends cannot be used: ${what}.`);
  const named = (name: string | undefined): ReturnType<typeof configuredBackends>['backends'][number] | undefined => configuredBackends().backends.find((one) => one.name === name);
  return {
    async launch(path) {
      await walk(parts, 'launch', { ...emptyDraft(), setPath: path }, LAUNCH);
    },
    async push(path) {
      await walk(parts, 'push', { ...emptyDraft(), setPath: path }, PUSH);
    },
    async addBackend() {
      await addBackend(parts);
    },
    checkBackend: (name) => checkBackend(parts, named(name)),
    async setBackendKey(name) {
      await setBackendKey(parts, named(name));
    },
    clearBackendKey: () => clearBackendKey(parts),
    removeBackend: () => removeTrainingBackend(),
    async relaunch(run) {
      const recipe = trainingRecipe(run.recipe);
      if (recipe === undefined) throw new Error(`This version of CoT Lens has no recipe ${run.recipe}, so the run cannot be made again. Its record has all values.`);
      const setPath = await setOfRun(run.set, ownFolders(), nodeFiles);
      const set = await settledSet(parts, setPath);
      // The trainer deletes the checkpoints of whoever had its folder before.
      const { all } = (await parts.runs.load()).store;
      const taken = takenPlaces(all);
      const { outputDir } = run.values as { readonly outputDir?: unknown };
      const values: JsonObject = { ...(run.values as JsonObject), ...(typeof outputDir === 'string' ? { outputDir: freePlace(outputDir, taken.outputDirs) } : {}) };
      // Of another set the rows are others: those that lie there stay for the run that reads them.
      const at = run.file.at === undefined || set.sha256 === run.set.sha256 ? run.file.at : freePlace(run.file.at, taken.rows, true);
      // Kept beside the set, as of any launch; other values that are there, and in no run's record, are not lost without a word.
      const beside = await recipeTextBeside(setPath, recipe.name);
      const isRecorded = beside !== undefined && all.some((one) => recipeFileText(one.values as JsonObject) === beside);
      if ((await saveRecipe(setPath, recipe.name, values, isRecorded ? beside : undefined)) === undefined) return;
      const backend = settingOf(run.backend);
      const template = (await rememberedTemplate(parts.memory, values['model'], formatOf(recipe))) ?? null;
      const draft = { ...emptyDraft(), setPath, set, backend, recipe, values, fromFile: true, template, templateOf: values['model'], ablation: run.file.ablation, at };
      const needsTemplate = template === null && formatOf(recipe).needsTemplate;
      await walk(parts, 'launch', draft, LAUNCH, LAUNCH.indexOf(backend === undefined ? askBackend : needsTemplate ? askTemplate : askToGo));
    },
  };
}
