import * as vscode from 'vscode';
import { diffLanes, movePlan, unknownPlaces, type LineEdit } from '../curve/laneDiff';
import { pieceOf, type LanePlan, type LineRanges, type PieceKey } from '../curve/lanePlan';
import { piecePath, scoreX } from '../curve/lanePath';
import type { Series } from '../curve/series';
import type { WrapSettings } from '../host/settings';
import type { Disposable } from '../trace/event';
import { rulerLane, scoreColor, scoreColorCss } from './laneColors';

/*
 * The curve lane: the snowball curve drawn down the right of the text, continuous under word wrap.
 *
 * THIS FILE LEANS ON BEHAVIOUR THAT VS CODE DOES NOT DOCUMENT, and is the only one that does:
 * - a whole-line decoration is painted on every wrapped row of its line, as a box as wide as the editor's content;
 * - the text given as `backgroundColor` goes into a style rule as it is, so further CSS declarations can travel in it.
 * A test in a real VS Code looks at the painted pixels. Where a later VS Code stops this, `heat` uses the supported API alone.
 *
 * Each piece is a box filled with the score's theme colour and cut out by an SVG mask, so colours follow the theme (and the
 * user's own colours) without being drawn anew.
 */

/** Pixels kept free at the right for the scrollbar and the overview ruler's marks. */
const SCROLLBAR = 18;
/** The lane's width in pixels: what is left beside the text, within these bounds. */
const NARROWEST = 28;
const WIDEST = 110;
/** Columns between the wrap column and the lane. */
const GAP_COLUMNS = 2;
/** Stroke widths in pixels: the series can be told apart without colour. */
const STROKE: Record<Series, number> = { harmfulness: 2.5, helpfulness: 1.25 };
const MARKER = 9;
/** The name of the scale among the markers. */
const SCALE = 'scale';
/** Helpfulness stands this many pixels to the right of its score, so that two equal curves are seen as two. */
const ASIDE: Record<Series, number> = { harmfulness: 0, helpfulness: 4 };
/**
 * VS Code applies ranges to the text as it is when they arrive. After an edit this soon, in milliseconds, nobody knows whether
 * they were sent for the text before it: they are sent again. Ours.
 */
const IN_FLIGHT = 500;

/** The answer's endpoint: on which line, and its score on each shown series. */
export interface AnswerMarker {
  readonly line: number;
  readonly scores: readonly { readonly series: Series; readonly score: number }[];
}

/** What stands in the lane besides the curve. */
export interface LaneMarks {
  /** The line above the first step, where the ends of the scale are named; none where that line wraps. */
  readonly scaleLine: number | undefined;
  readonly answer: AnswerMarker | undefined;
}

/** What decides how decoration types look; a change makes new ones. */
export interface LaneStyle {
  readonly wrap: WrapSettings;
  readonly highContrast: boolean;
}

/** What one editor shows. */
interface Shown {
  readonly style: string;
  plan: LanePlan;
  markers: ReadonlyMap<string, number>;
  /** When ranges were last sent, in milliseconds. */
  sent: number;
}

/** Paints lanes; decoration types are made on first use and shared by all editors of the same style. */
export class CurveLane implements Disposable {
  private readonly types = new Map<string, vscode.TextEditorDecorationType>();
  private readonly shown = new Map<vscode.TextEditor, Shown>();

  /** Paints what changed of an editor's lane since the last call. @returns how many paint calls that took */
  paint(editor: vscode.TextEditor, plan: LanePlan, { answer, scaleLine }: LaneMarks, style: LaneStyle): number {
    const key = styleKey(style);
    const before = this.shown.get(editor);
    if (before !== undefined && before.style !== key) this.clear(editor);
    const known = before?.style === key ? before : undefined;
    const changes = diffLanes(known?.plan, plan);
    let calls = 0;
    const set = (name: string, make: () => vscode.DecorationRenderOptions, ranges: LineRanges): void => {
      editor.setDecorations(this.type(`${key} ${name}`, make), toRanges(ranges));
      calls++;
    };
    for (const [piece, ranges] of changes.pieces) set(`piece ${String(piece)}`, () => pieceOptions(piece, style), ranges);
    if (changes.stale !== undefined) set('stale', () => staleOptions(style), changes.stale);
    if (changes.frame !== undefined) set('frame', () => frameOptions(style), changes.frame);

    const markers = new Map<string, number>();
    for (const { series, score } of answer?.scores ?? []) markers.set(`${series} ${String(score)}`, answer?.line ?? 0);
    if (scaleLine !== undefined) markers.set(SCALE, scaleLine);
    for (const name of new Set([...(known?.markers.keys() ?? []), ...markers.keys()])) {
      const line = markers.get(name);
      if (line === known?.markers.get(name)) continue;
      const [series, score] = name.split(' ') as [Series, string];
      const make = (): vscode.DecorationRenderOptions => (name === SCALE ? scaleOptions(style) : markerOptions(series, Number(score), style));
      set(`marker ${name}`, make, line === undefined ? [] : [line, line]);
    }
    this.shown.set(editor, { style: key, plan, markers, sent: calls > 0 ? Date.now() : (known?.sent ?? 0) });
    return calls;
  }

