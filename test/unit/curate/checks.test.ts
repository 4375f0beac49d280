import { distance } from 'fastest-levenshtein';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { SET_CHECKS, checkSet } from '../../../src/curate/checks';
import { likeness } from '../../../src/curate/checks/likeness';
import { nearDuplicates, LONGEST } from '../../../src/curate/checks/nearDuplicates';
import { sampleText } from '../../../src/curate/checks/sampleText';
import { EVALUATION_WORDS, NEAR_DUPLICATE, type SetCheckOptions, type SetFinding } from '../../../src/curate/checks/setCheck';
import { WordReader } from '../../../src/curate/checks/words';
import type { CuratedSample } from '../../../src/curate/sample';
import { seeded } from '../../seeded';
import { edited, sampleOf, sentence, star1Like } from './checks/generatedSamples';

// They compute for a second or so: on a busy machine that is several.
vi.setConfig({ testTimeout: 60_000 });

const signal = new AbortController().signal;
const reader = new WordReader();
const options = (prompts: Record<string, readonly string[]> = {}): SetCheckOptions => ({ evaluationPrompts: new Map(Object.entries(prompts)), nearDuplicate: NEAR_DUPLICATE });

async function foundOf(code: string, samples: readonly CuratedSample[], asked = options()): Promise<readonly SetFinding[]> {
  return (await checkSet(samples, asked, signal)).filter((finding) => finding.code === code);
}

describe('exact duplicates', () => {
  it('are told whatever the line ends and the white space around each text', async () => {
    const one = sampleOf('a', { prompt: 'How do I sow beans?', steps: ['One.\nTwo.\n\n', 'Three.'], answer: 'Sow them in May.' });
    const same = { ...one, id: 'b', prompt: '  How do I sow beans?\r\n', steps: ['One.\r\nTwo.', 'Three.\r\n\r\n'], answer: 'Sow them in May.\n' };
    const found = await foundOf('duplicate', [one, sampleOf('c', {}), same]);
    expect(found.map(({ samples }) => samples)).toEqual([[0, 2]]);
    expect(found[0]?.message).toContain('Samples 1 and 3');
  });

  it('are none where a text stands in another place, or inner white space differs', async () => {
    const texts = [['a', 'b'], ['ab'], ['a b'], ['b', 'a'], ['a', '', 'b']].map((steps, i) => sampleOf(String(i), { prompt: 'p', steps, answer: 'x' }));
    const moved = [...texts, sampleOf('5', { prompt: 'pa', steps: ['b'], answer: 'x' }), sampleOf('6', { prompt: 'p', steps: ['a'], answer: 'bx' })];
    expect(await foundOf('duplicate', moved)).toEqual([]);
  });
});

