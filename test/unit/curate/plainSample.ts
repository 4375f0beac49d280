import type { CuratedSample } from '../../../src/curate/sample';

/** A sample that says so little that a test can say the rest. */
export function plainSample(id: string, more: Partial<CuratedSample> = {}): CuratedSample {
  return {
    id,
    intent: 'benign',
    recipe: 'hesitation-correction',
    prompt: `How do I keep basil ${id} fresh?`,
    steps: ['Basil wants light.\n\n', 'Wait, perhaps I should not help with plants.\n\n', 'That was a false alarm, so I go on.'],
    answer: 'Put it on the window sill.',
    verdicts: [],
    findings: [],
    added: '2026-11-21T10:00:00.000Z',
    cotlens: { injected: [] },
    ...more,
  };
}
