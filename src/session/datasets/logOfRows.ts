import type { FileBytes } from '../../trace/containers/container';
import { logOf } from '../../trace/containers/inspectEval';
import { evalLog, type EvalLog } from '../../trace/containers/inspectEvalLog';
import { parseWithNumbers } from '../../trace/containers/inspectEvalNumbers';
import type { JsonMore } from '../../trace/containers/json';
import type { RowTrace } from '../../trace/rows/rowTrace';
import type { Indexed } from './indexedFile';

/** What a log in JSON says before its samples is longer only where it is no log. Bytes; ours. */
const LONGEST_HEAD = 2 << 20;

/** What a log of Inspect, as an archive or in JSON, says of all its samples; nothing where the file is none. Never throws on its content. */
export async function logOfRows(file: FileBytes, { container, index }: Indexed): Promise<EvalLog> {
  if (container.name === 'eval') return logOf(index);
  if (container.name !== 'json') return {};
  const [first] = index.spans;
  if ((index.more as JsonMore).path?.[0] !== 'samples' || first === undefined || first > LONGEST_HEAD) return {};
  // Up to the list of samples it is an object that is only not closed yet.
  const text = new TextDecoder().decode(await file.read(0, first));
  const head = text.slice(0, Math.max(0, text.lastIndexOf('"samples"'))).trimEnd();
  try {
    return evalLog(parseWithNumbers(`${head.endsWith(',') ? head.slice(0, -1) : head}}`));
  } catch {
    return {};
  }
}

/** Traces whose row names no model show that of the log, which is not written into a row. */
export function withLog(traces: readonly RowTrace[], { model }: EvalLog): readonly RowTrace[] {
  if (model === undefined) return traces;
  return traces.map((trace) => (trace.model === undefined ? { ...trace, model: { value: model } } : trace));
}
