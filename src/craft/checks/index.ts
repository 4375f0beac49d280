import { answerKept } from './answerKept';
import { correctionAfterError } from './correctionAfterError';
import { counterAligned } from './counterAligned';
import { expectedCurve } from './expectedCurve';
import { fittingIntent } from './fittingIntent';
import { guarded } from './guarded';
import { knownRecipe } from './knownRecipe';
import { longEnough } from './longEnough';
import { lostProvenance } from './lostProvenance';
import type { CheckedSample, Finding, SampleCheck } from './sampleCheck';
import { unlikePair } from './unlikePair';
import { withinTokens } from './withinTokens';
import { written } from './written';

/** Every check of one sample, in the order in which findings are shown. Adding one is a file and a line here. */
export const SAMPLE_CHECKS: readonly SampleCheck[] = [
  lostProvenance,
  knownRecipe,
  fittingIntent,
  written,
  correctionAfterError,
  longEnough,
  unlikePair,
  expectedCurve,
  answerKept,
  counterAligned,
  guarded,
  withinTokens,
];

/** All that the checks find; nothing of a trace without anything injected. */
export function checkSample(sample: CheckedSample): readonly Finding[] {
  const { steps, lost } = sample.injected;
  if (steps.length === 0 && lost.length === 0) return [];
  return SAMPLE_CHECKS.flatMap((check) => check.check(sample));
}
