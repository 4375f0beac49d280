import * as vscode from 'vscode';
import type { ApiKeys } from '../host/apiKeys';
import type { ConfiguredJudges } from '../host/configuredJudges';
import type { Judges } from '../host/judges';
import { plainLabel } from '../host/plainLabel';
import type { CraftPart, Teachers } from '../host/teachers';
import { destinationOf, placeInWords } from '../judge/destinationOf';
import { RESERVED_NAMES, type JudgeSetting } from '../judge/judgeSetting';
import type { Disposable } from '../trace/event';
import { askForEndpoint } from './addEndpoint';
import { askForVscodeModel } from './chooseVscodeModel';

/** The parts that the commands act on. */
export interface ChooseTeacherParts {
  readonly configured: ConfiguredJudges;
  readonly judges: Judges;
  readonly keys: ApiKeys;
  readonly teachers: Teachers;
}

/** How long a line in the status bar stays, in milliseconds. */
const SAY_FOR = 10_000;

/** What the two parts are called, and what is said of having none. */
const WORDS: Readonly<Record<CraftPart, { title: string; placeholder: string; none: string; withoutIt: string; does: string }>> = {
  teacher: {
    title: 'Who is to write flawed and corrected steps',
    placeholder: 'A row says where the text of a trace goes when you ask the teacher to write',
    none: 'No teacher',
    withoutIt: 'you write yourself, between placeholders; nothing is sent anywhere',
    does: 'writes',
  },
  guard: {
    title: 'Who is to check what a teacher wrote for operational detail',
    placeholder: 'A row says where the prompt and what was written go to be checked',
    none: 'No guard',
    withoutIt: 'samples say “not checked”',
    does: 'checks what a teacher wrote',
  },
};

/** *Choose Teacher…* and *Choose Guard…*. */
export function registerChooseTeacher(parts: ChooseTeacherParts): Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('cotLens.chooseTeacher', () => choose(parts, 'teacher')),
    vscode.commands.registerCommand('cotLens.chooseGuard', () => choose(parts, 'guard')),
  );
}

interface Row extends vscode.QuickPickItem {
  readonly run?: () => Promise<boolean>;
}

/** Resolves to whether the part was given to somebody, or taken away. */
async function choose(parts: ChooseTeacherParts, part: CraftPart): Promise<boolean> {
  const { title, placeholder } = WORDS[part];
  const picked = await vscode.window.showQuickPick<Row>(rows(parts, part), { title, placeHolder: placeholder, matchOnDescription: true, matchOnDetail: true });
  return (await picked?.run?.()) ?? false;
}

function rows(parts: ChooseTeacherParts, part: CraftPart): Row[] {
  const { configured, teachers } = parts;
  const chosen = teachers.nameOf(part);
  const other = teachers.nameOf(part === 'teacher' ? 'guard' : 'teacher');
  const { none, withoutIt } = WORDS[part];
  const known = configured.all.map((setting): Row => {
    const isBoth = setting.name === other;
    return {
      label: checked(plainLabel(setting.name), setting.name === chosen),
      description: plainLabel(`${destinationOf(setting).model}${isBoth ? ` · is the ${part === 'teacher' ? 'guard' : 'teacher'} too; a model finds less wrong with its own words` : ''}`, 160),
      detail: `Text goes to ${plainLabel(placeInWords(destinationOf(setting)))}`,
      run: () => use(parts, part, setting.name),
    };
  });
  const openSettings = async (): Promise<boolean> => {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'cotLens.judges');
    return false;
  };
  const faulty = configured.problems.map(({ entry, what }): Row => ({
    label: `$(warning) ${plainLabel(entry)}`,
    description: 'cannot be used',
    detail: plainLabel(what, 300),
    run: openSettings,
  }));
  const isMissing = chosen !== undefined && configured.named(chosen) === undefined && configured.problems.every(({ entry }) => entry !== chosen);
  const missing: Row[] = isMissing ? [{ label: `$(warning) ${plainLabel(chosen)}`, description: 'is set, and cotLens.judges has no model of this name', run: openSettings }] : [];
  return [
    { label: checked(none, chosen === undefined), description: withoutIt, run: () => use(parts, part, undefined) },
    ...(known.length + faulty.length + missing.length === 0 ? [] : [{ label: 'Models in your settings', kind: vscode.QuickPickItemKind.Separator }]),
    ...known,
    ...faulty,
    ...missing,
    { label: 'More', kind: vscode.QuickPickItemKind.Separator },
    {
      label: '$(server) Another endpoint…',
      description: 'OpenAI, OpenRouter, vLLM, SGLang, or any other with their API',
      run: async () => add(parts, part, await askForEndpoint(parts)),
    },
    {
      label: '$(sparkle) VS Code’s language models…',
      description: 'what your VS Code offers; not reproducible',
      run: async () => add(parts, part, await askForVscodeModel((name) => RESERVED_NAMES.includes(name) || configured.named(name) !== undefined)),
    },
  ];
}

/** Puts a model among those of the settings, where judges are chosen from too, and gives it the part. */
async function add(parts: ChooseTeacherParts, part: CraftPart, setting: JudgeSetting | undefined): Promise<boolean> {
  if (setting === undefined) return false;
  await parts.configured.save(setting);
  return use(parts, part, setting.name);
}

async function use({ configured, teachers }: ChooseTeacherParts, part: CraftPart, name: string | undefined): Promise<boolean> {
  await teachers.choose(part, name);
  const { none, withoutIt, does } = WORDS[part];
  const setting = name === undefined ? undefined : configured.named(name);
  const said = setting === undefined ? `${none}: ${withoutIt}` : `From now on ${plainLabel(setting.name)} ${does}; text goes to ${plainLabel(placeInWords(destinationOf(setting)))} when you ask for it`;
  vscode.window.setStatusBarMessage(said, SAY_FOR);
  return true;
}

function checked(label: string, is: boolean): string {
  return is ? `$(check) ${label}` : label;
}
