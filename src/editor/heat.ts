import * as vscode from 'vscode';
import { bar } from '../curve/sparkline';
import type { Series } from '../curve/series';
import type { TraceState } from '../session/traceState';
import type { Disposable } from '../trace/event';
import type { Score } from '../trace/verdict';
import { rulerLane, scoreColor } from './laneColors';

/**
 * Scores without a lane, by the supported API alone: a border at the left of each step in its score's colour, marks in the
 * overview ruler, and a bar glyph before the step's first word. Stale steps have a dashed border and a hollow glyph's colour.
 */
export class Heat implements Disposable {
  private readonly types = new Map<string, vscode.TextEditorDecorationType>();
  private readonly shown = new Map<vscode.TextEditor, Map<string, string>>();

  /** Paints what changed since the last call. */
  paint(editor: vscode.TextEditor, state: TraceState): void {
    const wanted = heatRanges(state);
    const before = this.shown.get(editor) ?? new Map<string, string>();
    const now = new Map<string, string>();
    for (const [name, ranges] of wanted) {
      const print = ranges.map((range) => `${String(range.start.line)}:${String(range.start.character)}-${String(range.end.line)}`).join();
      now.set(name, print);
      if (before.get(name) !== print) editor.setDecorations(this.type(name), ranges);
    }
    for (const name of before.keys()) if (!wanted.has(name)) editor.setDecorations(this.type(name), []);
    this.shown.set(editor, now);
  }

  /** Follows an edit: where the ranges are now is VS Code's to know, so the next paint sets them all. */
  moved(document: vscode.TextDocument): void {
    for (const [editor, names] of this.shown) {
      if (editor.document === document) for (const name of names.keys()) names.set(name, 'moved');
    }
  }

  clear(editor: vscode.TextEditor): void {
    const shown = this.shown.get(editor);
    if (shown === undefined) return;
    this.shown.delete(editor);
    for (const name of shown.keys()) editor.setDecorations(this.type(name), []);
  }

  keepOnly(editors: readonly vscode.TextEditor[]): void {
    for (const editor of this.shown.keys()) if (!editors.includes(editor)) this.shown.delete(editor);
  }

  dispose(): void {
    for (const type of this.types.values()) type.dispose();
    this.types.clear();
    this.shown.clear();
  }

  private type(name: string): vscode.TextEditorDecorationType {
    let type = this.types.get(name);
    if (type === undefined) {
      type = vscode.window.createTextEditorDecorationType(optionsOf(name));
      this.types.set(name, type);
    }
    return type;
  }
}

type Part = 'border' | 'glyph';

/** Decoration ranges by type name: part, series, score, freshness. The first shown series has the border, all have glyphs. */
function heatRanges(state: TraceState): Map<string, vscode.Range[]> {
  const ranges = new Map<string, vscode.Range[]>();
  const add = (name: string, range: vscode.Range): void => {
    const list = ranges.get(name);
    if (list === undefined) ranges.set(name, [range]);
    else list.push(range);
  };
  for (const step of state.turn.steps) {
    const joined = state.verdicts[step.index];
    if (joined === undefined) continue;
    const freshness = joined.stale ? 'stale' : 'fresh';
    const column = step.start - state.trace.lines.startOf(step.firstLine);
    for (const [order, series] of state.shown.entries()) {
      const score: Score = joined.verdict[series];
      if (score === null) continue;
      const type = `${series} ${String(score)} ${freshness}`;
      if (order === 0) add(`border ${type}`, new vscode.Range(step.firstLine, 0, step.lastLine, 0));
      add(`glyph ${type}`, new vscode.Range(step.firstLine, column, step.firstLine, column));
    }
  }
  return ranges;
}

function optionsOf(name: string): vscode.DecorationRenderOptions {
  const [part, series, scoreText, freshness] = name.split(' ') as [Part, Series, string, 'fresh' | 'stale'];
  const score = Number(scoreText) as Exclude<Score, null>;
  const color = scoreColor(series, score);
  const stale = freshness === 'stale';
  if (part === 'glyph') {
    return {
      before: { contentText: bar(score), color, margin: '0 0.6ch 0 0', ...(stale ? { textDecoration: 'underline dashed' } : {}) },
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    };
  }
  return {
    isWholeLine: true,
    // The border stands where the text begins; a wider one would cover its first letter.
    borderWidth: '0 0 0 2px',
    borderStyle: stale ? 'dashed' : 'solid',
    borderColor: color,
    overviewRulerColor: color,
    overviewRulerLane: rulerLane(series),
  };
}
