import type { Trace } from './trace';

/** The document's text from its parts: exactly what was parsed, byte for byte. */
export function printTrace(trace: Pick<Trace, 'parts'>): string {
  return trace.parts.map((part) => part.text).join('');
}
