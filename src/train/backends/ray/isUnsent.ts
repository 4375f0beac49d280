/**
 * Did a request fail before a byte of it can have arrived, by the error of Node? By its code alone that cannot be told: a host that cannot
 * be reached any more, as when a VPN drops, is also what a connection ends with that stood, and that carried all of the request.
 */
export function isUnsent(error: unknown): boolean {
  // Of a name with several addresses each was tried.
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isUnsent);
  return error instanceof Error && ['connect', 'getaddrinfo'].includes((error as NodeJS.ErrnoException).syscall ?? '');
}