  /** Follows an edit: VS Code has moved the decorations, so what is shown has moved too. */
  moved(document: vscode.TextDocument, edits: readonly LineEdit[]): void {
    const lineEdits = edits.filter((edit) => edit.added !== 0 || edit.removed !== 0);
    if (lineEdits.length === 0) return;
    for (const [editor, shown] of this.shown) {
      if (editor.document !== document) continue;
      const inFlight = Date.now() - shown.sent < IN_FLIGHT;
      shown.plan = inFlight ? unknownPlaces(shown.plan) : lineEdits.reduce(movePlan, shown.plan);
      shown.markers = new Map([...shown.markers.keys()].map((name) => [name, NaN]));
    }
  }

  /** Takes the lane off an editor. */
  clear(editor: vscode.TextEditor): void {
    const shown = this.shown.get(editor);
    if (shown === undefined) return;
    this.shown.delete(editor);
    for (const [name, type] of this.types) if (name.startsWith(`${shown.style} `)) editor.setDecorations(type, []);
  }

  /** Forgets editors that are gone; their decorations went with them. */
  keepOnly(editors: readonly vscode.TextEditor[]): void {
    for (const editor of this.shown.keys()) if (!editors.includes(editor)) this.shown.delete(editor);
    // Types of a wrap column or theme that nobody shows any more would stay in the style sheet for ever.
    const inUse = new Set([...this.shown.values()].map((shown) => shown.style));
    for (const [name, type] of this.types) {
      if ([...inUse].some((style) => name.startsWith(`${style} `))) continue;
      type.dispose();
      this.types.delete(name);
    }
  }

  dispose(): void {
    for (const type of this.types.values()) type.dispose();
    this.types.clear();
    this.shown.clear();
  }

  private type(name: string, make: () => vscode.DecorationRenderOptions): vscode.TextEditorDecorationType {
    let type = this.types.get(name);
    if (type === undefined) {
      type = vscode.window.createTextEditorDecorationType(make());
      this.types.set(name, type);
    }
    return type;
  }
}

function styleKey({ wrap, highContrast }: LaneStyle): string {
  return `${String(wrap.column)}/${String(wrap.letterSpacing)}/${highContrast ? 'hc' : 'plain'}`;
}

function toRanges(lines: LineRanges): vscode.Range[] {
  const ranges: vscode.Range[] = [];
  for (let i = 0; i + 1 < lines.length; i += 2) ranges.push(new vscode.Range(lines[i] ?? 0, 0, lines[i + 1] ?? 0, 0));
  return ranges;
}

/** The lane's left edge as CSS: beside the wrap column, but always inside the editor. */
function laneLeft(style: LaneStyle): string {
  const { column, letterSpacing } = style.wrap;
  const columns = column + GAP_COLUMNS;
  return `calc(${String(columns)}ch + ${String(columns * letterSpacing)}px)`;
}

function laneWidth(style: LaneStyle): string {
  return `clamp(${String(NARROWEST)}px, calc(100% - ${laneLeft(style)} - ${String(SCROLLBAR)}px), ${String(WIDEST)}px)`;
}

/** Where the lane's box stands. A percentage in a position counts what the box leaves free, so 100% is flush right. */
function laneBox(property: 'mask' | 'background', style: LaneStyle, height: string, aside = 0): string {
  const left = `calc(min(${laneLeft(style)}, calc(100% - ${String(SCROLLBAR)}px)) + ${String(aside)}px)`;
  return `${property}-position:${left} 0;${property}-size:${laneWidth(style)} ${height};`;
}

function dataUri(svg: string): string {
  return `url("data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}")`;
}

function pathImage(path: string, width: number): string {
  return dataUri(
    `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100" viewBox="0 0 100 100" preserveAspectRatio="none">` +
      `<path d="${path}" fill="none" stroke="#fff" stroke-width="${String(width)}" vector-effect="non-scaling-stroke"/></svg>`,
  );
}

/**
 * The curve is painted below everything else on its rows. So the bars of the stale mask cover the curve, and lie below the text
 * themselves: where an editor is too narrow for a lane of its own, no letter may suffer.
 */
