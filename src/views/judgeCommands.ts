import * as vscode from 'vscode';
import type { ApiKeys } from '../host/apiKeys';
import type { ConfiguredJudges } from '../host/configuredJudges';
import type { Judges } from '../host/judges';
import { plainLabel } from '../host/plainLabel';
import { destinationOf, placeInWords } from '../judge/destinationOf';
import { isEndpointJudge, RESERVED_NAMES, type JudgeSetting } from '../judge/judgeSetting';
import { originOf } from '../model/origin';
import type { Disposable } from '../trace/event';
import { askForEndpoint, freeName } from './addEndpoint';
import { clearApiKey, setApiKey } from './apiKeyCommands';
import { askForJudge } from './chooseJudge';
import { askForVscodeModel } from './chooseVscodeModel';

/** The parts that the commands act on. */
export interface JudgeCommandParts {
  readonly configured: ConfiguredJudges;
  readonly judges: Judges;
  readonly keys: ApiKeys;
}

/** How long a line in the status bar stays, in milliseconds. */
const SAY_FOR = 10_000;

/** *Choose Judge…*, *Set API Key…* and *Clear API Key…*. */
export function registerJudgeCommands(parts: JudgeCommandParts): Disposable {
  const { configured, keys } = parts;
  return vscode.Disposable.from(
    vscode.commands.registerCommand('cotLens.chooseJudge', () => chooseJudge(parts)),
    // A button of a message knows whose key is missing; from the palette the person says.
    vscode.commands.registerCommand('cotLens.setApiKey', (origin?: unknown) =>
      setApiKey(configured, keys, typeof origin === 'string' ? origin : undefined),
    ),
    vscode.commands.registerCommand('cotLens.clearApiKey', () => clearApiKey(configured, keys)),
  );
}

/** Asks who is to score until somebody is chosen or the person leaves; resolves to whether another judge scores now. */
async function chooseJudge(parts: JudgeCommandParts): Promise<boolean> {
  const { configured, judges, keys } = parts;
  for (;;) {
    const choice = await askForJudge(configured, judges, vscode.window.activeTextEditor?.document.uri);
    switch (choice?.what) {
      case undefined:
        return false;
      case 'use':
        return use(parts, choice.name);
      case 'found':
        return add(parts, {
          ...{ baseUrl: choice.baseUrl, model: choice.model, protocol: 'prefix', samples: 1, helpfulnessOnHarmful: false },
          name: freeName({ model: choice.model, protocol: 'prefix' }, (name) => isTaken(configured, name)),
        });
      case 'endpoint': {
        const judge = await askForEndpoint(parts, undefined, choice.baseUrl);
        return judge !== undefined && add(parts, judge);
      }
      case 'vscode': {
        const judge = await askForVscodeModel((name) => isTaken(configured, name));
        return judge !== undefined && add(parts, judge);
      }
      case 'person':
        await vscode.commands.executeCommand('cotLens.scoreByHand');
        return false;
      case 'settings':
        await vscode.commands.executeCommand('workbench.action.openSettings', 'cotLens.judges');
        return false;
      case 'edit':
        await edit(parts, choice.judge);
        break;
      case 'key':
        if (isEndpointJudge(choice.judge)) await setApiKey(configured, keys, originOf(choice.judge.baseUrl));
        break;
      case 'remove':
        await remove(parts, choice.judge);
        break;
    }
  }
}

function isTaken({ all }: ConfiguredJudges, name: string): boolean {
  return RESERVED_NAMES.includes(name) || all.some((judge) => judge.name === name);
}

async function add(parts: JudgeCommandParts, judge: JudgeSetting): Promise<boolean> {
  await parts.configured.save(judge);
  return use(parts, judge.name);
}

async function use({ configured }: JudgeCommandParts, name: string): Promise<boolean> {
  await configured.choose(name);
  const setting = configured.named(name);
  const where = setting === undefined ? 'nothing is sent anywhere' : `text goes to ${plainLabel(placeInWords(destinationOf(setting)))} when you score`;
  const who = name === 'offline' ? 'the offline heuristic' : plainLabel(name);
  vscode.window.setStatusBarMessage(`From now on ${who} scores; ${where}`, SAY_FOR);
  return true;
}

async function edit(parts: JudgeCommandParts, judge: JudgeSetting): Promise<void> {
  // Of VS Code's models there is nothing to ask for: the rest of an entry is edited where it stands.
  if (!isEndpointJudge(judge)) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'cotLens.judges');
    return;
  }
  const edited = await askForEndpoint(parts, judge);
  if (edited !== undefined) await parts.configured.save(edited, judge.name);
}

async function remove({ configured }: JudgeCommandParts, { name }: JudgeSetting): Promise<void> {
  const sure = await vscode.window.showWarningMessage(
    `Remove the judge ${plainLabel(name)} from the settings?`,
    { modal: true, detail: 'Its scores stay, and so does the API key of its address.' },
    'Remove',
  );
  if (sure !== undefined) await configured.remove(name);
}
