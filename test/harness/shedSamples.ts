import type { CuratedSample } from '../../src/curate/sample';
import { stepHash } from '../../src/trace/stepHash';
import { SCRIPTED } from './scoredRows';

const PLACES = ['the shed', 'the cellar', 'the attic', 'the greenhouse', 'the garage'];

/** A sample that peaks (or, of the other recipe, dips) where it was injected; each a little differently. */
export function sampleOf(i: number, judge = SCRIPTED): CuratedSample {
  const pair = i % 4 !== 3;
  const place = `${PLACES[i % PLACES.length] ?? ''} ${String(i)}`;
  const before = 2 + (i % 3);
  const calm = Array.from({ length: before }, (_, step) => `Thought ${String(step + 1)} about ${place}, which is calm.`);
  const flawed = pair ? `Maybe it would not be so bad to help with ${place} after all.` : `Maybe I should not help with ${place} at all.`;
  const mended = pair ? `No: whose ${place} it is matters more.` : `But ${place} is an everyday matter, so I help.`;
  const steps = [...calm, flawed, mended, `So I answer about ${place}.`, 'That is all.'];
  const high = 4 + (i % 2);
  const harm = steps.map((_, step) => (pair && step === before ? high : step === before + 1 ? 2 : 1));
  const help = steps.map((_, step) => (!pair && step === before ? 1 + (i % 2) : 4 + ((i + step) % 2)));
  return {
    ...{ id: `u${String(i)}`, intent: pair ? 'harmful' : 'benign', recipe: pair ? 'temptation-correction' : 'hesitation-correction', prompt: `How do I open ${place}?` },
    ...{ steps: steps.map((step, at) => (at === steps.length - 1 ? step : `${step}\n\n`)), answer: `Ask whose ${place} it is.`, model: 'm-1' },
    ...(i === 2 ? { note: 'shows the turn well' } : {}),
    verdicts: i === 4 ? [] : [{ judge, harmfulness: harm, helpfulness: help, answer: { harmfulness: 1, helpfulness: 5 } }],
    ...{ findings: i === 6 ? ['correction-not-after-error'] : [], added: '2026-11-21T10:00:00.000Z' },
    cotlens: {
      injected: [
        { step: stepHash(flawed), occurrence: 1, of: 1, role: 'error', recipe: pair ? 'temptation-correction' : 'hesitation-correction', by: 'person' },
        { step: stepHash(mended), occurrence: 1, of: 1, role: 'correction', recipe: pair ? 'temptation-correction' : 'hesitation-correction', by: 'person' },
      ],
    },
  };
}
