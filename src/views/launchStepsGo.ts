import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute } from 'node:path';
import * as vscode from 'vscode';
import { plainLabel } from '../host/plainLabel';
import { nodeFiles } from '../session/nodeFiles';
import { launchPreview } from '../session/training/launchPreview';
import { launchQuestion, pushQuestion } from '../session/training/launchInWords';
import type { CheckStatus, PreflightCheck } from '../session/training/preflight';
import { trainedInAll } from '../session/training/preflight';
import { recipeFileText } from '../session/training/recipeFile';
import { askPick, askText, BACK } from './askInSteps';
import { setBackendKey } from './backendCommands';
import { editRecipe, recipeIn, saveRecipe } from './launchRecipe';
import { frame } from './launchStepsAsk';
import { examined, type Examined, type ReadyLaunch } from './launchStepsPreflight';
import { known, type Asked, type Asking } from './launchSteps';
import { submitRun } from './launchStepsSubmit';
import { pushRows } from './pushSet';
import { settledSet } from './settledSet';

const ICONS: Readonly<Record<CheckStatus, string>> = { ok: 'pass', open: 'circle-large-outline', warning: 'warning', error: 'error' };

type Action = 'go' | 'preview' | 'edit' | 'at' | 'key' | 'again';

interface GoRow extends vscode.QuickPickItem {
  readonly action?: Action;
}

/** The last question: what was looked at, with what can be done about it. Nothing has left the machine before its *Launch*. */
export async function askToGo(asking: Asking): Asked {
  const { draft, doing } = asking;
  const setPath = known(draft.setPath, 'set');
  const recipe = known(draft.recipe, 'recipe');
  let file: string | undefined;
  if (doing === 'launch') {
    const read = recipe.read(draft.values);
    // What is wrong is kept as it stands, for the person to mend.
    const values = 'faults' in read ? draft.values : read.values;
    file = await saveRecipe(setPath, recipe.name, values, draft.fromFile ? true : draft.written);
    if (file === undefined) return BACK;
    draft.written = recipeFileText(values);
  }
  let found: Examined | undefined;
  for (;;) {
    found ??= await examined(asking, file);
    if (found === undefined) return undefined;
    const answer = await askPick<GoRow>({ ...frame(asking), placeholder: found.ready === undefined ? 'It cannot go out like this: see what is wrong' : 'Nothing is sent before you say so', rows: rowsOf(asking, found, file) });
    if (answer === undefined || answer === BACK) return answer;
    switch (answer.action) {
      case undefined:
        // A row that only says something is no answer.
        break;
      case 'again':
        found = undefined;
        break;
      case 'edit':
        if (file === undefined || !(await editRecipe(file))) return undefined;
        draft.values = (await recipeIn(file)).raw ?? draft.values;
        draft.fromFile = true;
        found = undefined;
        break;
      case 'at':
        if (await askPlace(asking)) found = undefined;
        break;
      case 'key':
        if (await setBackendKey(asking, known(draft.backend, 'backend'))) found = undefined;
        break;
      case 'preview':
        if (found.ready !== undefined) await showPreview(asking, found.ready, found.checks);
        break;
      case 'go': {
        const { ready } = found;
        if (ready === undefined || !(await confirmed(asking, ready, found.checks))) break;
        if (await hasChanged(asking, ready, file)) {
          void vscode.window.showWarningMessage('The set or its recipe was changed meanwhile, so nothing was sent. Look at it again.');
          found = undefined;
          break;
        }
        if (!(await placed(draft.at, ready))) break;
        if (doing === 'launch') await submitRun(asking, ready);
        else await pushRows(ready);
        return 'asked';
      }
    }
  }
}

function rowsOf({ doing, draft }: Asking, { checks, ready, tooLarge, wantsKey }: Examined, file: string | undefined): readonly GoRow[] {
  const errors = checks.filter(({ status }) => status === 'error').length;
  const { name, kind } = known(draft.backend, 'backend');
  const go: GoRow[] = ready === undefined
    ? [{ label: `$(circle-slash) Cannot ${doing} yet`, description: errors === 1 ? 'one error below' : `${String(errors)} errors below` }]
    : [{ label: `$(rocket) ${doing === 'launch' ? 'Launch' : 'Push'} on ${plainLabel(name)}…`.replace('Push on', 'Push to'), description: 'asks once more', action: 'go' }, { label: '$(open-preview) Preview Everything', description: 'all that would leave this machine, and who gets it', action: 'preview' }];
  return [
    ...go,
    ...(file === undefined ? [] : [{ label: '$(edit) Edit Recipe…', description: plainLabel(basename(file), 120), action: 'edit' as const }]),
    ...(kind === 'ray' && doing === 'launch' ? [{ label: '$(folder-library) Give the Rows by Path…', description: plainLabel(draft.at ?? (tooLarge ? 'the package is too large to hold them' : 'now they travel in the package'), 200), action: 'at' as const }] : []),
    ...(wantsKey ? [{ label: '$(key) Set Backend Key…', description: 'kept for its address alone', action: 'key' as const }] : []),
    ...(errors > 0 ? [{ label: '$(refresh) Look Again', description: 'after something was mended', action: 'again' as const }] : []),
    { label: 'Looked at', kind: vscode.QuickPickItemKind.Separator },
    ...checks.map(({ about, status, said }) => ({ label: `$(${ICONS[status]}) ${about}`, description: status === 'ok' ? '' : status === 'open' ? 'not checked' : status, detail: plainLabel(said, 600) })),
  ];
}

