import { curated } from '../trace/formats/curated';
import { parseTrace } from '../trace/parseTrace';
import type { JsonObject } from '../trace/rows/fieldRef';
import { composeRow } from '../trace/rows/rowDocument';
import type { Splitter } from '../trace/splitters';
import type { Trace } from '../trace/trace';
import type { CuratedSample } from './sample';
import { sampleRow } from './sampleLine';

/** A sample as a `.cot` document: the same text as its row opens as, its provenance in the front matter. */
export function sampleDocument(sample: CuratedSample): string {
  const row = sampleRow(sample);
  const [trace] = curated.read(row);
  if (trace === undefined) throw new Error('A sample reads as one trace.');
  const { injected, ...more } = sample.cotlens;
  const overlay: JsonObject = { ...(more as JsonObject), ...(injected.length === 0 ? {} : { injected: injected as unknown as JsonObject[] }) };
  return composeRow(trace, overlay);
}

/**
 * A sample as a trace, for what works on traces: checks, exports, mean curves. Its steps are cut again by the splitter, so that a list
 * that was cut otherwise may come to have other steps.
 */
export function sampleTrace(sample: CuratedSample, splitter?: Splitter): Trace {
  return parseTrace(sampleDocument(sample), splitter);
}
