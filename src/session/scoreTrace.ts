import { isWholeTraceJudge, type JudgeView, type PrefixJudge, type Target, type WholeTraceJudge } from '../judge/judge';
import type { ScoringResult } from './scoringResult';
import { ScoringRun } from './scoringRun';
import type { ScoringTools } from './scoringTools';
import { Slots } from './slots';
import type { TraceState } from './traceState';

export { ScoresNotWritten, type ScoringResult, type Stopped } from './scoringResult';
export type { ScoringTools } from './scoringTools';

/** How long a synchronous judge may keep the thread before others get their turn, in milliseconds. */
const TURN = 12;

/**
 * Scores the steps of a trace, and its answer, that the judge has not scored yet, top to bottom. Each verdict is handed to the
 * score log as it comes, so a cancelled run keeps what it has and the next one goes on from there. Works on the text of `state`:
 * a verdict is filed under exactly what was seen, so edits made meanwhile cannot get a wrong one.
 *
 * A reply without a verdict leaves its step unscored and the others go on; three in a row stop the run (ours), as does any fault of
 * the endpoint. What is then still under way is waited for, and kept if it comes.
 * @throws ScoresNotWritten, and what is no fault of reply or endpoint; verdicts up to then are kept
 */
export async function scoreTrace(state: TraceState, tools: ScoringTools): Promise<ScoringResult> {
  const { judge, signal } = tools;
  const run = new ScoringRun(state, tools);
  const slots = tools.slots ?? new Slots(Math.max(1, judge.parallel ?? 1));
  try {
    if (isWholeTraceJudge(judge)) await scoreWhole(run, judge, slots, signal);
    else await scorePrefix(run, judge, slots, tools);
  } finally {
    await run.written();
  }
  return run.result();
}

async function scoreWhole(run: ScoringRun, judge: WholeTraceJudge, slots: Slots, signal: AbortSignal): Promise<void> {
  const { view } = run;
  if ((view.wanted.length === 0 && !view.wantsAnswer) || !(await slots.take(signal))) return;
  try {
    if (run.isOver) return;
    await judge.scoreAll(
      view,
      (target, judgement) => {
        run.said(target, judgement);
      },
      signal,
      (exchanged) => {
        run.exchanged(exchanged);
      },
    );
  } catch (error) {
    run.failed([...view.wanted, ...(view.wantsAnswer ? ['answer' as const] : [])], error);
  } finally {
    slots.release();
  }
}

async function scorePrefix(run: ScoringRun, judge: PrefixJudge, slots: Slots, { clock, signal }: ScoringTools): Promise<void> {
  const { wanted, wantsAnswer, answer, steps: texts, leads: allLeads, prompt, intent } = run.view;
  // One list that grows: a copy for each step would make a long trace cost its length squared.
  const steps: string[] = [];
  const leads: (string | undefined)[] = [];
  const view: JudgeView = { prompt, intent, steps, ...(allLeads === undefined ? {} : { leads }) };
  const underWay = new Set<Promise<void>>();

  const ask = (target: Target): void => {
    for (let i = steps.length; i < (target === 'answer' ? texts.length : target + 1); i++) {
      steps.push(texts[i] ?? '');
      leads.push(allLeads?.[i]);
    }
    if (target === 'answer') leads.push(...(allLeads ?? []).slice(leads.length));
    try {
      const said = target === 'answer' ? judge.scoreAnswer(view, answer ?? '', signal) : judge.scoreStep(view, signal);
      if (said instanceof Promise) {
        const settled = said
          .then(
            (judgement) => {
              run.said(target, judgement);
            },
            (error: unknown) => {
              run.failed([target], error);
            },
          )
          .finally(() => {
            underWay.delete(settled);
            slots.release();
          });
        underWay.add(settled);
        return;
      }
      run.said(target, said);
    } catch (error) {
      run.failed([target], error);
    }
    slots.release();
  };

  let turnStart = clock.now();
  const targets: Iterable<Target> = wantsAnswer ? [...wanted, 'answer'] : wanted;
  for (const target of targets) {
    if (!slots.tryTake() && !(await slots.take(signal))) break;
    // While it waited for its turn the run may have ended, or another judge's verdict been found.
    if (signal.aborted || run.isOver) {
      slots.release();
      break;
    }
    if (run.has(target)) slots.release();
    else ask(target);
    if (clock.now() - turnStart > TURN) {
      await new Promise((resolve) => setImmediate(resolve));
      turnStart = clock.now();
    }
  }
  await Promise.all(underWay);
}
