import { isIntent } from '../../trace/intent';
import type { JsonObject, JsonValue } from '../../trace/rows/fieldRef';
import type { HeadValue, RowTrace } from '../../trace/rows/rowTrace';
import { overlayOf } from './overlays';

/**
 * The traces of a row with what a person said of them over what the row says itself, as their documents show it: intent, id, model
 * and source. What was taken away there (`null`) is not there.
 * @param kept the value of the row's key `cotlens`, or what stands for it
 */
export function overlaidTraces(traces: readonly RowTrace[], kept: unknown): readonly RowTrace[] {
  if (kept === undefined) return traces;
  return traces.map((trace, i) => {
    const overlay = overlayOf(kept, i === 0 ? undefined : trace.variant);
    return overlay === undefined ? trace : overlaid(trace, overlay);
  });
}

function overlaid(trace: RowTrace, overlay: JsonObject): RowTrace {
  const { intent } = overlay;
  return {
    ...trace,
    intent: intent === undefined ? trace.intent : isIntent(intent) ? intent : 'unknown',
    id: valueOver(trace.id, overlay, 'id'),
    model: valueOver(trace.model, overlay, 'model'),
    source: valueOver(trace.source, overlay, 'source'),
  };
}

function valueOver(own: HeadValue | undefined, overlay: JsonObject, name: string): HeadValue | undefined {
  const over: JsonValue | undefined = Object.hasOwn(overlay, name) ? overlay[name] : undefined;
  if (over === undefined) return own;
  return over === null || typeof over === 'object' ? undefined : { value: String(over) };
}
