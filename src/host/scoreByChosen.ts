import * as vscode from 'vscode';
import { destinationOf } from '../judge/destinationOf';
import type { ScoringResult } from '../session/scoringResult';
import type { Judges, JudgeVariant } from './judges';
import { plainLabel } from './plainLabel';
import type { ReadyJudge } from './readyJudge';
import type { Scoring } from './scoring';
import { trustedToSend } from './sendConsent';

/**
 * Scores what is missing of a document by the chosen judge, or with a variant by one like it.
 * @returns what the run did; `undefined` where there was none, which was said
 */
export async function scoreByChosen(
  judges: Judges,
  scoring: Pick<Scoring, 'score'>,
  document: vscode.TextDocument,
  variant: JudgeVariant = {},
): Promise<ScoringResult | undefined> {
  const ready = await readyJudge(judges, document.uri, variant);
  return ready === undefined ? undefined : scoring.score(document, ready);
}

/** The chosen judge, or the variant of it; `undefined` where it cannot be used, which was said with what can be done about it. */
export async function readyJudge(judges: Judges, resource: vscode.Uri | undefined, variant: JudgeVariant = {}): Promise<ReadyJudge | undefined> {
  const { setting = judges.setting } = variant;
  if (setting !== undefined && !(await trustedToSend(setting.name, destinationOf(setting)))) return undefined;
  try {
    return await judges.judgeWith(variant, resource);
  } catch (error) {
    const message = plainLabel(error instanceof Error ? error.message : String(error), 1000);
    // Whether anything is done about it is up to the person, who may leave the message standing.
    void offer(message);
    return undefined;
  }
}

async function offer(message: string): Promise<void> {
  const choose = 'Choose Judge…';
  const settings = 'Open Settings';
  const picked = await vscode.window.showErrorMessage(`CoT Lens: ${message}`, choose, settings);
  if (picked === choose) await vscode.commands.executeCommand('cotLens.chooseJudge');
  else if (picked === settings) await vscode.commands.executeCommand('workbench.action.openSettings', 'cotLens.judge');
}
