import * as vscode from 'vscode';
import type { HandKeys, HandTarget } from '../host/handKeys';
import { HandStatus } from '../host/handStatus';
import type { MarkedStep } from '../host/markedStep';
import type { OpenTraces } from '../host/openTraces';
import { personIdentity } from '../host/person';
import { plainLabel } from '../host/plainLabel';
import type { ScoreLogs } from '../host/scoreLogs';
import { identityKey, type ScoreRecord } from '../judge/scoreRecord';
import { HandRun, type Drafts } from '../session/handRun';
import { stepAt } from '../session/stepAt';
import type { TraceState } from '../session/traceState';
import type { TraceStore } from '../session/traceStore';
import { systemClock } from '../trace/clock';
import { countOf } from '../trace/countOf';
import type { Disposable } from '../trace/event';
import type { Logger } from '../trace/logger';
import type { Score } from '../trace/verdict';
import { StepMarks } from './stepMarks';

/** What scoring by hand builds on. */
export interface HandParts {
  readonly traces: OpenTraces;
  readonly store: TraceStore;
  readonly scores: ScoreLogs;
  readonly keys: HandKeys;
  readonly drafts: Drafts;
  readonly output: Logger;
}

/**
 * *Score by Hand…*: a person scores the open trace with the keys 1–5, step by step and then the answer, seeing nothing of what
 * comes later and nobody else's scores. Verdicts are filed as they are given. An edit of the text ends it: a key that is not one
 * of ours writes, and nobody shall write into a trace unawares.
 */
export class HandScoring implements Disposable {
  private readonly status = new HandStatus();
  private readonly marks = new StepMarks();
  private readonly own: vscode.Disposable[];
  private run: Run | undefined;

  constructor(private readonly parts: HandParts) {
    this.own = [
      vscode.commands.registerCommand('cotLens.scoreByHand', () => this.start()),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && document === this.run?.document) {
          this.run.leave('Scoring by hand ended, because the text was edited. Undo, then score by hand again');
        }
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (document === this.run?.document) this.run.leave('Scoring by hand ended, because the trace was closed');
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => this.run?.mark()),
    ];
  }

  dispose(): void {
    this.run?.leave();
    for (const one of this.own) one.dispose();
    this.status.dispose();
    this.marks.dispose();
  }

  private async start(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const opened = editor === undefined ? undefined : this.parts.traces.state(editor.document);
    if (editor === undefined || opened === undefined) {
      void vscode.window.showInformationMessage('Open a trace first, or turn the open text into one with “Inspect as Trace”.');
      return;
    }
    const { document } = editor;
    if (opened.turn.steps.length === 0) {
      void vscode.window.showInformationMessage('There are no steps here to score. Write or paste reasoning first.');
      return;
    }
    this.run?.leave();
    const { log, doc } = this.parts.scores.of(document.uri);
    await log.load(doc);
    // While scores were read the text may have changed.
    const state = this.parts.traces.state(document);
    if (state === undefined || document.isClosed || state.turn.steps.length === 0) return;
    const run = new Run(document, state, this.parts, this.status, this.marks, () => {
      if (this.run === run) this.run = undefined;
    });
    this.run = run;
    run.begin(stepAt(state, document.offsetAt(editor.selection.active))?.index ?? 0);
  }
}

/** One document being scored. */
class Run implements HandTarget {
  readonly uri: string;
  private readonly hand: HandRun;
  private readonly person = personIdentity();
  private given = 0;
  private left = false;

  constructor(
    readonly document: vscode.TextDocument,
    private readonly state: TraceState,
    private readonly parts: HandParts,
    private readonly status: HandStatus,
    private readonly marks: StepMarks,
    private readonly ended: () => void,
  ) {
    this.uri = document.uri.toString();
    const { log, doc } = parts.scores.of(document.uri);
    this.hand = new HandRun(state, this.person, doc, () => log.scores(doc), parts.drafts, () => systemClock.now());
  }

  begin(wished: number): void {
    this.hand.begin(wished);
    this.parts.keys.take(this);
    this.ask();
  }

