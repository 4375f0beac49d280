import type { Exchange } from './chat';

/** What went wrong between us and a model's server. The judge's own codes, on what a reply says, are in `judge/judgeFault.ts`. */
export type ModelErrorCode =
  /** 401, 403: no key, or not a good one. */
  | 'unauthorized'
  /** 404: no such model, or no such address. */
  | 'model-not-found'
  /** 413, or 400 that says the context is too long. */
  | 'too-long'
  /** 429 that did not end within the retries. */
  | 'rate-limited'
  /** 5xx that did not end within the retries. */
  | 'server-error'
  /** Any other 4xx. */
  | 'bad-request'
  /** No answer, or none any more, within the time-out. */
  | 'timed-out'
  /** No connection could be made, or it was cut in the middle. */
  | 'connection-lost'
  /** The server points to another origin; neither key nor text is sent there. */
  | 'redirected'
  /** What came back is no answer of this API. */
  | 'not-understood'
  /** VS Code or its provider did not allow the request, or there is no such model. */
  | 'not-allowed';

/** Speaks to the researcher: what happened and what to do now. Never holds a key. */
export class ModelError extends Error {
  override readonly name = 'ModelError';

  constructor(
    readonly code: ModelErrorCode,
    message: string,
    readonly exchanges: readonly Exchange[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** By name, not by class: parts that are loaded on demand carry a copy of the class. */
export function isModelError(error: unknown): error is ModelError {
  return error instanceof Error && error.name === 'ModelError';
}
