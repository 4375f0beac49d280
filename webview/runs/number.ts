/** A number as it is read on the page, in at most `digits` significant digits: `2.314`, `1e−4`, `12,000`. */
export function number(value: number, digits = 4): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 10_000 && size < 1e9) return Math.round(value).toLocaleString('en-US').replace('-', '−');
  const short = size < 1e-3 || size >= 1e9 ? Number(value.toPrecision(digits)).toExponential() : String(Number(value.toPrecision(digits)));
  return short.replace('e+', 'e').replaceAll('-', '−');
}
