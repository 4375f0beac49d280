import { isMainThread, parentPort, Worker, workerData, type MessagePort } from 'node:worker_threads';
import { readTokenizer, type CountingTokenizer } from './countingTokenizer';

/** Tells this file, run as a thread, that it is to count. */
const MARK = 'cotLens.countTokens';

interface Question {
  readonly id: number;
  /** Where the tokenizer is. */
  readonly place: string;
  readonly text: string;
}

type Reply = { readonly id: number; readonly tokens: number; readonly name: string } | { readonly id: number; readonly failed: string };

/** How many tokens a text has, by which tokenizer; or why it was not counted. */
export type ThreadCount = { readonly tokens: number; readonly name: string } | { readonly failed: string };

/**
 * Counts in a thread of its own, since a tokenizer takes a second to read and a hostile one may never come to an end. The thread begins
 * with the first question, keeps the tokenizer it read last, and ends with `dispose`.
 */
export class TokenThread {
  private worker: Worker | undefined;
  private readonly asked = new Map<number, { answer: (count: ThreadCount) => void; timer: NodeJS.Timeout }>();
  private next = 0;

  /**
   * @param file the bundle of this file, which the thread runs
   * @param patience milliseconds after which a count is given up and the thread ended
   */
  constructor(
    private readonly file: string,
    private readonly patience: number,
  ) {}

  count(place: string, text: string): Promise<ThreadCount> {
    return new Promise((resolve) => {
      const id = this.next++;
      const timer = setTimeout(() => {
        this.end(`The tokenizer at ${place} was given up after ${String(Math.round(this.patience / 1000))} seconds without a count.`);
      }, this.patience);
      this.asked.set(id, { answer: resolve, timer });
      this.running().postMessage({ id, place, text } satisfies Question);
    });
  }

  dispose(): void {
    this.end('The count was given up, since CoT Lens is being switched off.');
  }

  private running(): Worker {
    if (this.worker !== undefined) return this.worker;
    const worker = new Worker(this.file, { workerData: MARK });
    // It must keep no process alive that has nothing else to do.
    worker.unref();
    worker.on('message', (reply: Reply) => {
      const asked = this.asked.get(reply.id);
      if (asked === undefined) return;
      clearTimeout(asked.timer);
      this.asked.delete(reply.id);
      asked.answer('failed' in reply ? { failed: reply.failed } : { tokens: reply.tokens, name: reply.name });
    });
    worker.on('error', (error: unknown) => {
      if (this.worker === worker) this.end(`The tokenizer failed: ${error instanceof Error ? error.message : String(error)}.`);
    });
    this.worker = worker;
    return worker;
  }

  private end(why: string): void {
    const { worker } = this;
    this.worker = undefined;
    for (const { answer, timer } of this.asked.values()) {
      clearTimeout(timer);
      answer({ failed: why });
    }
    this.asked.clear();
    void worker?.terminate();
  }
}

/** The thread of this very bundle. */
export function startTokenThread(patience: number): TokenThread {
  return new TokenThread(__filename, patience);
}

function serve(port: MessagePort): void {
  let kept: { place: string; reading: Promise<CountingTokenizer> } | undefined;
  port.on('message', ({ id, place, text }: Question) => {
    if (kept?.place !== place) kept = { place, reading: readTokenizer(place) };
    const { reading } = kept;
    reading.then(
      (tokenizer) => {
        port.postMessage(counted(id, tokenizer, text));
      },
      (error: unknown) => {
        // Read anew next time: the file may be mended by then.
        if (kept?.reading === reading) kept = undefined;
        port.postMessage({ id, failed: error instanceof Error ? error.message : String(error) } satisfies Reply);
      },
    );
  });
}

function counted(id: number, tokenizer: CountingTokenizer, text: string): Reply {
  try {
    return { id, tokens: tokenizer.count(text), name: tokenizer.name };
  } catch (error) {
    return { id, failed: `The tokenizer “${tokenizer.name}” cannot count this text (${error instanceof Error ? error.message : String(error)}).` };
  }
}

if (!isMainThread && workerData === MARK && parentPort !== null) serve(parentPort);
