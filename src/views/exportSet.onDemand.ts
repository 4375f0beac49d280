import * as vscode from 'vscode';
import { isPrefilled } from '../curate/dualUse';
import type { ExportOptions, TrainingFormat } from '../curate/formats/trainingFormat';
import { templateCheck } from '../curate/templateCheck';
import type { ChosenTemplate } from '../host/chatTemplates';
import { LateProgress } from '../host/lateProgress';
import { plainLabel } from '../host/plainLabel';
import { tokenLimit } from '../host/tokenLimit';
import { exportSet, type ExportedFile, type ExportTools, type SetToExport } from '../session/exportSet';
import { checkLines, exportInBrief, exportReport, failedInWords } from '../session/exportSetInWords';
import type { ExportParts } from './exportSet';
import { chooseAblation, chooseFormat, chooseTemplate, withTrainingTemplate } from './exportSetChoose';
import { nameOf, saveTrainingFile, type Prepared } from './exportSetSave';
import { chosenSet } from './setCommandsChoose';
import { counterOf, projectCanary, settledSet } from './settledSet';

/** What the commands do; each is given a set's path, or asks for one. */
export interface SetExports {
  export(path: string | undefined): Promise<void>;
  check(path: string | undefined): Promise<void>;
  /** Of the preview that is shown, or whose URI is given. */
  save(uri: string | undefined): Promise<void>;
  report(uri: string | undefined): Promise<void>;
}

/** How much of a training file is shown; VS Code gives extensions no larger documents, and nobody reads so much. Ours. */
const LONGEST_PREVIEW = 20_000_000;

export function createSetExports({ sets, datasets, memory, version, documents }: ExportParts): SetExports {
  /** By the URI of the preview. */
  const shown = new Map<string, Prepared>();
  documents.onDidClose((uri) => shown.delete(uri));

  const shownIn = (uri: string | undefined): Prepared => {
    const found = shown.get(uri ?? vscode.window.activeTextEditor?.document.uri.toString() ?? '');
    if (found === undefined) throw new Error('No training file is shown here. Run “Export Training File…” first.');
    return found;
  };

  const setOf = async (given: string | undefined, title: string): Promise<readonly [path: string, set: SetToExport] | undefined> => {
    const path = given ?? (await chosenSet(sets, title, { mayBeNew: false }));
    return path === undefined ? undefined : [path, await settledSet({ sets, datasets }, path)];
  };

  return {
    async export(given) {
      const found = await setOf(given, 'Export Training File');
      if (found === undefined) return;
      const [path, set] = found;
      const format = await chooseFormat();
      if (format === undefined) return;
      const ablation = await chooseAblation(set, format);
      if (ablation === undefined) return;
      const chosen = await templateFor(format, memory);
      if (chosen === undefined) return;
      const options: ExportOptions = { ablation, canary: await projectCanary(memory), ...(chosen === null ? {} : { template: chosen.template }) };
      const exported = await prepare(path, set, format, options, chosen);
      if (exported === undefined) return;
      const prepared: Prepared = { set, path, format, options, exported };
      if (exported.rows === 0) {
        await documents.show(`${nameOf(prepared)}.report.txt`, exportReport(exported, set, format, options));
        throw new Error(`No sample of ${set.name} can go into this file; the report says why of each.`);
      }
      if (!(await goesOn(prepared))) return;
      const uri = await documents.show(previewName(prepared), beginning(exported.text));
      shown.set(uri.toString(), prepared);
      void offer(prepared, uri);
    },

    async check(given) {
      const chosen = await chooseTemplate(memory, 'Check Chat Template');
      if (chosen === undefined || chosen === null) return;
      const found = await setOf(given, 'Check Chat Template on a sample of …');
      if (found === undefined) return;
      const [, { name, samples }] = found;
      // One of each kind: a row that is trained on, and a prefill.
      const whole = samples.find((sample) => !isPrefilled(sample) && sample.answer.trim() !== '');
      const prefill = samples.find(isPrefilled);
      const tried = [...new Set([whole, prefill])].filter((one) => one !== undefined);
      if (tried.length === 0) throw new Error(`${name} has no sample with an answer or a prefill to render.`);
      const reports = tried.map((sample) => [`Sample ${sample.id}`, ...checkLines(templateCheck(chosen.template, sample))].join('\n'));
      const failed = tried.some((sample) => templateCheck(chosen.template, sample).problems.length > 0);
      await documents.show(`${chosen.template.model}.check.txt`, `The chat template of ${chosen.template.model}\n\n${reports.join('\n\n')}\n`);
      const said = plainLabel(`The chat template of ${chosen.template.model} ${failed ? 'FAILED the check' : 'renders samples as it should'}.`, 300);
      void (failed ? vscode.window.showErrorMessage(said) : vscode.window.showInformationMessage(said));
    },

    async save(uri) {
      await saveTrainingFile(shownIn(uri), version());
    },

    async report(uri) {
      const prepared = shownIn(uri);
      await showReport(prepared);
    },
  };

  async function showReport({ exported, set, format, options, ...rest }: Prepared): Promise<void> {
    await documents.show(`${nameOf({ set, format, ...rest })}.report.txt`, exportReport(exported, set, format, options));
  }

  /** A failed check is said loudly, before anything is shown that could be saved. */
  async function goesOn(prepared: Prepared): Promise<boolean> {
    const problems = prepared.exported.check?.problems ?? [];
    if (problems.length === 0) return true;
    const [go, report] = ['Preview All the Same', 'Show Report'];
    const { checked } = prepared.exported;
    const detail = [...(checked === undefined ? [] : [failedInWords(checked)]), ...problems.map(({ message }) => message)].map((line) => plainLabel(line, 1000)).join('\n\n');
    const answer = await vscode.window.showErrorMessage('The check of the chat template failed.', { modal: true, detail }, go, report);
    if (answer === report) await showReport(prepared);
    return answer === go;
  }

  async function offer(prepared: Prepared, uri: vscode.Uri): Promise<void> {
    const [save, report] = ['Save…', 'Show Report'];
    const answer = await vscode.window.showInformationMessage(plainLabel(exportInBrief(prepared.exported, prepared.set), 500), save, report);
    if (answer === save) await vscode.commands.executeCommand('cotLens.saveTrainingFile', uri);
    if (answer === report) await vscode.commands.executeCommand('cotLens.showExportReport', uri);
  }
}

