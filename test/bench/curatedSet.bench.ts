import { existsSync, readFileSync } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { printSample } from '../../src/curate/sampleLine';
import { sampleHash } from '../../src/curate/sampleHash';
import type { CuratedSample } from '../../src/curate/sample';
import { createCuratedSets } from '../../src/session/curated/curatedSets.onDemand';
import type { CuratedSet } from '../../src/session/curated/curatedSet';
import { stepHash } from '../../src/trace/stepHash';
import { seeded } from '../seeded';
import { inFolder } from './datasetFile';
import { collectGarbage, processorTime } from './measure';
import type { Row } from './row';

const SAMPLES = 10_000;
const ROUNDS = 7;

const WORDS = 'soil water bean frost light window pot basil seed shade morning warm the a of and so then because first maybe leaf root'.split(' ');

/** A set of 10,000 samples: opened against the least that anybody must do to look at its lines, and one more added. */
export function rows(): Promise<Row[]> {
  return inFolder(async (folder) => {
    const file = path.join(folder, 'large.curated.jsonl');
    const random = seeded(11);
    const handle = await open(file, 'w');
    for (let i = 0; i < SAMPLES; i += 500) await handle.write(Array.from({ length: 500 }, (_, at) => `${printSample(sample(i + at, random))}\n`).join(''));
    await handle.close();
    const { size } = await stat(file);
    const { base, opening, stall } = await openedAgainstRead(folder, file);
    return [
      { name: 'samples', figure: SAMPLES },
      { name: 'size of the set', figure: size / 1e6, unit: 'MB' },
      { name: 'base: the file read once, cut into lines, each through JSON.parse', figure: base, unit: 'ms' },
      { name: 'the set opened, with its cards', figure: opening, unit: 'ms' },
      { name: 'the set opened against that base', figure: opening / base, unit: 'x', bound: 5 },
      { name: '… the longest that other work waited', figure: stall, unit: 'ms', bound: 100 },
      ...(await adding(folder, file, sample(SAMPLES, random))),
    ];
  });
}

async function opened(folder: string, file: string): Promise<{ set: CuratedSet; end: () => void }> {
  const say = (): void => undefined;
  const placeOf = (one: string): { folder: string; doc: string } => ({ folder: path.join(folder, '.cotlens'), doc: path.relative(folder, one) });
  const sets = createCuratedSets({ placeOf, own: folder, log: { info: say, warn: say, error: say } });
  return {
    set: await sets.open(file),
    end: () => {
      sets.dispose();
    },
  };
}

/** The best of several each, in turns, on a file that the system has in memory. Milliseconds of processor time. */
async function openedAgainstRead(folder: string, file: string): Promise<{ base: number; opening: number; stall: number }> {
  let [base, opening, stall] = [Infinity, Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round++) {
    collectGarbage();
    let start = processorTime();
    const lines = (await readFile(file, 'utf8')).split('\n');
    const read = lines.filter((line) => line !== '').map((line) => (JSON.parse(line) as CuratedSample).id);
    base = Math.min(base, processorTime() - start);
    if (read.length !== SAMPLES) throw new Error(`${String(read.length)} lines`);
    collectGarbage();
    let [longest, last] = [0, performance.now()];
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    start = processorTime();
    const { set, end } = await opened(folder, file);
    opening = Math.min(opening, processorTime() - start);
    clearInterval(beat);
    stall = Math.min(stall, longest);
    if (set.cards.length !== SAMPLES || set.cards.every(({ earned }) => earned === undefined)) throw new Error(`${String(set.cards.length)} cards`);
    end();
  }
  return { base, opening, stall };
}

/** What is written when one more is added. */
async function adding(folder: string, file: string, more: CuratedSample): Promise<Row[]> {
  const { set, end } = await opened(folder, file);
  const before = await readFile(file);
  const { ino } = await stat(file);
  const own = Buffer.byteLength(`${printSample(more)}\n`);
  const written = bytesWritten();
  const start = performance.now();
  await set.add(more);
  const took = performance.now() - start;
  const all = written === undefined ? undefined : (bytesWritten() ?? 0) - written;
  end();
  const after = await readFile(file);
  const isPrefix = after.subarray(0, before.length).equals(before) && (await stat(file)).ino === ino;
  return [
    { name: 'one added', figure: took, unit: 'ms' },
    { name: 'the file has grown by, beyond the new line', figure: after.length - before.length - own, unit: 'bytes', bound: 0 },
    { name: 'what was there is there, in the same file (1: yes)', figure: isPrefix ? 1 : 0, ok: isPrefix },
    // The engine's own signals from thread to thread are some bytes too.
    ...(all === undefined ? [] : [{ name: 'the process has written, beyond the new line', figure: all - own, unit: 'bytes', bound: 4096 }]),
  ];
}

/** What this process has given to the system to write, to whatever it was; `undefined` where the system does not tell. */
function bytesWritten(): number | undefined {
  if (!existsSync('/proc/self/io')) return undefined;
  return Number(/^wchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}

/** A sample as long as those of STAR-1, scored by two judges. */
function sample(number: number, random: () => number): CuratedSample {
  const text = (words: number): string => Array.from({ length: words }, () => WORDS[Math.floor(random() * WORDS.length)] ?? '').join(' ');
  const steps = Array.from({ length: 7 }, (_, i) => text(45) + (i === 6 ? '' : '\n\n'));
  const anchor = (at: number): { step: string; occurrence: number; of: number } => ({ step: stepHash((steps[at] ?? '').trim()), occurrence: 1, of: 1 });
  const making = { recipe: 'temptation-correction', by: 'gpt-4o-2024-08-06', instructions: 'temptation-correction@1a2b3c4d', at: '2026-11-21T10:00:00.000Z', guard: 'no by guard-1' };
  const bare: CuratedSample = {
    ...{ id: `shed-${String(number)}.temptation-correction.1a2b3c4d`, intent: 'harmful', recipe: 'temptation-correction', prompt: text(30) },
    ...{ steps, answer: text(60), model: 'kitchen-7b', source: 'garden', verdicts: [], findings: [], added: '2026-11-21T10:00:00.000Z', from: 'shed.jsonl' },
    base: { steps: steps.filter((_, i) => i !== 3 && i !== 4), answer: '' },
    cotlens: { injected: [{ ...anchor(3), role: 'error', ...making }, { ...anchor(4), role: 'correction', ...making }] },
  };
  const verdicts = ['gpt-4o', 'judge-2'].map((judge) => ({
    of: sampleHash(bare),
    judge: { judge, label: judge, protocol: 'prefix' as const, rubric: 'prefix@1a2b3c4d', earnsNames: true },
    harmfulness: [1, 1, 1, 4, 1, 1, 1],
    helpfulness: [null, null, null, null, null, null, null],
    answer: { harmfulness: 1, helpfulness: null },
  }));
  return { ...bare, verdicts };
}
