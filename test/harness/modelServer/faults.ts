import type { Reply } from './answer';
import type { ReceivedRequest } from './received';

type Json = Readonly<Record<string, unknown>>;

/** One way to misbehave. */
export type Fault =
  /** Another answer than a completion. A text is sent as it is (as HTML), anything else as JSON. */
  | {
      readonly kind: 'http';
      readonly status: number;
      readonly body: string | Json | ((request: ReceivedRequest) => string | Json);
      readonly headers?: Readonly<Record<string, string>> | ((request: ReceivedRequest) => Readonly<Record<string, string>>);
    }
  /** Sends no more, and keeps the connection. */
  | { readonly kind: 'stall'; readonly where: 'before-headers' | 'midway' }
  /** Destroys the connection. */
  | { readonly kind: 'cut'; readonly where: 'before-headers' | 'midway' }
  /** A completion that says this instead of what the test's `reply` would. */
  | { readonly kind: 'reply'; readonly reply: Reply };

/** An error as OpenAI's API tells one. */
export function httpError(status: number, error: object, headers: Readonly<Record<string, string>> = {}): Fault {
  return { kind: 'http', status, body: { error }, headers };
}

const reply = (said: Reply): Fault => ({ kind: 'reply', reply: said });
const invalid = 'invalid_request_error';

/** Faults by name: the words are those of real servers. */
export const faults = {
  unauthorized: httpError(401, { message: 'Incorrect API key provided.', type: invalid, code: 'invalid_api_key' }),
  forbidden: httpError(403, { message: 'Your organization does not have access to this model.', type: invalid }),
  noModel: httpError(404, {
    message: 'The model `scripted` does not exist or you do not have access to it.',
    type: invalid,
    code: 'model_not_found',
  }),
  noAddress: { kind: 'http', status: 404, body: { detail: 'Not Found' } },
  tooLarge: { kind: 'http', status: 413, body: '<html><h1>413 Request Entity Too Large</h1></html>' },
  contextOverflow: httpError(400, {
    message: "This model's maximum context length is 4096 tokens. However, your messages resulted in 5000 tokens.",
    type: invalid,
    param: 'messages',
    code: 'context_length_exceeded',
  }),
  noStructuredOutput: httpError(400, {
    message: "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
    type: invalid,
    param: 'response_format',
  }),
  structuredOutputCrash: httpError(500, { message: 'Failed to compile grammar from json_schema', type: 'server_error' }),
  badRequest: httpError(400, { message: "Invalid value for 'seed': expected an integer.", type: invalid, param: 'seed' }),
  temperatureUnsupported: httpError(400, {
    message: "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
    type: invalid,
    param: 'temperature',
    code: 'unsupported_value',
  }),
  /** Azure's way to say that its filter stopped the request. */
  promptFiltered: httpError(400, {
    message: "The response was filtered due to the prompt triggering the service's content management policy.",
    code: 'content_filter',
    param: 'prompt',
  }),
  quotaUsedUp: httpError(429, {
    message: 'You exceeded your current quota, please check your plan and billing details.',
    type: 'insufficient_quota',
    code: 'insufficient_quota',
  }),
  serverError: httpError(500, { message: 'The server had an error while processing your request.', type: 'server_error' }),
  unavailable: { kind: 'http', status: 503, body: '<html><h1>503 Service Unavailable</h1></html>' },
  stallBeforeHeaders: { kind: 'stall', where: 'before-headers' },
  stallMidway: { kind: 'stall', where: 'midway' },
  cutBeforeHeaders: { kind: 'cut', where: 'before-headers' },
  cutMidway: { kind: 'cut', where: 'midway' },
  notJson: { kind: 'http', status: 200, body: '<html><h1>It works!</h1></html>' },
  /** Says JSON and is none. */
  brokenJson: { kind: 'http', status: 200, body: '{"choices": [', headers: { 'content-type': 'application/json' } },
  /** Another API's answer. */
  otherApi: { kind: 'http', status: 200, body: { hello: 'world' } },
  /** 200, and an error inside, as some gateways do. */
  errorInside: { kind: 'http', status: 200, body: { error: { message: 'Upstream provider failed', code: 502 } } },
  noChoices: reply({ content: null, noChoices: true }),
  cutOff: reply({ content: 'A reply that ends in the mid', finish: 'length' }),
  filtered: reply({ content: null, finish: 'content_filter' }),
  refusal: reply({ content: null, refusal: 'I cannot help with that.' }),
  empty: reply({ content: '' }),
  otherModel: reply({ content: 'A reply of another model', model: 'another-model' }),
} satisfies Record<string, Fault>;

/** 429 with `Retry-After` in seconds, or in milliseconds by OpenAI's `retry-after-ms`, or without any. */
export function rateLimited(wait: { readonly seconds?: number; readonly milliseconds?: number } = {}): Fault {
  return httpError(
    429,
    { message: 'Rate limit reached. Please try again later.', type: 'requests', code: 'rate_limit_exceeded' },
    {
      ...(wait.seconds === undefined ? {} : { 'retry-after': String(wait.seconds) }),
      ...(wait.milliseconds === undefined ? {} : { 'retry-after-ms': String(wait.milliseconds) }),
    },
  );
}

/** Points to the same path at another origin, or below another path of this one (`/moved`). */
export function redirected(to: string, status: 301 | 302 | 303 | 307 | 308 = 307): Fault {
  return { kind: 'http', status, body: '', headers: ({ path }) => ({ location: `${to}${path}` }) };
}

/** Tells the key it was sent, as a careless server might. */
export function echoesKey(status: number): Fault {
  return {
    kind: 'http',
    status,
    body: ({ headers }: ReceivedRequest) => ({ error: { message: `Bad credentials: ${String(headers.authorization)}` } }),
  };
}
