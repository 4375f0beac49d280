import * as vscode from 'vscode';
import type { Finding, Fix } from '../craft/checks/sampleCheck';
import type { CraftRequest } from '../host/crafting';
import { plainLabel } from '../host/plainLabel';
import type { SampleChecks } from '../session/sampleChecks';
import type { SampleChecked } from '../session/sampleChecks.onDemand';
import { stepAt } from '../session/stepAt';

/** One fix of one version of a document. */
class SampleFix extends vscode.CodeAction {
  constructor(
    title: string,
    readonly fix: Fix,
    readonly document: vscode.TextDocument,
    readonly version: number,
  ) {
    super(plainLabel(title, 120), vscode.CodeActionKind.QuickFix);
  }
}

/** What can be done with one click about what the checks of a crafted sample found. Changes are worked out when one is chosen. */
export class SampleFixes implements vscode.CodeActionProvider<SampleFix> {
  static readonly kinds = [vscode.CodeActionKind.QuickFix];

  constructor(private readonly checks: Pick<SampleChecks, 'of'>) {}

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range, context: vscode.CodeActionContext): SampleFix[] {
    const found = this.checks.of(document.uri.toString());
    // Of a version before this one no place is right any more; the checks come again in a moment.
    if (found === undefined || found.state.version !== document.version) return [];
    const actions = found.findings.filter((finding) => isAt(document, finding, range)).flatMap((finding) => this.actionsOf(document, found, finding, context));
    const offset = document.offsetAt(range.start);
    const step = stepAt(found.state, offset);
    const atStep = step === undefined || offset > step.end ? [] : found.fixesAt(step.index);
    // A mark that a finding offers already is not offered twice.
    const others = atStep.filter(({ title }) => actions.every((action) => action.fix.title !== title));
    return [...actions, ...others.map((fix) => new SampleFix(fix.title, fix, document, document.version))];
  }

  resolveCodeAction(action: SampleFix): SampleFix {
    const { fix, document, version } = action;
    if (fix.kind !== 'edit') return action;
    const edits = document.version === version ? fix.edits() : undefined;
    if (edits === undefined) {
      void vscode.window.showWarningMessage(`“${action.title}” does not fit the text as it is now. Nothing was changed.`);
      return action;
    }
    action.edit = new vscode.WorkspaceEdit();
    for (const { start, end, text } of edits) {
      action.edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
    }
    return action;
  }

  private actionsOf(document: vscode.TextDocument, { state }: SampleChecked, finding: Finding, context: vscode.CodeActionContext): SampleFix[] {
    const diagnostics = context.diagnostics.filter(({ source, code }) => source === 'CoT Lens' && code === finding.code);
    return finding.fixes.map((fix) => {
      const action = new SampleFix(fix.title, fix, document, state.version);
      action.diagnostics = diagnostics;
      const command = commandOf(fix, document.uri);
      if (command !== undefined) action.command = command;
      return action;
    });
  }
}

function isAt(document: vscode.TextDocument, { at }: Finding, range: vscode.Range): boolean {
  return document.positionAt(at.start).line <= range.end.line && document.positionAt(at.end).line >= range.start.line;
}

function commandOf(fix: Fix, uri: vscode.Uri): vscode.Command | undefined {
  const { title } = fix;
  switch (fix.kind) {
    case 'score':
      return { title, command: 'cotLens.score' };
    case 'chooseJudge':
      return { title, command: 'cotLens.chooseJudge' };
    case 'setIntent':
      return { title, command: 'cotLens.setIntent' };
    case 'rewrite': {
      const request: CraftRequest = { recipe: 'recompose-step', uri: uri.toString(), step: fix.step };
      return { title, command: 'cotLens.craft', arguments: [request] };
    }
    case 'edit':
      return undefined;
  }
}
