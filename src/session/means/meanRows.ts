import { parseTrace } from '../../trace/parseTrace';
import type { Dataset } from '../datasets/dataset';
import { meanTrace, type MeanTrace } from './meanTrace';
import { nameOf, type RowPlace } from '../datasets/rowPath';
import type { RowScoreSource } from '../rows/rowScoreIndex';
import type { TraceOptions } from '../traceStore';

/** Which traces of a dataset's rows are wanted; with their pair, where they are one of two. */
export type Wanted = (ordinal: number, trace: number) => { readonly pair?: NonNullable<MeanTrace['pair']> } | undefined;

export interface MeanRowTools {
  /** The dataset's name for people. */
  readonly file: string;
  readonly options: TraceOptions;
  /** The address of a row's document. */
  readonly uriOf: (place: RowPlace) => string;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
}

/** Milliseconds of reading before other work may run. */
const SLICE = 20;

/**
 * The scored traces of a dataset, for mean curves: only rows with a score file are read. Those whose rows are gone, or changed so that
 * no score is fresh, are left out.
 * @throws the signal's reason
 */
export async function meanRows(dataset: Dataset, source: Pick<RowScoreSource, 'list'>, wanted: Wanted, tools: MeanRowTools): Promise<MeanTrace[]> {
  const { signal, options, file } = tools;
  const files = await source.list(signal);
  const found: { readonly ordinal: number; readonly trace: MeanTrace }[] = [];
  let begun = performance.now();
  for (const [i, one] of files.entries()) {
    signal.throwIfAborted();
    tools.progress(i, files.length);
    if (performance.now() - begun > SLICE) {
      await new Promise<void>((resume) => setImmediate(resume));
      begun = performance.now();
    }
    const numbered = /^row(\d+)$/.exec(one.key)?.[1];
    const ordinal = await dataset.find(one.key, numbered === undefined ? 0 : Number(numbered) - 1);
    if (ordinal === undefined) continue;
    const { key, traces } = await dataset.row(ordinal);
    const index = traces.findIndex(({ variant }) => (variant === undefined ? undefined : nameOf(variant)) === one.variant);
    const variant = traces[index]?.variant;
    const want = index < 0 ? undefined : wanted(ordinal, index);
    if (want === undefined) continue;
    const [{ text }, shard] = await Promise.all([dataset.text(ordinal, variant), one.read()]);
    const name = `${file} row ${String(ordinal + 1)}${variant === undefined ? '' : ` (${variant})`}`;
    const place = { uri: tools.uriOf({ dataset: dataset.path, key, ordinal, variant }), doc: name, file };
    const trace = meanTrace(place, parseTrace(text, options.splitter), shard, options.shapeRules);
    if (trace.judges.length > 0) found.push({ ordinal, trace: { ...trace, row: ordinal, ...want } });
  }
  return found.sort((a, b) => a.ordinal - b.ordinal).map(({ trace }) => trace);
}
