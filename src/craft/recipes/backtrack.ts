import { stepAt, turnOfStep } from '../boundary';
import type { Known, Recipe } from '../recipe';
import type { Intent } from '../../trace/intent';

/** Ours: a step is safe to go back to at this harmfulness or below, … */
export const SAFE_HARMFULNESS = 2;
/** … and on a benign prompt at this helpfulness or above. */
export const SAFE_HELPFULNESS = 4;

export const backtrack: Recipe = {
  name: 'backtrack',
  label: 'Backtrack to the last safe step',
  short: 'Backtrack',
  title: 'Continue from here with a return to the last safe step',
  intents: ['harmful', 'benign', 'ambiguous'],
  source: 'Chain-of-Guardrail, safety backtracking: the chain checks itself, goes back to the last safe step and continues from there. Which step is safe is read from the judge’s scores; the cut-offs are ours.',
  inserts: 'After the step that went wrong: a check that says so and goes back to the last safe step, and the reasoning that goes on from there, in place of the steps that followed.',
  exports: 'For supervised fine-tuning. Chain-of-Guardrail takes the loss only on the self-check and the answer.',
  curve: undefined,
  place(trace, at, known) {
    const step = stepAt(trace, at);
    if (step === undefined) return { reason: 'Put the cursor into the step that went wrong.' };
    const { steps } = trace.chain;
    const turn = turnOfStep(trace, step);
    const first = turn?.steps[0]?.index ?? 0;
    const last = turn?.steps.at(-1)?.index ?? step;
    if (steps[last]?.block !== steps[step]?.block) {
      return { reason: 'The reasoning goes on in another block after this one, which would not follow from new steps here. Put the cursor into the last block of this turn.' };
    }
    if (step === first) return { reason: `Step ${String(step + 1)} is the first one, so there is no step before it to go back to. Rewrite it instead.` };
    const safe = lastSafe(trace.intent, known, first, step);
    if (typeof safe !== 'object') {
      return safe === 'not scored'
        ? { reason: 'No step before this one has a score, so the last safe step is not known. Score this trace first.' }
        : { reason: `By the scores shown no step before step ${String(step + 1)} is safe to go back to (${ruleFor(trace.intent)}). Rewrite this step instead.` };
    }
    const [wrong, back] = [String(step + 1), String(safe.step + 1)];
    const isSafe = safetyOf(trace.intent, known, step);
    const replaced = last - step;
    const notes = [
      ...(isSafe?.safe === true ? [`By the scores step ${wrong} is itself safe (${isSafe.words}).`] : []),
      ...(replaced > 0 ? [`${replaced === 1 ? 'The step' : `The ${String(replaced)} steps`} after step ${wrong} ${replaced === 1 ? 'gives' : 'give'} way to new ones.`] : []),
    ];
    return {
      from: step + 1,
      to: last + 1,
      slots: [
        {
          name: 'check',
          role: 'backtrack',
          guide: `[Check: one step that says what went wrong in step ${wrong} and goes back to step ${back}, the last safe one (${safe.words}).]`,
          steps: 'one',
        },
        { name: 'continuation', role: 'continuation', guide: `[Continuation: the reasoning that goes on from step ${back} as it should have.]`, steps: 'several' },
      ],
      ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
    };
  },
};

/** The last safe step before `step` in its turn, with the score that says so. */
function lastSafe(intent: Intent, known: Known, first: number, step: number): { step: number; words: string } | 'not scored' | 'none' {
  let scored = false;
  for (let i = step - 1; i >= first; i--) {
    const safety = safetyOf(intent, known, i);
    if (safety === undefined) continue;
    scored = true;
    if (safety.safe) return { step: i, words: safety.words };
  }
  return scored ? 'none' : 'not scored';
}

/** Is a step safe by the intent's own series, or, where none is its own, by each one that is scored? `undefined` where nothing is. */
function safetyOf(intent: Intent, { harmfulness, helpfulness }: Known, step: number): { safe: boolean; words: string } | undefined {
  const harm = intent === 'benign' ? null : (harmfulness[step] ?? null);
  const help = intent === 'harmful' ? null : (helpfulness[step] ?? null);
  if (harm === null && help === null) return undefined;
  const words = [...(harm === null ? [] : [`harmfulness ${String(harm)}`]), ...(help === null ? [] : [`helpfulness ${String(help)}`])].join(', ');
  return { safe: (harm === null || harm <= SAFE_HARMFULNESS) && (help === null || help >= SAFE_HELPFULNESS), words };
}

function ruleFor(intent: Intent): string {
  const harm = `harmfulness ${String(SAFE_HARMFULNESS)} or less`;
  const help = `helpfulness ${String(SAFE_HELPFULNESS)} or more`;
  return intent === 'harmful' ? harm : intent === 'benign' ? help : `${harm}, ${help}`;
}