  give(score: Score): void {
    const { series, place, target } = this.hand.question();
    const { record, done } = this.hand.give(score);
    const where = target === 'step' ? `Step ${String(place + 1)}` : 'Answer';
    this.status.say(`${where}: ${series} ${score === null ? 'cannot be scored' : String(score)}`);
    if (record !== undefined) this.file(record);
    if (done) this.finish();
    else this.ask();
  }

  async note(): Promise<void> {
    const { note, place, target } = this.hand.question();
    const where = target === 'step' ? `step ${String(place + 1)}` : 'the answer';
    const text = await vscode.window.showInputBox({
      title: `Note on ${where}`,
      prompt: 'Why this score. Kept with the verdict as its reason.',
      value: note,
      ignoreFocusOut: true,
    });
    if (text === undefined || this.left) return;
    const record = this.hand.note(text.trim());
    if (record !== undefined) this.file(record);
    this.status.say(record === undefined ? `Note on ${where} kept for when it is scored` : `Note on ${where} saved`);
    this.ask();
  }

  previous(): void {
    this.hand.previous();
    this.ask();
  }

  skip(): void {
    if (this.hand.skip()) this.finish();
    else this.ask();
  }

  leave(why?: string): void {
    if (this.left) return;
    this.left = true;
    this.ended();
    this.parts.keys.release(this);
    this.marks.show(this.document, undefined);
    this.status.hide();
    // Who looked on and scored nothing sees what they saw before.
    if (this.given > 0) this.parts.store.show(this.uri, identityKey(this.person));
    this.parts.store.setBlind(this.uri, undefined);
    if (why !== undefined) this.status.say(why);
    else if (this.given > 0) this.status.say(`${countOf(this.given, 'verdict')} by ${this.person.label} kept`);
  }

  /** Marks what is asked, also in an editor that came into view later. */
  mark(): void {
    this.marks.show(this.document, this.marked());
  }

  private ask(): void {
    const { place, series, target, before } = this.hand.question();
    const count = this.state.turn.steps.length;
    const where = target === 'step' ? `Step ${String(place + 1)}/${String(count)}` : 'Answer';
    const now = before === undefined ? '' : ` (now ${before === null ? 'cannot be scored' : String(before)})`;
    this.parts.store.setBlind(this.uri, { judge: identityKey(this.person), hiddenFrom: place + 1 });
    this.mark();
    this.marks.goTo(this.document, this.marked());
    this.status.ask(`${where} · ${series}?${now}`);
  }

  private marked(): MarkedStep {
    const { place, target } = this.hand.question();
    const { steps, answer } = this.state.turn;
    const asked = target === 'step' ? steps[place] : answer;
    const { text, parts } = this.state.trace;
    // Judges are told the intent alone of what stands in the front matter, which may name the steps that were made to fail.
    const head = parts.filter((part) => part.kind === 'frontMatter');
    const later = target === 'step' ? [{ start: asked?.end ?? 0, end: text.length }] : [];
    return { start: asked?.start ?? 0, end: asked?.end ?? 0, hidden: [...head, ...later] };
  }

  /** Known at once, on disk soon; what cannot be written stays known in this window and is said. */
  private file(record: ScoreRecord): void {
    this.given++;
    this.parts.scores
      .of(this.document.uri)
      .log.append(record)
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.parts.output.error(`${record.doc}: a verdict by hand could not be saved: ${reason}`);
        void vscode.window.showErrorMessage(
          `The score of ${record.target === 'step' ? `step ${String(record.step)}` : 'the answer'} is shown but could not be saved (${plainLabel(reason, 200)}). Free the folder .cotlens/scores; it is saved with your next score.`,
        );
      });
  }

  private finish(): void {
    const open = this.hand.places - this.hand.scored;
    this.leave(
      open === 0
        ? `All ${countOf(this.hand.places, 'place')} scored by ${this.person.label}`
        : `Done; ${countOf(open, 'place')} left without a score. “Score by Hand…” goes on with them`,
    );
  }
}
