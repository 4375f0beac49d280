import { OfflineJudge } from '../../src/judge/offline/offlineJudge';
import { ScoreLog } from '../../src/judge/scoreLog';
import { scoreTrace } from '../../src/session/scoreTrace';
import { TraceStore } from '../../src/session/traceStore';
import { systemClock } from '../../src/trace/clock';
import { steps, traceOf } from './corpus';
import { median, processorTime } from './measure';
import { MemoryFiles } from '../../src/session/memoryFiles';
import { silent } from './silent';
import type { Row } from './row';

const FEW = 200;
const MANY = 2000;
const ROUNDS = 11;

/** Milliseconds a step that scoring a whole trace takes, from the command to the last line in the score file. */
async function perStep(text: string, count: number): Promise<number> {
  const log = new ScoreLog(new MemoryFiles(), '/bench/.cotlens', silent);
  const store = new TraceStore((uri) => log.scores(uri));
  const state = store.update('bench.cot', 1, text);
  // A new judge each time: what it remembers of steps it has read would make later rounds quicker.
  const judge = new OfflineJudge();
  const start = processorTime();
  const { scored } = await scoreTrace(state, {
    judge,
    log,
    doc: 'bench.cot',
    clock: systemClock,
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  const took = processorTime() - start;
  store.dispose();
  log.dispose();
  // The answer is scored as well.
  if (scored !== count + 1) throw new Error(`${String(scored)} of ${String(count + 1)} verdicts came.`);
  return took / scored;
}

/** The offline judge on made-up steps of 400 characters: how fast, and that a long trace costs no more a step. */
export async function rows(): Promise<Row[]> {
  const text = (count: number): string => traceOf(steps({ steps: count, length: [400, 400] }));
  const few = text(FEW);
  const many = text(MANY);
  const ratios: number[] = [];
  const times: number[] = [];
  for (let round = -2; round < ROUNDS; round++) {
    // As many short traces as hold the steps of the long one: both samples last equally long.
    let short = 0;
    for (let i = 0; i < MANY / FEW; i++) short += await perStep(few, FEW);
    const long = await perStep(many, MANY);
    if (round < 0) continue;
    ratios.push(long / (short / (MANY / FEW)));
    times.push(long);
  }
  return [
    { name: 'offline scoring, steps of 400 characters', figure: 1000 / median(times), unit: 'steps/s' },
    { name: 'time a step, 2,000 steps / 200 steps', figure: median(ratios), unit: 'x', bound: 2 },
  ];
}
