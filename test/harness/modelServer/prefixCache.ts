import { createHash } from 'node:crypto';
import type { ReceivedMessage } from './received';

export interface CountedUsage {
  readonly input: number;
  readonly cached: number | undefined;
}

const CHARACTERS_PER_TOKEN = 4;
const BLOCK_CHARACTERS = 16 * CHARACTERS_PER_TOKEN;

/**
 * Counts tokens as a server with a prefix cache would. A token is four characters of the rendered messages, and a cache holds whole
 * blocks of 16 tokens, each known by all that came before it (as vLLM's; the sizes are ours). A request's blocks are held once it
 * was answered, so requests under way at once share nothing.
 */
export class PrefixCache {
  readonly #blocks = new Set<string>();

  count(messages: readonly ReceivedMessage[], told = true): CountedUsage {
    const input = Math.ceil(rendered(messages).length / CHARACTERS_PER_TOKEN);
    if (!told) return { input, cached: undefined };
    const names = blockNames(messages);
    const missing = names.findIndex((name) => !this.#blocks.has(name));
    const known = missing === -1 ? names.length : missing;
    return { input, cached: known * (BLOCK_CHARACTERS / CHARACTERS_PER_TOKEN) };
  }

  keep(messages: readonly ReceivedMessage[]): void {
    for (const name of blockNames(messages)) this.#blocks.add(name);
  }
}

function rendered(messages: readonly ReceivedMessage[]): string {
  return messages.map(({ role, content }) => `<${role}>\n${content}\n`).join('');
}

/** A block's name stands for itself and for all blocks before it. */
function blockNames(messages: readonly ReceivedMessage[]): string[] {
  const text = rendered(messages);
  const names: string[] = [];
  let before = '';
  for (let end = BLOCK_CHARACTERS; end <= text.length; end += BLOCK_CHARACTERS) {
    const block = text.slice(end - BLOCK_CHARACTERS, end);
    before = createHash('sha1').update(before).update(block).digest('base64');
    names.push(before);
  }
  return names;
}
