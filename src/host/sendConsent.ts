import * as vscode from 'vscode';
import { placeInWords } from '../judge/destinationOf';
import type { Destination } from '../model/chat';
import { sendingQuestion, type SendingPlan } from '../session/sendingInWords';
import type { ConfiguredJudges } from './configuredJudges';
import { plainLabel } from './plainLabel';
import type { ReadyJudge } from './readyJudge';
import { needsTrust } from './workspaceTrust';

const KEY = 'cotLens.sendsTo';

/** Nothing is sent from a workspace that is not trusted, to this machine neither; says so and offers to manage it. */
export function trustedToSend(name: string, destination: Destination): Promise<boolean> {
  return needsTrust(
    `Scoring with ${plainLabel(name)} would send traces of this workspace to ${plainLabel(placeInWords(destination))}, and the workspace is not trusted. The offline heuristic works here; “Choose Judge…” goes back to it.`,
  );
}

/**
 * Asks before text leaves this machine: once for each address and workspace, and every time above the tokens that the settings
 * name. Models on this machine are not asked about.
 */
export class SendConsent {
  /** @param memory of the workspace: to which addresses its traces may go */
  constructor(
    private readonly configured: ConfiguredJudges,
    private readonly memory: vscode.Memento,
  ) {}

  /** May this be sent? Says why not where the workspace is not trusted. */
  async ask(ready: ReadyJudge, plan: SendingPlan): Promise<boolean> {
    const { destination, price } = ready;
    if (destination === undefined) return true;
    const name = plainLabel(ready.name);
    if (!(await trustedToSend(ready.name, destination))) return false;
    if (destination.local) return true;
    const known = this.memory.get<readonly string[]>(KEY) ?? [];
    // What was agreed to is what was shown: each vendor of VS Code's models is a place of its own.
    const place = placeInWords(destination);
    if (known.includes(place) && plan.inputTokens <= this.configured.askAboveTokens) return true;
    const { question, detail } = sendingQuestion(name, destination, plan, price);
    const score = 'Score';
    if ((await vscode.window.showInformationMessage(question, { modal: true, detail }, score)) !== score) return false;
    if (!known.includes(place)) await this.memory.update(KEY, [...known, place]);
    return true;
  }
}
