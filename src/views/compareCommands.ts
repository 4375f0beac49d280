import * as vscode from 'vscode';
import type { JudgeVariant } from '../host/judges';
import type { OpenTraces } from '../host/openTraces';
import { personIdentity } from '../host/person';
import { plainLabel } from '../host/plainLabel';
import type { ReadyJudge } from '../host/readyJudge';
import type { FoundTrace, ScoredDocuments } from '../host/scoredDocuments';
import type { ScoreWith } from '../host/scoreWith';
import type { JudgeIdentity } from '../judge/judge';
import type { JudgeSetting } from '../judge/judgeSetting';
import type { CalibrationOf } from '../session/calibrationNote';
import type { Comparison } from '../session/comparison';
import { comparisonTitle } from '../session/comparisonTitle';
import { Disagreements } from '../session/disagreements';
import { judgesIn, scoredBy, type CountedJudge } from '../session/scoredTrace';
import { judgeName } from '../session/traceSummary';
import { countOf } from '../trace/countOf';
import type { Disposable } from '../trace/event';

/** How long a line in the status bar stays, in milliseconds. */
const SAY_FOR = 8000;
const HAS_DISAGREEMENTS = 'cotLens.hasDisagreements';

/** What comparing builds on. */
export interface CompareParts {
  readonly traces: OpenTraces;
  readonly documents: Pick<ScoredDocuments, 'find'>;
  readonly calibrationOf: CalibrationOf;
  /** Which judge is chosen, and makes it with another protocol. */
  readonly judges: {
    readonly isOffline: boolean;
    readonly setting: JudgeSetting | undefined;
    judgeWith(variant: JudgeVariant, resource: vscode.Uri | undefined): Promise<ReadyJudge>;
  };
  readonly scoreWith: ScoreWith;
  /** Shows a comparison; the Curves page. */
  readonly pages: { showComparison(comparison: Comparison, uri?: vscode.Uri): Promise<void> };
}

/**
 * *Compare Judges…*, *Compare Prefix with Whole-Trace*, and from step to step where the two differ: *Next* and *Previous
 * Disagreement*.
 */
export class CompareCommands implements Disposable {
  private readonly own: vscode.Disposable[];
  private disagreements: Disagreements | undefined;

  constructor(private readonly parts: CompareParts) {
    const command = (name: string, run: () => Promise<void>): vscode.Disposable => vscode.commands.registerCommand(`cotLens.${name}`, run);
    this.own = [
      command('compareJudges', () => this.compareJudges()),
      command('compareProtocols', () => this.compareProtocols()),
      command('nextDisagreement', () => this.go('next')),
      command('previousDisagreement', () => this.go('previous')),
    ];
  }

  dispose(): void {
    for (const one of this.own) one.dispose();
  }

  private async compareJudges(): Promise<void> {
    const found = await this.parts.documents.find();
    if (found === undefined) return;
    const judges = judgesIn(found);
    const [first, second] = judges;
    if (first === undefined || second === undefined) {
      const only = first === undefined ? 'Nobody has scored a trace of this workspace yet.' : `Only ${judgeName(first.identity)} has scored traces of this workspace.`;
      void vscode.window.showInformationMessage(`${plainLabel(only, 200)} A comparison needs two judges: “Score Steps” with another one, or “Score by Hand…”.`);
      return;
    }
    const a = await this.pick(judges, 'Compare judge A …', (judge) => countOf(judge.traces, 'trace'));
    if (a === undefined) return;
    const common = new Map(judges.map((judge) => [judge.key, found.filter((trace) => scoredBy(trace, a.key) && scoredBy(trace, judge.key)).length]));
    const b = await this.pick(
      judges.filter((judge) => judge.key !== a.key),
      `… with judge B, which is laid over ${a.identity.label}`,
      (judge) => `${countOf(judge.traces, 'trace')}, ${String(common.get(judge.key) ?? 0)} in common`,
    );
    if (b === undefined) return;
    await this.show(found, a.identity, b.identity);
  }

