import * as vscode from 'vscode';
import { NEAR_DUPLICATE } from '../curate/checks/setCheck';
import type { CuratedSetFiles } from '../host/curatedSets';
import type { DatasetFiles } from '../host/datasetFiles';
import { plainLabel } from '../host/plainLabel';
import { readEvaluationPrompts } from '../session/curated/evaluationPrompts';
import { problemsOf } from '../session/curated/setProblems';
import { countOf } from '../trace/countOf';
import { CheckedSet } from './curatedSetViewChecked';
import type { CuratedSetTree } from './curatedSetViewTree';
import { codeInWords } from './curatedSetViewWords';
import { evaluationFiles } from './setCommandsEvaluations';

/** What checking a set builds on. */
export interface CheckSetParts {
  readonly sets: CuratedSetFiles;
  readonly datasets: Pick<DatasetFiles, 'open'>;
}

/** Milliseconds between two words of progress. */
const PACE = 150;
/** Of a check's work, the share that reading the evaluations is taken for. */
const READING = 0.2;

/** Looks across the samples of a set for duplicates, reused errors and prompts of evaluations, and shows what it found under *Problems*. */
export async function checkSet({ sets, datasets }: CheckSetParts, tree: Pick<CuratedSetTree, 'showChecked'>, path: string): Promise<void> {
  const set = await sets.open(path);
  const name = plainLabel(set.name);
  const files = evaluationFiles(path);
  const nearDuplicate = vscode.workspace.getConfiguration('cotLens', vscode.Uri.file(path)).get('nearDuplicate', NEAR_DUPLICATE);
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Checking ${name}`, cancellable: true }, async (progress, token) => {
    const run = new AbortController();
    token.onCancellationRequested(() => {
      run.abort();
    });
    let [shown, told] = [0, 0];
    const report = (message: string, share: number): void => {
      if (Date.now() - told < PACE) return;
      told = Date.now();
      progress.report({ message, increment: Math.max(0, 100 * share - shown) });
      shown = Math.max(shown, 100 * share);
    };
    try {
      const unread: string[] = [];
      const evaluationPrompts = new Map<string, readonly string[]>();
      for (const [i, file] of files.entries()) {
        const label = vscode.workspace.asRelativePath(file);
        report(`reading ${plainLabel(label)}`, (READING * i) / files.length);
        const { prompts, without } = await readEvaluationPrompts(datasets, file, run.signal);
        evaluationPrompts.set(label, prompts);
        if (without > 0) unread.push(`${countOf(without, 'row')} of ${plainLabel(label)}`);
      }
      const begin = files.length === 0 ? 0 : READING;
      const { problems, checked } = await problemsOf(set, { evaluationPrompts, nearDuplicate }, run.signal, (check, share) => {
        report(codeInWords(check), begin + (1 - begin) * share);
      });
      tree.showChecked(path, new CheckedSet(problems, checked));
      const against = files.length === 0 ? 'no evaluation chosen' : countOf(files.length, 'evaluation');
      void vscode.window.setStatusBarMessage(`${name}: ${problems.length === 0 ? 'nothing found' : countOf(problems.length, 'problem')} across ${countOf(checked.length, 'sample')}, ${against}.`, 8000);
      if (unread.length > 0) void vscode.window.showWarningMessage(`No prompt was found in ${unread.join(', ')}, so the samples were not compared with ${unread.length === 1 ? 'these' : 'those'} rows.`);
    } catch (error) {
      if (!run.signal.aborted) throw error;
      void vscode.window.setStatusBarMessage(`Checking ${name} was cancelled; what was found before stays.`, 5000);
    }
  });
}
