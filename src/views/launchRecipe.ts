import { basename } from 'node:path';
import * as vscode from 'vscode';
import { plainLabel } from '../host/plainLabel';
import { writeFaultInWords } from '../session/datasets/replaceFile';
import { nodeFiles } from '../session/nodeFiles';
import type { PreflightCheck } from '../session/training/preflight';
import { readRecipeFile, recipeFilePath, recipeFileText, type RecipeInFile } from '../session/training/recipeFile';
import type { JsonObject } from '../trace/rows/fieldRef';

/** The text of a recipe's file beside a set; `undefined` where there is none. */
export async function recipeTextBeside(setPath: string, recipe: string): Promise<string | undefined> {
  const file = recipeFilePath(setPath, recipe);
  return (await nodeFiles.facts(file)) === undefined ? undefined : new TextDecoder().decode(await nodeFiles.read(file));
}

/**
 * Saves values beside their set. What a file of that name holds otherwise is replaced only if the person says so.
 * @param mayGo what the file may hold and be replaced without a question: `true`, anything, since the person has chosen that file
 * @returns the file's path; `undefined` where the person keeps what is there
 */
export async function saveRecipe(setPath: string, recipe: string, values: JsonObject, mayGo: true | string | undefined): Promise<string | undefined> {
  const file = recipeFilePath(setPath, recipe);
  const text = recipeFileText(values);
  const before = await recipeTextBeside(setPath, recipe);
  if (before === text) return file;
  if (before !== undefined && mayGo !== true && before !== mayGo && !(await mayReplace(file))) return undefined;
  try {
    await nodeFiles.replace(file, text);
  } catch (error) {
    throw new Error(writeFaultInWords(error, file), { cause: error });
  }
  return file;
}

async function mayReplace(file: string): Promise<boolean> {
  const replace = 'Replace';
  const detail = 'It holds other values, of an earlier launch or by hand. To launch with those, go back and choose the recipe file beside the set.';
  return (await vscode.window.showWarningMessage(plainLabel(`${basename(file)} is there already. Replace it?`, 200), { modal: true, detail }, replace)) === replace;
}

/** The recipe as its file has it now. @throws Error in words where the file is gone */
export async function recipeIn(file: string): Promise<RecipeInFile> {
  if ((await nodeFiles.facts(file)) === undefined) throw new Error(`${basename(file)} is not there any more. Choose the recipe anew.`);
  return readRecipeFile(new TextDecoder().decode(await nodeFiles.read(file)));
}

/**
 * *Edit Recipe…*: opens the file, with its schema, and waits until the person goes on. Who closes the note goes on too, with what is saved.
 * @throws Error in words where it cannot be saved
 */
export async function editRecipe(file: string): Promise<void> {
  const uri = vscode.Uri.file(file);
  await vscode.window.showTextDocument(uri, { preview: false });
  const go = 'Save and Go On';
  const answer = await vscode.window.showInformationMessage(plainLabel(`Change the values in ${basename(file)}, then go on. Later “Launch Fine-Tune…” offers this file beside the set.`, 300), go);
  if (answer !== go) return;
  const document = openDocument(file);
  if (document?.isDirty === true && !(await document.save())) throw new Error(`${basename(file)} could not be saved. Save it, then launch again.`);
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
