import type { Page } from 'playwright-core';
import { activeEditor } from './workbench';

/** One piece of a curve as the browser lays it out, in pixels of the page. */
export interface LanePiece {
  readonly series: 'harmfulness' | 'helpfulness';
  readonly top: number;
  readonly bottom: number;
  /** The lane's box. */
  readonly left: number;
  readonly right: number;
  /** Where the stroke crosses the row's upper and lower edge. */
  readonly enters: number;
  readonly leaves: number;
  readonly color: string;
}

/** A row of text as it is painted; a wrapped line has several. */
export interface VisualRow {
  readonly top: number;
  readonly bottom: number;
  /** Right end of its text; the left end of the editor where it has none. */
  readonly textRight: number;
  readonly text: string;
  readonly pieces: readonly LanePiece[];
}

export interface LaneView {
  readonly rows: readonly VisualRow[];
  /** The part of the editor that text and lane can use: without gutter, minimap and scrollbar. */
  readonly left: number;
  readonly right: number;
  /** How many pages of the document lie above what is shown, in pixels. */
  readonly scrollTop: number;
}

/**
 * What the active editor shows of the lane. The boxes are those that the browser computes: each value of the mask's place is laid
 * out as the width of a probe inside the painted element, so that nothing is assumed about columns or pixels.
 */
export function laneView(page: Page): Promise<LaneView> {
  return activeEditor(page).evaluate((editor) => {
    const probe = (inside: Element, width: string): number => {
      const element = document.createElement('div');
      element.style.cssText = `position:absolute;visibility:hidden;left:0;top:0;width:${width}`;
      inside.append(element);
      const pixels = element.getBoundingClientRect().width;
      element.remove();
      return pixels;
    };
    /** Splits `a b` at the space outside brackets. */
    const first = (value: string): string => {
      let depth = 0;
      for (let i = 0; i < value.length; i++) {
        if (value[i] === '(') depth++;
        else if (value[i] === ')') depth--;
        else if (value[i] === ' ' && depth === 0) return value.slice(0, i);
      }
      return value;
    };
    const pieces = [...editor.querySelectorAll('.view-overlays .cdr')].flatMap((element) => {
      const style = getComputedStyle(element);
      const image = /url\("data:image\/svg\+xml;base64,([^"]+)"\)/.exec(style.maskImage)?.[1];
      if (image === undefined) return [];
      const svg = atob(image);
      const path = / d="M([\d.]+) 0(?:V100|C[\d.]+ \d+ [\d.]+ \d+ ([\d.]+) 100)"/.exec(svg);
      // The frame has two lines, the endpoint marker a box of its own: neither is a piece of the curve.
      if (path === null || !svg.includes('viewBox="0 0 100 100"')) return [];
      const stroke = Number(/stroke-width="([\d.]+)"/.exec(svg)?.[1]);
      const box = element.getBoundingClientRect();
      const width = probe(element, first(style.maskSize));
      // A percentage in a position counts what the image leaves free of the box.
      const left = box.left + probe(element, first(style.maskPosition).replaceAll('100%', `${String(box.width - width)}px`));
      const at = (percent: string): number => left + (Number(percent) / 100) * width;
      const series: 'harmfulness' | 'helpfulness' = stroke >= 2.4 ? 'harmfulness' : 'helpfulness';
      return [
        {
          series,
          top: box.top,
          bottom: box.bottom,
          left,
          right: left + width,
          enters: at(path[1] ?? ''),
          leaves: at(path[2] ?? path[1] ?? ''),
          color: style.backgroundColor,
        },
      ];
    });
    const lines = editor.querySelector('.lines-content')?.getBoundingClientRect();
    const scrollable = editor.querySelector('.editor-scrollable')?.getBoundingClientRect();
    const scrollbar = editor.querySelector('.editor-scrollable > .scrollbar.vertical')?.getBoundingClientRect();
    const rows = [...editor.querySelectorAll('.view-lines > .view-line')].map((line) => {
      const box = line.getBoundingClientRect();
      const text = line.querySelector(':scope > span')?.getBoundingClientRect();
      return {
        top: box.top,
        bottom: box.bottom,
        textRight: text === undefined || text.width === 0 ? box.left : text.right,
        text: (line.textContent ?? '').replaceAll('\u00a0', ' '),
        pieces: pieces.filter((piece) => Math.abs(piece.top - box.top) < 1),
      };
    });
    return {
      rows: rows.sort((a, b) => a.top - b.top),
      left: scrollable?.left ?? 0,
      right: scrollbar?.left ?? 0,
      scrollTop: (scrollable?.top ?? 0) - (lines?.top ?? 0),
    };
  });
}
