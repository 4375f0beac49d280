import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { checkSet } from '../../src/curate/checks';
import { exactDuplicates } from '../../src/curate/checks/exactDuplicates';
import { nearDuplicates } from '../../src/curate/checks/nearDuplicates';
import { NEAR_DUPLICATE, type SetCheckOptions } from '../../src/curate/checks/setCheck';
import type { CuratedSample } from '../../src/curate/sample';
import { seeded } from '../seeded';
import { edited, sampleOf, sentence, star1Like } from '../unit/curate/checks/generatedSamples';
import { inFolder } from './datasetFile';
import { collectGarbage, jobScaling, longestWait, median, processorTime, type Job } from './measure';
import type { Row } from './row';

const SAMPLES = 10_000;
/** One in so many is a near-duplicate of an earlier one. */
const PLANTED = 100;
const ROUNDS = 5;
const AGAINST_READING = 20;
/** Ten times the samples may take this many times as long; what is quadratic takes 100 times as long. */
const SCALING = 12;
/** Of the smaller hostile sets: more than any bucket or list of candidates holds. */
const SMALL = 100;
/** Where a check's limits are reached later, or there is next to nothing to do. */
const SIZES: Readonly<Record<string, number>> = { 'the same sample': 400, 'next to no text': 1000, 'the same sentences in other orders': 200, 'half of each sample is a template': 300 };
const LONGEST_WAIT = 100;

const signal = new AbortController().signal;
const options: SetCheckOptions = { evaluationPrompts: new Map(), nearDuplicate: NEAR_DUPLICATE };

/** Sets that a check of each sample with each other would not come to an end on. */
const HOSTILE: Readonly<Record<string, (random: () => number, count: number) => CuratedSample[]>> = {
  'the same sample': (random, count) => same(count, () => star1Like(random, 0)),
  'one prompt for all': (random, count) => {
    const { prompt } = star1Like(random, 0);
    return Array.from({ length: count }, (_, i) => ({ ...star1Like(random, i), prompt }));
  },
  'one base, a few words changed in each': (random, count) => {
    const base = sampleOf('base', { prompt: sentence(random, 30), steps: [sentence(random, 60)], answer: sentence(random, 30) });
    return Array.from({ length: count }, (_, i) => edited(random, base, String(i), 0.02));
  },
  'the same sentences in other orders': (random, count) => {
    const parts = Array.from({ length: 12 }, () => sentence(random, 8));
    return Array.from({ length: count }, (_, i) => sampleOf(String(i), { prompt: '', steps: [shuffled(random, parts).join(' ')], answer: '' }));
  },
  'half of each sample is a template': (random, count) => {
    const half = star1Like(random, 0);
    return Array.from({ length: count }, (_, i) => ({ ...star1Like(random, i), steps: [...half.steps, ...star1Like(random, i).steps] }));
  },
  'one flawed step for all': (random, count) => Array.from({ length: count }, (_, i) => sampleOf(String(i), { prompt: sentence(random, 20), steps: ['Maybe I could help a little.\n\n', sentence(random, 30)], answer: sentence(random, 30), error: 0 })),
  'two words over and over': (random, count) => Array.from({ length: count }, (_, i) => sampleOf(String(i), { prompt: Array.from({ length: 60 }, () => (random() < 0.5 ? 'yes' : 'no')).join(' '), steps: [], answer: '' })),
  'next to no text': (_random, count) => Array.from({ length: count }, (_, i) => sampleOf(String(i), { prompt: i % 2 === 0 ? '' : String(i % 7), steps: [], answer: '' })),
  'long samples': (random, count) => Array.from({ length: count / 5 }, (_, i) => sampleOf(String(i), { prompt: '', steps: [sentence(random, 3000)], answer: '' })),
};

/**
 * Finding exact and near-duplicates in a large set, against the least that anything must do with it: reading the file once, that is
 * `readFile`, cutting it into lines and `JSON.parse` of each.
 */
export async function rows(): Promise<Row[]> {
  const random = seeded(5);
  const samples = generated(random);
  const found: Row[] = [];
  await inFolder(async (folder) => {
    const file = path.join(folder, 'large.curated.jsonl');
    await writeFile(file, samples.map((sample) => `${JSON.stringify(sample)}\n`).join(''));
    const read: Job = async () => (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as CuratedSample);
    const duplicates: Job = async () => [await exactDuplicates.check(samples, options, signal), await nearDuplicates.check(samples, options, signal)];
    const [reading, finding] = [await took(read), await took(duplicates)];
    const bytes = (await readFile(file)).length;
    found.push(
      { name: `a set of ${SAMPLES.toLocaleString('en')} samples`, figure: bytes / 1e6, unit: 'MB' },
      { name: 'reading it once (readFile, lines, JSON.parse)', figure: reading, unit: 'ms' },
      { name: 'exact and near-duplicates in it, against that', figure: finding / reading, unit: 'x', bound: AGAINST_READING },
    );
  });
  const groups = await nearDuplicates.check(samples, options, signal);
  const members = groups.reduce((sum, { samples: of }) => sum + of.length - 1, 0);
  found.push({ name: `… near-duplicates found, of ${String(SAMPLES / PLANTED)} that were planted`, figure: members, ok: members === SAMPLES / PLANTED });
  const prompts = new Map([['probes', Array.from({ length: 500 }, () => sentence(random, 15))]]);
  // Only this process's own time: what else the machine does does not count.
  const waited = await longestWait(() => checkSet(samples, { ...options, evaluationPrompts: prompts }, signal), processorTime);
  found.push({ name: 'all checks, 500 evaluation prompts: the longest that other work waited', figure: waited.longest, unit: 'ms', bound: LONGEST_WAIT });
  for (const [name, make] of Object.entries(HOSTILE)) {
    const work = (size: number): Job => {
      const set = make(seeded(size), size);
      const asked = { ...options, evaluationPrompts: new Map([['probes', [set[0]?.prompt ?? '', sentence(random, 20)]]]) };
      return () => checkSet(set, asked, signal);
    };
    found.push({ name: `all checks 10x: ${name}`, figure: await jobScaling(work, SIZES[name] ?? SMALL), unit: 'x', bound: SCALING });
  }
  return found;
}

function generated(random: () => number): CuratedSample[] {
  const samples: CuratedSample[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const of = i % PLANTED === PLANTED - 1 ? samples[Math.floor(random() * (samples.length - 1))] : undefined;
    samples.push(of === undefined ? star1Like(random, i) : edited(random, of, `near${String(i)}`, 0.03));
  }
  return samples;
}

const same = (count: number, make: () => CuratedSample): CuratedSample[] => {
  const one = make();
  return Array.from({ length: count }, (_, i) => ({ ...one, id: String(i) }));
};

function shuffled(random: () => number, parts: readonly string[]): string[] {
  return parts.map((part) => ({ part, at: random() })).sort((a, b) => a.at - b.at).map(({ part }) => part);
}

async function took(job: Job): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    collectGarbage();
    const start = processorTime();
    await job();
    times.push(processorTime() - start);
  }
  return median(times);
}
