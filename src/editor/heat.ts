import * as vscode from 'vscode';
import { seriesBar } from '../curve/sparkline';
import type { Series } from '../curve/series';
import type { TraceState } from '../session/traceState';
import type { Disposable } from '../trace/event';
import type { Score } from '../trace/verdict';
import { rulerLane, scoreColor } from './laneColors';

/**
 * Scores without a lane, by the supported API alone: a border at the left of each step in its score's colour and a mark in the
 * overview ruler, both of the first series shown; and before the step's first word a bar glyph for each series shown, in the
 * order of the series, rising for harmfulness and from left to right for helpfulness. Stale steps have a dashed border, and
 * dashes under their glyphs.
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

type Freshness = 'fresh' | 'stale';
/** A series with its score, as written in a type's name. */
type Scored = `${Series}:${number | 'none'}`;

/**
 * Decoration ranges by type name: `border`, freshness and the first series shown, or `glyph`, freshness and all that are shown.
 * One decoration holds all glyphs of a step: VS Code does not say in which order it draws several at one place.
 */
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
    const freshness: Freshness = joined.stale ? 'stale' : 'fresh';
    const scored = state.shown.map((series): Scored => `${series}:${joined.verdict[series] ?? 'none'}`);
    const [first] = scored;
    if (first === undefined || scored.every((one) => one.endsWith('none'))) continue;
    if (!first.endsWith('none')) add(`border ${freshness} ${first}`, new vscode.Range(step.firstLine, 0, step.lastLine, 0));
    const column = step.start - state.trace.lines.startOf(step.firstLine);
    add(`glyph ${freshness} ${scored.join(' ')}`, new vscode.Range(step.firstLine, column, step.firstLine, column));
  }
  return ranges;
}

function optionsOf(name: string): vscode.DecorationRenderOptions {
  const [part, freshness, ...all] = name.split(' ') as ['border' | 'glyph', Freshness, ...Scored[]];
  const scored = all.map((one) => {
    const [series, score] = one.split(':') as [Series, string];
    return { series, score: score === 'none' ? null : (Number(score) as Score) };
  });
  const stale = freshness === 'stale';
  if (part === 'glyph') {
    // Of one decoration `before` is drawn before `after`; each has its own colour.
    const [before, after] = scored.map(({ series, score }, i) => ({
      contentText: seriesBar(series, score),
      ...(score === null ? {} : { color: scoreColor(series, score) }),
      margin: i + 1 === scored.length ? '0 0.6ch 0 0' : '0 0.3ch 0 0',
      ...(stale ? { textDecoration: 'underline dashed' } : {}),
    }));
    return {
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    };
  }
  const [first] = scored;
  if (first?.score === undefined || first.score === null) return {};
  const color = scoreColor(first.series, first.score);
  return {
    isWholeLine: true,
    // The border stands where the text begins; a wider one would cover its first letter.
    borderWidth: '0 0 0 2px',
    borderStyle: stale ? 'dashed' : 'solid',
    borderColor: color,
    overviewRulerColor: color,
    overviewRulerLane: rulerLane(first.series),
  };
}
