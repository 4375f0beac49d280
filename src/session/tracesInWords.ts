import { countOf } from '../trace/countOf';
import { targetsInWords } from './runInWords';
import type { TraceOutcome, TracesResult } from './scoreTraces';

/** A trace that is not wholly scored, and why. */
export interface TraceFailure {
  readonly name: string;
  readonly why: string;
}

/** `12 traces scored, 240 verdicts (30 kept from before), 1 failed, 3 not begun.` */
export function tracesInWords(result: TracesResult): string {
  const failed = failuresOf(result).length;
  const begun = result.traces.filter((outcome) => outcome.result !== undefined || outcome.error !== undefined).length;
  const whole = begun - failed;
  const parts = [
    `${countOf(whole, 'trace')} scored`,
    `${countOf(result.scored, 'verdict')}${result.kept === 0 ? '' : ` (${String(result.kept)} more kept from before)`}`,
    ...(failed === 0 ? [] : [`${String(failed)} failed or with steps missing`]),
    ...(begun === result.traces.length ? [] : [`${String(result.traces.length - begun)} not begun`]),
  ];
  return `${result.cancelled ? 'Cancelled: ' : ''}${parts.join(', ')}.`;
}

/** Those that are not wholly scored although their turn came, in their order. */
export function failuresOf({ traces }: TracesResult): readonly TraceFailure[] {
  return traces.flatMap((outcome) => {
    const why = whyNot(outcome);
    return why === undefined ? [] : [{ name: outcome.name, why }];
  });
}

function whyNot({ result, error }: TraceOutcome): string | undefined {
  if (error !== undefined) return said(error);
  if (result === undefined) return undefined;
  const { stopped, faults, withheld, cancelled } = result;
  if (stopped !== undefined) return stopped.message;
  const [first] = faults;
  if (first !== undefined) return `No valid verdict on ${targetsInWords(faults.map(({ target }) => target))}. ${first.message}`;
  if (withheld.length > 0) return `The judge declined, or a filter withheld its reply, on ${targetsInWords(withheld)}; kept as not scored.`;
  return cancelled ? 'Cancelled in the middle; the next run goes on from there.' : undefined;
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
