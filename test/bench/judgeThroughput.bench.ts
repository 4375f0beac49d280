import { modelJudge } from '../../src/judge/model/modelJudge';
import { builtInRubric } from '../../src/judge/model/rubric';
import { ScoreLog } from '../../src/judge/scoreLog';
import { OpenAiChat } from '../../src/model/openAiChat';
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
const STEPS = 4;
const LATENCY = 50;
const CONCURRENCY = 8;

/**
 * Many traces over real HTTP: the judge's client and the server share this process and its one thread, so the figure is a floor.
 * Ideal is a server that answers after its latency, with all places for requests always taken.
 */
export async function rows(): Promise<Row[]> {
  const server = await startModelServer({ reply: scriptedReply(), latency: LATENCY });
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
    const took = await run(0, TRACES);
    const ideal = (TRACES * (STEPS + 1) * LATENCY) / CONCURRENCY;
    const share = ideal / took;
    return [
      { name: `${String(TRACES)} traces of ${String(STEPS)} steps at ${String(LATENCY)} ms, ${String(CONCURRENCY)} at once`, figure: took / 1000, unit: 's' },
      { name: 'of ideal throughput, at least 90 %', figure: 100 * share, unit: '%', ok: share >= 0.9 },
      { name: 'requests under way at once, at most as set', figure: server.mostInFlight, bound: CONCURRENCY },
    ];
  } finally {
    log.dispose();
    await server.stop();
  }
}
