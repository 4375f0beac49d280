import * as vscode from 'vscode';
import type { OpenTraces } from '../host/openTraces';
import { stepAt } from '../session/stepAt';
import { nextTurningStep, turningSteps } from '../session/turningSteps';
import type { Disposable } from '../trace/event';

/** How long a line in the status bar stays, in milliseconds. */
const SHOWN_FOR = 5000;

/** *Next / Previous Turning Point*: moves the cursor to the step where the curve turns, and says what turns there. */
export function registerTurningPointCommands(traces: OpenTraces): Disposable {
  const go = (direction: 'next' | 'previous'): void => {
    const editor = vscode.window.activeTextEditor;
    const state = editor === undefined ? undefined : traces.state(editor.document);
    if (editor === undefined || state === undefined) return;
    if (state.judge === undefined) {
      vscode.window.setStatusBarMessage('No scores yet: score the steps first', SHOWN_FOR);
      return;
    }
    // Before the first step counts as step -1, so that the first turning point can be the first step.
    const here = stepAt(state, editor.document.offsetAt(editor.selection.active))?.index ?? -1;
    const target = nextTurningStep(turningSteps(state), here, direction);
    const step = target === undefined ? undefined : state.turn.steps[target.step];
    if (target === undefined || step === undefined) {
      const names = state.curves.map((curve) => `${curve.series} is ${curve.name}`).join(', ');
      vscode.window.setStatusBarMessage(`No turning point: ${names}`, SHOWN_FOR);
      return;
    }
    const at = editor.document.positionAt(step.start);
    editor.selection = new vscode.Selection(at, at);
    editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    vscode.window.setStatusBarMessage(`Step ${String(target.step + 1)}: ${target.what}`, SHOWN_FOR);
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand('cotLens.nextTurningPoint', () => {
      go('next');
    }),
    vscode.commands.registerCommand('cotLens.previousTurningPoint', () => {
      go('previous');
    }),
  );
}
