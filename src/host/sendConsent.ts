import * as vscode from 'vscode';
import { placeInWords } from '../judge/destinationOf';
import type { Destination } from '../model/chat';
import { craftingQuestion, craftingUntrusted, type Crafting } from '../session/craftingInWords';
import { sendingQuestion, type SendingPlan } from '../session/sendingInWords';
import type { ConfiguredJudges } from './configuredJudges';
import { plainLabel } from './plainLabel';
import type { ReadyJudge, Sending } from './readyJudge';
import type { ReadyModel } from './teachers';
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
    if (!(await trustedToSend(ready.name, destination))) return false;
    return this.agreed(destination, plan.inputTokens, 'Score', () => sendingQuestion(plainLabel(ready.name), destination, plan, price));
  }

  /**
   * The same before a teacher or a guard is asked: what they are sent goes by the same agreement as what judges are sent.
   * @param sending what its `estimate` says of this very request
   */
  async askToCraft({ name, destination, price }: ReadyModel, doing: Crafting, sending: Sending): Promise<boolean> {
    const label = plainLabel(name);
    if (!(await needsTrust(craftingUntrusted(doing, label, destination)))) return false;
    const { act, ...words } = craftingQuestion(doing, label, destination, sending, price);
    return this.agreed(destination, sending.inputTokens, act, () => words);
  }

  /** @param act what the button says */
  private async agreed(destination: Destination, inputTokens: number, act: string, words: () => { question: string; detail: string }): Promise<boolean> {
    if (destination.local) return true;
    const known = this.memory.get<readonly string[]>(KEY) ?? [];
    // What was agreed to is what was shown: each vendor of VS Code's models is a place of its own.
    const place = placeInWords(destination);
    if (known.includes(place) && inputTokens <= this.configured.askAboveTokens) return true;
    const { question, detail } = words();
    if ((await vscode.window.showInformationMessage(question, { modal: true, detail }, act)) !== act) return false;
    if (!known.includes(place)) await this.memory.update(KEY, [...known, place]);
    return true;
  }
}
