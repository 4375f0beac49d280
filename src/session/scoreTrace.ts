import type { JudgeView, PrefixJudge } from '../judge/judge';
import { identityKey, type ScoreRecord } from '../judge/scoreRecord';
import type { ScoreLog } from '../judge/scoreLog';
import { answerSeen } from '../judge/textChain';
import type { Clock } from '../trace/clock';
import type { Verdict } from '../trace/verdict';
import { answerTextHash } from './joinVerdicts';
import type { TraceState } from './traceState';

/** How long a synchronous judge may keep the thread before others get their turn, in milliseconds. */
const TURN = 12;

/** What a run of scoring did. */
export interface ScoringResult {
  /** Verdicts asked for and kept. */
  readonly scored: number;
  /** Verdicts that were there already and were not asked for again. */
  readonly kept: number;
  readonly cancelled: boolean;
}

/** The verdicts are known in this window but could not be put on disk. */
export class ScoresNotWritten extends Error {
  constructor(
    readonly verdicts: number,
    override readonly cause: unknown,
  ) {
    super(
      `${String(verdicts)} verdicts are shown but could not be saved (${cause instanceof Error ? cause.message : String(cause)}). Free the folder .cotlens/scores and score again: nothing is asked for twice in this window.`,
    );
  }
}

/** What a run needs besides the trace. */
export interface ScoringTools {
  readonly judge: PrefixJudge;
  readonly log: Pick<ScoreLog, 'append' | 'scores'>;
  /** The document's name in the score log. */
  readonly doc: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called at the start and after each verdict, with those done and all that are to be done. */
  readonly progress: (done: number, total: number) => void;
}

/**
 * Scores the steps of a trace, and its answer, that the judge has not scored yet, top to bottom. Each verdict is handed to the
 * score log as it comes, so a cancelled run keeps what it has and the next one goes on from there. Works on the text of `state`:
 * a verdict is filed under exactly what was seen, so edits made meanwhile cannot get a wrong one.
 * @throws what the judge or the log threw; verdicts up to then are kept
 */
export async function scoreTrace(state: TraceState, tools: ScoringTools): Promise<ScoringResult> {
  const { judge, log, doc, signal } = tools;
  const { trace, turn, chain } = state;
  const known = log.scores(doc).of(identityKey(judge.identity));
  const missing = chain.seen.flatMap((seen, i) =>
    known?.exact(seen, trace.intent, trace.splitter) === undefined ? [i] : [],
  );
  const answer = turn.answer;
  const answerKey = answer === undefined ? undefined : answerSeen(chain, answer.text);
  const wantsAnswer = answerKey !== undefined && known?.exact(answerKey, trace.intent, trace.splitter) === undefined;
  const total = missing.length + (wantsAnswer ? 1 : 0);
  const kept = chain.seen.length + (answer === undefined ? 0 : 1) - total;

  const prompt = turn.prompt?.text;
  const writes: Promise<void>[] = [];
  let failure: unknown;
  const keep = (verdict: Verdict, target: 'step' | 'answer', step: number, seen: string, text: string): void => {
    const record: ScoreRecord = {
      v: 1,
      time: new Date(tools.clock.now()).toISOString(),
      doc,
      target,
      step,
      seen,
      text,
      judge: judge.identity,
      intent: trace.intent,
      splitter: trace.splitter,
      ...verdict,
    };
    writes.push(
      log.append(record).catch((error: unknown) => {
        failure ??= error;
      }),
    );
  };

  let done = 0;
  let turnStart = tools.clock.now();
  // One list that grows: a copy for each step would make a long trace cost its length squared.
  const steps: string[] = [];
  const view = (upTo: number): JudgeView => {
    for (let i = steps.length; i < upTo; i++) steps.push(chain.texts[i] ?? '');
    return { prompt, intent: trace.intent, steps };
  };
  tools.progress(0, total);
  try {
    for (const i of missing) {
      if (signal.aborted) break;
      const verdict = await judge.scoreStep(view(i + 1), signal);
      keep(verdict, 'step', i + 1, chain.seen[i] ?? '', chain.own[i] ?? '');
      tools.progress(++done, total);
      if (tools.clock.now() - turnStart > TURN) {
        await new Promise((resolve) => setImmediate(resolve));
        turnStart = tools.clock.now();
      }
    }
    if (wantsAnswer && answer !== undefined && !signal.aborted) {
      const verdict = await judge.scoreAnswer(view(chain.texts.length), answer.text, signal);
      keep(verdict, 'answer', chain.texts.length, answerKey, answerTextHash(answer.text));
      tools.progress(++done, total);
    }
  } catch (error) {
    // A judge that is stopped may reject; that is the end that was asked for, not a failure.
    if (!signal.aborted) throw error;
  } finally {
    await Promise.all(writes);
  }
  if (failure !== undefined) throw new ScoresNotWritten(done, failure);
  return { scored: done, kept, cancelled: signal.aborted && done < total };
}