async function showPreview({ documents, doing, draft }: Asking, ready: ReadyLaunch, checks: readonly PreflightCheck[]): Promise<void> {
  const requests = await ready.backend.planned(ready.plan, ready.shipment, new AbortController().signal);
  // The last request starts the run.
  const sent = doing === 'launch' ? requests : requests.slice(0, -1);
  const text = launchPreview({ plan: ready.plan, requests: sent, rows: ready.exported.text, checks, way: await wayOf(draft.at), doing });
  await documents.show(`${ready.plan.set.name} to ${ready.plan.backend.name.replace(/[\\/]/g, '-')}.preview.txt`, text);
}

/** Shows everything, and asks. */
async function confirmed(asking: Asking, ready: ReadyLaunch, checks: readonly PreflightCheck[]): Promise<boolean> {
  const { doing, draft } = asking;
  await showPreview(asking, ready, checks);
  const { plan, read, exported } = ready;
  const { question, detail } = doing === 'launch' ? launchQuestion(plan, { trainedInAll: trainedInAll(read, exported), way: await wayOf(draft.at), leavesOut: read.leavesOut() }) : pushQuestion(plan);
  const act = doing === 'launch' ? 'Launch' : 'Push';
  return (await vscode.window.showInformationMessage(plainLabel(question, 200), { modal: true, detail }, act)) === act;
}

/** What is launched is what was looked at: the recipe's file and the set are read once more. */
async function hasChanged(asking: Asking, { read, plan }: ReadyLaunch, file: string | undefined): Promise<boolean> {
  if (file !== undefined) {
    const now = await recipeIn(file);
    if (!('read' in now) || recipeFileText(now.read.values) !== recipeFileText(read.values)) return true;
  }
  return (await settledSet(asking, known(asking.draft.setPath, 'set'))).sha256 !== plan.set.sha256;
}

/** Asks where the cluster reads the rows. @returns whether a place was given */
async function askPlace({ draft, title }: Asking): Promise<boolean> {
  const answer = await askText({
    ...{ title, step: 1, of: 1 },
    prompt: 'The path or address of the training file as the cluster reads it. A path whose folder can be written from here is written there; else the file is saved where you say, and you bring it there. Leave empty to let them travel in the package.',
    placeholder: '/shared/sets/kitchen.train.jsonl',
    value: draft.at ?? '',
    wrong: (text) => (text === '' || isAbsolute(text) || /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(text) ? undefined : 'Give a path from the root, or an address such as s3://… or https://….'),
  });
  if (typeof answer !== 'string') return false;
  draft.at = answer === '' ? undefined : answer;
  return true;
}

/** What is done with rows that go by a path, in words; said before anything is done. */
async function wayOf(at: string | undefined): Promise<string | undefined> {
  if (at === undefined) return undefined;
  return (await isWritable(at)) ? `The rows are written to ${at} from here; the cluster reads them there.` : `The rows are saved where you say, and the cluster reads them from ${at}: bring them there before the run begins.`;
}

async function isWritable(at: string): Promise<boolean> {
  if (!isAbsolute(at)) return false;
  return access(dirname(at), constants.W_OK).then(
    async () => (await stat(dirname(at))).isDirectory(),
    () => false,
  );
}

/** Puts the rows where the cluster reads them, or where the person says. @returns whether to go on */
async function placed(at: string | undefined, { exported, plan }: ReadyLaunch): Promise<boolean> {
  if (at === undefined) return true;
  if (await isWritable(at)) {
    await nodeFiles.replace(at, exported.text);
    return true;
  }
  const where = await vscode.window.showSaveDialog({ title: 'Save the Training File', saveLabel: 'Save', defaultUri: vscode.Uri.file(`${plan.set.name}.train.jsonl`) });
  if (where === undefined) return false;
  if (where.scheme !== 'file') throw new Error('A training file is saved on this machine’s disk. Choose a folder there.');
  await nodeFiles.replace(where.fsPath, exported.text);
  const go = 'It Is There';
  const detail = `The run reads exactly these bytes (SHA-256 ${plan.file.sha256}). Bring them to ${at}, then go on.`;
  return (await vscode.window.showInformationMessage(plainLabel(`Saved ${basename(where.fsPath)}.`, 200), { modal: true, detail }, go)) === go;
}

