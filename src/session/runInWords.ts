import { targetName, type TargetFault } from '../judge/judgeFault';
import type { Target } from '../judge/judge';
import type { TroubleCode } from '../judge/offers';
import { countOf } from '../trace/countOf';
import type { ScoringResult } from './scoringResult';

/** What a run that did not simply do its work has to say. */
export interface Trouble {
  readonly code: TroubleCode;
  readonly severity: 'error' | 'warning';
  /** What happened, to which steps, and what was kept. */
  readonly message: string;
  /** The step, or the answer, to show when the person asks what was sent. */
  readonly target: Target | undefined;
}

/** What has to be said of a run that ended: the worst first of an early end, faulty replies, and verdicts withheld. */
export function troubleOf(result: ScoringResult): Trouble | undefined {
  const { stopped, faults, withheld, cancelled } = result;
  if (cancelled) return undefined;
  const kept = keptInWords(result);
  if (stopped !== undefined) {
    return { code: stopped.code, severity: 'error', message: `${stopped.message} ${kept}`, target: stopped.target ?? faults.at(-1)?.target };
  }
  const [first] = faults;
  if (first !== undefined) {
    const declined = withheld.length === 0 ? '' : ` The judge declined, or a filter withheld: ${targetsInWords(withheld)}.`;
    return { code: first.code, severity: 'warning', message: `${faultsInWords(faults)}${declined} ${kept}`, target: first.target };
  }
  if (withheld.length === 0) return undefined;
  const them = withheld.length === 1 ? 'It is kept as not scored and is' : 'They are kept as not scored and are';
  return {
    code: 'withheld',
    severity: 'warning',
    message: `The judge declined to score ${targetsInWords(withheld)}, or a content filter withheld it. ${them} not asked for again unless you choose “Ask Again”. ${kept}`,
    target: withheld[0],
  };
}

/** Is everything scored now that a run was to score? `undefined` is a run that never began. */
export function isComplete(result: ScoringResult | undefined): boolean {
  return result !== undefined && !result.cancelled && result.stopped === undefined && result.faults.length === 0;
}

/** How many verdicts there are after a run: `12 verdicts kept.` */
export function keptInWords({ scored, kept }: Pick<ScoringResult, 'scored' | 'kept'>): string {
  const all = scored + kept;
  return all === 0 ? 'No verdicts yet.' : `${countOf(all, 'verdict')} kept.`;
}

function faultsInWords(faults: readonly TargetFault[]): string {
  const [first] = faults;
  if (faults.length === 1) return first?.message ?? '';
  return `No valid verdict came on ${targetsInWords(faults.map(({ target }) => target))}. ${first?.message ?? ''}`;
}

/** More than this many are counted instead of named. */
const NAMED = 6;

/** `step 3, step 7 and the answer`. */
export function targetsInWords(targets: readonly Target[]): string {
  const names = targets.slice(0, NAMED).map(targetName);
  if (targets.length > NAMED) return `${names.join(', ')} and ${String(targets.length - NAMED)} more`;
  const last = names.pop() ?? '';
  return names.length === 0 ? last : `${names.join(', ')} and ${last}`;
}