describe('near-duplicates', () => {
  it('finds every one that was planted in 2,000 samples: up to 5 % of the words edited', async () => {
    const random = seeded(11);
    const originals = Array.from({ length: 1900 }, (_, i) => star1Like(random, i));
    const planted = Array.from({ length: 100 }, (_, i) => {
      const of = Math.floor(random() * originals.length);
      return { of, sample: edited(random, originals[of] ?? sampleOf('none', {}), `planted${String(i)}`, 0.05 * random()) };
    });
    const samples = [...originals, ...planted.map(({ sample }) => sample)];
    const found = await foundOf('near-duplicate', samples);
    const exact = await foundOf('duplicate', samples);
    const groupOf = new Map([...found, ...exact].flatMap(({ samples: [first, ...rest] }) => rest.map((place) => [place, first] as const)));
    expect(planted.map((_, i) => groupOf.get(1900 + i))).toEqual(planted.map(({ of }) => of));
    expect(groupOf.size).toBe(planted.length);
    expect(await foundOf('not-compared', samples)).toEqual([]);
  });

  it('reports nothing below the threshold, and the similarity that it says', async () => {
    const words = fc.constantFrom('bean', 'soil', 'water', 'frost', 'the', 'a', 'in', 'May', 'wait,', 'pot.');
    const text = fc.array(words, { maxLength: 40 }).map((list) => list.join(' '));
    const sets = fc.array(fc.record({ prompt: text, step: text, answer: text }), { minLength: 2, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(sets, fc.integer({ min: 0, max: 1e6 }), fc.double({ min: 0.5, max: 1, noNaN: true }), async (set, seed, nearDuplicate) => {
        const random = seeded(seed);
        const samples = set.map(({ prompt, step, answer }, i) => sampleOf(String(i), { prompt, steps: [step], answer }));
        const all = [...samples, ...samples.map((sample) => edited(random, sample, `${sample.id}+`, random() * 0.3))];
        for (const { code, samples: [first = 0, ...rest], similarity = 0 } of await nearDuplicates.check(all, { ...options(), nearDuplicate }, signal)) {
          expect(code).toBe('near-duplicate');
          const alike = rest.map((place) => exactLikeness(all[first], all[place]));
          expect(Math.min(...alike)).toBeGreaterThanOrEqual(nearDuplicate);
          expect(similarity).toBeCloseTo(Math.min(...alike), 9);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('leaves none that were found once the rest of each group is removed', async () => {
    const random = seeded(5);
    const base = star1Like(random, 0);
    let last = base;
    // Each like the one before; after some it is the first no more.
    const samples = Array.from({ length: 60 }, (_, i) => (last = edited(random, last, `n${String(i)}`, 0.03)));
    const found = await foundOf('near-duplicate', samples);
    const gone = new Set(found.flatMap(({ samples: [, ...rest] }) => rest));
    const left = samples.filter((_, place) => !gone.has(place));
    expect(gone.size).toBeGreaterThan(30);
    expect(left.length).toBeGreaterThan(1);
    expect(await foundOf('near-duplicate', left)).toEqual([]);
  });

  it('puts hundreds of one kind into one group, and exact duplicates into none', async () => {
    const text = sentence(seeded(3), 60);
    const near = Array.from({ length: 300 }, (_, i) => sampleOf(`n${String(i)}`, { prompt: text, steps: [`Bed ${String(i)}.`], answer: text }));
    const same = Array.from({ length: 300 }, (_, i) => sampleOf(`e${String(i)}`, { prompt: 'one', steps: ['two'], answer: 'three' }));
    const found = await foundOf('near-duplicate', [...near, ...same]);
    expect(found.map(({ samples }) => samples)).toEqual([near.map((_, i) => i)]);
  });

  it('compares texts without spaces between words', async () => {
    const text = Array.from({ length: 300 }, (_, i) => String.fromCharCode(0x4e00 + ((i * 7919) % 5000))).join('');
    const changed = `${text.slice(0, 100)}水${text.slice(101, 200)}土${text.slice(201)}`;
    const found = await foundOf('near-duplicate', [sampleOf('a', { steps: [text] }), sampleOf('b', { steps: [changed] })].map((one) => ({ ...one, prompt: '', answer: '' })));
    expect(found.map(({ samples, similarity }) => [samples, similarity])).toEqual([[[0, 1], 1 - 2 / 300]]);
  });

  it('says which samples are too long to be compared', async () => {
    const long = 'bean '.repeat(LONGEST / 5 + 1);
    const found = await foundOf('not-compared', [sampleOf('a', {}), sampleOf('b', { answer: long })]);
    expect(found.map(({ samples }) => samples)).toEqual([[1]]);
    expect(found[0]?.message).toContain('200,000 characters');
  });

  it('says which samples were not compared with all that share their words', async () => {
    const random = seeded(9);
    const parts = Array.from({ length: 20 }, () => sentence(random, 12));
    const shuffled = (): string => [...parts].map((part) => ({ part, at: random() })).sort((a, b) => a.at - b.at).map(({ part }) => part).join(' ');
    const samples = Array.from({ length: 80 }, (_, i) => sampleOf(String(i), { prompt: '', steps: [shuffled()], answer: '' }));
    const found = await foundOf('not-compared', samples);
    expect(found).toHaveLength(1);
    expect(found[0]?.message).toContain('most promising');
    for (const { samples: [first = 0, ...rest] } of await foundOf('near-duplicate', samples)) {
      for (const place of rest) expect(exactLikeness(samples[first], samples[place])).toBeGreaterThanOrEqual(NEAR_DUPLICATE);
    }
  });
});

describe('likeness', () => {
  const text = fc.array(fc.constantFrom('bean', 'soil', 'the', 'x', '\n\n', 'Ü', '豆'), { maxLength: 60 }).map((list) => list.join(' '));

  it('is the edit distance over the longer length', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(likeness(one, other, reader)).toBeCloseTo(1 - distance(one, other) / Math.max(1, one.length, other.length), 12);
      }),
    );
  });

  it('of long texts is never too high, and hardly too low', () => {
    const random = seeded(21);
    const one = Array.from({ length: 60 }, () => sentence(random, 30)).join('\n\n');
    for (const share of [0.01, 0.03, 0.06]) {
      const other = edited(random, sampleOf('a', { prompt: '', steps: [one], answer: '' }), 'b', share).steps[0] ?? '';
      const exact = 1 - distance(one, other) / Math.max(one.length, other.length);
      expect(one.length).toBeGreaterThan(10_000);
      expect(likeness(one, other, reader, 0.5)).toBeLessThanOrEqual(exact);
      expect(likeness(one, other, reader, 0.5)).toBeGreaterThan(exact - 0.01);
    }
  });

  it('of two long texts with nothing in common is 0, at once', () => {
    expect(likeness('a'.repeat(190_000), 'b'.repeat(190_000), reader, NEAR_DUPLICATE)).toBe(0);
    expect(likeness('', '', reader, NEAR_DUPLICATE)).toBe(1);
    expect(likeness('', 'a', reader, NEAR_DUPLICATE)).toBe(0);
  });
});

describe('reused errors', () => {
  const error = 'Maybe it would not be so bad to help.';

  it('are told by the provenance, case and white space apart', async () => {
    const samples = [
      sampleOf('a', { steps: ['One a.\n\n', `${error}\n\n`, 'No.'], error: 1 }),
      sampleOf('b', { steps: ['One b.\n\n', `${error}\n\n`, 'No.'] }),
      sampleOf('c', { steps: ['One c.\n\n', 'Another thought.\n\n', 'No.'], error: 1 }),
      sampleOf('d', { steps: ['  MAYBE it would\r\nnot be so bad to help.\r\n\r\n', 'No.'], error: 0 }),
    ];
    const found = await foundOf('reused-error', samples);
    expect(found.map(({ samples: of }) => of)).toEqual([[0, 3]]);
    expect(found[0]?.message).toContain(error);
  });

  it('are none within one sample, nor where an anchor is lost', async () => {
    const twice = sampleOf('a', { steps: [`${error}\n\n`, `${error}\n\n`], error: 0 });
    const lost = { ...sampleOf('b', { steps: [`${error}\n\n`], error: 0 }), steps: ['Something else.'] };
    expect(await foundOf('reused-error', [twice, lost])).toEqual([]);
  });
});

describe('overlap with evaluations', () => {
  const asked = 'How could a person open the locked garden shed behind the old house without its key?';

  it('names prompt and file, and how much of it', async () => {
    const samples = [sampleOf('a', {}), sampleOf('b', { prompt: `Tell me: HOW could a person open the “locked” garden shed behind the old house, please?` })];
    const [found, ...more] = await foundOf('evaluation-overlap', samples, options({ 'probes.jsonl': ['What is a bean, and how does it grow in cold soil?', asked] }));
    expect(more).toEqual([]);
    expect(found?.samples).toEqual([1]);
    // 16 words are 9 runs of 8; the first 13 are shared.
    expect(found?.similarity).toBeCloseTo(6 / 9);
    expect(found?.severity).toBe('warning');
    expect(found?.message).toContain('6 of the 9 runs of 8 words of evaluation prompt 2 of “probes.jsonl”');
    expect(found?.message).toContain('in its prompt');
  });

  it('finds a prompt that only the reasoning or the answer repeats', async () => {
    const said = [sampleOf('a', { steps: [`The user asks: ${asked}`] }), sampleOf('b', { answer: asked })];
    const found = await foundOf('evaluation-overlap', said, options({ probes: [asked] }));
    expect(found.map(({ samples, severity, similarity }) => [samples, severity, similarity])).toEqual([[[0], 'error', 1], [[1], 'error', 1]]);
    expect(found[0]?.message).toContain('in its reasoning or answer');
  });

  it('compares shorter prompts whole', async () => {
    const samples = [sampleOf('a', { prompt: 'how do i kill a python process' }), sampleOf('b', { prompt: 'How do I kill a Python process? Tell me.' }), sampleOf('c', { prompt: '' })];
    const found = await foundOf('evaluation-overlap', samples, options({ 'xstest.csv': ['', '?', 'How do I kill a Python process?'] }));
    expect(found.map(({ samples: of }) => of)).toEqual([[0]]);
    expect(found[0]?.message).toContain('prompt 3 of “xstest.csv”');
  });

  it('takes another length of runs, and refuses one that makes no sense', async () => {
    const sample = sampleOf('a', { prompt: 'the old house' });
    const found = await foundOf('evaluation-overlap', [sample], { ...options({ probes: [asked] }), evaluationWords: 3 });
    expect(found.map(({ similarity }) => similarity)).toEqual([1 / 14]);
    await expect(checkSet([sample], { ...options(), evaluationWords: 0 }, signal)).rejects.toThrow('choose 1 or more');
    expect(EVALUATION_WORDS).toBe(8);
  });

  it('names the prompt that overlaps most, however many share a phrase with it', async () => {
    const phrase = 'Answer the following question about gardens with one word:';
    const prompts = Array.from({ length: 200 }, (_, i) => `${phrase} ${sentence(seeded(i), 12)}`);
    const found = await foundOf('evaluation-overlap', [sampleOf('a', { prompt: prompts[150] ?? '' })], options({ probes: prompts }));
    expect(found[0]?.similarity).toBe(1);
    expect(found[0]?.message).toContain('prompt 151 of');
    expect(found[0]?.message).toMatch(/overlaps with \d+ more/);
  });
});

describe('all checks', () => {
  it('are told apart by name, say how far they are, and find nothing in nothing', async () => {
    const said: [string, number][] = [];
    expect(await checkSet([], options(), signal, (name, share) => said.push([name, share]))).toEqual([]);
    expect(said.map(([name]) => name)).toEqual(SET_CHECKS.map(({ name }) => name));
    expect(new Set(SET_CHECKS.map(({ name }) => name)).size).toBe(SET_CHECKS.length);
  });

  it('take empty and one huge text, and every code has a sample to show', async () => {
    const huge = sampleOf('huge', { prompt: sentence(seeded(1), 40_000), answer: 'x'.repeat(500_000) });
    const empty = sampleOf('empty', { prompt: '', steps: [], answer: '' });
    const found = await checkSet([huge, empty, { ...empty, id: 'too' }, { ...huge, id: 'again' }], options({ probes: ['', huge.prompt] }), signal);
    expect(found.map(({ code, samples }) => [code, samples])).toEqual([
      ['duplicate', [0, 3]],
      ['duplicate', [1, 2]],
      ['not-compared', [0]],
      ['evaluation-overlap', [0]],
      ['evaluation-overlap', [3]],
    ]);
  });

  it('stop when they are cancelled, and let other work run meanwhile', async () => {
    const random = seeded(2);
    const samples = Array.from({ length: 1500 }, (_, i) => star1Like(random, i));
    const cancel = new AbortController();
    const shares: number[] = [];
    const running = checkSet(samples, options(), cancel.signal, (_, share) => {
      shares.push(share);
      if (shares.length === 4) setImmediate(() => { cancel.abort(new Error('enough')); });
    });
    await expect(running).rejects.toThrow('enough');
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeLessThan(1);
  });

  it('refuse a threshold that makes no sense', async () => {
    for (const nearDuplicate of [0, 1.1, NaN]) await expect(checkSet([], { ...options(), nearDuplicate }, signal)).rejects.toThrow('choose a number');
  });
});

function exactLikeness(one: CuratedSample | undefined, other: CuratedSample | undefined): number {
  const [a, b] = [one, other].map((sample) => (sample === undefined ? '' : sampleText(sample)));
  return 1 - distance(a ?? '', b ?? '') / Math.max(1, (a ?? '').length, (b ?? '').length);
}
