import { Breather } from './breather';
import { EvaluationIndex, type Overlap } from './evaluationIndex';
import { beginningOf } from './placesInWords';
import { EVALUATION_WORDS, type SetCheck, type SetFinding } from './setCheck';
import { sliceEnd, WordReader } from './words';

/** From this share of an evaluation prompt's n-grams on it counts as seen in training: PaLM's line (Chowdhery et al. 2022, section 8). */
const SEEN = 0.7;

/**
 * Samples that hold what a chosen evaluation asks: its results would no longer tell what the model learnt. So many words in a row that
 * stand in an evaluation prompt and in the sample's prompt, reasoning or answer are an overlap; a prompt of fewer words is one where it
 * is, whole, the prompt of the sample. Case and punctuation do not count.
 */
export const evaluationOverlap: SetCheck = {
  name: 'evaluation-overlap',
  check: async (samples, { evaluationPrompts, evaluationWords = EVALUATION_WORDS }, signal, progress) => {
    if (!Number.isInteger(evaluationWords) || evaluationWords < 1) throw new RangeError(`An overlap of ${String(evaluationWords)} words cannot be looked for: choose 1 or more.`);
    const breather = new Breather(signal);
    const reader = new WordReader();
    const index = new EvaluationIndex(evaluationWords);
    for (const [file, prompts] of evaluationPrompts) {
      for (const [number, prompt] of prompts.entries()) {
        index.add({ file, number, text: prompt }, await hashesOf(prompt, reader, breather));
        if (breather.isDue) await breather.breathe();
      }
    }
    if (index.isEmpty) return [];
    const findings: SetFinding[] = [];
    for (const [place, sample] of samples.entries()) {
      const beside: Uint32Array[] = [];
      for (const text of [...sample.steps, sample.answer]) beside.push(await hashesOf(text, reader, breather));
      const overlap = await index.overlapOf(await hashesOf(sample.prompt, reader, breather), beside, breather);
      if (overlap !== undefined) findings.push(found(place, overlap, evaluationWords));
      if (!breather.isDue) continue;
      progress?.(place / samples.length);
      await breather.breathe();
    }
    return findings;
  },
};

async function hashesOf(text: string, reader: WordReader, breather: Breather): Promise<Uint32Array> {
  const pieces: Uint32Array[] = [];
  for (let from = 0; from < text.length; ) {
    const to = sliceEnd(text, from);
    pieces.push(reader.words(text, from, to).hashes);
    from = to;
    if (breather.isDue) await breather.breathe();
  }
  if (pieces.length <= 1) return pieces[0] ?? new Uint32Array();
  const all = new Uint32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function found(place: number, { prompt, shared, of, inPrompt, others }: Overlap, words: number): SetFinding {
  const which = `evaluation prompt ${String(prompt.number + 1)} of ${beginningOf(prompt.file)}, ${beginningOf(prompt.text)}`;
  const whole = of === 0;
  const what = whole
    ? `The prompt of sample ${String(place + 1)} is ${which}`
    : `Sample ${String(place + 1)} has ${String(shared)} of the ${String(of)} runs of ${String(words)} words of ${which}, in its ${inPrompt ? 'prompt' : 'reasoning or answer'}`;
  const more = others === 0 ? '' : ` It overlaps with ${others.toLocaleString('en')} more.`;
  const similarity = whole ? 1 : shared / of;
  return {
    code: 'evaluation-overlap',
    severity: similarity >= SEEN ? 'error' : 'warning',
    message: `${what}.${more} Remove the sample, or leave that evaluation out: a model that was trained on it is not tested by it.`,
    samples: [place],
    similarity,
  };
}
