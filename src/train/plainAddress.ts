/**
 * Is it an address of HTTP without user, password, question or fragment? What is in an address of a backend or a guard is shown, kept and
 * sent, so that no secret may be, and paths are put behind it.
 */
export function isPlainAddress(url: string): boolean {
  if (/[?#]/.test(url) || !URL.canParse(url)) return false;
  const { protocol, username, password } = new URL(url);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
