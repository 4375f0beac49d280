import { basename } from 'node:path';
import type * as vscode from 'vscode';
import { window, workspace } from 'vscode';
import { configuredBackends } from '../host/configuredBackends';
import { plainLabel } from '../host/plainLabel';
import { takenPlaces, untakenPlace } from '../session/training/preflightPlaces';
import { readRecipeFile, recipeFilePath } from '../session/training/recipeFile';
import { countOf } from '../trace/countOf';
import type { AnyRecipe } from '../train/anyRecipe';
import { TRAINING_RECIPES } from '../train/recipes';
import { outputPlaceProblem } from '../train/recipes/plainText';
import type { RecipePreset } from '../train/trainingRecipe';
import type { JsonObject } from '../trace/rows/fieldRef';
import { askPick, askText, BACK } from './askInSteps';
import { addBackend, backendRow, faultyRows } from './backendCommands';
import { editRecipe, recipeTextBeside } from './launchRecipe';
import { formatOf, known, type Asked, type Asking, type LaunchDraft } from './launchSteps';
import { settledSet } from './settledSet';
import { nameOfSet } from './setCommandsChoose';

const MODELS = 'cotLens.trainingModels';
const OUTPUTS = 'cotLens.trainingOutputs';
/** Models and folders that are offered again. Ours. */
const MOST_RECENT = 8;

/** Which curated set. One that was given is asked for only on the way back. */
export async function askSet(asking: Asking): Asked {
  const { sets, draft, forwards } = asking;
  if (draft.setPath === undefined || !forwards) {
    const all = await sets.look();
    if (all.length === 0) {
      void window.showInformationMessage('There is no curated set in this workspace yet. “New Curated Set…” makes one.');
      return undefined;
    }
    const first = draft.setPath ?? sets.last;
    const ordered = first !== undefined && all.includes(first) ? [first, ...all.filter((path) => path !== first)] : all;
    const rows = ordered.map((path) => ({ label: plainLabel(nameOfSet(path)), description: plainLabel(workspace.asRelativePath(path), 200), path }));
    const answer = await askPick({ ...frame(asking), placeholder: 'Which curated set', rows });
    if (answer === undefined || answer === BACK) return answer;
    if (answer.path !== draft.setPath) Object.assign(draft, { recipe: undefined, values: {}, fromFile: false, ablation: false, at: undefined });
    draft.setPath = answer.path;
  }
  draft.set = await settledSet(asking, draft.setPath);
  return 'asked';
}

/** Where it is sent; one can be added on the way. */
export async function askBackend(asking: Asking): Asked {
  const { draft } = asking;
  for (;;) {
    const { backends } = configuredBackends();
    const rows: readonly (vscode.QuickPickItem & { readonly setting?: (typeof backends)[number] | undefined; readonly add?: true })[] = [
      ...backends.map(backendRow),
      ...faultyRows(),
      { label: '$(add) Add Training Backend…', description: backends.length === 0 ? 'none is set up yet' : '', add: true },
    ];
    const answer = await askPick({ ...frame(asking), placeholder: 'Where it is to be trained', rows });
    if (answer === undefined || answer === BACK) return answer;
    const chosen = answer.add === true ? await addBackend(asking) : answer.setting;
    // A row that only says what is wrong is no answer, and nor is one that was not added after all.
    if (chosen === undefined) continue;
    if (draft.recipe !== undefined && draft.recipe.backend !== chosen.kind) Object.assign(draft, { recipe: undefined, values: {}, fromFile: false });
    // Another cluster has other storage: its paths are other files.
    if (draft.backend?.url !== chosen.url || draft.backend.kind !== chosen.kind) draft.at = undefined;
    draft.backend = chosen;
    return 'asked';
  }
}

interface RecipeRow extends vscode.QuickPickItem {
  readonly recipe: AnyRecipe;
  /** Absent: the values of the file beside the set. */
  readonly preset?: RecipePreset<unknown>;
}

/** Which recipe, with which values to begin with: a file's beside the set, or a preset's. */
export async function askRecipe(asking: Asking): Asked {
  const { draft } = asking;
  const { kind } = known(draft.backend, 'backend');
  const setPath = known(draft.setPath, 'set');
  const recipes = TRAINING_RECIPES.filter(({ backend }) => backend === kind);
  for (;;) {
    const files = await Promise.all(recipes.map(async (recipe) => ((await recipeTextBeside(setPath, recipe.name)) === undefined ? [] : [recipe])));
    const rows: RecipeRow[] = [
      ...files.flat().map((recipe) => ({ label: `$(json) ${recipe.label}`, description: 'the recipe file beside the set', detail: plainLabel(recipeFilePath(setPath, recipe.name), 200), recipe })),
      ...recipes.flatMap((recipe) => recipe.presets.map((preset) => ({ label: recipe.label, description: preset.label, detail: `${preset.detail} ${recipe.about}`, recipe, preset }))),
    ];
    const answer = await askPick({ ...frame(asking), placeholder: 'By which recipe', rows });
    if (answer === undefined || answer === BACK) return answer;
    const { recipe, preset } = answer;
    const values = preset === undefined ? await valuesBeside(asking, setPath, recipe) : { ...(preset.values as JsonObject), recipe: recipe.name };
    if (values === undefined) return undefined;
    if (values === BACK) continue;
    // What was typed on the way here before is kept where the preset says nothing of it.
    const typed = preset === undefined ? {} : Object.fromEntries(Object.entries(draft.values).filter(([name]) => name === 'model' || name === 'outputDir'));
    Object.assign(draft, { recipe, values: { ...values, ...typed }, fromFile: preset === undefined, read: preset === undefined ? values : undefined });
    return 'asked';
  }
}

