import type { FileBytes, RowIndex } from '../../trace/containers/container';
import type { JsonMore } from '../../trace/containers/json';
import { writesAscii } from '../../trace/containers/jsonWriting';
import { HEAD } from '../../trace/containers/wholeFile';
import type { Indexed } from './indexedFile';
import type { FileState } from './replaceFile';

/**
 * The index of a file that differs from another only by the new bytes of some rows, without looking through it: what lies behind these
 * rows has moved. It is the same that `Container.index` would make; where that cannot be said, `undefined`.
 * @param file the new file
 * @param state its state; of another size than it must have now, it is not the file that was written
 */
export async function carriedIndex(file: FileBytes, before: Indexed, rows: ReadonlyMap<number, Uint8Array>, state: FileState): Promise<Indexed | undefined> {
  const { container, index } = before;
  // Problems are told with lines, which move; and a row of its own may come to hold a list of rows.
  if (index.problems.length > 0 || !['jsonl', 'json', 'csv', 'tsv'].includes(container.name)) return undefined;
  if (container.name === 'json' && (index.more as JsonMore).path === undefined) return undefined;
  const { spans, moved } = movedSpans(index, rows);
  if (before.state.size + moved !== state.size || file.size !== state.size) return undefined;
  return { container, state, index: { ...index, spans, more: await carriedMore(file, container.name, index) } };
}

function movedSpans({ spans }: RowIndex, rows: ReadonlyMap<number, Uint8Array>): { readonly spans: Float64Array; readonly moved: number } {
  const now = new Float64Array(spans.length);
  let moved = 0;
  for (let i = 0; i < spans.length; i += 2) {
    const [start = 0, end = 0] = [spans[i], spans[i + 1]];
    now[i] = start + moved;
    const bytes = rows.size === 0 ? undefined : rows.get(i / 2);
    if (bytes !== undefined) moved += bytes.length - (end - start);
    now[i + 1] = end + moved;
  }
  return { spans: now, moved };
}

/** How the file writes characters is told by its beginning, which may have changed. */
async function carriedMore(file: FileBytes, name: string, { more }: RowIndex): Promise<unknown> {
  if (name === 'csv' || name === 'tsv') return more;
  const ascii = writesAscii(await file.read(0, Math.min(HEAD, file.size)));
  return { ...(more as object), ascii };
}