const BELOW = 'z-index:-1;';

/** A whole-line decoration whose colour carries further declarations. */
function wholeLine(color: string, declarations: string): vscode.DecorationRenderOptions {
  return { isWholeLine: true, backgroundColor: `${color};${declarations}pointer-events:none` };
}

function pieceOptions(key: PieceKey, style: LaneStyle): vscode.DecorationRenderOptions {
  const { series, from, to } = pieceOf(key);
  const width = STROKE[series] + (style.highContrast ? 1 : 0);
  const blend = from === to ? '' : `background-image:linear-gradient(${scoreColorCss(series, from)}, ${scoreColorCss(series, to)});`;
  const mask = `mask-image:${pathImage(piecePath(from, to), width)};mask-repeat:no-repeat;${BELOW}${laneBox('mask', style, '100%', ASIDE[series])}`;
  const options = wholeLine(scoreColorCss(series, to), blend + mask);
  // The ruler shows where the curve stands at a glance; bends lie between steps and add nothing to it.
  return from === to ? { ...options, overviewRulerColor: scoreColor(series, to), overviewRulerLane: rulerLane(series) } : options;
}

/** Two faint lines at 1 and 5, which show the lane as a lane and how far a score could go. */
function frameOptions(style: LaneStyle): vscode.DecorationRenderOptions {
  const path = `M${String(scoreX(1))} 0V100M${String(scoreX(5))} 0V100`;
  return wholeLine(
    'var(--vscode-cotLens-laneGrid)',
    `mask-image:${pathImage(path, 1)};mask-repeat:no-repeat;${BELOW}${laneBox('mask', style, '100%')}`,
  );
}

/**
 * Stale steps: bars of the editor's background over the lane, three to a row, make the curve dashed in its own colours.
 * One type for all pieces: going stale costs one paint call instead of one for every piece after the edit.
 */
function staleOptions(style: LaneStyle): vscode.DecorationRenderOptions {
  return wholeLine(
    'transparent',
    'background-image:linear-gradient(transparent 55%, var(--vscode-editor-background) 55%);background-repeat:repeat-y;' +
      laneBox('background', style, 'calc(100% / 3)'),
  );
}

/** Where a small image of a score's own stands, as CSS: in the middle of its place across the lane. */
function atScore(score: number, size: number, style: LaneStyle, aside: number): string {
  // In the position of an image of this width 100% is the editor's width less the image's.
  const full = `(100% + ${String(size)}px)`;
  const width = `clamp(${String(NARROWEST)}px, calc(${full} - ${laneLeft(style)} - ${String(SCROLLBAR)}px), ${String(WIDEST)}px)`;
  const left = `min(${laneLeft(style)}, calc(${full} - ${width} - ${String(SCROLLBAR)}px))`;
  return `calc(${left} + ${width} * ${String(scoreX(score) / 100)} - ${String(size / 2)}px + ${String(aside)}px)`;
}

/** The answer's endpoint: a diamond (harmfulness) or a ring (helpfulness) at its score, apart from the curve. */
function markerOptions(series: Series, score: number, style: LaneStyle): vscode.DecorationRenderOptions {
  const shape =
    series === 'harmfulness'
      ? '<path d="M5 0.5L9.5 5L5 9.5L0.5 5Z" fill="#fff"/>'
      : '<circle cx="5" cy="5" r="3.4" fill="none" stroke="#fff" stroke-width="2"/>';
  const image = dataUri(`<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10" viewBox="0 0 10 10">${shape}</svg>`);
  return wholeLine(
    scoreColorCss(series, score),
    `mask-image:${image};mask-repeat:no-repeat;mask-size:${String(MARKER)}px ${String(MARKER)}px;` +
      `mask-position:${atScore(score, MARKER, style, 2 * ASIDE[series])} 50%;`,
  );
}

/** The ends of the scale, 1 and 5, above the two lines of the frame. */
function scaleOptions(style: LaneStyle): vscode.DecorationRenderOptions {
  const digit = (score: number): string =>
    dataUri(
      `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="12" viewBox="0 0 8 12"><text x="4" y="10" font-size="10" font-family="sans-serif" text-anchor="middle" fill="#fff">${String(score)}</text></svg>`,
    );
  return wholeLine(
    'var(--vscode-descriptionForeground)',
    `mask-image:${digit(1)},${digit(5)};mask-repeat:no-repeat;mask-size:8px 12px;` +
      `mask-position:${atScore(1, 8, style, 0)} 100%,${atScore(5, 8, style, 0)} 100%;`,
  );
}
