import * as vscode from 'vscode';
import { configuredBackends, removeBackend, saveBackend } from '../host/configuredBackends';
import { plainLabel } from '../host/plainLabel';
import { tellFailure } from '../host/tellFailure';
import { originOf } from '../model/origin';
import type { Backend, BackendCheck } from '../train/backends/backend';
import type { BackendSetting } from '../train/backends/backendSetting';
import { addressProblem } from '../train/backends/readBackendSettings';
import { keyWarning, withoutEncryption } from './apiKeyCommands';
import { askPick, askText, BACK, type Answer } from './askInSteps';
import type { LaunchParts } from './launchFineTune';

type BackendParts = Pick<LaunchParts, 'keys' | 'backends' | 'log'>;

/** Where `ray start --head` puts the dashboard. */
const LOCAL_RAY = 'http://127.0.0.1:8265';
/** How long a backend may take to answer a check, in milliseconds. Ours. */
const CHECK_WITHIN = 30_000;
/** How long a line in the status bar stays, in milliseconds. */
const SAY_FOR = 10_000;
const STEPS = 4;

/** The answers so far; a step back finds them as they were given. */
interface Draft {
  kind: BackendSetting['kind'];
  url: string;
  name: string;
}

type Asked = Promise<Answer<'asked'>>;

/** *Add Training Backend…*: asks for kind, address, name and key, saves it and checks it. @returns `undefined` where the person left */
export async function addBackend(parts: BackendParts): Promise<BackendSetting | undefined> {
  const draft: Draft = { kind: 'ray', url: '', name: '' };
  const questions = [askKind, askAddress, askName, askKey];
  for (let at = 0; at < questions.length; ) {
    const answer: Answer<'asked'> = await questions[at]?.(draft, parts);
    if (answer === undefined) return undefined;
    at += answer === BACK ? -1 : 1;
  }
  const setting: BackendSetting = { kind: draft.kind, name: draft.name, url: draft.url.replace(/\/+$/, '') };
  await saveBackend(setting);
  const found = await checked(parts, setting);
  // Not waited for: what asks for a backend goes on, and a message may never be closed. A button that asks for a key would end what asks.
  if (found !== undefined) void tellOf(setting, found, 'auth' in found && found.auth ? ['“Set Backend Key…” sets another.'] : [], []);
  return setting;
}

const TITLE = 'Add Training Backend';

async function askKind(draft: Draft): Asked {
  const rows = [
    { label: '$(device-desktop) Ray on this machine', description: LOCAL_RAY, detail: '`ray start --head` on this machine, with `trl` installed.', of: 'ray' as const, url: LOCAL_RAY },
    { label: '$(server) Ray cluster…', description: 'by the address of its dashboard', detail: 'A job of the cluster runs a stock trainer; the rows travel in its package.', of: 'ray' as const, url: '' },
    { label: '$(cloud) Fine-tuning API…', description: 'of OpenAI’s shape', detail: 'A provider trains and bills. It takes fewer of the recipe’s values, and says nothing of the rest.', of: 'openai' as const, url: '' },
  ];
  const answer = await askPick({ title: TITLE, step: 1, of: STEPS, placeholder: 'Where training happens', rows });
  if (answer === undefined || answer === BACK) return answer;
  draft.kind = answer.of;
  if (answer.url !== '' || draft.url === LOCAL_RAY) draft.url = answer.url;
  return 'asked';
}

async function askAddress(draft: Draft): Asked {
  const answer = await askText({
    ...{ title: TITLE, step: 2, of: STEPS },
    prompt: draft.kind === 'ray' ? 'The address of the cluster’s dashboard, as `ray start` prints it' : 'The base URL of the fine-tuning API, mostly ending in /v1',
    placeholder: draft.kind === 'ray' ? LOCAL_RAY : 'https://api.openai.com/v1',
    value: draft.url,
    wrong: (text) => {
      const problem = addressProblem(text);
      return problem === undefined ? undefined : `This ${problem}.`;
    },
    mind: (text) => withoutEncryption(originOf(text)),
  });
  if (typeof answer !== 'string') return answer;
  draft.url = answer;
  return 'asked';
}

