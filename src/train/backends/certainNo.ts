/** What a server, or a proxy before it, answers though the request may have been carried out: a time-out, a conflict, too early, a client that is gone. */
const DOUBTFUL: ReadonlySet<number> = new Set([408, 409, 425, 499]);

/** Does an answer of this status say that nothing was carried out? */
export function isCertainNo(status: number): boolean {
  return status >= 400 && status < 500 && !DOUBTFUL.has(status);
}
