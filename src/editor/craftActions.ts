import * as vscode from 'vscode';
import type { CraftRequest, OffersAt } from '../host/crafting';
import type { OpenTraces } from '../host/openTraces';
import { plainLabel } from '../host/plainLabel';

/** The recipes at the cursor or selection, in the lightbulb and in *Refactor…*; those that do not fit there with the reason. */
export class CraftActions implements vscode.CodeActionProvider {
  static readonly kind = vscode.CodeActionKind.RefactorRewrite.append('cot');

  /** @param teacherName whoever writes; `undefined` where a person does */
  constructor(
    private readonly traces: Pick<OpenTraces, 'state'>,
    private readonly offersAt: OffersAt,
    private readonly teacherName: () => string | undefined,
  ) {}

  async provideCodeActions(document: vscode.TextDocument, range: vscode.Range, context: vscode.CodeActionContext): Promise<vscode.CodeAction[]> {
    const state = this.traces.state(document);
    // Who scores by hand must not see what comes later, nor where it was changed.
    if (state === undefined || state.hiddenFrom !== undefined) return [];
    const at = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
    const asked = context.only !== undefined || context.triggerKind === vscode.CodeActionTriggerKind.Invoke;
    const teacher = this.teacherName();
    const actions: vscode.CodeAction[] = [];
    for (const offer of await this.offersAt(state, at)) {
      const { recipe } = offer;
      const refused = 'refused' in offer;
      if (refused && !asked) continue;
      const who = refused ? '' : teacher === undefined ? ' by hand' : ` with ${plainLabel(teacher)}`;
      const action = new vscode.CodeAction(`${recipe.title}${who}`, CraftActions.kind.append(recipe.name));
      if (refused) action.disabled = { reason: offer.refused };
      const request: CraftRequest = { recipe: recipe.name, uri: document.uri.toString(), at };
      action.command = { command: 'cotLens.craft', title: recipe.title, arguments: [request] };
      actions.push(action);
    }
    return actions;
  }
}