/** What the file holds, right or wrong: values that are wrong are said at the end, by name. `BACK` where it is not even an object, once the person was told; `undefined` where they leave. */
async function valuesBeside(asking: Asking, setPath: string, recipe: AnyRecipe): Promise<JsonObject | typeof BACK | undefined> {
  const file = recipeFilePath(setPath, recipe.name);
  const { raw, ...found } = readRecipeFile((await recipeTextBeside(setPath, recipe.name)) ?? '');
  if (raw !== undefined && found.recipe?.name === recipe.name) return raw;
  const faults = 'faults' in found ? found.faults.join(' ') : `recipe: must be ${recipe.name}.`;
  // A list stays where a message would go by itself.
  const edit = { label: '$(edit) Edit Recipe…', description: plainLabel(basename(file), 120), detail: plainLabel(`It cannot be read: ${faults}`, 500) };
  const answer = await askPick({ ...frame(asking), placeholder: 'The recipe file beside the set cannot be used', rows: [edit, { label: '$(arrow-left) Another Recipe' }] });
  if (answer === undefined) return undefined;
  if (answer === edit && (await editRecipe(file, frame(asking))) === undefined) return undefined;
  return BACK;
}

interface TextRow extends vscode.QuickPickItem {
  readonly text: string;
}

/** The model to train: typed, or one of those before. */
export async function askModel(asking: Asking): Asked {
  const { draft, memory } = asking;
  const { kind } = known(draft.backend, 'backend');
  const key = `${MODELS}.${kind}`;
  const recent = memory.get<readonly string[]>(key, []);
  const now = draft.values['model'];
  const offered = [...new Set([...(typeof now === 'string' ? [now] : []), ...recent])];
  const hint = { label: '', description: kind === 'ray' ? 'Type a name on the Hugging Face hub, or a folder that the cluster can read' : 'Type the model as the provider calls it', text: '', alwaysShow: true };
  for (;;) {
    const answer = await askPick<TextRow>({
      ...frame(asking),
      placeholder: 'The model to train: choose or type it',
      rows: [...offered.map((text) => ({ label: plainLabel(text, 200), description: text === now ? 'as before' : '', text })), ...(offered.length === 0 ? [hint] : [])],
      typed: (text) => ({ label: plainLabel(text, 200), description: 'as typed', text, alwaysShow: true }),
    });
    if (answer === undefined || answer === BACK) return answer;
    // A row that only says something is no answer.
    if (answer.text === '') continue;
    draft.values = { ...draft.values, model: answer.text };
    await memory.update(key, [answer.text, ...recent.filter((one) => one !== answer.text)].slice(0, MOST_RECENT));
    return 'asked';
  }
}

/** What was answered of each draft, however often it is asked. */
const ANSWERED = new WeakMap<LaunchDraft, string>();

/**
 * Where the trained model is written: as it was answered on the way here before, else a place that no run has yet. A fine-tuning API keeps
 * it itself.
 */
export async function askOutput(asking: Asking): Asked {
  const { draft, memory, forwards } = asking;
  if (known(draft.backend, 'backend').kind !== 'ray') return forwards ? 'asked' : BACK;
  const recent = memory.get<readonly string[]>(OUTPUTS, []);
  const now = draft.values['outputDir'];
  const last = typeof now === 'string' ? now : (recent[0] ?? '');
  // The trainer deletes the checkpoints of whoever had its folder before.
  const free = last === '' || last === ANSWERED.get(draft) ? last : untakenPlace(last, takenPlaces((await asking.runs.load()).store.all).outputDirs);
  const why = free === last ? 'No API hands files out of a cluster.' : `${plainLabel(last, 200)} has the model of another run, so another folder is proposed.`;
  const answer = await askText({
    ...frame(asking),
    prompt: `Where the trained model is written: a folder on storage that all nodes share. ${why}`,
    placeholder: '/shared/out/advchain',
    value: free,
    wrong: (text) => {
      const problem = outputPlaceProblem(text);
      return problem === undefined ? undefined : `The folder ${problem}.`;
    },
  });
  if (typeof answer !== 'string') return answer;
  ANSWERED.set(draft, answer);
  draft.values = { ...draft.values, outputDir: answer };
  await memory.update(OUTPUTS, [answer, ...recent.filter((one) => one !== answer)].slice(0, MOST_RECENT));
  return 'asked';
}

/** Whether it is to be an ablation, where that makes a difference. */
export async function askAblation(asking: Asking): Asked {
  const { draft, forwards } = asking;
  const { textUse } = formatOf(known(draft.recipe, 'recipe'));
  const marked = textUse === 'prompt' ? 0 : known(draft.set, 'set').samples.filter(({ ablation }) => ablation === true).length;
  if (marked === 0) {
    draft.ablation = false;
    return forwards ? 'asked' : BACK;
  }
  const rows = [
    { label: `Leave ${countOf(marked, 'ablation sample')} out`, description: 'default', detail: 'Only samples with a correction and an aligned final answer, as far as these were judged.', ablation: false },
    { label: 'Train as Ablation', description: 'recorded', detail: 'With the samples that are marked as ablations. The rows and the record of the run say so.', ablation: true },
  ];
  const answer = await askPick({ ...frame(asking), placeholder: 'Samples without a correction or an aligned answer', rows });
  if (answer === undefined || answer === BACK) return answer;
  draft.ablation = answer.ablation;
  return 'asked';
}

/** How a question is shown. */
export function frame({ title, step, of }: Asking): { readonly title: string; readonly step: number; readonly of: number } {
  return { title, step, of };
}
