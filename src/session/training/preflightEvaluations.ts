import type { SetFinding } from '../../curate/checks/setCheck';
import type { CuratedSample } from '../../curate/sample';
import { countOf } from '../../trace/countOf';
import { readEvaluationPrompts } from '../curated/evaluationPrompts';
import type { Datasets } from '../datasets/dataset';
import type { PreflightCheck } from './preflight';

/** What the chosen evaluations ask, as far as it could be read. */
export interface EvaluationsRead {
  /** By the name that a file is shown by. */
  readonly prompts: ReadonlyMap<string, readonly string[]>;
  /** What is compared with no sample, and why: a sentence each. */
  readonly notRead: readonly string[];
}

/** So many samples are named. Ours. */
const NAMED = 10;

/**
 * Reads the evaluations that the model is to be tested on. One that cannot be read is said, and keeps nobody from launching.
 * @param files by the name that each is shown by
 * @param progress told the share of the files that are read, 0 … 1
 * @throws the signal's reason
 */
export async function readEvaluations(datasets: Pick<Datasets, 'open'>, files: ReadonlyMap<string, string>, signal: AbortSignal, progress: (share: number) => void): Promise<EvaluationsRead> {
  const prompts = new Map<string, readonly string[]>();
  const notRead: string[] = [];
  let done = 0;
  for (const [name, file] of files) {
    progress(done++ / files.size);
    try {
      const found = await readEvaluationPrompts(datasets, file, signal);
      prompts.set(name, found.prompts);
      if (found.without > 0) notRead.push(`Not compared with ${countOf(found.without, 'row')} of ${name}, in which no prompt was found.`);
    } catch (error) {
      signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      notRead.push(`Not compared with ${name}: ${reason.replace(/\.$/, '')}.`);
    }
  }
  return { prompts, notRead };
}

/**
 * Do samples hold what an evaluation asks? Its results would no longer tell what the model learnt.
 * @param findings of all checks across the samples
 */
export function evaluationsCheck({ prompts, notRead }: EvaluationsRead, findings: readonly Pick<SetFinding, 'code' | 'severity' | 'samples'>[], samples: readonly Pick<CuratedSample, 'id'>[]): PreflightCheck {
  const about = 'Evaluations';
  if (prompts.size === 0 && notRead.length === 0) {
    return { about, status: 'open', said: 'Not checked whether samples hold what an evaluation asks: none is chosen. Choose those that the model is to be tested on with “Choose Evaluations…” in the Curated Set view; “Check Set” and the next launch look for their prompts.' };
  }
  const against = [...prompts].map(([name]) => name).join(', ');
  const overlaps = findings.filter(({ code }) => code === 'evaluation-overlap');
  if (overlaps.length === 0) {
    const none = against === '' ? [] : [`No sample holds what ${against} ${prompts.size === 1 ? 'asks' : 'ask'}.`];
    return { about, status: notRead.length > 0 ? 'warning' : 'ok', said: [...none, ...notRead].join(' ') };
  }
  const ids = overlaps.flatMap(({ samples: places }) => places.flatMap((place) => samples[place]?.id ?? []));
  const whole = overlaps.filter(({ severity }) => severity === 'error').length;
  const parts = [
    `${countOf(overlaps.length, 'sample')} ${overlaps.length === 1 ? 'holds' : 'hold'} words that ${against} ${prompts.size === 1 ? 'asks' : 'ask'}`,
    ...(whole === 0 ? [] : [`${String(whole)} of them most of a prompt`]),
  ];
  const named = ids.slice(0, NAMED).join(', ') + (ids.length > NAMED ? `, and ${String(ids.length - NAMED)} more` : '');
  return { about, status: 'warning', said: [`${parts.join(', ')}: ${named}. A model that was trained on them is not tested by ${prompts.size === 1 ? 'it' : 'them'}. “Check Set” shows which prompts; remove the samples, or leave the evaluation out.`, ...notRead].join(' ') };
}
