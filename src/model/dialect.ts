import type { ChatRequest } from './chat';
import { saysTooLong, type Refusal } from './endpointError';

/** How one server wants to be spoken to, where OpenAI-compatible servers differ; learnt from what it refuses. */
export interface Dialect {
  /** Does it take `response_format` with a JSON Schema? */
  readonly shape: boolean;
  /** Does it take `stream_options`? */
  readonly streamUsage: boolean;
  /** Newer models of OpenAI know only the second, most other servers only the first. */
  readonly limit: 'max_tokens' | 'max_completion_tokens';
}

export const FIRST_DIALECT: Dialect = { shape: true, streamUsage: true, limit: 'max_tokens' };

/** How servers call what `response_format` needs: of OpenAI, vLLM, llama.cpp, SGLang, OpenRouter. */
const SHAPE =
  /response_?format|json[_ ]?schema|structured[_ ]outputs?|guided[_ ](?:json|decoding)|grammar|no endpoints found.*requested parameters/i;

/**
 * What to change in the dialect before asking again after a refusal; `undefined` where nothing would help. Only what the server's own words name is given up,
 * so that a failure of another kind never costs the promise of a shape.
 */
export function dialectChange(refusal: Refusal): Partial<Dialect> | undefined {
  const { status, says, fields = [] } = refusal;
  if (saysTooLong(refusal) || (![400, 404, 415, 422].includes(status) && status < 500)) return undefined;
  const words = `${says.param ?? ''} ${says.message}`;
  if (fields.includes('response_format') && SHAPE.test(words)) return { shape: false };
  if (status >= 500) return undefined;
  if (fields.includes('stream_options') && /stream_options|include_usage/.test(words)) return { streamUsage: false };
  if (fields.includes('max_tokens') && /max_completion_tokens/.test(words)) return { limit: 'max_completion_tokens' };
  return undefined;
}

/**
 * The body of a request. `messages` stands last, so that requests whose messages begin alike are bodies that begin alike.
 */
export function requestBody(model: string, request: ChatRequest, dialect: Dialect, stream: boolean): Readonly<Record<string, unknown>> {
  const { shape, sampling, messages } = request;
  return {
    model,
    ...(stream ? { stream: true } : {}),
    ...(stream && dialect.streamUsage ? { stream_options: { include_usage: true } } : {}),
    ...(sampling.temperature === undefined ? {} : { temperature: sampling.temperature }),
    ...(sampling.seed === undefined ? {} : { seed: sampling.seed }),
    ...(sampling.maxTokens === undefined ? {} : { [dialect.limit]: sampling.maxTokens }),
    ...(shape === undefined || !dialect.shape
      ? {}
      : { response_format: { type: 'json_schema', json_schema: { name: shape.name, strict: true, schema: shape.schema } } }),
    messages: messages.map(({ role, content }) => ({ role, content })),
  };
}
