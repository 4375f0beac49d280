import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import type { ChatTemplate } from '../curate/formats/trainingFormat';
import { hasGenerationMarks } from '../curate/trainedTokens';
import { readChatTemplate, type ChosenTemplate } from '../host/chatTemplates';
import { plainLabel } from '../host/plainLabel';
import { askForTemplate } from './askForTemplate';

/** Which of TRL's templates was taken for a model's own, by the SHA-256 of its text: TRL finds its version by that text too. */
const VERSIONS = 'cotLens.trainingVersions';

/** `how`: TRL’s version as it was taken before, another file, or the model’s own after all. */
export interface VersionRow extends vscode.QuickPickItem {
  readonly how: { readonly uri: string } | 'file' | 'own';
}

/** Does TRL train with a version of its own, since this template marks no assistant’s words? */
export function wantsVersion({ template }: ChosenTemplate): boolean {
  return !hasGenerationMarks(template.template);
}

/** What is asked then: which template is to be checked and counted. The version that was taken before comes first. */
export function versionQuestion(memory: vscode.Memento, { template }: ChosenTemplate): { readonly placeholder: string; readonly rows: readonly VersionRow[] } {
  const before = versionBefore(memory, template);
  const again = before === undefined ? undefined : vscode.Uri.parse(before);
  return {
    placeholder: `The template of ${plainLabel(template.model)} marks no assistant’s words: TRL puts its own version in its place`,
    rows: [
      ...(again === undefined ? [] : [{ label: `$(file) ${plainLabel(again.path.split('/').at(-1) ?? '')}`, description: `as before: ${plainLabel(again.fsPath, 200)}`, how: { uri: again.toString() } }]),
      { label: '$(file) TRL’s Version…', description: 'a file *_training.jinja of TRL’s folder chat_templates', how: 'file' },
      { label: 'Check the Model’s Own', description: 'TRL may train with another', how: 'own' },
    ],
  };
}

/**
 * Takes what was answered, and remembers it.
 * @returns `undefined` where no file was chosen after all
 * @throws Error in words where the file has no template
 */
export async function takeVersion(memory: vscode.Memento, own: ChosenTemplate, { how }: VersionRow): Promise<ChosenTemplate | undefined> {
  if (how === 'own') {
    await remember(memory, own.template, undefined);
    return own;
  }
  const uri = how === 'file' ? await askForTemplate(false) : vscode.Uri.parse(how.uri);
  if (uri === undefined) return undefined;
  const taken = await inPlace(own, uri);
  await remember(memory, own.template, uri.toString());
  return taken;
}

/** A template as it was used last: with TRL’s version in its place, where that was taken. @throws Error where it cannot be read any more */
export async function asUsedBefore(memory: vscode.Memento, own: ChosenTemplate): Promise<ChosenTemplate> {
  const before = wantsVersion(own) ? versionBefore(memory, own.template) : undefined;
  return before === undefined ? own : inPlace(own, vscode.Uri.parse(before));
}

async function inPlace(own: ChosenTemplate, uri: vscode.Uri): Promise<ChosenTemplate> {
  const { template } = await readChatTemplate(uri);
  return { ...own, template: { ...template, tokens: own.template.tokens } };
}

function versionBefore(memory: vscode.Memento, own: ChatTemplate): string | undefined {
  return memory.get<Readonly<Record<string, string>>>(VERSIONS, {})[hashOf(own)];
}

async function remember(memory: vscode.Memento, own: ChatTemplate, uri: string | undefined): Promise<void> {
  const { [hashOf(own)]: _before, ...others } = memory.get<Readonly<Record<string, string>>>(VERSIONS, {});
  await memory.update(VERSIONS, { ...others, ...(uri === undefined ? {} : { [hashOf(own)]: uri }) });
}

function hashOf({ template }: ChatTemplate): string {
  return createHash('sha256').update(template).digest('hex');
}
