import * as vscode from 'vscode';
import type { ConfiguredJudges } from '../host/configuredJudges';
import type { Judges } from '../host/judges';
import { plainLabel } from '../host/plainLabel';
import { destinationOf, placeInWords } from '../judge/destinationOf';
import type { JudgeSetting } from '../judge/judgeSetting';
import type { Protocol } from '../judge/judge';
import type { LocalServer } from '../model/localServers';

/** What the person wants, by the row or the button that was pressed. */
export type JudgeChoice =
  | { readonly what: 'use'; readonly name: string }
  | { readonly what: 'edit' | 'remove' | 'key'; readonly judge: JudgeSetting }
  | { readonly what: 'found'; readonly baseUrl: string; readonly model: string }
  | { readonly what: 'endpoint'; readonly baseUrl?: string }
  | { readonly what: 'vscode' | 'person' | 'settings' };

interface Row extends vscode.QuickPickItem {
  readonly choice?: JudgeChoice;
  readonly judge?: JudgeSetting;
}

const EDIT: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('edit'), tooltip: 'Edit this judge' };
const KEY: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('key'), tooltip: 'Set the API key of its address' };
const REMOVE: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('trash'), tooltip: 'Remove this judge from the settings' };

/** How a protocol is named in lists. */
export const PROTOCOL_IN_WORDS: Readonly<Record<Protocol, string>> = {
  prefix: 'prefix',
  'whole-trace': 'whole-trace (sees later steps)',
};

/**
 * The list of *Choose Judge…*: the heuristic, the judges of the settings, and, filled in while the list is open already, the models
 * of servers that run on this machine. Every row says where text will go.
 */
export function askForJudge(configured: ConfiguredJudges, judges: Judges, resource: vscode.Uri | undefined): Promise<JudgeChoice | undefined> {
  const list = vscode.window.createQuickPick<Row>();
  list.title = 'Who is to score';
  list.placeholder = 'A row says where the text of a trace goes when you score';
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  const search = new AbortController();
  let found: readonly Row[] = [];
  const names = new Map<string, string>();
  const show = (): void => {
    // Taking over the rows moves the one that is active; the person may be about to press it.
    const active = list.activeItems[0]?.label;
    list.items = [...here(configured), ...settingRows(configured, names), ...found, ...more()];
    const same = list.items.find(({ label }) => label === active);
    if (same !== undefined) list.activeItems = [same];
  };
  show();
  list.busy = true;
  const naming = configured.all.map(async (setting) => {
    const name = await judges.nameOf(setting, resource);
    if (name !== undefined) names.set(setting.name, name);
  });
  const searching = judges.serversHere(search.signal).then((servers) => {
    found = foundRows(servers, configured);
  });
  void Promise.allSettled([...naming, searching]).then(() => {
    if (search.signal.aborted) return;
    list.busy = false;
    show();
  });
  return new Promise((resolve) => {
    list.onDidAccept(() => {
      resolve(list.selectedItems[0]?.choice);
      list.hide();
    });
    list.onDidTriggerItemButton(({ item, button }) => {
      if (item.judge === undefined) return;
      resolve({ what: button === EDIT ? 'edit' : button === KEY ? 'key' : 'remove', judge: item.judge });
      list.hide();
    });
    list.onDidHide(() => {
      resolve(undefined);
      search.abort();
      list.dispose();
    });
    list.show();
  });
}

function here({ chosenName }: ConfiguredJudges): Row[] {
  return [
    {
      label: checked('offline heuristic', chosenName === 'offline'),
      description: 'a table of cues; a first look, not a measurement',
      detail: 'Nothing is sent anywhere',
      choice: { what: 'use', name: 'offline' },
    },
  ];
}

/** @param names what judges are called with their calibrations, as far as that is known yet */
function settingRows({ all, problems, chosenName }: ConfiguredJudges, names: ReadonlyMap<string, string>): Row[] {
  const rows: Row[] = all.map((judge) => {
    const known = names.get(judge.name)?.replace(`${judge.name}, `, '');
    return {
      label: checked(plainLabel(judge.name), judge.name === chosenName),
      description: plainLabel(`${destinationOf(judge).model} · ${known ?? PROTOCOL_IN_WORDS[judge.protocol]}`, 160),
      detail: `Text goes to ${plainLabel(placeInWords(destinationOf(judge)))}`,
      buttons: 'baseUrl' in judge ? [EDIT, KEY, REMOVE] : [EDIT, REMOVE],
      judge,
      choice: { what: 'use', name: judge.name },
    };
  });
  const faulty: Row[] = problems.map(({ entry, what }) => ({
    label: `$(warning) ${plainLabel(entry)}`,
    description: 'cannot be used',
    detail: plainLabel(what, 300),
    choice: { what: 'settings' },
  }));
  return rows.length + faulty.length === 0 ? [] : [separator('In your settings'), ...rows, ...faulty];
}

function foundRows(servers: readonly LocalServer[], { all }: ConfiguredJudges): Row[] {
  const rows = servers.flatMap(({ name, baseUrl, models, wantsKey }): Row[] => {
    const place = `${name} at ${new URL(baseUrl).host}`;
    const detail = 'Text stays on this machine';
    if (models.length === 0) {
      const description = wantsKey ? 'wants an API key' : 'does not list its models';
      return [{ label: place, description, detail, choice: { what: 'endpoint', baseUrl } }];
    }
    // What is in the settings already stands there.
    const others = models.filter((model) => !all.some((judge) => 'baseUrl' in judge && judge.baseUrl === baseUrl && judge.model === model));
    return others.map((model) => ({ label: plainLabel(model), description: place, detail, choice: { what: 'found', baseUrl, model } }));
  });
  return rows.length === 0 ? [] : [separator('Servers found on this machine'), ...rows];
}

function more(): Row[] {
  return [
    separator('More'),
    { label: '$(server) Another endpoint…', description: 'OpenAI, OpenRouter, vLLM, SGLang, or any other with their API', choice: { what: 'endpoint' } },
    { label: '$(sparkle) VS Code’s language models…', description: 'what your VS Code offers; not reproducible', choice: { what: 'vscode' } },
    { label: '$(person) A person…', description: 'score by hand, with the keys 1 to 5', choice: { what: 'person' } },
  ];
}

function checked(label: string, is: boolean): string {
  return is ? `$(check) ${label}` : label;
}

function separator(label: string): Row {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
