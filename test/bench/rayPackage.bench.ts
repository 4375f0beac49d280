import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { rayPackage } from '../../src/train/backends/ray/rayPackage';
import { ROWS_FILE } from '../../src/train/rowsFile';
import { seeded } from '../seeded';
import { collectGarbage, longestWait, median, processorTime } from './measure';
import type { Row } from './row';

const SAMPLES = 10_000;
const CHARACTERS = 3_000;
const ROUNDS = 7;
/** Against zipping the same bytes once. */
const BOUND = 2;
/** Milliseconds that other work may wait. */
const LONGEST_WAIT = 100;

const never = new AbortController().signal;
const WORDS = 'soil water bean frost light window pot basil seed shade morning warm the a of and so then because first maybe leaf root user wants know should think again wait no yes'.split(' ');

/** The package of a run of 10,000 rows, against the least that anybody must do to send them zipped: `node:zlib`, level 6, once. */
export async function rows(): Promise<Row[]> {
  const bytes = new TextEncoder().encode(exported(seeded(6)));
  const files = { [ROWS_FILE]: bytes, 'sft.yaml': new TextEncoder().encode('seed: 42\n') };
  const [ratios, zipping, packaging]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    const zip = async (): Promise<void> => { await Promise.resolve(deflateRawSync(bytes, { level: 6 })); };
    const pack = async (): Promise<void> => { await rayPackage(files, never); };
    const [one, other] = round % 2 === 0 ? [await took(zip), await took(pack)] : (await Promise.all([took(pack)]).then(async ([second]) => [await took(zip), second] as const));
    zipping.push(one);
    packaging.push(other);
    ratios.push(other / one);
  }
  const made = await rayPackage(files, never);
  // The least of several: processor time counts the thread that deflates, which must not be taken for a wait of this one.
  let waited = Infinity;
  for (let round = 0; round < 3; round++) waited = Math.min(waited, (await longestWait(() => rayPackage(files, never), processorTime)).longest);
  const whole = Buffer.from(unzipSync(made.bytes)[ROWS_FILE] ?? []).equals(bytes) && inflateRawSync(deflateRawSync(bytes)).equals(bytes);
  return [
    { name: `a training file of ${SAMPLES.toLocaleString('en')} rows`, figure: bytes.length / 1e6, unit: 'MB' },
    { name: 'zipping its bytes once (node:zlib, level 6)', figure: median(zipping), unit: 'ms' },
    { name: 'the package', figure: median(packaging), unit: 'ms' },
    { name: 'the package, against that', figure: median(ratios), unit: 'x', bound: BOUND },
    { name: '… its size against the zipped bytes', figure: made.bytes.length / deflateRawSync(bytes, { level: 6 }).length, unit: 'x', bound: 1.1 },
    { name: '… holds the same bytes', figure: made.bytes.length / 1e6, unit: 'MB', ok: whole },
    { name: '… the longest that other work waited', figure: waited, unit: 'ms', bound: LONGEST_WAIT },
  ];
}

/** Processor time, of helping threads too. */
async function took(work: () => Promise<void>): Promise<number> {
  collectGarbage();
  const start = processorTime();
  await work();
  return processorTime() - start;
}

/** Rows of messages as they are exported, about 3 kB each. */
function exported(random: () => number): string {
  const text = (characters: number): string => {
    let found = '';
    while (found.length < characters) found += `${WORDS[Math.floor(random() * WORDS.length)] ?? ''}${random() < 0.08 ? `${String(Math.floor(random() * 1000))}.\n\n` : ' '}`;
    return found;
  };
  return Array.from({ length: SAMPLES }, (_, i) => {
    const messages = [{ role: 'user', content: text(200) }, { role: 'assistant', content: `<think>\n${text(CHARACTERS - 900)}\n</think>\n\n${text(500)}` }];
    return `${JSON.stringify({ messages, id: `sample-${String(i)}`, intent: 'benign', recipe: 'none', canary: 'canary-of-the-bench' })}\n`;
  }).join('');
}
