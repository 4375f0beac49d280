import type { CuratedSample } from '../sample';
import { AlikeIndex } from './alikeIndex';
import { Breather } from './breather';
import { Distinct } from './distinct';
import { likeness } from './likeness';
import { placesInWords } from './placesInWords';
import { sampleKey, sampleText } from './sampleText';
import type { SetCheck, SetFinding } from './setCheck';
import { runsOf, WordReader } from './words';

/** Words in a row by which candidates are found, and the share of them that two must have in common to be compared. Both ours. */
const SHINGLE = 3;
const SHARE = 0.6;
/** Characters; a longer sample is not compared: it could not be without keeping everything else waiting. Ours. */
export const LONGEST = 200_000;

/**
 * Samples that are nearly the same. Each is compared with those before it that are kept, so what is left once all but the first of each
 * group are removed holds no near-duplicate that was found. Exact duplicates are another check's: of those the first stands for all.
 */
export const nearDuplicates: SetCheck = {
  name: 'near-duplicates',
  check: async (samples, { nearDuplicate }, signal, progress) => {
    const breather = new Breather(signal);
    const rest = async (done: number): Promise<void> => {
      if (!breather.isDue) return;
      progress?.(done / (2 * samples.length));
      await breather.breathe();
    };
    const reader = new WordReader();
    const { places, shingles, tooLong } = await readAll(samples, reader, rest);
    const index = new AlikeIndex(shingles, SHARE);
    for (const count of [index.count.bind(index), index.countShared.bind(index)]) {
      for (const [text] of places.entries()) {
        count(text);
        await rest(samples.length);
      }
    }
    const groups = new Map<number, { readonly samples: number[]; least: number }>();
    const cut: number[] = [];
    const textOf = (text: number): string => {
      const sample = samples[places[text] ?? -1];
      return sample === undefined ? '' : sampleText(sample);
    };
    for (const [text, place] of places.entries()) {
      const prefix = index.prefix(text);
      const candidates = index.candidates(text, prefix);
      let isKept = true;
      for (const first of candidates.texts) {
        const alike = likeness(textOf(first), textOf(text), reader, nearDuplicate);
        await rest(samples.length + place);
        if (alike < nearDuplicate) continue;
        const group = groups.get(first) ?? { samples: [places[first] ?? 0], least: 1 };
        group.samples.push(place);
        group.least = Math.min(group.least, alike);
        groups.set(first, group);
        isKept = false;
        break;
      }
      if (isKept) index.add(text, prefix);
      if (isKept && candidates.cut) cut.push(place);
      await rest(samples.length + place);
    }
    return [...[...groups.values()].map((group) => found(group, nearDuplicate)), ...notCompared(tooLong, cut)];
  },
};

/** Which samples are compared, and their shingles; of samples that are the same the first alone. */
async function readAll(
  samples: readonly CuratedSample[],
  reader: WordReader,
  rest: (done: number) => Promise<void>,
): Promise<{ places: number[]; shingles: Uint32Array[]; tooLong: number[] }> {
  const [places, shingles, tooLong]: [number[], Uint32Array[], number[]] = [[], [], []];
  const seen = new Set<string>();
  const distinct = new Distinct();
  for (const [place, sample] of samples.entries()) {
    await rest(place);
    const key = sampleKey(sample);
    if (seen.has(key)) continue;
    seen.add(key);
    const text = sampleText(sample);
    if (text.length > LONGEST) tooLong.push(place);
    else {
      places.push(place);
      shingles.push(distinct.of(runsOf(reader.words(text), SHINGLE)));
    }
  }
  return { places, shingles, tooLong };
}

function found({ samples, least }: { readonly samples: readonly number[]; readonly least: number }, threshold: number): SetFinding {
  const [first = 0] = samples;
  // Cut, not rounded: 0.997 is not 1.
  const alike = (Math.floor(least * 1000) / 1000).toFixed(3);
  const how = samples.length === 2 ? `are ${alike} alike` : `are at least ${alike} like sample ${String(first + 1)}`;
  return {
    code: 'near-duplicate',
    severity: 'warning',
    message: `${placesInWords(samples)} ${how} (1 − edit distance ÷ longer length; near-duplicates from ${String(threshold)}). Keep sample ${String(first + 1)} and remove the rest, or make them differ.`,
    samples,
    similarity: least,
  };
}

function notCompared(tooLong: readonly number[], cut: readonly number[]): SetFinding[] {
  const findings: SetFinding[] = [];
  if (tooLong.length > 0) {
    const message = `${placesInWords(tooLong)}: longer than ${LONGEST.toLocaleString('en')} characters, so not compared with others for near-duplicates. Exact duplicates are found all the same.`;
    findings.push({ code: 'not-compared', severity: 'warning', message, samples: tooLong });
  }
  if (cut.length > 0) {
    const message = `${placesInWords(cut)}: so many others share their words that each was compared with the most promising ones alone. There may be more near-duplicates; remove those that were found and check again.`;
    findings.push({ code: 'not-compared', severity: 'warning', message, samples: cut });
  }
  return findings;
}
