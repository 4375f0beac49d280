import { named, seconds, type Addressee } from './endpointError';
import { ModelError } from './modelError';

export function timedOutError(to: Addressee, milliseconds: number, heardSome: boolean): ModelError {
  const what = heardSome ? 'said no more for' : 'did not answer within';
  return new ModelError(
    'timed-out',
    `${named(to)} at ${to.origin} ${what} ${seconds(milliseconds / 1000)}. Try again, look whether the server still runs, or set a longer “timeoutSeconds” for this model in cotLens.judges.`,
  );
}

/** Why no connection could be made, by the code of Node's error; what is not listed is said with its code. */
const CONNECTION: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there',
  ENOTFOUND: 'There is no such host',
  EAI_AGAIN: 'The host could not be looked up',
  ETIMEDOUT: 'It could not be reached in time',
  UND_ERR_CONNECT_TIMEOUT: 'It could not be reached in time',
  EHOSTUNREACH: 'It cannot be reached from here',
  ENETUNREACH: 'It cannot be reached from here',
  ECONNRESET: 'The connection was cut',
  UND_ERR_SOCKET: 'The connection was cut',
  EPIPE: 'The connection was cut',
};

/** @param midway did something of the reply come already? */
export function connectionError(to: Addressee, cause: unknown, midway: boolean): ModelError {
  const code = codeOf(cause);
  if (midway) {
    return new ModelError(
      'connection-lost',
      `The connection to ${to.origin} was cut in the middle of the reply of ${named(to)}. Try again: of scores, only what is missing is asked for once more.`,
    );
  }
  const certificate = code !== undefined && /CERT|SSL|TLS|UNABLE_TO_VERIFY/.test(code);
  const why = certificate
    ? `Its certificate is not trusted (${code})`
    : ((code === undefined ? undefined : CONNECTION[code]) ?? `The connection failed${code === undefined ? '' : ` (${code})`}`);
  return new ModelError(
    'connection-lost',
    `No answer from ${to.origin} for ${named(to)}. ${why}. Check that the server runs and the base URL of this model, and try again.`,
  );
}

/** The code of an error, or of what caused it. */
export function codeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) return codeOf(at.errors[0]);
  }
  return undefined;
}

export function notUnderstoodError(to: Addressee, what: string, body: string): ModelError {
  const characters = Array.from(body.slice(0, 1000).replace(/\s+/g, ' ').trim());
  const shown = characters.length > 120 ? `${characters.slice(0, 120).join('')}…` : characters.join('');
  return new ModelError(
    'not-understood',
    `What ${to.origin} sent for ${named(to)} is no reply of an OpenAI-compatible server: ${what}. Check the base URL of this model, which mostly ends in /v1.${shown === '' ? '' : ` It begins: “${shown}”`}`,
  );
}
