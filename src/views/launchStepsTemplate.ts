import { basename, isAbsolute } from 'node:path';
import * as vscode from 'vscode';
import type { TrainingFormat } from '../curate/formats/trainingFormat';
import { readChatTemplate, type ChosenTemplate } from '../host/chatTemplates';
import { plainLabel } from '../host/plainLabel';
import { wrongPlace } from '../train/runs/setPlace';
import { askForTemplate } from './askForTemplate';
import { askPick, BACK, type Answer } from './askInSteps';
import { frame } from './launchStepsAsk';
import { formatOf, known, type Asked, type Asking } from './launchSteps';
import { asUsedBefore, takeVersion, versionQuestion, wantsVersion } from './trainingVersion';

/** The same memory as that of exports: a template that was chosen there is offered here. */
const RECENT = 'cotLens.chatTemplates';
/** Which template was chosen for which model, so that a relaunch need not ask. */
const OF_MODEL = 'cotLens.templateOfModel';
/** Templates that are offered again. Ours. */
const MOST_RECENT = 5;

interface TemplateRow extends vscode.QuickPickItem {
  readonly how: 'folder' | 'file' | 'none' | { readonly uri: string };
}

/** The chat template of the model, where the format is rendered with one, or the trainer renders the rows. */
export async function askTemplate(asking: Asking): Asked {
  const { draft, memory, forwards } = asking;
  const format = formatOf(known(draft.recipe, 'recipe'));
  draft.templateOf = draft.values['model'];
  if (!format.needsTemplate && format.rendered === undefined) {
    draft.template = null;
    return forwards ? 'asked' : BACK;
  }
  for (;;) {
    const rows = await templateRows(asking, format.needsTemplate);
    const answer = await askPick<TemplateRow>({ ...frame(asking), placeholder: 'The chat template of the model that is trained', rows });
    if (answer === undefined || answer === BACK) return answer;
    if (answer.how === 'none') {
      draft.template = null;
      return 'asked';
    }
    const uri = typeof answer.how === 'object' ? vscode.Uri.parse(answer.how.uri) : await askForTemplate(answer.how === 'folder');
    if (uri === undefined) continue;
    try {
      const read = await readChatTemplate(uri);
      const chosen = format.rendered === 'whole' ? await trainingVersion(asking, read) : read;
      // Of the question about TRL’s version: back is the list of templates again.
      if (chosen === BACK) continue;
      if (chosen === undefined) return undefined;
      draft.template = chosen;
    } catch (error) {
      void vscode.window.showErrorMessage(plainLabel(error instanceof Error ? error.message : String(error), 500));
      continue;
    }
    await remember(memory, uri.toString(), draft.values['model']);
    return 'asked';
  }
}

/**
 * Is the template still that of the model, which may have been changed in the recipe's file meanwhile? One that was chosen for the new
 * model before is taken.
 * @returns whether it has to be asked for
 */
export async function wantsOtherTemplate({ draft, memory }: Asking): Promise<boolean> {
  const { model } = draft.values;
  const format = formatOf(known(draft.recipe, 'recipe'));
  if (model === draft.templateOf || (!format.needsTemplate && format.rendered === undefined)) return false;
  draft.template = await rememberedTemplate(memory, model, format);
  draft.templateOf = model;
  return draft.template === undefined;
}

/**
 * The template that was chosen for this model before, with TRL's version in its place where the trainer renders the rows with that one;
 * `undefined` where there is none, or it cannot be read any more.
 */
export async function rememberedTemplate(memory: vscode.Memento, model: unknown, { rendered }: Pick<TrainingFormat, 'rendered'>): Promise<ChosenTemplate | undefined> {
  const uri = typeof model === 'string' ? memory.get<Readonly<Record<string, string>>>(OF_MODEL, {})[model] : undefined;
  if (uri === undefined) return undefined;
  try {
    const own = await readChatTemplate(vscode.Uri.parse(uri));
    return rendered === 'whole' ? await asUsedBefore(memory, own) : own;
  } catch {
    // It is asked for again, as if nobody had chosen one.
    return undefined;
  }
}

async function templateRows({ draft, memory }: Asking, needed: boolean): Promise<readonly TemplateRow[]> {
  const { model } = draft.values;
  // What a recipe’s file says is not looked for on another machine.
  const own = typeof model === 'string' && isAbsolute(model) && wrongPlace(model) === undefined ? vscode.Uri.file(model) : undefined;
  const here = own !== undefined && (await vscode.workspace.fs.stat(own).then(() => true, () => false)) ? own : undefined;
  const before = typeof model === 'string' ? memory.get<Readonly<Record<string, string>>>(OF_MODEL, {})[model] : undefined;
  const recent = [...new Set([...(before === undefined ? [] : [before]), ...memory.get<readonly string[]>(RECENT, [])])].filter((uri) => uri !== here?.toString());
  return [
    ...(here === undefined ? [] : [{ label: `$(folder) ${plainLabel(basename(here.fsPath))}`, description: 'the model’s folder, which is on this machine', how: { uri: here.toString() } }]),
    ...recent.map((uri) => ({ label: plainLabel(vscode.Uri.parse(uri).path.split('/').at(-1) ?? uri), description: plainLabel(vscode.Uri.parse(uri).fsPath, 200), how: { uri } })),
    { label: '$(folder) Model’s Folder…', description: 'with tokenizer_config.json, as it was downloaded', how: 'folder' },
    { label: '$(file) Template File…', description: '*.jinja, such as one of TRL’s chat_templates', how: 'file' },
    ...(needed ? [] : [{ label: '$(circle-slash) Without a Template', description: 'not checked whether the reasoning survives it', how: 'none' as const }]),
  ];
}

/** Where the template marks no assistant's words TRL trains with its own version of it: what is checked and counted is to be that one. */
async function trainingVersion(asking: Asking, chosen: ChosenTemplate): Promise<Answer<ChosenTemplate>> {
  if (!wantsVersion(chosen)) return chosen;
  const answer = await askPick({ ...frame(asking), ...versionQuestion(asking.memory, chosen) });
  if (answer === undefined || answer === BACK) return answer;
  return (await takeVersion(asking.memory, chosen, answer)) ?? BACK;
}

async function remember(memory: vscode.Memento, uri: string, model: unknown): Promise<void> {
  const recent = memory.get<readonly string[]>(RECENT, []);
  await memory.update(RECENT, [uri, ...recent.filter((one) => one !== uri)].slice(0, MOST_RECENT));
  if (typeof model === 'string') await memory.update(OF_MODEL, { ...memory.get<Readonly<Record<string, string>>>(OF_MODEL, {}), [model]: uri });
}
