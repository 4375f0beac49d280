import * as vscode from 'vscode';
import type { CuratedSetFiles } from '../host/curatedSets';
import { LateProgress } from '../host/lateProgress';
import { plainLabel } from '../host/plainLabel';
import { problemsOf } from '../session/curated/setProblems';
import { countOf } from '../trace/countOf';
import { CheckedSet } from './curatedSetViewChecked';
import type { CuratedSetTree } from './curatedSetViewTree';

/** Looks across the samples of a set for duplicates, reused errors and prompts of evaluations, and shows what it found under *Problems*. */
export async function checkSet({ sets }: { readonly sets: CuratedSetFiles }, tree: Pick<CuratedSetTree, 'showChecked'>, path: string): Promise<void> {
  const set = await sets.open(path);
  const name = plainLabel(set.name);
  const run = new AbortController();
  const late = new LateProgress(`Checking ${name}`, run);
  try {
    const samples = await set.read(undefined, run.signal);
    const findings = await problemsOf(set, options, run.signal);
    tree.showChecked(path, new CheckedSet(findings, samples.map(({ id }) => id)));
    const found = findings.length === 0 ? 'nothing found' : countOf(findings.length, 'finding');
    void vscode.window.setStatusBarMessage(`${name}: ${found} across ${countOf(samples.length, 'sample')}.`, 5000);
  } catch (error) {
    if (!run.signal.aborted) throw error;
    void vscode.window.setStatusBarMessage(`Checking ${name} was cancelled; what was found before stays.`, 5000);
  } finally {
    late.end();
  }
}
