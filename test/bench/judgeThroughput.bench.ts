import { fork } from 'node:child_process';
import { modelJudge } from '../../src/judge/model/modelJudge';
import { builtInRubric } from '../../src/judge/model/rubric';
import { ScoreLog } from '../../src/judge/scoreLog';
import { DEFAULT_CONCURRENCY, OpenAiChat } from '../../src/model/openAiChat';
import { MemoryFiles } from '../../src/session/memoryFiles';
import { scoreTraces } from '../../src/session/scoreTraces';
import { TraceStore } from '../../src/session/traceStore';
import { systemClock } from '../../src/trace/clock';
import { startModelServer } from '../harness/modelServer';
import { scriptedReply } from '../harness/scriptedJudge';
import { steps, traceOf } from './corpus';
import { silent } from './silent';
import type { Row } from './row';

const TRACES = 200;
const STEPS = 3;
/** The best of so many runs counts: what else the machine does can only slow one. */
const RUNS = 2;
/** Characters of a judge's request, about. */
const BODY = 5000;
const LATENCY = 50;
const CONCURRENCY = DEFAULT_CONCURRENCY;
/** This file in a process of its own is the server: a client's thread is not to be slowed by it. */
const AS_SERVER = '--as-model-server';

interface Started {
  readonly url: string;
  mostInFlight(): Promise<number>;
  stop(): void;
}

/** The model server in a process of its own. */
async function startServer(): Promise<Started> {
  const child = fork(import.meta.filename, [AS_SERVER], { execArgv: [] });
  const next = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', (code) => { reject(new Error(`The model server ended with ${String(code)}.`)); });
    });
  const url = String(await next());
  return {
    url,
    mostInFlight: () => {
      const told = next();
      child.send('most');
      return told.then(Number);
    },
    stop: () => { child.kill(); },
  };
}

async function beServer(): Promise<void> {
  const script = scriptedReply();
  const server = await startModelServer({ reply: (request) => (request.json.messages.length === 1 ? 'bare' : script(request)), latency: LATENCY });
  process.on('message', () => process.send?.(server.mostInFlight));
  process.send?.(server.url);
}

/** The same number of requests, as fast as Node can make them: what a machine's timers, sockets and other work leave of the ideal. */
async function bareRequests(url: string, count: number, length: number): Promise<number> {
  const body = JSON.stringify({ model: 'scripted', messages: [{ role: 'user', content: 'x'.repeat(length) }] });
  const start = performance.now();
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await (await fetch(`${url}/chat/completions`, { method: 'POST', body })).text();
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return performance.now() - start;
}

if (process.argv[2] === AS_SERVER) await beServer();

/**
 * Many traces over real HTTP. Ideal are bare requests of the same number and size at the same concurrency, measured in turns: a machine
 * that has other work to do, or late timers, slows both.
 */
export async function rows(): Promise<Row[]> {
  const server = await startServer();
  const log = new ScoreLog(new MemoryFiles(), '/bench/.cotlens', silent);
  try {
    const chat = new OpenAiChat({ baseUrl: server.url, model: 'scripted', keyOf: () => Promise.resolve(undefined), concurrency: CONCURRENCY });
    const judge = modelJudge(chat, builtInRubric(), { judge: 'bench', label: 'bench', protocol: 'prefix' });
    const texts = steps({ steps: TRACES * STEPS, length: [200, 400] });
    const run = async (first: number, count: number): Promise<number> => {
      const traces = Array.from({ length: count }, (_, i) => {
        const doc = `${String(first + i)}.cot`;
        const open = (): Promise<{ state: ReturnType<TraceStore['update']>; log: ScoreLog; doc: string }> => {
          const store = new TraceStore((uri) => log.scores(uri));
          const state = store.update(doc, 1, traceOf(texts.slice(((first + i) % TRACES) * STEPS, (((first + i) % TRACES) + 1) * STEPS)));
          store.dispose();
          return Promise.resolve({ state, log, doc });
        };
        return { name: doc, open };
      });
      const start = performance.now();
      const { scored, stopped } = await scoreTraces(traces, { judge, clock: systemClock, signal: new AbortController().signal, progress: () => undefined });
      if (scored !== count * (STEPS + 1)) throw new Error(`${String(scored)} verdicts came: ${stopped?.message ?? 'and no reason'}`);
      return performance.now() - start;
    };
    await run(1000, 20);
    const requests = TRACES * (STEPS + 1);
    await bareRequests(server.url, 80, BODY);
    const [ours, bare]: [number[], number[]] = [[], []];
    for (let i = 0; i < RUNS; i++) {
      ours.push(await run(2000 * (i + 1), TRACES));
      bare.push(await bareRequests(server.url, requests, BODY));
    }
    const took = Math.min(...ours);
    const nominal = (requests * LATENCY) / CONCURRENCY;
    const share = Math.min(...bare) / took;
    return [
      { name: `${String(TRACES)} traces of ${String(STEPS)} steps at ${String(LATENCY)} ms, ${String(CONCURRENCY)} at once`, figure: took / 1000, unit: 's' },
      { name: 'of the throughput without any overhead', figure: (100 * nominal) / took, unit: '%' },
      { name: 'bare fetches: of the throughput without overhead', figure: (100 * nominal) / Math.min(...bare), unit: '%' },
      { name: 'of ideal throughput (bare fetches), at least 90 %', figure: 100 * share, unit: '%', ok: share >= 0.9 },
      { name: 'requests under way at once, at most as set', figure: await server.mostInFlight(), bound: CONCURRENCY },
    ];
  } finally {
    log.dispose();
    server.stop();
  }
}
