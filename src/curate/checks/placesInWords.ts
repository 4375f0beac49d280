/** So many are named one by one. */
const NAMED = 6;

/** `Samples 3, 4 and 7`; of many `Samples 3, 4, 5, 6, 7, 8 and 20 more`. @param places 0-based; people count from 1 */
export function placesInWords(places: readonly number[]): string {
  const named = places.slice(0, NAMED).map((place) => String(place + 1));
  const more = places.length - named.length;
  if (more > 0) return `Samples ${named.join(', ')} and ${more.toLocaleString('en')} more`;
  const last = named.pop() ?? '';
  return named.length === 0 ? `Sample ${last}` : `Samples ${named.join(', ')} and ${last}`;
}

/** The beginning of a text as one line, to tell which is meant. */
export function beginningOf(text: string, most = 80): string {
  const line = text.slice(0, 4 * most).replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
  return line.length <= most ? `“${line}”` : `“${line.slice(0, most).trimEnd()}…”`;
}
