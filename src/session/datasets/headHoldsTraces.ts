import type { Container, FileBytes } from '../../trace/containers/container';
import type { RowReader } from './rowReader';

/** So many of the first rows are looked at; of a file of traces one of them can be broken. Ours. */
const LOOKED_AT = 5;

/** Names of fields that rows of traces have and configuration has not; for rows that are longer than the beginning that is read. Some are such only as lists. */
const TELLING = /"(?:(?:messages|conversations|samples)"\s*:\s*\[|(?:response|responses|completion|completions|question|instruction|prompt|reasoning|reasoning_content|thinking)"\s*:)/;

/**
 * Does a file hold traces, by its beginning? Most JSON files of a workspace are settings and the like. Of the first rows one must be of a
 * known format; where not even the first is complete, its field names decide.
 */
export async function headHoldsTraces(container: Container, head: Uint8Array, path: string, complete: boolean, read: RowReader['read']): Promise<boolean> {
  // What does not lie row by row cannot be told from its beginning; such files are named for what they are.
  if (container.name !== 'json' && container.name !== 'jsonl') return true;
  const file = bytesOf(head, path);
  const index = await container.index(file, { signal: new AbortController().signal, progress: () => undefined });
  let readable = false;
  for (let i = 0; i < Math.min(index.count, LOOKED_AT); i++) {
    const { value } = await container.row(file, index, i);
    // Not complete, or broken.
    if (value === undefined) continue;
    readable = true;
    if (read(value, undefined).format !== undefined) return true;
  }
  return !complete && !readable && TELLING.test(new TextDecoder().decode(head));
}

function bytesOf(head: Uint8Array, path: string): FileBytes {
  return {
    path,
    size: head.length,
    read: (start, end) => Promise.resolve(head.subarray(start, end)),
    chunks: async function* (start) {
      yield await Promise.resolve(head.subarray(start));
    },
  };
}
