import type * as vscode from 'vscode';
import type { Judge, JudgeIdentity } from '../judge/judge';
import type { JudgeSetting } from '../judge/judgeSetting';
import { offlineJudge } from '../judge/offline/offlineJudge';
import { identityKey } from '../judge/scoreRecord';
import type { JudgeVariant } from './judges';
import type { ReadyJudge } from './readyJudge';

/** A judge that can be asked again. */
export interface JudgeAtHand {
  readonly judge: Judge;
  /** What must be known before it is asked; `undefined` of the heuristic, which sends nothing and costs nothing. */
  readonly ready: ReadyJudge | undefined;
}

/** Finds the judge that once gave these scores; `undefined` where it cannot be asked any more, or is a person. */
export type JudgeAtHandOf = (identity: JudgeIdentity, resource: vscode.Uri) => Promise<JudgeAtHand | undefined>;

/** Looks among the heuristic and the judges of the settings for exactly the one that is meant: same model, rubric and sampling. */
export function judgesAtHand(
  settings: () => readonly JudgeSetting[],
  judgeWith: (variant: JudgeVariant, resource: vscode.Uri) => Promise<ReadyJudge>,
): JudgeAtHandOf {
  return async (identity, resource) => {
    const wanted = identityKey(identity);
    if (identityKey(offlineJudge.identity) === wanted) return { judge: offlineJudge, ready: undefined };
    for (const setting of settings()) {
      // One that cannot be made now (its rubric is gone, say) is not at hand; that is said when somebody scores with it.
      const ready = await judgeWith({ setting, protocol: identity.protocol }, resource).catch(() => undefined);
      if (ready !== undefined && identityKey(ready.judge.identity) === wanted) return { judge: ready.judge, ready };
    }
    return undefined;
  };
}
