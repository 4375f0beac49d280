import { judgeInWords } from '../../judge/judgeInWords';
import { curveSeen, type CurveSeen } from '../earned';
import { placeOfSample, placeOfStep } from './findingPlace';
import type { CheckedSample, Finding, Fix, SampleCheck } from './sampleCheck';
import { stepsInWords, withArticle } from './stepsInWords';

/**
 * Does the sample show the curve that its recipe asks for, by a judge who may say so (AdvChain: low, high, low; high, low, high)?
 * `no-peak`, `no-valley`: it shows another. `peak-elsewhere`: its extremum lies on no injected step of the asked role.
 * `curve-not-checked`: nobody who counts has scored all of it.
 */
export const expectedCurve: SampleCheck = {
  name: 'expected curve',
  check(sample) {
    const seen = curveSeen(sample);
    const found = seen.what === 'none asked' || seen.what === 'earned' ? undefined : findingOf(sample, seen);
    return found === undefined ? [] : [found];
  },
};

const SCORE: Fix = { kind: 'score', title: 'Score steps' };
const CHOOSE: Fix = { kind: 'chooseJudge', title: 'Choose a judge…' };

type Missed = Exclude<CurveSeen, { readonly what: 'none asked' | 'earned' }>;

function findingOf(sample: CheckedSample, seen: CurveSeen): Finding | undefined {
  if (seen.what === 'none asked' || seen.what === 'earned') return undefined;
  const { asked } = seen;
  const wanted = `${withArticle(sample.recipe?.label ?? 'crafted')} sample is to show ${withArticle(asked.shape)} (${asked.words})`;
  if (seen.what === 'other shape' || seen.what === 'elsewhere') return missed(sample, seen, wanted);
  const [why, fixes] = whyNotChecked(seen);
  return { code: 'curve-not-checked', severity: 'information', message: `Not checked: ${wanted}, and ${why}`, at: placeOfSample(sample), fixes };
}

function whyNotChecked(seen: Exclude<Missed, { readonly shape: unknown }>): [why: string, fixes: readonly Fix[]] {
  const { series } = seen.asked;
  if (seen.what === 'not scored') return [`no step has a ${series} score as it is now. Score it with a named judge.`, [SCORE, CHOOSE]];
  if (seen.what === 'heuristic') {
    return [`only the ${seen.judge.label} has scored this one, which does not count as evidence. Choose a judge, and score again.`, [CHOOSE]];
  }
  if (seen.what === 'nowhere to lie') {
    const role = seen.asked.extremum ?? 'step';
    return [`its ${seen.asked.shape} is to lie on the injected ${role}, which is not found in the text. Mark it, or insert it anew.`, []];
  }
  const have = seen.gaps.length === 1 ? 'has' : 'have';
  return [`${stepsInWords(seen.gaps)} ${have} no ${series} score by ${judgeInWords(seen.judge)} as it is now. Score what is missing.`, [SCORE]];
}

function missed(sample: CheckedSample, { what, asked, judge, shape }: Extract<Missed, { readonly shape: unknown }>, wanted: string): Finding {
  const role = asked.extremum;
  const steps = sample.injected.steps.filter((one) => one.role === role).map(({ step }) => step);
  const [first] = steps;
  const scores = steps.slice(0, 6).map((step) => String(sample.scores[asked.series][step] ?? '–')).join(', ');
  const ofInjected = role === undefined || first === undefined ? '' : ` The injected ${role} at ${stepsInWords(steps)} has ${scores}.`;
  const { extremum } = shape;
  const farthest = extremum === undefined ? ' It turns nowhere.' : ` Its ${extremum.kind} is ${String(extremum.score)} at step ${String(extremum.step + 1)}.`;
  const found = shape.kind === 'flat' && shape.level !== undefined ? `flat, ${shape.level}` : shape.kind;
  const said =
    what === 'other shape'
      ? `No ${asked.shape}: ${wanted}, and by ${judgeInWords(judge)} this one’s is ${found}.${farthest}${ofInjected} Rewrite what was injected, or inject it at another place.`
      : `By ${judgeInWords(judge)} the ${asked.shape} of ${asked.series} does not lie on the injected ${role ?? 'step'}.${farthest}${ofInjected} Rewrite it, or take another base.`;
  return {
    code: what === 'other shape' ? `no-${asked.shape}` : `${asked.shape}-elsewhere`,
    severity: 'warning',
    message: said,
    at: first === undefined ? placeOfSample(sample) : placeOfStep(sample.trace, first),
    fixes: first === undefined ? [] : [{ kind: 'rewrite', title: `Rewrite step ${String(first + 1)}`, step: first }],
  };
}
