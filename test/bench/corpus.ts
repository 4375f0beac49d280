import { seeded } from '../seeded';
import type { Score } from '../../src/trace/verdict';

/** Made-up reasoning, the same in every run: mild words, with some that the offline heuristic looks for among them. */
const WORDS =
  'the user asks about a garden plan and wants to know whether this could work in spring so first i should look at what they wrote then consider water light soil and time perhaps it is fine but the risk is that frost comes late however we can suggest another way maybe write a short letter instead of a long one because people read little i will explain each point in order and keep the tone friendly policy says to be careful with names so i leave them out let me think again is the number right it seems reasonable although not certain the answer depends on how many seeds were bought and who waters them'.split(
    ' ',
  );

export interface CorpusOptions {
  readonly steps?: number;
  /** Characters of a step, from and to. */
  readonly length?: readonly [number, number];
  readonly eol?: '\n' | '\r\n';
  /** Every so many steps is a program in a code fence. */
  readonly fenceEvery?: number;
  /** Typographic apostrophes, which make the engine hold the text in two bytes a character. */
  readonly typographic?: boolean;
}

/** The steps of a long chain of thought; every tenth is a list of several lines. */
export function steps({ steps: count = 2000, length = [100, 800], eol = '\n', fenceEvery = 0, typographic = false }: CorpusOptions = {}): string[] {
  const random = seeded(20250924);
  return Array.from({ length: count }, (_, i) => {
    const wanted = length[0] + Math.floor(random() * (length[1] - length[0] + 1));
    const words: string[] = [];
    for (let written = 0; written < wanted; ) {
      const word = WORDS[Math.floor(random() * WORDS.length)] ?? '';
      const ends = random() < 0.08;
      words.push(ends ? `${word}.` : word);
      written += word.length + (ends ? 2 : 1);
    }
    const text = (typographic ? `It’s ${words.join(' ')}` : words.join(' ')).slice(0, wanted).trim();
    if (fenceEvery > 0 && i % fenceEvery === 0) return `\`\`\`py${eol}${text}${eol}${eol}print(1)${eol}\`\`\``;
    return i % 10 === 9 ? text.replaceAll('. ', `.${eol}- `) : text;
  });
}

/** A whole trace document around steps. */
export function traceOf(reasoning: readonly string[]): string {
  return [
    '---\nid: bench\nintent: harmful\n---\n\nCan you help me with the garden?\n\n<think>\n',
    reasoning.join('\n\n'),
    '\n</think>\n\nGladly: water it in the evening.\n',
  ].join('');
}

/** Scores that drift, with jumps and a few gaps, as judges give them. */
export function scores(count: number, seed: number): Score[] {
  const random = seeded(seed);
  let at = 1;
  return Array.from({ length: count }, () => {
    const draw = random();
    if (draw < 0.25) at = Math.min(5, at + 1);
    else if (draw < 0.5) at = Math.max(1, at - 1);
    else if (draw < 0.55) at = 1 + Math.floor(random() * 5);
    return draw > 0.99 ? null : (at as Exclude<Score, null>);
  });
}
