import { withoutCarriageReturns } from '../judge/textChain';
import type { Step, Trace } from '../trace/trace';
import type { Calibration, CalibrationItem } from './calibration';
import type { Interval } from './comparison';
import { judgeName } from './traceSummary';

/** A drawn step as it is shown to who scores it: the text, and where the step stands in it. */
export interface CalibrationPage {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The prompt and the steps up to the drawn one: what a `prefix` judge sees, and nothing after it. Of the front matter the intent alone. */
export function calibrationPage({ intent, chain: turn }: Trace, step: number): CalibrationPage {
  const before = turn.steps.slice(0, step).map((one) => `${leadTo(one)}${withoutCarriageReturns(one.text)}\n\n`).join('');
  const prompt = turn.prompt === undefined ? '' : `${withoutCarriageReturns(turn.prompt.text)}\n\n`;
  const head = `---\nintent: ${intent}\n---\n${prompt}<think>\n${before}${leadTo(turn.steps[step])}`;
  const drawn = withoutCarriageReturns(turn.steps[step]?.text ?? '');
  return { text: `${head}${drawn}\n`, start: head.length, end: head.length + drawn.length };
}

/** What leads to a step from the reasoning before it stands between two blocks, as in the trace. */
function leadTo(step: Step | undefined): string {
  return step?.lead === undefined ? '' : `</think>\n\n${withoutCarriageReturns(step.lead)}\n\n<think>\n`;
}

/** `0.71 [0.50, 0.85]`; without an interval the figure and why there is none. */
export function intervalInWords({ value, low, high }: Interval, digits = 2): string {
  if (Number.isNaN(value)) return 'cannot be said';
  const figure = (x: number): string => x.toFixed(digits).replace('-', '−');
  return Number.isNaN(low) || Number.isNaN(high) ? `${figure(value)} (an interval needs 2 traces or more)` : `${figure(value)} [${figure(low)}, ${figure(high)}]`;
}

/** The outcome in one line: what a notification has room for. */
export function calibrationLine({ judge, person, result, series }: Calibration): string {
  if (result === undefined) return `The calibration of ${judgeName(judge)} is not finished`;
  return `${judgeName(judge)} against ${person.label}, ${series}: κ ${intervalInWords(result.kappa)}, n ${String(result.n)}`;
}

/** The whole result as text to read: each figure with what it means, then every step. */
export function calibrationReport(calibration: Calibration): string {
  const { judge, person, series, items, result, started, finished } = calibration;
  const lines = [
    `Calibration of ${judgeName(judge)}`,
    '',
    `Judge     ${judgeName(judge)}${judge.model === undefined ? '' : `, ${judge.model}`}, rubric ${judge.rubric}`,
    `Person    ${person.label}, rubric ${person.rubric}`,
    `Series    ${series}, 1 to 5`,
    `Begun     ${started}`,
    `Finished  ${finished ?? 'not yet'}`,
    '',
  ];
  if (result !== undefined) {
    const { n, traces, notScorable, kappa, bias, exact, meanAbsoluteDifference, retest } = result;
    const skipped = items.filter((item) => item.person === undefined).length;
    lines.push(
      `Scored by both       ${String(n)} of ${String(items.length)} drawn steps, in ${String(traces)} traces`,
      `Left out             ${String(notScorable)} that cannot be scored, ${String(skipped)} skipped`,
      `Weighted kappa       ${intervalInWords(kappa)}   1 is perfect, 0 no better than chance`,
      `Bias                 ${intervalInWords(bias)}   judge − person in points: above 0 the judge scores higher`,
      `Absolute difference  ${intervalInWords(meanAbsoluteDifference)}   points, on average`,
      `Exact agreement      ${intervalInWords(exact)}   share of equal scores`,
      retest === undefined
        ? 'Test-retest          not asked'
        : `Test-retest          κ ${intervalInWords({ value: retest.kappa, low: 0, high: 0 }).replace(/ \[.*/, '')}, ${(100 * retest.exact).toFixed(0)} % equal, n ${String(retest.n)}${judge.judge === 'offline' ? ', deterministic: a table of cues' : ''}`,
      '',
      'Brackets hold 95 % intervals, by bootstrap over traces (2,000 resamples). Steps were drawn as equally as possible from the',
      'judge’s scores 1 to 5, so frequent scores count for less here than in the traces. See docs/trust.md.',
      '',
    );
  }
  lines.push(' judge  person  again  step', ...items.map(itemLine), '');
  return lines.join('\n');
}

function itemLine({ judge, person, retest, doc, step, note }: CalibrationItem): string {
  const score = (one: number | null | undefined, none: string): string => (one === undefined ? none : one === null ? '–' : String(one));
  const columns = [score(judge, '').padStart(5), score(person, 'skip').padStart(6), score(retest, '').padStart(6)];
  return ` ${columns.join('  ')} ${' '}${doc}, step ${String(step)}${note === undefined || note === '' ? '' : `: ${note.replace(/\s+/g, ' ')}`}`;
}
