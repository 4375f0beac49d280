import * as vscode from 'vscode';
import type { ApiKeys } from '../host/apiKeys';
import type { ConfiguredJudges } from '../host/configuredJudges';
import { isEndpointJudge } from '../judge/judgeSetting';
import { isSendable } from '../model/keys';
import { isLocal, originOf } from '../model/origin';
import { countOf } from '../trace/countOf';
import { askText } from './askInSteps';

/** How long a line in the status bar stays, in milliseconds. */
const SAY_FOR = 10_000;

/** *Set API Key…*: asks for the key of an origin, which is picked among those of the judges where it is not given. */
export async function setApiKey(configured: ConfiguredJudges, keys: ApiKeys, origin?: string): Promise<boolean> {
  const to = origin ?? (await pickOrigin(configured, keys, 'Whose API key to set'));
  if (to === undefined) return false;
  const key = await askText({
    ...{ title: `API key for ${to}`, step: 1, of: 1 },
    prompt: `Kept in VS Code’s secret storage, sent to ${to} and nowhere else`,
    secret: true,
    wrong: keyWarning,
    mind: () => withoutEncryption(to),
  });
  if (typeof key !== 'string') return false;
  await keys.set(to, key);
  vscode.window.setStatusBarMessage(`The API key for ${to} is set`, SAY_FOR);
  return true;
}

/** *Clear API Key…*: forgets the key of an origin. */
export async function clearApiKey(configured: ConfiguredJudges, keys: ApiKeys): Promise<void> {
  const origin = await pickOrigin(configured, keys, 'Whose API key to forget');
  if (origin === undefined) return;
  await keys.clear(origin);
  vscode.window.setStatusBarMessage(`The API key for ${origin} is forgotten`, SAY_FOR);
}

async function pickOrigin({ all }: ConfiguredJudges, keys: ApiKeys, title: string): Promise<string | undefined> {
  const judges = new Map<string, string[]>();
  for (const judge of all) {
    if (!isEndpointJudge(judge)) continue;
    const origin = originOf(judge.baseUrl);
    judges.set(origin, [...(judges.get(origin) ?? []), judge.name]);
  }
  if (judges.size === 0) {
    void vscode.window.showInformationMessage('No judge at an address is set up that could need a key. “Choose Judge…” adds one.');
    return undefined;
  }
  const rows = await Promise.all(
    [...judges].map(async ([origin, names]) => ({
      label: origin,
      description: (await keys.of(origin)) === undefined ? 'no key' : 'key is set',
      detail: `${countOf(names.length, 'judge')}: ${names.join(', ').slice(0, 100)}`,
    })),
  );
  return (await vscode.window.showQuickPick(rows, { title, placeHolder: 'A key is sent to its own address alone' }))?.label;
}

/** What is wrong with a key, without a word of it. */
export function keyWarning(key: string): string | undefined {
  if (key === '') return 'A key is needed; press Escape to leave.';
  return isSendable(key) ? undefined : 'No key holds spaces, line breaks or letters like these. Copy it anew.';
}

/** What to mind where everybody on the way can read along; `undefined` where nobody can. */
export function withoutEncryption(origin: string): string | undefined {
  return origin.startsWith('http:') && !isLocal(origin)
    ? 'This address is not encrypted (http): everybody on the way can read the key and the traces. Use https if the server knows it.'
    : undefined;
}
