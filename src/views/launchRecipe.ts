import { basename } from 'node:path';
import * as vscode from 'vscode';
import { plainLabel } from '../host/plainLabel';
import { writeFaultInWords } from '../session/datasets/replaceFile';
import { nodeFiles } from '../session/nodeFiles';
import { mergeValues } from '../session/training/mergeValues';
import type { PreflightCheck } from '../session/training/preflight';
import { readRecipeFile, recipeFilePath, recipeFileText, type RecipeInFile } from '../session/training/recipeFile';
import type { AnyRecipe } from '../train/anyRecipe';
import type { JsonObject } from '../trace/rows/fieldRef';
import { askPick, BACK } from './askInSteps';
import type { LaunchDraft } from './launchSteps';

/** The text of a recipe's file beside a set; `undefined` where there is none. */
export async function recipeTextBeside(setPath: string, recipe: string): Promise<string | undefined> {
  const file = recipeFilePath(setPath, recipe);
  return (await nodeFiles.facts(file)) === undefined ? undefined : new TextDecoder().decode(await nodeFiles.read(file));
}

/**
 * Saves values beside their set. What a file of that name holds otherwise is replaced only if the person says so.
 * @param mayGo what the file may hold and be replaced without a question
 * @param why what is asked about then
 * @returns the file's path; `undefined` where the person keeps what is there
 */
export async function saveRecipe(setPath: string, recipe: string, values: JsonObject, mayGo: string | undefined, why = OTHER_VALUES): Promise<string | undefined> {
  const file = recipeFilePath(setPath, recipe);
  const text = recipeFileText(values);
  const before = await recipeTextBeside(setPath, recipe);
  if (before === text) return file;
  if (before !== undefined && before !== mayGo && !(await mayReplace(file, why))) return undefined;
  try {
    await nodeFiles.replace(file, text);
  } catch (error) {
    throw new Error(writeFaultInWords(error, file), { cause: error });
  }
  return file;
}

const OTHER_VALUES = 'It holds other values, of an earlier launch or by hand. To launch with those, go back and choose the recipe file beside the set.';

async function mayReplace(file: string, detail: string): Promise<boolean> {
  const replace = 'Replace';
  return (await vscode.window.showWarningMessage(plainLabel(`${basename(file)} is there already. Replace it?`, 200), { modal: true, detail }, replace)) === replace;
}

/**
 * Saves the values of a launch beside its set, with all defaults, and they stand in the draft then. What was changed in the file since it
 * was read is kept; where the person answered the same otherwise, they are asked.
 * @returns the file's path; `undefined` where the person keeps what is there
 */
export async function saveAnswers(draft: LaunchDraft, setPath: string, recipe: AnyRecipe): Promise<string | undefined> {
  const text = draft.fromFile ? await recipeTextBeside(setPath, recipe.name) : undefined;
  const inFile = text === undefined ? undefined : readRecipeFile(text).raw;
  const merged = inFile === undefined ? undefined : mergeValues(draft.read ?? asRead(draft.values, inFile), draft.values, inFile);
  const answered = merged?.values ?? draft.values;
  const read = recipe.read(answered);
  // What is wrong is kept as it stands, for the person to mend.
  const values = 'faults' in read ? answered : read.values;
  const both = merged?.contradict ?? [];
  const why = both.length === 0 ? OTHER_VALUES : `It was changed while you were asked, and holds another ${both.join(', ')} than you answered. To launch with what it holds, go back and choose the recipe file beside the set.`;
  const file = await saveRecipe(setPath, recipe.name, values, merged === undefined || both.length > 0 ? draft.written : text, plainLabel(why, 500));
  if (file !== undefined) Object.assign(draft, { values, read: values, written: recipeFileText(values) });
  return file;
}

/** Where nobody kept what a file held: the answers to our questions are taken for changes, all else for what was read. */
function asRead(values: JsonObject, inFile: JsonObject): JsonObject {
  const isAnswer = ([name]: [string, unknown]): boolean => name === 'model' || name === 'outputDir';
  return Object.fromEntries([...Object.entries(values).filter((one) => !isAnswer(one)), ...Object.entries(inFile).filter(isAnswer)]);
}

/** Takes over what was changed in the recipe's file by hand. @throws Error in words where the file is gone */
export async function takeFile(draft: LaunchDraft, file: string): Promise<void> {
  const { raw } = await recipeIn(file);
  if (raw !== undefined && recipeFileText(raw) !== draft.written) Object.assign(draft, { values: raw, read: raw, fromFile: true });
}

/** The recipe as its file has it now. @throws Error in words where the file is gone */
export async function recipeIn(file: string): Promise<RecipeInFile> {
  if ((await nodeFiles.facts(file)) === undefined) throw new Error(`${basename(file)} is not there any more. Choose the recipe anew.`);
  return readRecipeFile(new TextDecoder().decode(await nodeFiles.read(file)));
}

/**
 * *Edit Recipe…*: opens the file, with its schema, and waits under a list so short that the file can be changed below it.
 * @param shown the place of this among the questions
 * @returns `undefined` where the person leaves
 * @throws Error in words where it cannot be saved
 */
export async function editRecipe(file: string, shown: { readonly title: string; readonly step: number; readonly of: number } = { title: 'Edit Recipe', step: 1, of: 1 }): Promise<'saved' | 'back' | undefined> {
  const uri = vscode.Uri.file(file);
  await vscode.window.showTextDocument(uri, { preview: false });
  const rows = [
    { label: '$(check) Save and Go On', description: 'with the values as they stand in the editor', save: true },
    { label: '$(arrow-left) Go Back', description: 'what is not saved stays in the editor', save: false },
  ];
  const answer = await askPick({ ...shown, placeholder: plainLabel(`Change the values in ${basename(file)} below, then go on`, 300), rows });
  if (answer === undefined) return undefined;
  if (answer === BACK || !answer.save) return 'back';
  const document = openDocument(file);
  if (document?.isDirty === true && !(await document.save())) throw new Error(`${basename(file)} could not be saved. Save it, then launch again.`);
  return 'saved';
}

/** What an editor has of the file and the disk has not: it is not launched, and that is said. */
export function unsavedCheck(file: string): PreflightCheck | undefined {
  if (openDocument(file)?.isDirty !== true) return undefined;
  return { about: 'Recipe', status: 'warning', said: `${basename(file)} has changes in its editor that are not saved: they are no part of this. Save them, then choose “Look Again”.` };
}

function openDocument(file: string): vscode.TextDocument | undefined {
  const uri = vscode.Uri.file(file).toString();
  return vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri);
}
