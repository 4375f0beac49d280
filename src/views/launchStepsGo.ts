import { basename } from 'node:path';
import * as vscode from 'vscode';
import { plainLabel } from '../host/plainLabel';
import { launchPreview } from '../session/training/launchPreview';
import { launchQuestion, pushQuestion } from '../session/training/launchInWords';
import { rowsWayInWords } from '../session/training/rowsWay';
import type { CheckStatus, PreflightCheck } from '../session/training/preflight';
import { trainedInAll } from '../session/training/preflight';
import { recipeFileText } from '../session/training/recipeFile';
import { costCheck } from '../session/training/trainingCost';
import { askPick, BACK } from './askInSteps';
import { setBackendKey } from './backendCommands';
import { editRecipe, recipeIn, saveRecipe, unsavedCheck } from './launchRecipe';
import { askPlace, putRows, rowsWay } from './launchRowsPlace';
import { frame } from './launchStepsAsk';
import { examined, placesOf, type Examined, type ReadyLaunch } from './launchStepsPreflight';
import { known, type Asked, type Asking } from './launchSteps';
import { submitRun } from './launchStepsSubmit';
import { askTemplate, wantsOtherTemplate } from './launchStepsTemplate';
import { pushRows, tellOfRows } from './pushSet';
import { settledSet } from './settledSet';

const ICONS: Readonly<Record<CheckStatus, string>> = { ok: 'pass', open: 'circle-large-outline', warning: 'warning', error: 'error' };

/** A list shows eight or so: what wants a look stands first. */
const ORDER: readonly CheckStatus[] = ['error', 'warning', 'open', 'ok'];

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
    if (found === undefined && file !== undefined) {
      // Edited meanwhile, by “Edit Recipe…” or beside this: the template was that of the model before.
      const { raw } = await recipeIn(file);
      if (raw !== undefined && recipeFileText(raw) !== draft.written) Object.assign(draft, { values: raw, fromFile: true });
      if (await wantsOtherTemplate(asking)) return askTemplate;
    }
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
        if (file !== undefined) await editRecipe(file);
        found = undefined;
        break;
      case 'at':
        if (await askPlace(asking, draft.at ?? found.ready?.plan.file.at)) found = undefined;
        break;
      case 'key':
        if (await setBackendKey(asking, known(draft.backend, 'backend'))) found = undefined;
        break;
      case 'preview':
      case 'go': {
        const { ready, checks } = found;
        if (ready === undefined) break;
        if (answer.action === 'preview') {
          const read = await readPreview(asking, ready, checks);
          if (read === undefined) return undefined;
          if (read === 'back') break;
        }
        const went = await gone(asking, ready, checks, file);
        if (went === 'asked') return went;
        if (went === 'changed') found = undefined;
      }
    }
  }
}

/** The preview, under a list so short that it can be read; `undefined` where the person leaves. */
async function readPreview(asking: Asking, ready: ReadyLaunch, checks: readonly PreflightCheck[]): Promise<'go' | 'back' | undefined> {
  await showPreview(asking, ready, checks);
  const rows: readonly GoRow[] = [goRow(asking, ready), { label: '$(arrow-left) Back to What Was Looked At' }];
  const next = await askPick<GoRow>({ ...frame(asking), placeholder: 'Read it below. Nothing is sent before you say so', rows });
  if (next === undefined) return undefined;
  return next !== BACK && next.action === 'go' ? 'go' : 'back';
}

/** Asks once more, and sends. `changed`: it must be looked at again; `no`: nothing was sent, by the person's word or since its rows could not be put in their place. */
async function gone(asking: Asking, ready: ReadyLaunch, checks: readonly PreflightCheck[], file: string | undefined): Promise<'asked' | 'changed' | 'no'> {
  if (!(await confirmed(asking, ready, checks))) return 'no';
  if (await hasChanged(asking, ready, file)) {
    void vscode.window.showWarningMessage('The set or its recipe was changed meanwhile, so nothing was sent. Look at it again.');
    return 'changed';
  }
  if ((await placesOf(asking, ready.plan)).some(({ status }) => status === 'error')) {
    void vscode.window.showWarningMessage('A run was launched meanwhile that has the same place, so nothing was sent. Look at it again.');
    return 'changed';
  }
  if (!(await putRows(asking.memory, known(asking.draft.setPath, 'set'), ready.plan, ready.exported))) return 'no';
  if (asking.doing === 'launch') await submitRun(asking, ready);
  else if (ready.plan.file.at === undefined) await pushRows(ready);
  else tellOfRows(ready.plan);
  return 'asked';
}

