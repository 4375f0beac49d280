import fc from 'fast-check';
import type { CuratedSample } from '../../../src/curate/sample';
import type { InjectedRole } from '../../../src/trace/provenance';
import { answeredWith, sampleOf } from './exportSamples';

const word = fc.stringMatching(/^[A-Za-zäöü€中😀'".,$\\{}<>%-]{1,9}$/u).filter((text) => !/[<>]/.test(text) || text.length < 3);
const line = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(' ')).filter((text) => !text.startsWith('---') && text.trim() !== '');

/** Any sample at all: whatever was injected and in whatever order, with or without an answer, scored or not, marked as an ablation or not. */
export const anySample: fc.Arbitrary<CuratedSample> = fc
  .record({
    written: fc.array(fc.record({ text: line, role: fc.option(fc.constantFrom<InjectedRole>('error', 'error', 'correction', 'correction', 'correction', 'prefill', 'backtrack', 'recomposed'), { nil: undefined, freq: 2 }) }), { minLength: 1, maxLength: 6 }),
    intent: fc.constantFrom('harmful' as const, 'benign' as const, 'ambiguous' as const, 'unknown' as const),
    recipe: fc.constantFrom('temptation-correction', 'hesitation-correction', 'counter-aligned-prefill', 'backtrack', 'none'),
    answer: fc.option(line, { nil: '', freq: 6 }),
    score: fc.option(fc.constantFrom(1, 2, 3, 4, 5), { nil: undefined }),
    helpfulness: fc.option(fc.constantFrom(1, 3, 4, 5), { nil: null }),
    earnsNames: fc.boolean(),
    ablation: fc.boolean(),
    prompt: line,
    system: fc.option(line, { nil: undefined }),
    lost: fc.boolean(),
  })
  .map(({ written, answer, score, helpfulness, earnsNames, ablation, system, lost, ...rest }) => {
    const distinct = written.map((one, i) => ({ text: `${String(i)}. ${one.text}`, ...(one.role === undefined ? {} : { role: one.role }) }));
    const sample = sampleOf(distinct, {
      ...rest,
      answer,
      verdicts: score === undefined ? [] : [answeredWith(score, earnsNames, helpfulness)],
      ...(ablation ? { ablation: true as const } : {}),
      ...(system === undefined ? {} : { system }),
    });
    if (!lost || sample.cotlens.injected.length === 0) return sample;
    const [first, ...others] = sample.cotlens.injected;
    return { ...sample, cotlens: { injected: first === undefined ? others : [{ ...first, step: '0'.repeat(32) }, ...others] } };
  });
