import * as vscode from 'vscode';
import type { MarkedStep, MarksSteps } from '../host/markedStep';
import type { Disposable } from '../trace/event';

/** Marks the step that is scored by hand, and makes unreadable what may not be read yet. Uses the supported API alone. */
export class StepMarks implements MarksSteps, Disposable {
  private readonly asked = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
    borderColor: new vscode.ThemeColor('focusBorder'),
    borderStyle: 'solid',
    // A wider one would cover the first letter.
    borderWidth: '0 0 0 2px',
    overviewRulerColor: new vscode.ThemeColor('focusBorder'),
    overviewRulerLane: vscode.OverviewRulerLane.Full,
  });
  private readonly hidden = vscode.window.createTextEditorDecorationType({ opacity: '0' });

  show(document: vscode.TextDocument, step: MarkedStep | undefined): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document !== document) continue;
      const range = (from: number, to: number): vscode.Range => new vscode.Range(document.positionAt(from), document.positionAt(to));
      editor.setDecorations(this.asked, step === undefined ? [] : [range(step.start, step.end)]);
      editor.setDecorations(this.hidden, (step?.hidden ?? []).map(({ start, end }) => range(start, end)));
    }
  }

  goTo(document: vscode.TextDocument, step: MarkedStep): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document !== document) continue;
      const at = document.positionAt(step.start);
      editor.selection = new vscode.Selection(at, at);
      editor.revealRange(new vscode.Range(at, document.positionAt(step.end)), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    }
  }

  dispose(): void {
    this.asked.dispose();
    this.hidden.dispose();
  }
}