function goRow({ doing, draft }: Asking, ready: ReadyLaunch): GoRow {
  const what = doing === 'launch' ? 'Launch on' : (draft.at ?? ready.plan.file.at) === undefined ? 'Push to' : 'Push for';
  return { label: `$(rocket) ${what} ${plainLabel(known(draft.backend, 'backend').name)}…`, description: 'asks once more', action: 'go' };
}

function rowsOf(asking: Asking, { checks, ready, tooLarge, wantsKey }: Examined, file: string | undefined): readonly GoRow[] {
  const { doing, draft } = asking;
  const errors = checks.filter(({ status }) => status === 'error').length;
  const at = draft.at ?? ready?.plan.file.at;
  const unsaved = file === undefined ? undefined : unsavedCheck(file);
  const { kind } = known(draft.backend, 'backend');
  const looked = [...(unsaved === undefined ? [] : [unsaved]), ...checks].sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  const go: GoRow[] = ready === undefined
    ? [{ label: `$(circle-slash) Cannot ${doing} yet`, description: errors === 1 ? 'one error below' : `${String(errors)} errors below` }]
    : [goRow(asking, ready), { label: '$(open-preview) Preview Everything', description: 'all that would leave this machine, and who gets it', action: 'preview' }];
  return [
    ...go,
    ...(file === undefined ? [] : [{ label: '$(edit) Edit Recipe…', description: plainLabel(basename(file), 120), action: 'edit' as const }]),
    ...(kind === 'ray' ? [{ label: '$(folder-library) Give the Rows by Path…', description: plainLabel(at ?? (tooLarge ? 'the package is too large to hold them' : 'now they travel in the package'), 200), action: 'at' as const }] : []),
    ...(wantsKey ? [{ label: '$(key) Set Backend Key…', description: 'kept for its address alone', action: 'key' as const }] : []),
    ...(errors > 0 || unsaved !== undefined ? [{ label: '$(refresh) Look Again', description: 'after something was mended', action: 'again' as const }] : []),
    { label: 'Looked at', kind: vscode.QuickPickItemKind.Separator },
    ...looked.map(({ about, status, said }) => ({ label: `$(${ICONS[status]}) ${about}`, description: status === 'ok' ? '' : status === 'open' ? 'not checked' : status, detail: plainLabel(said, 600) })),
  ];
}

async function showPreview({ documents, doing, memory }: Asking, ready: ReadyLaunch, checks: readonly PreflightCheck[]): Promise<void> {
  const requests = isByPathAlone(doing, ready) ? [] : await ready.backend.planned(ready.plan, ready.shipment, new AbortController().signal);
  // The last request starts the run.
  const sent = doing === 'launch' ? requests : requests.slice(0, -1);
  const text = launchPreview({ plan: ready.plan, requests: sent, rows: ready.exported.text, checks, way: await wayOf(memory, ready), doing });
  await documents.show(`${ready.plan.set.name} to ${ready.plan.backend.name.replace(/[\\/]/g, '-')}.preview.txt`, text);
}

/** Rows that are pushed to a place go there and nowhere else. */
function isByPathAlone(doing: Asking['doing'], { plan }: ReadyLaunch): boolean {
  return doing === 'push' && plan.file.at !== undefined;
}

/** What is done with rows that go by a path, in words; said before anything is done. */
async function wayOf(memory: vscode.Memento, { plan, exported }: ReadyLaunch): Promise<string | undefined> {
  const way = await rowsWay(memory, plan, exported);
  return way === undefined ? undefined : rowsWayInWords(way);
}

/** Shows everything, and asks. */
async function confirmed(asking: Asking, ready: ReadyLaunch, checks: readonly PreflightCheck[]): Promise<boolean> {
  const { doing, memory } = asking;
  await showPreview(asking, ready, checks);
  const { plan, read, exported } = ready;
  const way = await wayOf(memory, ready);
  const cost = costCheck(known(asking.draft.backend, 'backend'), read, exported)?.said;
  const { question, detail } = doing === 'launch' ? launchQuestion(plan, { trainedInAll: trainedInAll(read, exported), way, leavesOut: read.leavesOut(), cost }) : pushQuestion(plan, way);
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
