import type { Intent } from '../../trace/intent';
import type { Splitter } from '../../trace/splitters';
import type { DatasetRow } from '../datasets/dataset';
import { promptOf, traceFacts } from './rowFacts';
import type { RowCurve, RowVerdict } from './rowScores';

/** What is shown of a row in the list. Holds text of the trace as it is: it is made safe where it is shown. */
export interface RowCard {
  readonly ordinal: number;
  readonly id: string | null;
  /** The prompt's beginning. */
  readonly prompt: string;
  readonly steps: number;
  readonly intent: Intent;
  readonly model: string | null;
  /** How many traces the row holds; what is said besides is said of the first, scores of the first that has some. */
  readonly variants: number;
  readonly truncated: boolean;
  readonly summary: boolean;
  /** Why the row cannot be read. */
  readonly problem: string | null;
  readonly curves: readonly RowCurve[];
  /** Whose they are. */
  readonly judge: string | null;
  /** Steps with scores whose text or context has changed since. */
  readonly stale: number;
  /** `safe chain, unsafe answer`, or the reverse. */
  readonly parted: string | null;
}

/** Characters of a text that go into a card: two lines of the widest view, and some. */
const MOST = 600;

/** @param verdicts those of the judge that is shown */
export function rowCard(row: DatasetRow, verdicts: readonly RowVerdict[], splitter: Splitter): RowCard {
  const [trace] = row.traces;
  const facts = trace === undefined ? undefined : traceFacts(trace, splitter);
  const shown = verdicts.find(({ variant }) => variant === trace?.variant) ?? verdicts[0];
  return {
    ordinal: row.ordinal,
    id: trace?.id?.value.slice(0, MOST) ?? null,
    prompt: trace === undefined ? '' : promptOf(trace).slice(0, MOST),
    steps: facts?.steps ?? 0,
    intent: facts?.intent ?? 'unknown',
    model: trace?.model?.value.slice(0, MOST) ?? null,
    variants: row.traces.length,
    truncated: facts?.truncated ?? false,
    summary: facts?.summary ?? false,
    problem: row.problem?.slice(0, MOST) ?? null,
    curves: shown?.curves ?? [],
    judge: shown?.identity.label ?? null,
    stale: shown?.stale ?? 0,
    parted: shown?.parted ?? null,
  };
}
