import * as vscode from 'vscode';
import { countOf } from '../trace/countOf';
import type { SetNode } from './curatedSetViewNodes';
import { chosenIn, nothingChosen, type SampleCommandParts } from './setCommands';

const MEANING =
  'An ablation departs from the rule that every flaw is corrected and the final answer aligned. It stays out of every training file that is not itself exported as an ablation, such a file says so in its rows, and its record names the samples.';

/** *Mark as Ablation…*: marks samples as recorded departures from the dual-use rule, or takes the mark away where all of them have it. */
export async function markAblations({ sets }: SampleCommandParts, nodes: readonly SetNode[]): Promise<void> {
  const all = chosenIn(nodes);
  if (all.length === 0) {
    nothingChosen();
    return;
  }
  const count = all.reduce((sum, { ids }) => sum + ids.length, 0);
  const unmark = nodes.every(({ card }) => card === undefined || card.ablation);
  if (!unmark) {
    const mark = `Mark ${countOf(count, 'Sample')}`;
    if ((await vscode.window.showWarningMessage(`Mark ${countOf(count, 'sample')} as ${count === 1 ? 'an ablation' : 'ablations'}?`, { modal: true, detail: MEANING }, mark)) !== mark) return;
  }
  for (const { path, ids } of all) await (await sets.open(path)).markAblation(ids, !unmark);
  const said = unmark ? `${countOf(count, 'sample')} ${count === 1 ? 'is no ablation' : 'are no ablations'} any more` : `Marked ${countOf(count, 'sample')} as ${count === 1 ? 'an ablation' : 'ablations'}`;
  void vscode.window.setStatusBarMessage(`${said}.`, 5000);
}
