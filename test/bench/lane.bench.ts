import { diffLanes, movePlan, paintCalls, type LineEdit } from '../../src/curve/laneDiff';
import { laneLines } from '../../src/curve/laneLines';
import { lineColumns } from '../../src/curve/lineColumns';
import { planLane, type LanePlan } from '../../src/curve/lanePlan';
import { ALL_SERIES, type Series } from '../../src/curve/series';
import { staleRuns, type JoinedVerdict } from '../../src/session/traceState';
import { parseTrace } from '../../src/trace/parseTrace';
import type { Trace } from '../../src/trace/trace';
import type { Score } from '../../src/trace/verdict';
import { scores, steps, traceOf } from './corpus';
import { compare } from './measure';
import type { Row } from './row';

const STEPS = 2000;
const EDITED = 1000;
const WRAP = 80;

interface Shown {
  readonly trace: Trace;
  readonly scores: Readonly<Record<Series, readonly Score[]>>;
  readonly verdicts: readonly (JoinedVerdict | undefined)[];
}

/** All that a repaint of the lane does besides the calls to VS Code. */
function plan({ trace, scores: given, verdicts }: Shown, series: readonly Series[]): LanePlan {
  const lines = laneLines(trace.turns[0].steps, trace.lines, WRAP, (line) => lineColumns(trace.text, trace.lines, line));
  if ('obstacle' in lines) throw new Error(lines.obstacle);
  return planLane({ lines, series: series.map((name) => ({ series: name, scores: given[name] })), stale: staleRuns(verdicts) });
}

function shown(text: string, given: Shown['scores'], staleFrom = STEPS): Shown {
  const verdicts = given.harmfulness.map((harmfulness, i): JoinedVerdict => ({
    verdict: { harmfulness, helpfulness: given.helpfulness[i] ?? null, reason: '' },
    stale: i >= staleFrom,
    time: '',
  }));
  return { trace: parseTrace(text), scores: given, verdicts };
}

/** The lane of a long trace after a keystroke: what it costs beside one `split` of the text, and how much is painted. */
export function rows(): Promise<Row[]> {
  const given = { harmfulness: scores(STEPS, 1), helpfulness: scores(STEPS, 2) };
  const reasoning = steps({ steps: STEPS });
  const before = shown(traceOf(reasoning), given);
  const edit = (text: (step: string) => string): Shown =>
    shown(traceOf(reasoning.with(EDITED, text(reasoning[EDITED] ?? ''))), given, EDITED);
  const typed = edit((step) => `${step} x`);
  const newLine = edit((step) => step.replace(' ', '\n'));
  const line = before.trace.turns[0].steps[EDITED]?.firstLine ?? 0;

  const after = (next: Shown, change: LineEdit, series: readonly Series[]) => {
    const old = plan(before, series);
    return { next, calls: () => paintCalls(diffLanes(movePlan(old, change), plan(next, series))) };
  };
  const inLine = after(typed, { line, removed: 0, added: 0 }, ALL_SERIES);
  const withLine = after(newLine, { line, removed: 0, added: 1 }, ALL_SERIES);
  const cost = ({ next, calls }: typeof inLine): number => {
    const { text } = next.trace;
    return compare(calls, () => text.split('\n\n').reduce((sum, part) => sum + part.length, 0)).ratio;
  };

  const calls = (next: Shown, change: LineEdit, series: readonly Series[]): number => after(next, change, series).calls();
  const stays = { line, removed: 0, added: 0 };
  const turned = (score: Score): Score => (score === 5 ? 1 : 5);
  const rescored = shown(before.trace.text, {
    harmfulness: given.harmfulness.with(EDITED, turned(given.harmfulness[EDITED] ?? null)),
    helpfulness: given.helpfulness.with(EDITED, turned(given.helpfulness[EDITED] ?? null)),
  });
  return Promise.resolve([
    { name: 'plan and diff 2,000 steps after a key / bare split', figure: cost(inLine), unit: 'x', bound: 3 },
    { name: '… after a new line', figure: cost(withLine), unit: 'x', bound: 3 },
    { name: 'paint calls, an edit, the rest goes stale', figure: calls(typed, stays, ['harmfulness']), bound: 6 },
    { name: '… with a new line', figure: calls(newLine, { ...stays, added: 1 }, ['harmfulness']), bound: 6 },
    { name: '… both series', figure: calls(newLine, { ...stays, added: 1 }, ALL_SERIES) },
    { name: 'paint calls, a new score on one step', figure: calls(rescored, stays, ['harmfulness']), bound: 6 },
    { name: '… both series', figure: calls(rescored, stays, ALL_SERIES) },
  ]);
}
