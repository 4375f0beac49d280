import { describe, expect, it, onTestFinished, vi } from 'vitest';
import * as z from 'zod';
import { Channel, type Handlers } from '../../../webview/channel';

const page = {
  events: { clicked: z.object({ step: z.int().min(0) }) },
  requests: { textOf: { asks: z.object({ step: z.int() }), answers: z.object({ text: z.string() }) } },
};
const host = { events: { model: z.object({ steps: z.int() }) }, requests: {} };

/** Both ends on one line, as VS Code joins them: messages are copied, and come later. */
function ends(handlers: Partial<Handlers<typeof page>> = {}) {
  const log: string[] = [];
  const posted: unknown[] = [];
  const heard: unknown[] = [];
  const atHost: Channel<typeof host, typeof page> = new Channel(
    host,
    page,
    {
      events: handlers.events ?? { clicked: (body) => void heard.push(body) },
      requests: handlers.requests ?? { textOf: ({ step }) => Promise.resolve({ text: `step ${String(step)}` }) },
    },
    { post: (message) => void later(message, (one) => atPage.receive(one)), log: (line) => void log.push(line) },
  );
  const atPage: Channel<typeof page, typeof host> = new Channel(
    page,
    host,
    { events: { model: (body) => void heard.push(body) }, requests: {} },
    {
      post: (message) => {
        posted.push(message);
        void later(message, (one) => atHost.receive(one));
      },
      log: (line) => void log.push(line),
    },
  );
  return { atHost, atPage, log, posted, heard };
}

async function later(message: unknown, take: (message: unknown) => void): Promise<void> {
  const copy = JSON.parse(JSON.stringify(message)) as unknown;
  await Promise.resolve();
  take(copy);
}

describe('the line between a page and the extension', () => {
  it('carries events and answers requests', async () => {
    const { atHost, atPage, heard } = ends();
    atPage.send('clicked', { step: 3 });
    atHost.send('model', { steps: 9 });
    expect(await atPage.request('textOf', { step: 2 })).toEqual({ text: 'step 2' });
    expect(heard).toEqual([{ step: 3 }, { steps: 9 }]);
  });

  it.each([
    ['nothing', undefined],
    ['a string', 'clicked'],
    ['an unknown event', { event: 'explode', body: {} }],
    ['a name that every object has', { event: 'constructor', body: {} }],
    ['the prototype', { event: '__proto__', body: {} }],
    ['a malformed event', { event: 'clicked', body: { step: -1 } }],
    ['an event without a body', { event: 'clicked' }],
    ['a request without an id', { request: 'textOf', body: { step: 1 } }],
    ['a reply to nobody', { replyTo: 77, ok: true, body: {} }],
  ])('ignores %s, and says so', (_what, message) => {
    const { atHost, log, heard } = ends();
    atHost.receive(message);
    expect(heard).toEqual([]);
    expect(log).toHaveLength(1);
  });

  it('never logs what a message holds', () => {
    const { atHost, log } = ends();
    atHost.receive({ event: 'clicked', body: { step: 'a secret' } });
    atHost.receive({ event: 'x'.repeat(5000) + '\n', body: 'a secret' });
    expect(log.join()).not.toMatch(/secret/);
    expect(log.join().length).toBeLessThan(200);
  });

  it('refuses what it does not know, and what is malformed, in words', async () => {
    const replies: unknown[] = [];
    const end = new Channel(
      host,
      page,
      { events: { clicked: () => undefined }, requests: { textOf: () => Promise.resolve({ text: '' }) } },
      { post: (message) => void replies.push(message), log: () => undefined },
    );
    end.receive({ request: 'erase', id: 1, body: {} });
    end.receive({ request: 'toString', id: 2, body: {} });
    end.receive({ request: 'textOf', id: 3, body: { step: 'two' } });
    end.receive({ request: 'textOf', id: 4, body: { step: 2 } });
    await vi.waitFor(() => {
      expect(replies).toHaveLength(4);
    });
    expect(replies).toEqual([
      { replyTo: 1, ok: false, error: 'There is no such request.' },
      { replyTo: 2, ok: false, error: 'There is no such request.' },
      { replyTo: 3, ok: false, error: 'The request textOf is malformed.' },
      { replyTo: 4, ok: true, body: { text: '' } },
    ]);
  });

  it('hands on the words of a failed request', async () => {
    const { atPage } = ends({ requests: { textOf: () => Promise.reject(new Error('The trace was closed.')) } });
    await expect(atPage.request('textOf', { step: 1 })).rejects.toThrow('The trace was closed.');
    const throwing = ends({
      requests: {
        textOf: () => {
          throw new Error('At once.');
        },
      },
    });
    await expect(throwing.atPage.request('textOf', { step: 1 })).rejects.toThrow('At once.');
  });

  it('takes no malformed answer', async () => {
    const { atPage } = ends({ requests: { textOf: () => Promise.resolve({ text: 3 } as unknown as { text: string }) } });
    await expect(atPage.request('textOf', { step: 1 })).rejects.toThrow(/malformed/);
  });

  it('gives up after a while, and ignores the answer that comes too late', async () => {
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
    let answer: (given: { text: string }) => void = () => undefined;
    const { atPage, log } = ends({ requests: { textOf: () => new Promise((resolve) => (answer = resolve)) } });
    const asked = atPage.request('textOf', { step: 1 }, 1000);
    const failed = expect(asked).rejects.toThrow(/within 1 s/);
    await vi.advanceTimersByTimeAsync(1001);
    await failed;
    answer({ text: 'late' });
    await vi.advanceTimersByTimeAsync(1);
    expect(log).toEqual(['A reply that nobody waits for was ignored.']);
  });

  it('waits for ever where a person is asked', async () => {
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
    let answer: (given: { text: string }) => void = () => undefined;
    const { atPage } = ends({ requests: { textOf: () => new Promise((resolve) => (answer = resolve)) } });
    const asked = atPage.request('textOf', { step: 1 }, 0);
    await vi.advanceTimersByTimeAsync(3_600_000);
    answer({ text: 'after an hour' });
    expect(await asked).toEqual({ text: 'after an hour' });
  });

  it('rejects what is open when it is disposed, and does nothing afterwards', async () => {
    const { atPage, posted, heard } = ends({ requests: { textOf: () => new Promise(() => undefined) } });
    const asked = atPage.request('textOf', { step: 1 });
    atPage.dispose();
    await expect(asked).rejects.toThrow(/closed/);
    const before = posted.length;
    atPage.send('clicked', { step: 1 });
    await expect(atPage.request('textOf', { step: 1 })).rejects.toThrow(/closed/);
    atPage.receive({ event: 'model', body: { steps: 1 } });
    expect(posted).toHaveLength(before);
    expect(heard).toEqual([]);
  });

  it('survives a handler that throws', () => {
    const { atHost, log } = ends({
      events: {
        clicked: () => {
          throw new Error('no');
        },
      },
    });
    atHost.receive({ event: 'clicked', body: { step: 1 } });
    expect(log).toHaveLength(1);
  });
});
