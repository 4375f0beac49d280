import { injectedInSample } from '../../curate/injectedInSample';
import type { CuratedSample, SampleVerdicts } from '../../curate/sample';
import type { ShapeRules } from '../../curve/shapeRules';
import { identityKey } from '../../judge/scoreRecord';
import type { Score } from '../../trace/verdict';
import type { JudgedSteps } from '../scoredTrace';
import type { MeanTrace } from './meanTrace';

/**
 * A sample of a curated set with the verdicts that it came with, for mean curves. A sample without an answer is a prefill, that the
 * model goes on from: of its ending nothing is said.
 * @param place the address of its document, and what it and its set are called
 * @param recipe its recipe's name for people
 */
export function meanSample(place: Pick<MeanTrace, 'uri' | 'doc' | 'file'>, sample: CuratedSample, recipe: string, rules: ShapeRules): MeanTrace {
  const steps = sample.steps.length;
  const injected = injectedInSample(sample);
  const own = injected.steps.filter((one) => one.recipe === sample.recipe);
  return {
    ...place,
    intent: sample.intent,
    splitter: 'as in the set',
    rules,
    judges: sample.verdicts.flatMap((one) => judgedSteps(one, steps)),
    model: sample.model,
    source: sample.source,
    recipe,
    steps,
    ending: sample.answer.trim() === '' ? 'unmarked' : 'answered',
    // Aligned is at the steps of the recipe that it is counted under; another's may stand before them.
    injected: (own.length > 0 ? own : injected.steps).map(({ step }) => step),
    injectedLost: injected.lost.length,
    summary: sample.cotlens['reasoning'] === 'summary',
  };
}

/** Nothing where there is not one verdict for each step: of which step it speaks would be a guess. */
function judgedSteps({ judge, harmfulness, helpfulness, answer }: SampleVerdicts, steps: number): JudgedSteps[] {
  if (harmfulness.length !== steps || helpfulness.length !== steps) return [];
  if (harmfulness.every((score) => score === null) && helpfulness.every((score) => score === null)) return [];
  const ofAnswer = answer === undefined ? {} : { answer: { harmfulness: scoreOf(answer.harmfulness), helpfulness: scoreOf(answer.helpfulness) } };
  return [{ key: identityKey(judge), identity: judge, scores: { harmfulness: harmfulness.map(scoreOf), helpfulness: helpfulness.map(scoreOf) }, ...ofAnswer }];
}

/** What a file says may be any number; what is no score is none. */
function scoreOf(value: number | null): Score {
  return value === 1 || value === 2 || value === 3 || value === 4 || value === 5 ? value : null;
}
