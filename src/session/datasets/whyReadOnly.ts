import type { RawRow } from '../../trace/containers/container';
import type { RowTrace } from '../../trace/rows/rowTrace';
import type { Indexed } from './indexedFile';

/** Why a trace cannot be saved back to its row, in words; `undefined` where it can. */
export function whyReadOnly({ container, index }: Indexed, raw: RawRow, trace: RowTrace): string | undefined {
  if (!container.writable) return `Rows of ${container.name} files can be read, not written. Keep a copy to edit it.`;
  if (raw.problem !== undefined) {
    // Something is wrong with the row; whether it can be written all the same, its container says.
    try {
      container.edited?.(raw, [], index);
    } catch {
      return raw.problem;
    }
  }
  const parts = trace.messages.flatMap((message) => message.parts);
  const some = parts.some(({ at, items, list }) => at !== undefined || items !== undefined || list !== undefined);
  return some ? undefined : 'Nothing of this row can be written back: it is withheld, or stands elsewhere.';
}

/** What is wrong with a row that can be read all the same is said beside its traces. */
export function withNote(traces: readonly RowTrace[], problem: string | undefined): readonly RowTrace[] {
  return problem === undefined ? traces : traces.map((trace) => ({ ...trace, notes: [...trace.notes, problem] }));
}
