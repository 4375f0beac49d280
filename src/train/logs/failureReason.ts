import { failureInWords, type FailureInWords } from './knownCauses';

/** Of a log's end: a cause stands near it. Characters; ours. */
const END = 65_536;

/**
 * Why a run failed, from the end of its log and what its backend said. Where the backend says no more than that the entry point ended, or
 * nothing, the log knows best; else (a node that died, a package that was gone) the log may have ended in the middle of its work.
 */
export function failureReason(log: string, message: string | undefined): FailureInWords {
  const fromLog = failureInWords(log.slice(-END));
  const fromBackend = failureInWords((message ?? '').slice(-END));
  const [first, second] = message === undefined || /exit code|last available logs/.test(message) ? [fromLog, fromBackend] : [fromBackend, fromLog];
  return { line: first.line ?? second.line, hint: first.hint ?? second.hint };
}