/** `null` where the format uses none, or the person goes on without one. */
async function templateFor(format: TrainingFormat, memory: vscode.Memento): Promise<ChosenTemplate | null | undefined> {
  if (format.needsTemplate) return chooseTemplate(memory, 'Export Training File');
  if (format.rendered === undefined) return null;
  const chosen = await chooseTemplate(memory, 'Export Training File', 'not checked whether the reasoning survives it');
  return chosen === undefined || chosen === null || format.rendered === 'apart' ? chosen : withTrainingTemplate(memory, chosen);
}

/** @returns `undefined` where the person cancelled */
async function prepare(path: string, set: SetToExport, format: TrainingFormat, options: ExportOptions, chosen: ChosenTemplate | null): Promise<ExportedFile | undefined> {
  const run = new AbortController();
  const progress = new LateProgress(`Exporting ${plainLabel(set.name)}`, run);
  try {
    const count = format.rendered === 'whole' && chosen !== null ? counterOf(chosen) : undefined;
    const tools: ExportTools = {
      signal: run.signal,
      maxLength: tokenLimit(vscode.Uri.file(path)),
      progress: (share) => {
        progress.report(Math.round(share * set.samples.length), set.samples.length);
      },
      ...(count === undefined ? {} : { count }),
    };
    return await exportSet(set, format, options, tools);
  } catch (error) {
    if (run.signal.aborted) return undefined;
    throw error;
  } finally {
    progress.end();
  }
}

/** As many whole rows as can be shown. */
function beginning(text: string): string {
  return text.length <= LONGEST_PREVIEW ? text : text.slice(0, text.lastIndexOf('\n', LONGEST_PREVIEW) + 1);
}

function previewName(prepared: Prepared): string {
  const { text, rows } = prepared.exported;
  const part = beginning(text);
  if (part.length === text.length) return nameOf(prepared);
  const first = part.split('\n').length - 1;
  return nameOf(prepared).replace(/\.jsonl$/, ` (first ${first.toLocaleString('en-US')} of ${rows.toLocaleString('en-US')} rows).jsonl`);
}
