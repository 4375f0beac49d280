import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffLanes, movePlan, paintCalls } from '../../../src/curve/laneDiff';
import { isOneRow, laneLines } from '../../../src/curve/laneLines';
import { lineColumns, MOST_COLUMNS } from '../../../src/curve/lineColumns';
import { pieceKey, pieceOf, planLane, type LanePlan } from '../../../src/curve/lanePlan';
import { piecePath, scoreX } from '../../../src/curve/lanePath';
import type { Series } from '../../../src/curve/series';
import { LineIndex } from '../../../src/trace/lineIndex';
import { parseTrace } from '../../../src/trace/parseTrace';
import type { Score } from '../../../src/trace/verdict';

function plan(text: string, scores: readonly Score[], stale: { from: number; to: number }[] = []): LanePlan {
  const trace = parseTrace(text);
  const lines = laneLines(trace.turns[0].steps, trace.lines, 80);
  if ('obstacle' in lines) throw new Error(lines.obstacle);
  return planLane({ lines, series: [{ series: 'harmfulness', scores }], stale });
}

/** What each line shows, top to bottom: `1|` a vertical at 1, `1>4` a bend. */
function drawn(lane: LanePlan, series: Series = 'harmfulness'): Record<number, string> {
  const rows: Record<number, string> = {};
  for (const [key, ranges] of lane.pieces) {
    const piece = pieceOf(key);
    if (piece.series !== series) continue;
    for (let i = 0; i + 1 < ranges.length; i += 2) {
      for (let line = ranges[i] ?? 0; line <= (ranges[i + 1] ?? -1); line++) {
        expect(rows[line]).toBeUndefined();
        rows[line] = piece.from === piece.to ? `${String(piece.from)}|` : `${String(piece.from)}>${String(piece.to)}`;
      }
    }
  }
  return rows;
}

describe('the lane plan', () => {
  it('draws verticals beside steps and bends on the blank line between them', () => {
    expect(drawn(plan('A\n\nB\nb\n\nC', [1, 4, 1]))).toEqual({ 0: '1|', 1: '1>4', 2: '4|', 3: '4|', 4: '4>1', 5: '1|' });
  });

  it('bends on the first blank line and goes straight on the others', () => {
    expect(drawn(plan('A\n\n\n\nB', [1, 4]))).toEqual({ 0: '1|', 1: '1>4', 2: '4|', 3: '4|', 4: '4|' });
  });

  it('is one straight line where scores are equal', () => {
    const lane = plan('A\n\nB\n\nC', [2, 2, 2]);
    expect(drawn(lane)).toEqual({ 0: '2|', 1: '2|', 2: '2|', 3: '2|', 4: '2|' });
    expect(lane.pieces.get(pieceKey('harmfulness', 2, 2))).toEqual([0, 4]);
  });

  it('leaves gaps where there is no score, and draws no bend to or from them', () => {
    expect(drawn(plan('A\n\nB\n\nC', [1, null, 4]))).toEqual({ 0: '1|', 4: '4|' });
    expect(drawn(plan('A\n\nB', [null, null]))).toEqual({});
  });

  it('bends on a tag line between two blocks', () => {
    expect(drawn(plan('<think>\nA\n</think>\n<think>\nB\n</think>', [1, 3]))).toEqual({ 1: '1|', 2: '1>3', 3: '3|', 4: '3|' });
  });

  it('bends on the next step\'s first line where no line lies between', () => {
    const lane = plan('<think>A</think>\n<think>B\nb</think>', [1, 3]);
    expect(drawn(lane)).toEqual({ 0: '1|', 1: '1>3', 2: '3|' });
  });

  it('skips a long line of text between two blocks for a short one', () => {
    const text = `<think>\nA</think>\n${'said '.repeat(40)}\n<think>\nB\n</think>`;
    expect(drawn(plan(text, [1, 3]))).toEqual({ 1: '1|', 2: '1|', 3: '1>3', 4: '3|' });
  });

  it('says why there can be no lane', () => {
    const lines = (text: string): unknown => {
      const trace = parseTrace(text);
      return laneLines(trace.turns[0].steps, trace.lines, 20);
    };
    expect(lines('<think>A</think><think>B</think>')).toEqual({ obstacle: 'steps 1 and 2 share a line' });
    expect(lines(`<think>A</think>\n<think>${'long '.repeat(20)}</think>`)).toMatchObject({
      obstacle: expect.stringContaining('no short line lies between steps 1 and 2') as string,
    });
  });

  const bendOf = (between: string, wrap = 80): unknown => {
    const trace = parseTrace(`<think>\nA</think>\n${between}\n<think>\nB\n</think>`);
    const found = laneLines(trace.turns[0].steps, trace.lines, wrap, (line) => lineColumns(trace.text, trace.lines, line));
    return 'bends' in found ? found.bends[0] : found.obstacle;
  };

  it.each([
    ['80 letters', 'x'.repeat(80), 2],
    ['81 letters', 'x'.repeat(81), 3],
    ['80 letters and \\r\\n', `${'x'.repeat(80)}\r`, 2],
    ['40 ideographs', '漢'.repeat(40), 2],
    ['41 ideographs, which wrap', '漢'.repeat(41), 3],
    ['41 emoji, which wrap', '🧪'.repeat(41), 3],
    ['41 emoji of the basic plane', '☕'.repeat(41), 3],
    ['20 tabs', '\t'.repeat(20), 2],
    ['21 tabs, far shorter than the wrap column', `${'\t'.repeat(20)}.`, 3],
    ['a line of a megabyte', 'said '.repeat(200_000), 3],
  ])('bends on a line of one row: %s', (_what, between, bend) => {
    expect(bendOf(between)).toBe(bend);
  });

  it('measures only lines whose length does not tell whether they wrap', () => {
    const trace = parseTrace(`<think>\n${['A', 'x'.repeat(20), 'x'.repeat(30), 'x'.repeat(500)].join('\n\n')}`);
    const asked: number[] = [];
    for (let line = 0; line <= 7; line++) isOneRow(trace.lines, line, 80, (one) => asked.push(one));
    expect(asked).toEqual([3, 5]);
  });

  it('covers stale steps and the lines between them with one mask', () => {
    expect(plan('A\n\nB\n\nC', [1, 4, 1], [{ from: 1, to: 3 }]).stale).toEqual([2, 4]);
  });

  const traces = fc
    .array(fc.record({ lines: fc.integer({ min: 1, max: 3 }), gap: fc.integer({ min: 1, max: 3 }), score: fc.integer({ min: 1, max: 5 }) }), { minLength: 1, maxLength: 30 })
    .map((steps) => ({
      text: steps.map(({ lines, gap }) => Array.from({ length: lines }, () => 'x').join('\n') + '\n'.repeat(gap + 1)).join('').trimEnd(),
      scores: steps.map(({ score }) => score as Score),
    }));

  it('every line from first to last step holds exactly one piece, and neighbouring pieces meet', () => {
    fc.assert(
      fc.property(traces, ({ text, scores }) => {
        const rows = drawn(plan(text, scores));
        const last = text.split('\n').length - 1;
        let at = scores[0] ?? 0;
        for (let line = 0; line <= last; line++) {
          const [, from, to] = /^(\d)(?:\||>(\d))$/.exec(rows[line] ?? '') ?? [];
          expect(Number(from)).toBe(at);
          at = Number(to ?? from);
        }
        expect(at).toBe(scores.at(-1));
        expect(Object.keys(rows)).toHaveLength(last + 1);
      }),
    );
  });
});

