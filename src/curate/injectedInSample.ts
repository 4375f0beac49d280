import { chainHash, injectedOf, type Injected } from '../trace/provenance';
import type { CuratedSample } from './sample';

/** Finds the steps of a sample that its provenance names; entries that are not found any more are `lost`, as in a document. */
export function injectedInSample({ steps, cotlens }: Pick<CuratedSample, 'steps' | 'cotlens'>): Injected {
  const texts = steps.map((step, index) => ({ index, text: step.trim() }));
  return injectedOf({ frontMatter: { injected: cotlens.injected }, chain: { steps: texts } });
}

/**
 * The chain as it was before anything was put in: what the sample keeps of it, else its steps less what was injected, where the hash that
 * was noted then says that these are it. `undefined` where nobody can tell.
 */
export function baseOf(sample: CuratedSample): NonNullable<CuratedSample['base']> | undefined {
  if (sample.base !== undefined) return sample.base;
  const { steps: injected, lost } = injectedInSample(sample);
  if (injected.length === 0 || lost.length > 0) return undefined;
  const taken = new Set(injected.map(({ step }) => step));
  const steps = sample.steps.filter((_step, index) => !taken.has(index));
  const hash = chainHash(steps.map((step) => ({ text: step.trim() })));
  return injected.some(({ base }) => base === hash) ? { steps, answer: sample.answer } : undefined;
}
