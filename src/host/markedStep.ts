import type * as vscode from 'vscode';
import type { Span } from '../trace/span';

/** What is to be scored now, and what may not be read meanwhile; offsets into the text. */
export interface MarkedStep extends Span {
  readonly hidden: readonly Span[];
}

/** Marks a step in the editors of a document. */
export interface MarksSteps {
  /** Marks the step and hides what may not be read; `undefined` takes all marks off. */
  show(document: vscode.TextDocument, step: MarkedStep | undefined): void;
  /** Puts the cursor on the step and brings it into view. */
  goTo(document: vscode.TextDocument, step: MarkedStep): void;
}