async function askName(draft: Draft): Asked {
  const taken = (name: string): boolean => configuredBackends().backends.some((one) => one.name === name);
  const answer = await askText({
    ...{ title: TITLE, step: 3, of: STEPS },
    prompt: 'What it is to be called in lists and records',
    value: draft.name === '' ? freeName(draft, taken) : draft.name,
    wrong: (name) => (name === '' ? 'A backend needs a name.' : name.length > 80 ? 'A name has at most 80 characters.' : taken(name) ? 'There is a backend of this name already; take another.' : undefined),
  });
  if (typeof answer !== 'string') return answer;
  draft.name = answer;
  return 'asked';
}

function freeName({ kind, url }: Draft, taken: (name: string) => boolean): string {
  const own = url === LOCAL_RAY ? 'local Ray' : `${kind === 'ray' ? 'Ray' : 'fine-tuning'} at ${new URL(url).hostname}`;
  for (let n = 1; ; n++) {
    const name = n === 1 ? own : `${own} ${String(n)}`;
    if (!taken(name)) return name;
  }
}

async function askKey(draft: Draft, { keys }: BackendParts): Asked {
  const origin = originOf(draft.url);
  const known = (await keys.of(origin)) !== undefined;
  const answer = await askText({
    ...{ title: TITLE, step: 4, of: STEPS },
    prompt: `The ${draft.kind === 'ray' ? 'token' : 'API key'} for ${origin}: kept in VS Code’s secret storage, sent to ${origin} and nowhere else. ${known ? 'Leave empty to keep the one that is set.' : 'Leave empty if it needs none.'}`,
    secret: true,
    wrong: (text) => (text === '' ? undefined : keyWarning(text)),
    mind: () => withoutEncryption(origin),
  });
  if (typeof answer !== 'string') return answer;
  if (answer !== '') await keys.set(origin, answer);
  return 'asked';
}

/** *Check Training Backend…*: asks a backend for its version and whether we may, and says what it answered; its message is not waited for. */
export async function checkBackend(parts: BackendParts, given?: BackendSetting): Promise<void> {
  const setting = given ?? (await pickBackend('Check Training Backend'));
  if (setting === undefined) return;
  const found = await checked(parts, setting);
  if (found === undefined) return;
  const set = 'Set Backend Key…';
  void tellOf(setting, found, [], 'auth' in found && found.auth ? [set] : [])
    .then(async (answer) => {
      if (answer === set && (await setBackendKey(parts, setting))) await checkBackend(parts, setting);
    })
    .then(undefined, tellFailure);
}

type Found = BackendCheck | { readonly fault: string; readonly auth: boolean };

