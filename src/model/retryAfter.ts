/** Seconds that a server asks to wait: `retry-after-ms`, or `Retry-After` as seconds or as a date. */
export function retryAfter(headers: Headers): number | undefined {
  const milliseconds = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (!Number.isNaN(milliseconds)) return Math.max(0, milliseconds / 1000);
  const given = headers.get('retry-after') ?? '';
  const inSeconds = Number.parseFloat(given);
  const found = Number.isNaN(inSeconds) ? (Date.parse(given) - Date.now()) / 1000 : inSeconds;
  return Number.isNaN(found) ? undefined : Math.max(0, found);
}
