import * as vscode from 'vscode';
import { chatTemplateFrom } from '../curate/chatTemplateParts';
import type { ChatTemplate } from '../curate/formats/trainingFormat';
import type { TokenizerFiles } from '../curate/trainedTokens';

/** A model's chat template, with its tokenizer where that lies beside it. */
export interface ChosenTemplate {
  readonly template: ChatTemplate;
  readonly tokenizer: TokenizerFiles | undefined;
}

/**
 * Reads the chat template of a model's folder, or a template's own file (`*.jinja`, such as TRL's); special tokens and tokenizer come
 * from the folder that it lies in. Nothing is downloaded.
 * @throws Error in words where there is none
 */
export async function readChatTemplate(uri: vscode.Uri): Promise<ChosenTemplate> {
  const isFolder = ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.Directory) !== 0;
  const own = uri.path.endsWith('.jinja') ? uri : undefined;
  const folder = isFolder ? uri : vscode.Uri.joinPath(uri, '..');
  const model = (own ?? folder).path.split('/').at(-1) ?? '';
  const [jinja, config, tokenizer] = await Promise.all([
    textOf(own ?? vscode.Uri.joinPath(folder, 'chat_template.jinja')),
    textOf(vscode.Uri.joinPath(folder, 'tokenizer_config.json')),
    textOf(vscode.Uri.joinPath(folder, 'tokenizer.json')),
  ]);
  const template = chatTemplateFrom(model, { ...(jinja === undefined ? {} : { jinja }), ...(config === undefined ? {} : { config }), ...(tokenizer === undefined ? {} : { tokenizer }) });
  return { template, tokenizer: tokenizer === undefined ? undefined : { tokenizer, config: config ?? '{}' } };
}

/** `undefined` where there is no such file. */
async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return undefined;
    throw error;
  }
}
