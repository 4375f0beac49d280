import { targetName, type JudgeFaultCode } from '../judgeFault';
import type { Target } from '../judge';
import type { Wrong } from './readVerdict';

const REMEDY: Readonly<Record<JudgeFaultCode, string>> = {
  'not-json': 'Score again to ask once more; if it stays so, the model may be too small for this, or look at what was sent.',
  'wrong-count': 'Score again to ask once more, or look at what was sent.',
  'out-of-range': 'Score again to ask once more, or look at what was sent.',
  refused: 'Score again to ask once more, look at what was sent, or choose another judge.',
  empty: 'Score again to ask once more, or look at what was sent.',
  'cut-off': 'Allow longer replies in the judge’s settings (maxTokens), or leave the limit out, and score again.',
  'snapshot-changed': 'Score again to ask once more, or choose another judge, of a model whose name stays the same.',
};

/** Speaks to the researcher: which step, what is wrong with the reply, and what to do now. */
export function faultMessage(target: Target, { code, wrong }: Wrong): string {
  const name = targetName(target);
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} got no verdict. The judge’s reply cannot be used. ${wrong} ${REMEDY[code]}`;
}
