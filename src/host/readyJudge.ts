import type { Judge, WholeView } from '../judge/judge';
import type { Price } from '../judge/judgeSetting';
import type { Destination } from '../model/chat';
import type { SendingPlan } from '../session/sendingInWords';

/** What the requests for one trace come to, estimated. */
export type Sending = Pick<SendingPlan, 'requests' | 'inputTokens' | 'repeatedTokens' | 'outputTokens'>;

/** A judge that can be asked now, with what a person must know before it is. */
export interface ReadyJudge {
  readonly judge: Judge;
  /** What it is called in the settings; `offline` for the heuristic. */
  readonly name: string;
  /** Where the text of a trace goes; `undefined` for the heuristic, which runs right here. */
  readonly destination: Destination | undefined;
  /** What its tokens cost, where the settings say so. */
  readonly price: Price | undefined;
  /** What would be sent to score what is wanted of a trace. */
  readonly sending: (view: WholeView) => Sending;
  /** To be called after a run: remembers, for the next one, the model that its server named. */
  readonly remember: () => void;
  /** The same judge made anew: by the settings, the rubric and the snapshot as they are by then. */
  readonly renewed: () => Promise<ReadyJudge>;
}
