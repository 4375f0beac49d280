import { injectedSteps } from '../trace/provenance';
import type { Step, Trace, Turn } from '../trace/trace';
import { isRefusal, type Known, type Recipe, type Target } from './recipe';
import type { SuggestedBoundary } from './teacher';

/** A place that a recipe might work well at, by rule. */
export interface RankedBoundary extends SuggestedBoundary {
  readonly target: Target;
  /** 0 … 1; higher is better. Of one list only: it means nothing beside another's. */
  readonly score: number;
  /** Shown with it, so that nobody takes it for a model's or a person's judgement. */
  readonly heuristic: true;
}

/** How many are suggested at most where nothing else is said; ours. */
const MOST_SUGGESTED = 10;
/** The chain is short up to here (ours): none of its boundaries is at its edge. */
const SHORT = 5;
/** So much of a step is read at its beginning and its end. */
const READ = 400;

const RESTATES = /\b(?:the (?:user|person|question|request|prompt|query)|they|you|someone)(?:['’]s| is| are)? (?:want|wants|ask|asks|asked|asking|request|requests|requesting|need|needs|seem|seems|looking|trying)\b/i;
const WEIGHS = /\b(?:but|however|although|though|on the other hand|wait|hmm|maybe|perhaps|consider|weigh|depends|could|might|should i|whether)\b/i;
const SETTLES = /\b(?:therefore|in conclusion|so i (?:will|should|must|can't|cannot|won't)|i (?:will|must|should) (?:refuse|decline|not)|to sum up|overall)\b/i;

/**
 * Ranks the step boundaries of a trace for a recipe that inserts, without a model; all of it ours and no finding:
 * - middle: 0.4 in the middle of its turn's chain, falling to 0 at the ends;
 * - 0.3 after a step that restates the request, 0.25 after one that weighs, minus 0.2 after one that has settled already;
 * - minus 0.3 beside a step that was injected before;
 * - boundaries of the first and last fifth are left out, unless the chain is short (up to five steps);
 * - 0.3 is added to all, and what comes out is kept between 0 and 1.
 * Deciding is left to the person: the words looked for are English ones.
 * @returns the best first, those as good in the order of the text; none where the recipe works nowhere
 */
export function suggestOffline(trace: Trace, recipe: Pick<Recipe, 'place'>, known: Known, most = MOST_SUGGESTED): readonly RankedBoundary[] {
  const injected = new Set(injectedSteps(trace));
  const ranked = trace.turns.flatMap((turn) => rankedIn(turn, injected)).sort((a, b) => b.score - a.score || a.boundary - b.boundary);
  const found: RankedBoundary[] = [];
  // Asking a recipe takes time: only about as many are asked for as are wanted.
  for (const { step, ...suggestion } of ranked.slice(0, 10 * most)) {
    if (found.length >= most) break;
    const target = recipe.place(trace, { start: step.end, end: step.end }, known);
    if (!isRefusal(target) && target.from === suggestion.boundary) found.push({ ...suggestion, target, heuristic: true });
  }
  return found;
}

function rankedIn({ steps }: Turn, injected: ReadonlySet<number>): { step: Step; boundary: number; score: number; reason: string }[] {
  const n = steps.length;
  const edge = n <= SHORT ? 0 : Math.floor(n / 5);
  return steps.slice(edge, n - edge).map((step, i) => {
    const k = edge + i + 1;
    const middle = n === 1 ? 1 : 1 - Math.abs(2 * k - n) / n;
    const words = step.text.length <= 2 * READ ? step.text : `${step.text.slice(0, READ)} ${step.text.slice(-READ)}`;
    const marks = [
      { gives: 0.4 * middle, says: middle > 0.5 ? 'in the middle of the chain' : undefined },
      { gives: RESTATES.test(words) ? 0.3 : 0, says: 'after a step that restates the request' },
      { gives: WEIGHS.test(words) ? 0.25 : 0, says: 'after a step that weighs' },
      { gives: SETTLES.test(words) ? -0.2 : 0, says: 'though the step before has settled already' },
      { gives: injected.has(step.index) || injected.has(step.index + 1) ? -0.3 : 0, says: 'though beside an injected step' },
    ];
    const score = Math.min(1, Math.max(0, marks.reduce((sum, { gives }) => sum + gives, 0.3)));
    const reasons = marks.flatMap(({ gives, says }) => (gives === 0 || says === undefined ? [] : [says]));
    return { step, boundary: step.index + 1, score, reason: reasons.length === 0 ? 'nothing speaks for or against it' : reasons.join(', ') };
  });
}
