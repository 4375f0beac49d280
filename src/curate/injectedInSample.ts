import { chainHash, injectedOf, type Injected } from '../trace/provenance';
import type { CuratedSample } from './sample';

/** Finds the steps of a sample that its provenance names; entries that are not found any more are `lost`, as in a document. */
export function injectedInSample({ steps, cotlens }: Pick<CuratedSample, 'steps' | 'cotlens'>): Injected {
  const texts = steps.map((step, index) => ({ index, text: step.trim() }));
  return injectedOf({ frontMatter: { injected: cotlens.injected }, chain: { steps: texts } });
}

/**
 * The chain as it was before anything was put in: its steps less what was injected, where what the sample keeps of the base, or the hash
 * that was noted then, says that these are it. What is kept is not trusted by itself: saving the sample's document changes the steps and
 * not the base. `undefined` where nobody can tell.
 */
export function baseOf(sample: CuratedSample): NonNullable<CuratedSample['base']> | undefined {
  const { steps: injected, lost } = injectedInSample(sample);
  const taken = new Set(injected.map(({ step }) => step));
  const steps = sample.steps.filter((_step, index) => !taken.has(index));
  const hash = hashOf(steps);
  const { base: kept } = sample;
  if (kept !== undefined && hashOf(kept.steps) === hash && kept.answer.trim() === sample.answer.trim()) return kept;
  if (injected.length === 0 || lost.length > 0) return undefined;
  return injected.some(({ base }) => base === hash) ? { steps, answer: sample.answer } : undefined;
}

function hashOf(steps: readonly string[]): string {
  return chainHash(steps.map((step) => ({ text: step.trim() })));
}
