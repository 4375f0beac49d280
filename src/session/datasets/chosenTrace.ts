import type { RawRow } from '../../trace/containers/container';
import type { JsonObject } from '../../trace/rows/fieldRef';
import type { RowTrace } from '../../trace/rows/rowTrace';
import type { DatasetRow } from './dataset';
import { overlayOf } from './overlays';
import { nameOf } from './rowPath';

/** A row with all that is needed to write it. */
export interface FullRow {
  readonly row: DatasetRow;
  readonly raw: RawRow;
  /** What is kept beside its own fields: the value of `cotlens`, or what stands for it. */
  readonly kept: unknown;
  /** The traces as the row itself says, without what is kept beside. */
  readonly own: readonly RowTrace[];
}

/** A trace of a row, as it is chosen by the name of its variant. */
export interface ChosenTrace extends FullRow {
  /** As the row itself says, without `overlay`. */
  readonly trace: RowTrace;
  /** `nameOf` its variant; `undefined` of a row's only trace. */
  readonly variant: string | undefined;
  /** The variant under which something is kept for it; `undefined` of a row's first trace. */
  readonly keptFor: string | undefined;
  readonly overlay: JsonObject | undefined;
}

/** A row that cannot be shown, and why. Known by its name in other bundles. */
export class RowUnreadable extends Error {
  override readonly name = 'RowUnreadable';
}

export function chooseTrace(full: FullRow, variant: string | undefined): ChosenTrace | { readonly why: string } {
  const { row, own } = full;
  if (row.problem !== undefined) return { why: row.problem };
  const at = variant === undefined ? 0 : own.findIndex((one) => one.variant !== undefined && nameOf(one.variant) === variant);
  const trace = own[at];
  if (trace === undefined) return { why: `Row ${String(row.ordinal + 1)} has no trace “${variant ?? ''}” any more.` };
  const keptFor = at === 0 ? undefined : trace.variant;
  const name = trace.variant === undefined ? undefined : nameOf(trace.variant);
  return { ...full, trace, variant: name, keptFor, overlay: overlayOf(full.kept, keptFor) };
}
