import { OfflineJudge } from '../../src/judge/offline/offlineJudge';
import { pairsIn } from '../unit/offlineMeasure';
import type { Row } from './row';

const LENGTH = 400;
const STEPS = 2000;

/** Steps of 400 characters from the development pairs, no two alike, in chains of 100. */
function chains(): string[][] {
  const words = pairsIn('dev-pairs.json').map((pair) => `${pair.error} ${pair.correction}`).join(' ');
  const steps = Array.from({ length: STEPS }, (_, i) => {
    const from = (i * 97) % (words.length - LENGTH);
    return `${String(i)} ${words.slice(from, from + LENGTH)}`;
  });
  return Array.from({ length: STEPS / 100 }, (_, i) => steps.slice(i * 100, i * 100 + 100));
}

/** Processor time, so that a busy machine does not count against it. */
function stepsPerSecond(score: (judge: OfflineJudge, chain: string[]) => void): number {
  let best = Infinity;
  const all = chains();
  for (let round = 0; round < 5; round++) {
    const judge = new OfflineJudge();
    const start = process.cpuUsage();
    for (const chain of all) score(judge, chain);
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1e6);
  }
  return STEPS / best;
}

/** The offline judge, as the runner asks it: with growing views. */
export function rows(): Promise<Row[]> {
  const growing = stepsPerSecond((judge, chain) => {
    for (let i = 1; i <= chain.length; i++) judge.scoreStep({ prompt: undefined, intent: 'harmful', steps: chain.slice(0, i) });
  });
  return Promise.resolve([
    { name: 'steps of 400 characters per second, growing views', figure: growing, unit: 'steps/s' },
  ]);
}
