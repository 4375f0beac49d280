import * as vscode from 'vscode';
import type { HandKeys, HandTarget } from '../host/handKeys';
import { HandStatus } from '../host/handStatus';
import type { MarksSteps } from '../host/markedStep';
import { plainLabel } from '../host/plainLabel';
import type { ScoredDocuments } from '../host/scoredDocuments';
import { answered, type Calibration, type CalibrationItem } from '../session/calibration';
import { calibrationPage } from '../session/calibrationText';
import type { Calibrations } from '../session/calibrations';
import { stepSeen } from '../session/scoredTrace';
import type { Trace } from '../trace/trace';
import type { Score } from '../trace/verdict';
import type { CalibrationDocuments } from './calibrationDocuments';

/** What a calibration under way builds on. */
export interface SessionParts {
  readonly keys: HandKeys;
  readonly marks: MarksSteps;
  readonly documents: CalibrationDocuments;
  readonly scored: Pick<ScoredDocuments, 'readIn'>;
  readonly calibrations: Calibrations;
  readonly folder: vscode.WorkspaceFolder;
}

/** How a calibration was left: all steps gone through, or before. */
export type SessionEnd = { readonly calibration: Calibration; readonly complete: boolean };

/**
 * One calibration being scored: the drawn steps one at a time, each with what comes before it and nothing after, in a read-only
 * page, without the judge's scores. Each score is on disk before the next step is shown.
 */
export class CalibrationSession implements HandTarget {
  readonly uri: string;
  private readonly page: vscode.Uri;
  private readonly status = new HandStatus();
  private readonly listening: vscode.Disposable;
  private place = 0;
  private done = false;
  private editor: vscode.TextEditor | undefined;
  private readonly end: Promise<SessionEnd>;
  private ended!: (end: SessionEnd) => void;

  constructor(
    private calibration: Calibration,
    private readonly parts: SessionParts,
  ) {
    this.page = parts.documents.uriOf(calibration.id, 'Score this step.cot');
    this.uri = this.page.toString();
    this.end = new Promise((resolve) => (this.ended = resolve));
    this.listening = vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.toString() === this.uri) this.leave();
    });
  }

  /** Goes on where it was left. Resolves when the last step is done, or the person leaves. */
  async run(): Promise<SessionEnd> {
    const open = this.calibration.items.findIndex(({ person }) => person === undefined);
    this.place = Math.max(0, open);
    if (await this.ask(1)) this.parts.keys.take(this);
    return this.end;
  }

  async give(score: Score): Promise<void> {
    await this.change({ person: score });
    this.status.say(`${this.where()}: ${score === null ? 'cannot be scored' : String(score)}`);
    await this.move(1);
  }

  async note(): Promise<void> {
    const text = await vscode.window.showInputBox({
      title: `Note on ${this.where()}`,
      prompt: 'Why this score. Kept with the calibration.',
      value: this.item?.note ?? '',
      ignoreFocusOut: true,
    });
    if (text === undefined || this.done) return;
    await this.change({ note: text.trim() });
    this.status.say(`Note on ${this.where()} saved`);
    if (this.editor !== undefined) await vscode.window.showTextDocument(this.editor.document);
  }

  previous(): Promise<void> {
    return this.move(-1);
  }

  skip(): Promise<void> {
    return this.move(1);
  }

  leave(): void {
    this.finish(false);
  }

  private get item(): CalibrationItem | undefined {
    return this.calibration.items[this.place];
  }

  private where(): string {
    return `${String(this.place + 1)} of ${String(this.calibration.items.length)}`;
  }

  /** On disk before anything else is shown: what cannot be written is said, and the step stays. */
  private async change(what: Partial<CalibrationItem>): Promise<void> {
    const { items } = this.calibration;
    const next = { ...this.calibration, items: items.map((item, i) => (i === this.place ? { ...item, ...what } : item)) };
    this.calibration = next;
    try {
      await this.parts.calibrations.save(next);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(
        `The score of step ${this.where()} could not be saved (${plainLabel(reason, 200)}). It is kept while this window is open; free the folder .cotlens/calibrations and score the next step to save both.`,
      );
    }
  }

  private async move(by: 1 | -1): Promise<void> {
    const next = this.place + by;
    if (next < 0 || this.done) return;
    if (next >= this.calibration.items.length) {
      this.finish(answered(this.calibration) > 0);
      return;
    }
    this.place = next;
    await this.ask(by);
  }

  /** Shows the step at hand; one that is gone from its trace is passed over in the direction of travel. @returns is a step shown? */
  private async ask(by: 1 | -1): Promise<boolean> {
    for (; this.item !== undefined; this.place += by) {
      const found = await this.find(this.item);
      if (this.done) return false;
      if (found === undefined) {
        this.status.say(`Step ${String(this.item.step)} of ${this.item.doc} has changed since it was drawn and is left out`);
        continue;
      }
      await this.show(found.trace, found.step);
      return !this.done;
    }
    this.place = Math.min(Math.max(this.place, 0), this.calibration.items.length - 1);
    if (by === 1) this.finish(answered(this.calibration) > 0);
    return false;
  }

  private async find({ doc, seen }: CalibrationItem): Promise<{ trace: Trace; step: number } | undefined> {
    const trace = await this.parts.scored.readIn(this.parts.folder, doc);
    if (trace === undefined) return undefined;
    const step = stepSeen(trace, seen);
    return step === -1 ? undefined : { trace, step };
  }

  private async show(trace: Trace, step: number): Promise<void> {
    const { text, start, end } = calibrationPage(trace, step);
    const { document } = (this.editor = await this.parts.documents.show(this.page, text));
    if (this.done) return;
    const marked = { start, end, hidden: [] };
    this.parts.marks.show(document, marked);
    this.parts.marks.goTo(document, marked);
    const before = this.item?.person;
    const now = before === undefined ? '' : ` (now ${before === null ? 'cannot be scored' : String(before)})`;
    this.status.ask(`${this.where()} · ${this.calibration.series}?${now}`);
  }

  private finish(complete: boolean): void {
    if (this.done) return;
    this.done = true;
    this.listening.dispose();
    this.parts.keys.release(this);
    if (this.editor !== undefined) this.parts.marks.show(this.editor.document, undefined);
    this.status.dispose();
    this.ended({ calibration: this.calibration, complete });
  }
}
