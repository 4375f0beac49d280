import * as vscode from 'vscode';
import type { JudgeIdentity, Target } from '../judge/judge';
import { isEndpointJudge } from '../judge/judgeSetting';
import { offersFor, type Offer } from '../judge/offers';
import type { Trouble } from '../session/runInWords';
import type { ConfiguredJudges } from './configuredJudges';
import { plainLabel } from './plainLabel';
import { tellFailure } from './tellFailure';
import type { ReadyJudge } from './readyJudge';
import type { RunOptions } from './scoring';

/** The run that the offers are about. */
export interface EndedRun {
  readonly document: vscode.TextDocument;
  readonly ready: ReadyJudge;
  readonly identity: JudgeIdentity;
  readonly score: (ready: ReadyJudge, options?: RunOptions) => Promise<unknown>;
}

/** What the command *What Was Sent* may be told: which exchange, where it is not the one at the cursor. */
export interface WhatWasSent {
  readonly uri: string;
  readonly place: Target;
  readonly judge: JudgeIdentity;
}

const LABELS: Readonly<Record<Offer, string>> = {
  'score-again': 'Score Again',
  'ask-again': 'Ask Again',
  'set-key': 'Set API Key…',
  'choose-judge': 'Choose Judge…',
  'set-context': 'Set Context Size…',
  'what-was-sent': 'What Was Sent',
  'show-log': 'Show Log',
  'open-settings': 'Open Settings',
};

/** Says what went wrong with a run, with buttons that do what helps. */
export class ScoringOffers {
  constructor(private readonly configured: ConfiguredJudges) {}

  /** Settles when the person has done what they chose, or nothing. */
  async make(trouble: Trouble, run: EndedRun): Promise<void> {
    const offers = offersFor(trouble.code).filter((offer) => offer !== 'what-was-sent' || trouble.target !== undefined);
    const labels = offers.map((offer) => LABELS[offer]);
    const message = `CoT Lens: ${plainLabel(trouble.message, 1000)}`;
    const picked = await (trouble.severity === 'error'
      ? vscode.window.showErrorMessage(message, ...labels)
      : vscode.window.showWarningMessage(message, ...labels));
    const offer = offers.find((one) => LABELS[one] === picked);
    if (offer !== undefined) await this.take(offer, trouble, run);
  }

  private async take(offer: Offer, { target }: Trouble, run: EndedRun): Promise<void> {
    const { executeCommand } = vscode.commands;
    switch (offer) {
      case 'score-again':
        return scoreAgain(run);
      case 'ask-again':
        return scoreAgain(run, { again: true });
      case 'set-key':
        if (await executeCommand<boolean>('cotLens.setApiKey', run.ready.destination?.origin)) await scoreAgain(run);
        return;
      case 'choose-judge':
        await executeCommand('cotLens.chooseJudge');
        return;
      case 'set-context':
        if (await this.setContext(run.ready)) await scoreAgain(run);
        return;
      case 'what-was-sent': {
        const { document, identity } = run;
        const which: WhatWasSent | undefined =
          target === undefined ? undefined : { uri: document.uri.toString(), place: target, judge: identity };
        await executeCommand('cotLens.whatWasSent', which);
        return;
      }
      case 'show-log':
        await executeCommand('cotLens.showLog');
        return;
      case 'open-settings':
        await executeCommand('workbench.action.openSettings', 'cotLens.judges');
        return;
    }
  }

  /** Asks for the size of the model's context and writes it into the judge's settings. */
  private async setContext({ name }: ReadyJudge): Promise<boolean> {
    const setting = this.configured.named(name);
    if (setting === undefined) return false;
    const answer = await vscode.window.showInputBox({
      title: `The context of ${plainLabel(isEndpointJudge(setting) ? setting.model : name)}, in tokens`,
      prompt: 'Of a longer trace the earliest steps are left out of a request. The size is part of what the judge is: its scores begin a curve of their own.',
      value: String(setting.contextTokens ?? 8192),
      validateInput: (text) => (/^\d+$/.test(text.trim()) && Number(text) >= 512 ? undefined : 'A whole number of tokens from 512, as the model’s makers state it.'),
    });
    if (answer === undefined) return false;
    await this.configured.save({ ...setting, contextTokens: Number(answer) });
    return true;
  }
}

async function scoreAgain({ ready, score }: EndedRun, options?: RunOptions): Promise<void> {
  try {
    await score(await ready.renewed(), options);
  } catch (error) {
    // The settings may have changed so that there is no such judge any more.
    tellFailure(error);
  }
}
