import type { Destination } from '../model/chat';
import { isLocal, originOf } from '../model/origin';
import { isEndpointJudge, type JudgeSetting } from './judgeSetting';

/** Where a judge's requests go. */
export function destinationOf(setting: JudgeSetting): Destination {
  if (!isEndpointJudge(setting)) {
    return { origin: 'vscode', model: `${setting.vscode.vendor}/${setting.vscode.family}`, local: false };
  }
  const origin = originOf(setting.baseUrl);
  return { origin, model: setting.model, local: isLocal(origin) };
}

/** A place that text goes to, in a few words: `api.openai.com`, `127.0.0.1:11434 on this machine`, `copilot by way of VS Code`. */
export function placeInWords({ origin, model, local }: Destination): string {
  if (origin === 'vscode') return `${model.split('/')[0] ?? model} by way of VS Code`;
  const { host, protocol } = new URL(origin);
  return `${host}${local ? ' on this machine' : protocol === 'http:' ? ' without encryption' : ''}`;
}
