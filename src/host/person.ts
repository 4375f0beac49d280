import { userInfo } from 'node:os';
import * as vscode from 'vscode';
import type { JudgeIdentity } from '../judge/judge';

/** The rubric that a person scores by: the words of the table in docs/trust.md. */
export const PERSON_RUBRIC = 'person-1';

/** Whoever sits here, as a judge. Later steps are hidden while they score, so that their verdicts are `prefix` verdicts. */
export function personIdentity(): JudgeIdentity {
  return { judge: 'person', label: personName(), protocol: 'prefix', rubric: PERSON_RUBRIC, earnsNames: true };
}

/** As set in `cotLens.person`, else the name of the account. */
function personName(): string {
  const set = vscode.workspace.getConfiguration('cotLens').get<unknown>('person');
  if (typeof set === 'string' && set.trim() !== '') return set.trim();
  try {
    return userInfo().username;
  } catch {
    // An account without an entry in the system's list has no name.
    return 'a person';
  }
}
