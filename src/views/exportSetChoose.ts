import * as vscode from 'vscode';
import { TRAINING_FORMATS } from '../curate/formats';
import type { TrainingFormat } from '../curate/formats/trainingFormat';
import { readChatTemplate, type ChosenTemplate } from '../host/chatTemplates';
import { plainLabel } from '../host/plainLabel';
import type { SetToExport } from '../session/exportSet';
import { countOf } from '../trace/countOf';
import { askForTemplate } from './askForTemplate';
import { takeVersion, versionQuestion, wantsVersion } from './trainingVersion';

const RECENT = 'cotLens.chatTemplates';
/** Templates that are offered again. Ours. */
const MOST_RECENT = 5;

/** Asks for a training format. `undefined`: the person chose none. */
export async function chooseFormat(): Promise<TrainingFormat | undefined> {
  const rows = TRAINING_FORMATS.map((format) => ({ label: format.label, description: format.name, detail: format.use, format }));
  const picked = await vscode.window.showQuickPick(rows, { title: 'Export Training File', placeHolder: 'For which trainer', matchOnDescription: true, matchOnDetail: true });
  return picked?.format;
}

/**
 * Asks whether the file is to be an ablation, where that makes a difference: what the dual-use rule refuses goes out only if the person
 * says so here, and the file's record then says so too.
 * @returns `undefined` where the person chose neither
 */
export async function chooseAblation({ samples }: SetToExport, { textUse }: TrainingFormat): Promise<boolean | undefined> {
  if (textUse === 'prompt') return false;
  if (textUse === 'contrast') {
    const go = 'Export as Ablation';
    const detail = 'A preference pair holds the error without its correction. The rows and the record beside the file say that it is an ablation. Keep it out of anything that is not a comparison.';
    return (await vscode.window.showWarningMessage('Export flawed, uncorrected reasoning as an ablation?', { modal: true, detail }, go)) === go ? true : undefined;
  }
  const marked = samples.filter(({ ablation }) => ablation === true).length;
  if (marked === 0) return false;
  const leave = { label: `Leave ${countOf(marked, 'ablation sample')} out`, description: 'default', detail: 'Only samples with a correction and an aligned final answer, as far as these were judged.', ablation: false };
  const take = { label: 'Export as Ablation', description: 'recorded', detail: 'With the samples that are marked as ablations. The rows and the record beside the file say so.', ablation: true };
  const picked = await vscode.window.showQuickPick([leave, take], { title: 'Export Training File', placeHolder: 'Samples without a correction or an aligned answer' });
  return picked?.ablation;
}

/**
 * Asks for a model's chat template: one chosen before, a model's folder, or a file.
 * @param optional what is offered instead of any; absent: the format needs one
 * @returns `null` where the person goes on without one, `undefined` where the person goes no further
 * @throws Error in words where what was chosen has no template
 */
export async function chooseTemplate(memory: vscode.Memento, title: string, optional?: string): Promise<ChosenTemplate | null | undefined> {
  const recent = memory.get<readonly string[]>(RECENT, []);
  const rows = [
    ...recent.map((uri) => ({ label: plainLabel(vscode.Uri.parse(uri).path.split('/').at(-1) ?? uri), description: plainLabel(vscode.Uri.parse(uri).fsPath, 200), how: uri })),
    { label: '$(folder) Model’s Folder…', description: 'with tokenizer_config.json, as it was downloaded', how: 'folder' },
    { label: '$(file) Template File…', description: '*.jinja, such as one of TRL’s chat_templates', how: 'file' },
    ...(optional === undefined ? [] : [{ label: '$(circle-slash) Without a Template', description: optional, how: 'none' }]),
  ];
  const picked = await vscode.window.showQuickPick(rows, { title, placeHolder: 'The chat template of which model' });
  if (picked === undefined) return undefined;
  if (picked.how === 'none') return null;
  const uri = picked.how === 'folder' || picked.how === 'file' ? await askForTemplate(picked.how === 'folder') : vscode.Uri.parse(picked.how);
  if (uri === undefined) return undefined;
  const chosen = await readChatTemplate(uri);
  const now = uri.toString();
  await memory.update(RECENT, [now, ...recent.filter((one) => one !== now)].slice(0, MOST_RECENT));
  return chosen;
}

/**
 * Where a model's template does not mark what the assistant says, TRL trains with its own version of it: asks for that one, so that what
 * is checked and counted is what is trained on.
 * @returns `undefined` where the person goes no further
 */
export async function withTrainingTemplate(memory: vscode.Memento, chosen: ChosenTemplate): Promise<ChosenTemplate | undefined> {
  if (!wantsVersion(chosen)) return chosen;
  const { placeholder, rows } = versionQuestion(memory, chosen);
  const picked = await vscode.window.showQuickPick(rows, { title: 'Export Training File', placeHolder: placeholder });
  return picked === undefined ? undefined : takeVersion(memory, chosen, picked);
}