  /** The hindsight effect: what the chosen model says of the open trace when it knows what comes later, over what it says when not. */
  private async compareProtocols(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    if (document === undefined || this.parts.traces.state(document) === undefined) {
      void vscode.window.showInformationMessage('Open a trace first, or turn the open text into one with “Inspect as Trace”.');
      return;
    }
    if (this.parts.judges.isOffline) {
      const choose = 'Choose Judge…';
      const picked = await vscode.window.showInformationMessage(
        'The offline heuristic never sees later steps, so there is nothing to compare. Choose a language model first.',
        choose,
      );
      if (picked === choose) await vscode.commands.executeCommand('cotLens.chooseJudge');
      return;
    }
    const identities: JudgeIdentity[] = [];
    // One model all the way, though another may be chosen while it scores.
    const { setting } = this.parts.judges;
    for (const protocol of ['prefix', 'whole-trace'] as const) {
      const variant = { ...(setting === undefined ? {} : { setting }), protocol };
      if (!(await this.parts.scoreWith(document, variant))) return;
      identities.push((await this.parts.judges.judgeWith(variant, document.uri)).judge.identity);
    }
    const [prefix, whole] = identities;
    const found = await this.parts.documents.find();
    if (prefix === undefined || whole === undefined || found === undefined) return;
    await this.show(found, prefix, whole, document.uri);
  }

  private async show(found: readonly FoundTrace[], a: JudgeIdentity, b: JudgeIdentity, uri?: vscode.Uri): Promise<void> {
    const { compareJudges } = await import('../session/trust.onDemand');
    const comparison = compareJudges(found, a, b);
    if (comparison.traces === 0) {
      void vscode.window.showInformationMessage(
        plainLabel(`${judgeName(a)} and ${judgeName(b)} have scored no step in common. Score a trace with both, as it is now.`, 300),
      );
      return;
    }
    this.disagreements = new Disagreements(comparison);
    await vscode.commands.executeCommand('setContext', HAS_DISAGREEMENTS, this.disagreements.count > 0);
    await this.parts.pages.showComparison(comparison, uri ?? this.pageFor(comparison));
    const differences = this.disagreements.count === 0 ? 'no difference' : countOf(this.disagreements.count, 'difference');
    vscode.window.setStatusBarMessage(
      plainLabel(`${comparisonTitle(comparison)}: ${countOf(comparison.traces, 'trace')}, ${differences}`, 200),
      SAY_FOR,
    );
  }

  /** The page shows the open trace's curves, if it is one of those compared, else those of the trace with the largest difference. */
  private pageFor({ differences }: Comparison): vscode.Uri | undefined {
    const active = vscode.window.activeTextEditor?.document;
    if (active !== undefined && this.parts.traces.known(active) !== undefined) return active.uri;
    const [largest] = differences;
    return largest === undefined ? undefined : vscode.Uri.parse(largest.uri);
  }

  private async go(direction: 'next' | 'previous'): Promise<void> {
    const { disagreements } = this;
    const difference = disagreements?.go(direction);
    if (disagreements === undefined || difference === undefined) {
      const why = disagreements === undefined ? 'Nothing is compared yet: run “Compare Judges…” first' : 'The two judges compared last differ nowhere';
      vscode.window.setStatusBarMessage(why, SAY_FOR);
      return;
    }
    const where = disagreements.inWords(difference, personIdentity());
    let editor: vscode.TextEditor;
    try {
      const column = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === difference.uri)?.viewColumn;
      editor = await vscode.window.showTextDocument(vscode.Uri.parse(difference.uri), column === undefined ? {} : { viewColumn: column });
    } catch (error) {
      void vscode.window.showWarningMessage(plainLabel(`${difference.doc} cannot be opened (${String(error)}). Compare again to leave it out.`, 300));
      return;
    }
    const step = this.parts.traces.state(editor.document)?.turn.steps[difference.step];
    if (step === undefined) {
      vscode.window.setStatusBarMessage(plainLabel(`${where}, but ${difference.doc} has no step ${String(difference.step + 1)} any more. Compare again`, 200), SAY_FOR);
      return;
    }
    const at = editor.document.positionAt(step.start);
    editor.selection = new vscode.Selection(at, at);
    editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    vscode.window.setStatusBarMessage(plainLabel(where, 200), SAY_FOR);
  }

  private pick(judges: readonly CountedJudge[], title: string, describe: (judge: CountedJudge) => string): Thenable<CountedJudge | undefined> {
    const items = judges.map((judge) => ({
      ...judge,
      label: plainLabel(judgeName(judge.identity, this.parts.calibrationOf(judge.key)), 120),
      description: describe(judge),
      detail: plainLabel([judge.identity.model, `rubric ${judge.identity.rubric}`].filter((part) => part !== undefined).join(', '), 120),
    }));
    return vscode.window.showQuickPick(items, { title: plainLabel(title, 120), placeHolder: 'Judges with scores in this workspace', matchOnDetail: true });
  }
}