/** Asks a backend, with a way to cancel that. */
async function checked(parts: BackendParts, setting: BackendSetting): Promise<Found | undefined> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Asking ${plainLabel(setting.name)}`, cancellable: true }, async (_progress, token) => {
    const run = new AbortController();
    token.onCancellationRequested(() => {
      run.abort();
    });
    return asked(await parts.backends.make(setting), run.signal);
  });
}

/** Says what a backend answered. @param more sentences that follow @param buttons of a fault */
async function tellOf({ name, url }: BackendSetting, found: Found, more: readonly string[], buttons: readonly string[]): Promise<string | undefined> {
  if ('fault' in found) return vscode.window.showErrorMessage(plainLabel([`${name}: ${found.fault}`, ...more].join(' '), 1000), ...buttons);
  if (found.problems.length > 0) return vscode.window.showWarningMessage(plainLabel(`${name}: ${found.version} answers. ${found.problems.join(' ')}`, 1000));
  return vscode.window.showInformationMessage(plainLabel(`${name}: ${found.version} answers at ${url} and lets us in.`, 300));
}

/** What a backend answers a check, or why it does not; `undefined` where the person cancelled. */
export async function asked(backend: Backend, cancelled: AbortSignal, model?: string): Promise<Found | undefined> {
  try {
    return await backend.check(AbortSignal.any([cancelled, AbortSignal.timeout(CHECK_WITHIN)]), model);
  } catch (error) {
    if (cancelled.aborted) return undefined;
    if (error instanceof Error && error.name === 'TimeoutError') return { fault: `${backend.url} did not answer within ${String(CHECK_WITHIN / 1000)} s. Is it running, and reachable from this machine?`, auth: false };
    // Told apart by their fields: what speaks to backends is a bundle of its own.
    return { fault: error instanceof Error ? error.message : String(error), auth: (error as { readonly kind?: unknown }).kind === 'auth' };
  }
}

/** *Set Backend Key…* */
export async function setBackendKey({ keys }: Pick<BackendParts, 'keys'>, given?: BackendSetting): Promise<boolean> {
  const setting = given ?? (await pickBackend('Whose key or token to set'));
  if (setting === undefined) return false;
  const origin = originOf(setting.url);
  const key = await askText({
    ...{ title: `Key or token for ${origin}`, step: 1, of: 1 },
    prompt: `Kept in VS Code’s secret storage, sent to ${origin} and nowhere else`,
    secret: true,
    wrong: keyWarning,
    mind: () => withoutEncryption(origin),
  });
  if (typeof key !== 'string') return false;
  await keys.set(origin, key);
  vscode.window.setStatusBarMessage(`The key for ${origin} is set`, SAY_FOR);
  return true;
}

/** *Clear Backend Key…* */
export async function clearBackendKey({ keys }: Pick<BackendParts, 'keys'>): Promise<void> {
  const setting = await pickBackend('Whose key or token to forget');
  if (setting === undefined) return;
  const origin = originOf(setting.url);
  await keys.clear(origin);
  vscode.window.setStatusBarMessage(`The key for ${origin} is forgotten, for all that is at this address`, SAY_FOR);
}

/** *Remove Training Backend…* */
export async function removeTrainingBackend(): Promise<void> {
  const setting = await pickBackend('Which training backend to remove from the settings');
  if (setting === undefined) return;
  const detail = 'Its runs stay, but nobody asks it about them any more. The key of its address stays too; “Clear Backend Key…” forgets it, before this.';
  const sure = await vscode.window.showWarningMessage(`Remove the training backend ${plainLabel(setting.name)} from the settings?`, { modal: true, detail }, 'Remove');
  if (sure !== undefined) await removeBackend(setting.name);
}

/** A backend as a row of a list. */
export function backendRow(setting: BackendSetting): vscode.QuickPickItem & { readonly setting: BackendSetting } {
  return { label: plainLabel(setting.name), description: plainLabel(`${setting.kind === 'ray' ? 'Ray' : 'fine-tuning API'} · ${setting.url}`, 200), setting };
}

/** Entries of the settings that cannot be used, as rows that say why. */
export function faultyRows(): readonly (vscode.QuickPickItem & { readonly setting?: undefined })[] {
  return configuredBackends().problems.map(({ entry, what }) => ({ label: `$(warning) ${plainLabel(entry)}`, description: 'cannot be used', detail: plainLabel(`In the setting cotLens.backends: ${what}`, 300) }));
}

async function pickBackend(title: string): Promise<BackendSetting | undefined> {
  const { backends } = configuredBackends();
  const faulty = faultyRows();
  if (backends.length + faulty.length === 0) {
    void vscode.window.showInformationMessage('No training backend is set up. “Add Training Backend…” adds one.');
    return undefined;
  }
  const picked = await vscode.window.showQuickPick([...backends.map(backendRow), ...faulty], { title, placeHolder: 'A key is sent to its own address alone' });
  // A row that only says what is wrong leads to where it can be mended.
  if (picked !== undefined && picked.setting === undefined) await vscode.commands.executeCommand('workbench.action.openSettings', 'cotLens.backends');
  return picked?.setting;
}
