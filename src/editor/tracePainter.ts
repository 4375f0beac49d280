import * as vscode from 'vscode';
import type { LineEdit } from '../curve/laneDiff';
import { lineColumns } from '../curve/lineColumns';
import { isOneRow, laneLines, type ColumnsOf, type LaneLines } from '../curve/laneLines';
import { planLane } from '../curve/lanePlan';
import type { OpenTraces } from '../host/openTraces';
import type { Settings, WrapSettings } from '../host/settings';
import { staleRuns, type TraceState } from '../session/traceState';
import type { TraceStore } from '../session/traceStore';
import type { Disposable } from '../trace/event';
import type { Logger } from '../trace/logger';
import { CurveLane, type AnswerMarker, type LaneMarks, type LaneStyle } from './curveLane';
import { Heat } from './heat';

/** Milliseconds to wait for more changes before painting: typing and streaming verdicts come in bursts. */
const PAINT_AFTER = 30;
/** Columns that fit into one row of any editor that somebody reads in. Ours. */
const ONE_ROW = 32;

/** Decides for each visible editor how its scores are drawn, and has it painted when something changed. */
export class TracePainter implements Disposable {
  private readonly lane = new CurveLane();
  private readonly heat = new Heat();
  private readonly listening: Disposable[];
  private readonly due = new Set<string>();
  private readonly told = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly traces: OpenTraces,
    store: TraceStore,
    private readonly settings: Settings,
    private readonly log: Logger,
  ) {
    const all = (): void => {
      for (const editor of vscode.window.visibleTextEditors) this.later(editor.document.uri.toString());
    };
    this.listening = [
      store.onDidChange((uri) => {
        this.later(uri);
      }),
      settings.onDidChange(all),
      vscode.window.onDidChangeActiveColorTheme(all),
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        this.lane.keepOnly(editors);
        this.heat.keepOnly(editors);
        all();
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        this.told.delete(document.uri.toString());
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        this.heat.moved(document);
        this.lane.moved(document, contentChanges.map(lineEdit));
      }),
    ];
    all();
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const listener of this.listening) listener.dispose();
    this.lane.dispose();
    this.heat.dispose();
  }

  private later(uri: string): void {
    this.due.add(uri);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const due = new Set(this.due);
      this.due.clear();
      for (const editor of vscode.window.visibleTextEditors) {
        if (due.has(editor.document.uri.toString())) this.paint(editor);
      }
    }, PAINT_AFTER);
  }

  private paint(editor: vscode.TextEditor): void {
    const { document } = editor;
    const setting = this.settings.lane(document);
    const state = this.traces.known(document);
    // Of a text that is not read yet nothing is known to paint; reading it paints.
    if (state !== undefined && state.version !== document.version) return;
    // Diff and peek editors have no column; the lane is not tested there.
    if (state === undefined || setting === 'off' || editor.viewColumn === undefined) {
      this.lane.clear(editor);
      this.heat.clear(editor);
      return;
    }
    const wrap = this.settings.wrap(document);
    const lines = setting === 'heat' ? { obstacle: 'it is set so' } : linesOfLane(document, state, wrap);
    if ('obstacle' in lines) {
      this.tell(document, `heat instead of the curve, because ${lines.obstacle}`);
      this.lane.clear(editor);
      this.heat.paint(editor, state);
      return;
    }
    this.heat.clear(editor);
    const plan = planLane({
      lines,
      series: state.curves,
      stale: staleRuns(state.verdicts),
    });
    const calls = this.lane.paint(editor, plan, marksOf(state, wrap), styleOf(wrap));
    this.tell(document, `curve lane, ${String(state.turn.steps.length)} steps, first painted in ${String(calls)} calls`);
  }

  /** Says once per document and reason how it is drawn. */
  private tell(document: vscode.TextDocument, what: string): void {
    const uri = document.uri.toString();
    const kind = what.split(',')[0] ?? '';
    if (this.told.get(uri) === kind) return;
    this.told.set(uri, kind);
    this.log.info(`${vscode.workspace.asRelativePath(document.uri)}: ${what}.`);
  }
}

function linesOfLane(document: vscode.TextDocument, state: TraceState, wrap: WrapSettings): LaneLines | { obstacle: string } {
  if (document.languageId !== 'cot') return { obstacle: 'the document is not in the language cot' };
  if (!wrap.bounded) return { obstacle: 'editor.wordWrap is not bounded' };
  return laneLines(state.turn.steps, state.trace.lines, rowColumns(wrap), columnsOf(state));
}

/** What stands on one row also where a narrow editor wraps long before the wrap column. */
function rowColumns(wrap: WrapSettings): number {
  return Math.min(wrap.column, ONE_ROW);
}

function columnsOf({ trace }: TraceState): ColumnsOf {
  return (line) => lineColumns(trace.text, trace.lines, line);
}

function styleOf(wrap: WrapSettings): LaneStyle {
  const { kind } = vscode.window.activeColorTheme;
  return {
    wrap,
    highContrast: kind === vscode.ColorThemeKind.HighContrast || kind === vscode.ColorThemeKind.HighContrastLight,
  };
}

function marksOf(state: TraceState, wrap: WrapSettings): LaneMarks {
  const above = (state.turn.steps[0]?.firstLine ?? 0) - 1;
  const fits = above >= 0 && isOneRow(state.trace.lines, above, rowColumns(wrap), columnsOf(state));
  return { scaleLine: fits ? above : undefined, answer: answerMarker(state, wrap) };
}

/** The answer's marker stands on the last short line before the answer: nearly always the blank one above it. */
function answerMarker(state: TraceState, wrap: WrapSettings): AnswerMarker | undefined {
  const { answer } = state.turn;
  const joined = state.answer;
  const last = state.turn.steps.at(-1);
  if (answer === undefined || joined === undefined || last === undefined) return undefined;
  const { lines } = state.trace;
  let line = lines.lineAt(answer.start) - 1;
  while (line > last.lastLine && !isOneRow(lines, line, rowColumns(wrap), columnsOf(state))) line--;
  if (line <= last.lastLine) return undefined;
  const scores = state.shown.flatMap((series) => {
    const score = joined.verdict[series];
    return score === null ? [] : [{ series, score }];
  });
  return { line, scores };
}

function lineEdit(change: vscode.TextDocumentContentChangeEvent): LineEdit {
  return {
    line: change.range.start.line,
    removed: change.range.end.line - change.range.start.line,
    added: change.text.split('\n').length - 1,
  };
}
