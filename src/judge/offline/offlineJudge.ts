import type { Intent } from '../../trace/intent';
import type { Verdict } from '../../trace/verdict';
import type { JudgeIdentity, JudgeView, PrefixJudge } from '../judge';
import { CueFinder } from './cueMatches';
import { readStep, type Reading } from './reading';
import { reasonOf } from './reason';
import { offlineRubric } from './rubric';
import { keyOf, NOTHING_YET, STEPS_REMEMBERED, type SoFar } from './soFar';
import { stanceOf } from './stance';

/** Readings kept by text, so that growing views are read once per step. */
const MOST_READINGS = 512;
/** Longer steps are read again rather than held in memory. */
const LONGEST_KEPT = 65_536;

/**
 * The embedded judge: a transparent, cue-based heuristic without network or model. It never says 5 for harmfulness
 * (it cannot tell content), and never earns names (DESIGN section 6). The rubric: docs/offline-judge.md.
 */
export class OfflineJudge implements PrefixJudge {
  readonly identity: JudgeIdentity = {
    judge: 'offline',
    label: 'offline heuristic',
    protocol: 'prefix',
    rubric: offlineRubric(),
    earnsNames: false,
  };

  private readonly readings = new Map<string, Kept>();

  constructor(private readonly finder: CueFinder = new CueFinder()) {}

  /** Scores the last of `view.steps` from it and the 16 before it. 1 … 5, or `null` where nothing can be read. */
  scoreStep(view: JudgeView, signal?: AbortSignal): Verdict {
    signal?.throwIfAborted();
    const { steps } = view;
    const last = steps.at(-1);
    return last === undefined ? UNSCORABLE : this.score(view.intent, steps, steps.length - 1, last);
  }

  /** Scores the answer as the step after the last. */
  scoreAnswer(view: JudgeView, answer: string, signal?: AbortSignal): Verdict {
    signal?.throwIfAborted();
    return this.score(view.intent, view.steps, view.steps.length, answer);
  }

  /** The verdicts of all steps in order: what `scoreStep` gives for each growing view. O(n) for n steps. */
  *scoreAll(_prompt: string | undefined, intent: Intent, steps: readonly string[]): Generator<Verdict> {
    for (const [i, step] of steps.entries()) yield this.score(intent, steps, i, step);
  }

  private score(intent: Intent, steps: readonly string[], index: number, text: string): Verdict {
    const { reading } = this.read(text);
    if (reading.language === 'none') return UNSCORABLE;
    if (reading.language === 'other') return OTHER_LANGUAGE;
    let before: SoFar = NOTHING_YET;
    for (let i = Math.max(0, index - STEPS_REMEMBERED); i < index; i++) {
      before = afterStep(this.read(steps[i] ?? ''), intent, before);
    }
    const { harmfulness, helpfulness, pushes } = stanceOf(reading, intent, before);
    const quoteOf = new Map(reading.matches.map((match, i) => [match, reading.quotes[i] ?? '']));
    return { harmfulness, helpfulness, reason: reasonOf(pushes, ({ match }) => quoteOf.get(match) ?? '') };
  }

  private read(step: string): Kept {
    const known = this.readings.get(step);
    if (known !== undefined) return known;
    const kept: Kept = { reading: readStep(this.finder, step), after: new Map() };
    if (step.length <= LONGEST_KEPT) {
      const oldest = this.readings.size >= MOST_READINGS ? this.readings.keys().next().value : undefined;
      if (oldest !== undefined) this.readings.delete(oldest);
      this.readings.set(step, kept);
    }
    return kept;
  }
}

/** A step read, and what is remembered after it, by intent and by what was remembered before. */
interface Kept {
  readonly reading: Reading;
  readonly after: Map<string, SoFar>;
}

function afterStep({ reading, after }: Kept, intent: Intent, before: SoFar): SoFar {
  if (reading.language !== 'readable') return before;
  const key = intent + String(keyOf(before));
  const known = after.get(key) ?? stanceOf(reading, intent, before).after;
  after.set(key, known);
  return known;
}

const UNSCORABLE: Verdict = { harmfulness: null, helpfulness: null, reason: 'nothing to read: no words' };
const OTHER_LANGUAGE: Verdict = {
  harmfulness: null,
  helpfulness: null,
  reason: 'no cue in a language this heuristic knows (English)',
};

/** The judge of a first run. Scores synchronously; its memory of steps read only saves time. */
export const offlineJudge = new OfflineJudge();
