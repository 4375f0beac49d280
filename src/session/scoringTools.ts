import type { Judge, JudgeIdentity } from '../judge/judge';
import type { ScoreLog } from '../judge/scoreLog';
import type { Clock } from '../trace/clock';
import type { Stopped } from './scoringResult';
import type { Slots } from './slots';

/** What a run needs besides the trace. */
export interface ScoringTools {
  readonly judge: Judge;
  readonly log: Pick<ScoreLog, 'append' | 'scores' | 'flush' | 'unwritten'> & Partial<Pick<ScoreLog, 'exchanges'>>;
  /** The document's name in the score log. */
  readonly doc: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called at the start and after each verdict or fault, with those done and all that are to be done. */
  readonly progress: (done: number, total: number) => void;
  /** Called with the identity that verdicts are filed under: at the start, and when a reply names another snapshot. */
  readonly identified?: (identity: JudgeIdentity) => void;
  /** Ask also for what could not be scored before (`null`). */
  readonly again?: boolean;
  /** Places for requests under way, where several runs share them; `judge.parallel` of its own where absent. */
  readonly slots?: Slots;
  /** Asked before each request, where several runs go together: has another of them ended them all? What is under way is kept. */
  readonly isOver?: () => boolean;
  /** Called at once when the run stops, while what is under way is still waited for. */
  readonly stopping?: (stopped: Stopped) => void;
}
