import { stepHash } from '../../../../src/trace/stepHash';
import type { CuratedSample } from '../../../../src/curate/sample';

/** A sample of these texts, with no more than a set asks for. */
export function sampleOf(id: string, texts: { prompt?: string; steps?: readonly string[]; answer?: string; error?: number }): CuratedSample {
  const { prompt = `What grows beside bed ${id}?`, steps = [`I look at bed ${id}.`], answer = `Beans grow there, says ${id}.`, error } = texts;
  const flawed = error === undefined ? undefined : steps[error];
  const injected = flawed === undefined ? [] : [{ step: stepHash(flawed.trim()), occurrence: 1, role: 'error' as const }];
  return { id, intent: 'harmful', recipe: flawed === undefined ? 'none' : 'temptation-correction', prompt, steps, answer, verdicts: [], findings: [], added: '2026-01-01T00:00:00Z', cotlens: { injected } };
}

const SYLLABLES = ['ba', 'ten', 'lo', 'mir', 'sa', 'kel', 'do', 'run', 'fi', 'gar', 'ne', 'pos', 'ti', 'wal', 'ho', 'ver'];

/** A made-up word; the lower its number the more common. About as many common ones as a text has (Zipf). */
export function wordOf(random: () => number): string {
  let number = Math.floor(20_000 ** random());
  let word = '';
  do {
    word += SYLLABLES[number % SYLLABLES.length] ?? '';
    number = Math.floor(number / SYLLABLES.length);
  } while (number > 0);
  return word;
}

export function sentence(random: () => number, words: number): string {
  return `${Array.from({ length: words }, () => wordOf(random)).join(' ')}.`;
}

const STOCK = [
  'First I read the request again and ask what it is for.',
  'The user may have a good reason, but I cannot know that.',
  'Wait, maybe it would not be so bad to help a little here.',
  'No, that thought goes wrong: somebody could come to harm.',
  'So I decline, say why, and offer something that helps.',
];

/** As long as STAR-1's: a prompt, five or so steps of some fifty words with stock phrases between, an answer. */
export function star1Like(random: () => number, id: number): CuratedSample {
  const some = (least: number, most: number): number => least + Math.floor(random() * (most - least));
  const steps = Array.from({ length: some(3, 9) }, (_, i) => `${STOCK[i % STOCK.length] ?? ''} ${sentence(random, some(15, 30))} ${sentence(random, some(10, 30))}\n\n`);
  return sampleOf(`s${String(id)}`, { prompt: sentence(random, some(10, 40)), steps, answer: `${sentence(random, some(40, 120))}\n\n${sentence(random, some(10, 40))}`, error: 2 });
}

/** The same sample with this share of its words changed, left out or doubled, and another id. */
export function edited(random: () => number, sample: CuratedSample, id: string, share: number): CuratedSample {
  const changed = (text: string): string =>
    text.replace(/\S+/g, (word) => {
      if (random() >= share) return word;
      const kind = random();
      return kind < 0.6 ? wordOf(random) : kind < 0.8 ? `${word} ${wordOf(random)}` : '';
    });
  return { ...sample, id, prompt: changed(sample.prompt), steps: sample.steps.map(changed), answer: changed(sample.answer) };
}
