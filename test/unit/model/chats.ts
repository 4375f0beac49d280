import { onTestFinished } from 'vitest';
import type { ChatRequest } from '../../../src/model/chat';
import { isModelError, type ModelError } from '../../../src/model/modelError';
import { OpenAiChat, type OpenAiChatOptions } from '../../../src/model/openAiChat';
import { startModelServer, type ModelServer, type ModelServerOptions } from '../../harness/modelServer';

/** Looks like a key, opens nothing. */
export const KEY = 'sk-test-0123456789abcdef';

export const ENOUGH = new AbortController().signal;

/** A model server for the test that runs; ends with it. */
export async function serve(options: Partial<ModelServerOptions> = {}): Promise<ModelServer> {
  const server = await startModelServer({ reply: () => 'a reply', ...options });
  onTestFinished(() => server.stop());
  return server;
}

/** A chat with that server, that has `KEY` for its origin alone. */
export function chatWith(server: ModelServer, options: Partial<OpenAiChatOptions> = {}): OpenAiChat {
  return new OpenAiChat({
    baseUrl: server.url,
    model: 'scripted',
    keyOf: (origin) => Promise.resolve(origin === server.origin ? KEY : undefined),
    ...options,
  });
}

export function asking(content = 'hello', more: Partial<ChatRequest> = {}): ChatRequest {
  return { messages: [{ role: 'system', content: 'frame' }, { role: 'user', content }], sampling: {}, ...more };
}

export const SHAPE = {
  name: 'verdict',
  schema: { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'], additionalProperties: false },
};

/** The error that a request ends with. */
export async function errorOf(asked: Promise<unknown>): Promise<ModelError> {
  try {
    await asked;
  } catch (error) {
    if (isModelError(error)) return error;
    throw error;
  }
  throw new Error('There was no error.');
}
