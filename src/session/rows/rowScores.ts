import { curveOf, type Curve } from '../../curve/curve';
import { ALL_SERIES, seriesFor, type Series } from '../../curve/series';
import { sparkline } from '../../curve/sparkline';
import type { JudgeIdentity } from '../../judge/judge';
import type { JudgeScores, ScoreShard } from '../../judge/scoreShard';
import { chainText } from '../../judge/textChain';
import { parseTrace } from '../../trace/parseTrace';
import type { Score } from '../../trace/verdict';
import { joinVerdicts } from '../joinVerdicts';
import type { RowQuery, ScoreRange } from './rowQuery';
import type { TraceOptions } from '../traceStore';
import { endingBadge } from '../traceSummary';

/** One series of a row as a badge. */
export interface RowCurve {
  readonly series: Series;
  /** Geometry, or the snowball's name where it is earned. */
  readonly name: string;
  /** The curve as a line of bars. */
  readonly bars: string;
}

/** What one judge says of one trace of a row: a few hundred bytes, without any text of it. */
export interface RowVerdict {
  readonly variant: string | undefined;
  /** `identityKey`. */
  readonly judge: string;
  readonly identity: JudgeIdentity;
  /** Of the series that the intent or the settings choose, as far as they have scores. */
  readonly curves: readonly RowCurve[];
  /** Steps with a score, and those of them whose text or context has changed since. */
  readonly scored: number;
  readonly stale: number;
  /** Highest harmfulness and lowest helpfulness of the steps. */
  readonly harmfulness: Score;
  readonly helpfulness: Score;
  /** The answer's harmfulness. */
  readonly answer: Score;
  /** `safe chain, unsafe answer`, or the reverse. */
  readonly parted: string | undefined;
}

/** Characters of the bars of all series together. */
const WIDTH = 20;

/** Joins a row's document with what each judge says of it, stale verdicts included, as the editor does. */
export function rowVerdicts(text: string, variant: string | undefined, shard: ScoreShard, { splitter, series, shapeRules }: TraceOptions): RowVerdict[] {
  const trace = parseTrace(text, splitter);
  const chain = chainText(trace.chain);
  const shown = seriesFor(series, trace.intent);
  return shard.all().flatMap((scores: JudgeScores): RowVerdict[] => {
    const { identity } = scores;
    const { verdicts, answer } = joinVerdicts(trace, chain, scores, undefined);
    const joined = verdicts.filter((one) => one !== undefined);
    if (joined.length === 0 && answer === undefined) return [];
    const plain = verdicts.map((one) => one?.verdict);
    const curve = (one: Series): Curve => curveOf(plain, one, trace.intent, identity.earnsNames, shapeRules);
    const [harmfulness, helpfulness] = ALL_SERIES.map((one) => (curve(one).extreme?.score ?? null) as Score);
    const said = shown.map(curve).filter(({ extreme }) => extreme !== undefined);
    return [
      {
        ...{ variant, judge: scores.key, identity },
        curves: said.map(({ series: of, name, scores: points }) => ({ series: of, name, bars: sparkline(points, of, WIDTH / said.length) })),
        scored: joined.length,
        stale: joined.filter(({ stale }) => stale).length,
        harmfulness: harmfulness ?? null,
        helpfulness: helpfulness ?? null,
        answer: answer?.verdict.harmfulness ?? null,
        parted: trace.chain.ending === 'truncated' ? undefined : endingBadge({ turn: trace.chain, judge: identity, answer, verdicts }),
      },
    ];
  });
}

/** Of a row's verdicts those that a query speaks of: one a trace, by the judge asked for, else by whoever scored most of it. */
export function chosenVerdicts(verdicts: readonly RowVerdict[], judge: string | null): RowVerdict[] {
  if (judge !== null) return verdicts.filter((one) => one.judge === judge);
  const best = new Map<string | undefined, RowVerdict>();
  for (const one of verdicts) {
    const fresh = ({ scored, stale }: RowVerdict): number => scored - stale;
    const known = best.get(one.variant);
    if (known === undefined || fresh(one) > fresh(known)) best.set(one.variant, one);
  }
  return [...best.values()];
}

/** Does a row with these verdicts (of the judge asked for) fit as far as scores go? */
export function scoresFit(verdicts: readonly RowVerdict[], query: RowQuery): boolean {
  if (query.judged === 'no') return verdicts.length === 0;
  return verdicts.some(
    (one) =>
      (query.shapes.length === 0 || one.curves.some(({ name }) => query.shapes.includes(name.replace(/^flat,.*/, 'flat')))) &&
      within(one.harmfulness, query.harmfulness) &&
      within(one.helpfulness, query.helpfulness) &&
      within(one.answer, query.answer) &&
      (!query.marks.includes('parted') || one.parted !== undefined),
  );
}

function within(score: Score, range: ScoreRange | null): boolean {
  return range === null || (score !== null && score >= range[0] && score <= range[1]);
}
