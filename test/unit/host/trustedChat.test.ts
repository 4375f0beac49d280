import { afterEach, describe, expect, it } from 'vitest';
import { TrustedChat } from '../../../src/host/trustedChat';
import type { Chat, ChatReply } from '../../../src/model/chat';
import { world } from '../vscode/standIn';

const REPLY: ChatReply = { text: 'yes', ending: 'stop', model: 'm', structured: false, exchanges: [] };

describe('a workspace that is not trusted', () => {
  afterEach(() => {
    world.trusted = true;
  });

  it('sends nothing to a model, and what is trusted does', async () => {
    let asked = 0;
    const chat: Chat = {
      destination: { origin: 'https://models.example', model: 'm', local: false },
      concurrency: 3,
      ask: () => {
        asked++;
        return Promise.resolve(REPLY);
      },
    };
    const guarded = new TrustedChat(chat);
    expect(guarded).toMatchObject({ destination: chat.destination, concurrency: 3 });
    world.trusted = false;
    await expect(guarded.ask({ messages: [], sampling: {} }, new AbortController().signal)).rejects.toMatchObject({
      code: 'not-allowed',
      message: expect.stringContaining('https://models.example') as string,
    });
    expect(asked).toBe(0);
    world.trusted = true;
    expect(await guarded.ask({ messages: [], sampling: {} }, new AbortController().signal)).toBe(REPLY);
    expect(asked).toBe(1);
  });
});
