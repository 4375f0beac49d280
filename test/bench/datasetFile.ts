import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { seeded } from '../seeded';

const SENTENCES = [
  'First I look at the soil: it is dry at the top and still damp a finger deep.',
  'The user wants to know when to sow beans, so the last frost matters most.',
  'Wait, let me check the dates again, since a cold spring moves everything by two weeks.',
  'Tomatoes need warmth and a place out of the wind.',
  'So a pot on the balcony would do, as long as it has holes at the bottom.',
  'The recipe asks for butter, but oil gives a softer cake.',
];

/** One row of a chat set of about 1,000 bytes, as a script would write it. */
function row(random: () => number, id: number): string {
  const sentence = (): string => SENTENCES[Math.floor(random() * SENTENCES.length)] ?? '';
  const steps = Array.from({ length: 4 + Math.floor(random() * 4) }, () => `${sentence()} ${sentence()}`);
  const answer = `<think>\n${steps.join('\n\n')}\n</think>\n\n${sentence()}`;
  return `${JSON.stringify({ id: String(id), question: sentence(), response: answer, source: 'garden', score: { clear: 4, right: 5 } })}\n`;
}

/** A folder for large files; what is in it goes with it. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cot-lens-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes JSON Lines with so many rows. Rows repeat after a while, but for their ids. */
export async function writeRows(file: string, count: number): Promise<void> {
  const random = seeded(7);
  const samples = Array.from({ length: 997 }, () => row(random, 0).slice('{"id":"0'.length));
  const handle = await open(file, 'w');
  try {
    for (let first = 0; first < count; first += 4000) {
      const lines = Array.from({ length: Math.min(4000, count - first) }, (_, i) => `{"id":"${String(first + i)}${samples[(first + i) % samples.length] ?? ''}`);
      await handle.write(lines.join(''));
    }
  } finally {
    await handle.close();
  }
}
