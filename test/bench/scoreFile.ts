import { OfflineJudge } from '../../src/judge/offline/offlineJudge';
import { scoreFileName } from '../../src/judge/scoreFileName';
import { ScoreLog } from '../../src/judge/scoreLog';
import type { ScoreRecord } from '../../src/judge/scoreRecord';
import { digest } from '../../src/judge/textChain';
import { collectGarbage, processorTime } from './measure';
import { MemoryFiles } from '../../src/session/memoryFiles';
import { silent } from './silent';

const DOC = 'bench.cot';
const LINES = 1000;
const ROUNDS = 25;

/** Times as long to load a score file with ten times the lines, every seventh of them no record. */
export async function scoreFileScaling(): Promise<number> {
  const [small, large] = [await written(LINES), await written(10 * LINES)];
  const least: [number, number] = [Infinity, Infinity];
  for (let i = 0; i < ROUNDS; i++) await load(large);
  for (let round = 0; round < ROUNDS; round++) {
    collectGarbage();
    least[0] = Math.min(least[0], await load(small));
    collectGarbage();
    least[1] = Math.min(least[1], await load(large));
  }
  return least[1] / least[0];
}

async function written(lines: number): Promise<MemoryFiles> {
  const files = new MemoryFiles();
  const { identity } = new OfflineJudge();
  const text = Array.from({ length: lines }, (_, i) => (i % 7 === 3 ? '{"torn": "lin\n' : `${JSON.stringify(record(i, identity))}\n`));
  await files.append(`/bench/.cotlens/scores/${scoreFileName(DOC)}`, text.join(''));
  return files;
}

function record(i: number, judge: ScoreRecord['judge']): ScoreRecord {
  const text = digest('step', String(i));
  const seen = digest('seen', text);
  return {
    v: 1, time: '2025-01-01T00:00:00.000Z', doc: DOC, target: 'step', step: i + 1, seen, text, judge,
    intent: 'unknown', splitter: 'blank-lines', harmfulness: 2, helpfulness: 4, reason: 'hedge: "perhaps"; risk-word: "risk"',
  };
}

async function load(files: MemoryFiles): Promise<number> {
  const log = new ScoreLog(files, '/bench/.cotlens', silent);
  const start = processorTime();
  await log.load(DOC);
  const took = processorTime() - start;
  log.dispose();
  return took;
}