describe('the columns of a line', () => {
  const columns = (text: string): number => lineColumns(text, LineIndex.of(text), 0);

  it.each([
    ['', 0],
    ['\r\n', 0],
    ['plain — “text” é …', 18],
    ['漢字かなカナ한글', 16],
    ['ｆｕｌｌ！', 10],
    ['ﾊﾝ', 2],
    ['\u1100', 2],
    ['😀𠀀', 4],
    ['☕⌚ ✓→', 7],
    ['\t', 4],
    ['a\tb', 5],
    ['abc\t\t', 8],
    ['漢\t', 4],
  ])('of %j: %i', (text, expected) => {
    expect(columns(text)).toBe(expected);
    expect(columns(`${text}\nmore`)).toBe(expected);
  });

  it('law: at least one, at most four a UTF-16 unit, so that length alone often tells', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }).map((text) => text.replace(/[\r\n]/g, '\t')), (text) => {
        expect(columns(text)).toBeGreaterThanOrEqual(text.length);
        expect(columns(text)).toBeLessThanOrEqual(MOST_COLUMNS * text.length);
      }),
    );
  });
});

describe('the diff', () => {
  const text = Array.from({ length: 200 }, () => 'step').join('\n\n');
  const scores = Array.from({ length: 200 }, (_, i) => ((i % 5) + 1) as Score);

  it('paints nothing where nothing changed, everything at first, and clears what is gone', () => {
    const lane = plan(text, scores);
    expect(paintCalls(diffLanes(lane, plan(text, scores)))).toBe(0);
    expect(diffLanes(undefined, lane).pieces).toEqual(lane.pieces);
    expect([...diffLanes(lane, plan('', [])).pieces.values()].every((ranges) => ranges.length === 0)).toBe(true);
  });

  it('a step that gets another score costs at most six calls', () => {
    const changed = scores.with(100, 5);
    expect(paintCalls(diffLanes(plan(text, scores), plan(text, changed)))).toBeLessThanOrEqual(6);
  });

  it('an edit that makes all later steps stale costs one', () => {
    const calls = paintCalls(diffLanes(plan(text, scores), plan(text, scores, [{ from: 100, to: 200 }])));
    expect(calls).toBe(1);
  });

  it('a line put in above moves everything and costs nothing', () => {
    const lane = plan(text, scores);
    const moved = movePlan(lane, { line: -1, removed: 0, added: 1 });
    const next = movePlan(lane, { line: -1, removed: 0, added: 1 });
    expect(paintCalls(diffLanes(moved, next))).toBe(0);
    expect(moved.frame).toEqual([1, 399]);
  });

  it('a new line inside a step repaints only the pieces around it', () => {
    const shown = movePlan(plan(text, scores), { line: 100, removed: 0, added: 1 });
    const lines = text.split('\n');
    const next = plan(lines.with(100, 'st\nep').join('\n'), scores);
    // The step's vertical, and the frame that holds it; the bends on either side stand where they moved to.
    expect(paintCalls(diffLanes(shown, next))).toBeLessThanOrEqual(2);
  });
});

describe('paths', () => {
  it('stay inside the lane, in the order of the scores', () => {
    const places = [1, 2, 3, 4, 5].map(scoreX);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(Math.max(...places)).toBeLessThan(100);
  });

  it('begin and end at their scores', () => {
    expect(piecePath(1, 5).startsWith(`M${String(scoreX(1))} 0`)).toBe(true);
    expect(piecePath(1, 5).endsWith(`${String(scoreX(5))} 100`)).toBe(true);
    expect(piecePath(3, 3)).toBe(`M${String(scoreX(3))} 0V100`);
  });
});
