import { beforeEach, describe, expect, it } from 'vitest';
import type * as vscode from 'vscode';
import type { Series } from '../../../src/curve/series';
import { Heat } from '../../../src/editor/heat';
import { ScoreShard } from '../../../src/judge/scoreShard';
import type { TraceState } from '../../../src/session/traceState';
import { TraceStore } from '../../../src/session/traceStore';
import type { Score } from '../../../src/trace/verdict';
import { live, type Range } from '../vscode/standIn';

type Options = vscode.DecorationRenderOptions;
interface Color {
  readonly id: string;
}

/** A trace of one line a step, with what a judge is taken to have said of each. */
function state(shown: readonly Series[], said: readonly { harmfulness?: Score; helpfulness?: Score; stale?: boolean }[]): TraceState {
  const text = said.map((_, i) => `step ${String(i)}`).join('\n\n');
  const verdicts = said.map(({ harmfulness = null, helpfulness = null, stale = false }) => ({ verdict: { harmfulness, helpfulness, reason: '' }, stale, time: '' }));
  return { ...new TraceStore(() => new ScoreShard()).update('d', 1, text), shown, verdicts };
}

/** What an editor shows after each call: the decorations of each step's line. */
function painted(): { editor: vscode.TextEditor; at: (line: number) => Options[]; calls: () => number } {
  const shown = new Map<unknown, readonly Range[]>();
  let calls = 0;
  const setDecorations = (type: { options: Options }, ranges: readonly Range[]): void => {
    calls++;
    shown.set(type, ranges);
  };
  return {
    editor: { setDecorations, document: {} } as unknown as vscode.TextEditor,
    at: (line) => [...shown].flatMap(([type, ranges]) => ranges.filter(({ start }) => start.line === line).map(() => (type as { options: Options }).options)),
    calls: () => calls,
  };
}

const glyphs = (options: readonly Options[]): Options[] => options.filter(({ before }) => before !== undefined);
/** The glyphs from left to right, each with its colour. */
const seen = ({ before, after }: Options): unknown[] =>
  [before, after].flatMap((part) => (part === undefined ? [] : [[part.contentText, (part.color as Color | undefined)?.id]]));

describe('heat', () => {
  beforeEach(() => {
    live.clear();
  });

  it('of both series puts one decoration before a step, harmfulness first, in glyphs of its own each', () => {
    const { editor, at } = painted();
    new Heat().paint(editor, state(['harmfulness', 'helpfulness'], [{ harmfulness: 4, helpfulness: 2 }, { harmfulness: 4, helpfulness: 4 }]));
    for (const [line, left, right] of [[0, ['▆', 'cotLens.harmfulness4'], ['▎', 'cotLens.helpfulness2']], [2, ['▆', 'cotLens.harmfulness4'], ['▊', 'cotLens.helpfulness4']]] as const) {
      expect(glyphs(at(line))).toHaveLength(1);
      expect(glyphs(at(line)).map(seen)).toEqual([[left, right]]);
    }
  });

  it('keeps the place of a series that has no score, and shows nothing where neither has', () => {
    const { editor, at } = painted();
    new Heat().paint(editor, state(['harmfulness', 'helpfulness'], [{ helpfulness: 1 }, { harmfulness: 5 }, {}]));
    expect([0, 2].map((line) => glyphs(at(line)).map(seen))).toEqual([[[['·', undefined], ['▏', 'cotLens.helpfulness1']]], [[['█', 'cotLens.harmfulness5'], ['·', undefined]]]]);
    expect(at(4)).toEqual([]);
  });

  it('of one series shows it alone', () => {
    const { editor, at } = painted();
    new Heat().paint(editor, state(['helpfulness'], [{ harmfulness: 1, helpfulness: 3 }]));
    expect(glyphs(at(0)).map(seen)).toEqual([[['▌', 'cotLens.helpfulness3']]]);
  });

  it('has border and ruler mark of the first series shown', () => {
    const { editor, at } = painted();
    new Heat().paint(editor, state(['harmfulness', 'helpfulness'], [{ harmfulness: 2, helpfulness: 5 }, { helpfulness: 5 }]));
    const borders = (line: number): unknown[] => at(line).flatMap(({ borderColor, overviewRulerColor }) => (borderColor === undefined ? [] : [borderColor, overviewRulerColor]));
    expect(borders(0)).toEqual([{ id: 'cotLens.harmfulness2' }, { id: 'cotLens.harmfulness2' }]);
    expect(borders(2)).toEqual([]);
  });

  it('marks stale steps by dashes, in border and glyphs', () => {
    const { editor, at } = painted();
    new Heat().paint(editor, state(['harmfulness', 'helpfulness'], [{ harmfulness: 2, helpfulness: 5 }, { harmfulness: 2, helpfulness: 5, stale: true }]));
    const dashes = (line: number): unknown => at(line).map(({ borderStyle, before, after }) => [borderStyle, before?.textDecoration, after?.textDecoration]);
    expect(dashes(0)).toEqual([['solid', undefined, undefined], [undefined, undefined, undefined]]);
    expect(dashes(2)).toEqual([['dashed', undefined, undefined], [undefined, 'underline dashed', 'underline dashed']]);
  });

  it('paints only what changed, and takes away what is gone', () => {
    const { editor, at, calls } = painted();
    const heat = new Heat();
    const one = state(['harmfulness'], [{ harmfulness: 2 }, { harmfulness: 3 }]);
    heat.paint(editor, one);
    const first = calls();
    heat.paint(editor, one);
    expect(calls()).toBe(first);
    heat.paint(editor, state(['harmfulness'], [{ harmfulness: 2 }, { harmfulness: 4 }]));
    expect(calls() - first).toBe(4);
    expect(glyphs(at(2)).map(seen)).toEqual([[['▆', 'cotLens.harmfulness4']]]);
    heat.clear(editor);
    expect([at(0), at(2)]).toEqual([[], []]);
    heat.dispose();
    expect([...live.values()].filter((what) => what === 'decoration type')).toEqual([]);
  });
});
