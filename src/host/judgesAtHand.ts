import type * as vscode from 'vscode';
import type { Judge, JudgeIdentity } from '../judge/judge';
import type { JudgeSetting } from '../judge/judgeSetting';
import { offlineJudge } from '../judge/offline/offlineJudge';
import { identityKey } from '../judge/scoreRecord';
import type { ReadyJudge } from './readyJudge';

/** A judge that can be asked again, and what a person must know before it is. */
export interface JudgeAtHand {
  readonly judge: Judge;
  /** Where the text goes; `undefined` where it stays on this machine and costs nothing. */
  readonly destination: string | undefined;
  /** US dollars for a million input tokens, where the settings say so. */
  readonly inputPrice: number | undefined;
}

/** Finds the judge that once gave these scores; `undefined` where it cannot be asked any more, or is a person. */
export type JudgeAtHandOf = (identity: JudgeIdentity, resource: vscode.Uri) => Promise<JudgeAtHand | undefined>;

/** Looks among the heuristic and the judges of the settings for exactly the one that is meant: same model, rubric and sampling. */
export function judgesAtHand(
  settings: () => readonly JudgeSetting[],
  judgeWith: (variant: { readonly setting: JudgeSetting; readonly protocol: JudgeIdentity['protocol'] }, resource: vscode.Uri) => Promise<ReadyJudge>,
): JudgeAtHandOf {
  return async (identity, resource) => {
    const wanted = identityKey(identity);
    if (identityKey(offlineJudge.identity) === wanted) return { judge: offlineJudge, destination: undefined, inputPrice: undefined };
    for (const setting of settings()) {
      // One that cannot be made now (its rubric is gone, say) is not at hand; that is said when somebody scores with it.
      const ready = await judgeWith({ setting, protocol: identity.protocol }, resource).catch(() => undefined);
      if (ready === undefined || identityKey(ready.judge.identity) !== wanted) continue;
      return { judge: ready.judge, destination: ready.destination?.origin ?? 'VS Code’s language models', inputPrice: ready.price?.input };
    }
    return undefined;
  };
}
