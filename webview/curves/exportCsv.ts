import { csvFormat } from 'd3-dsv';
import type { CurveColumns, CurvesModel, JudgeCurves } from '../../src/curve/curvesModel';
import { inRanges } from './runs';

/** The texts of a trace, where an export is to hold them. */
export interface Texts {
  readonly steps: readonly string[];
  readonly answer: string | null;
}

const COLUMNS = [
  ...['step', 'harmfulness', 'helpfulness', 'stale'],
  ...['harmfulness', 'helpfulness'].flatMap((series) => ['n', 'mean', 'min', 'max'].map((name) => `${series}_${name}`)),
  ...['judge', 'judge_key', 'model', 'protocol', 'rubric', 'intent', 'splitter', 'doc'],
];

/**
 * The scores as a table, one row a step and judge, the answer last: its step is `answer`. What was not scored is empty, never 0.
 * `…_n`, `…_mean`, `…_min` and `…_max` are those of a step's samples, where the judge was asked several times.
 */
export function exportCsv(model: CurvesModel, texts?: Texts): string {
  const rows = model.judges.flatMap((judge) => rowsOf(model, judge, texts));
  return `${csvFormat(rows, texts === undefined ? COLUMNS : [...COLUMNS, 'text'])}\n`;
}

type Row = Record<string, string | number | boolean>;

function rowsOf(model: CurvesModel, judge: JudgeCurves, texts: Texts | undefined): Row[] {
  const isStale = inRanges(judge.stale);
  const who = {
    judge: judge.name,
    judge_key: judge.key,
    model: judge.model ?? '',
    protocol: judge.protocol,
    rubric: judge.rubric,
    intent: model.intent,
    splitter: model.splitter,
    doc: model.doc,
  };
  const rows: Row[] = [];
  for (let step = 0; step < model.steps; step++) {
    rows.push({
      step: step + 1,
      harmfulness: judge.harmfulness.scores[step] ?? '',
      helpfulness: judge.helpfulness.scores[step] ?? '',
      stale: isStale(step),
      ...samples('harmfulness', judge.harmfulness, step),
      ...samples('helpfulness', judge.helpfulness, step),
      ...who,
      ...(texts === undefined ? {} : { text: texts.steps[step] ?? '' }),
    });
  }
  if (judge.answer !== null) {
    const { harmfulness, helpfulness, stale } = judge.answer;
    rows.push({
      step: 'answer',
      harmfulness: harmfulness ?? '',
      helpfulness: helpfulness ?? '',
      stale,
      ...who,
      ...(texts === undefined ? {} : { text: texts.answer ?? '' }),
    });
  }
  return rows;
}

function samples(series: string, { spread }: CurveColumns, step: number): Row {
  const n = spread?.n[step] ?? 0;
  if (spread === null || n === 0) return {};
  return {
    [`${series}_n`]: n,
    [`${series}_mean`]: spread.mean[step] ?? '',
    [`${series}_min`]: spread.low[step] ?? '',
    [`${series}_max`]: spread.high[step] ?? '',
  };
}
