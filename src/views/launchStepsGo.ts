import { basename } from 'node:path';
import * as vscode from 'vscode';
import { LateProgress } from '../host/lateProgress';
import { plainLabel } from '../host/plainLabel';
import { launchQuestion, pushQuestion } from '../session/training/launchInWords';
import type { CheckStatus, PreflightCheck } from '../session/training/preflight';
import { trainedInAll } from '../session/training/preflight';
import { placesWarnings } from '../session/training/preflightPlaces';
import { recipeFilePath, recipeFileText } from '../session/training/recipeFile';
import { launchCost } from '../session/training/trainingCost';
import { askPick, BACK } from './askInSteps';
import { setBackendKey } from './backendCommands';
import { editRecipe, saveAnswers, takeFile, unsavedCheck } from './launchRecipe';
import { askPlace, putRows } from './launchRowsPlace';
import { frame } from './launchStepsAsk';
import { examined, placesOf, recipeNow, type Examined, type ReadyLaunch } from './launchStepsPreflight';
import { known, type Asked, type Asking } from './launchSteps';
import { goRow, readBelow, showPreview, showReport } from './launchStepsShow';
import { submitRun } from './launchStepsSubmit';
import { askTemplate, wantsOtherTemplate } from './launchStepsTemplate';
import { pushRows, tellOfRows } from './pushSet';
import { setHash } from './settledSet';

const ICONS: Readonly<Record<CheckStatus, string>> = { ok: 'pass', open: 'circle-large-outline', warning: 'warning', error: 'error' };

/** A list shows eight or so: what wants a look stands first. */
const ORDER: readonly CheckStatus[] = ['error', 'warning', 'open', 'ok'];

type Action = 'go' | 'preview' | 'report' | 'edit' | 'at' | 'key' | 'again';

interface GoRow extends vscode.QuickPickItem {
  readonly action?: Action;
  /** The place of the check that the row says. */
  readonly check?: number;
}

/** The last question: what was looked at, with what can be done about it. Nothing has left the machine before its *Launch*. */
export async function askToGo(asking: Asking): Asked {
  const { draft, doing } = asking;
  const setPath = known(draft.setPath, 'set');
  const recipe = known(draft.recipe, 'recipe');
  // Of rows alone nothing is asked that stands in the file, so that nothing is written there.
  const file = doing === 'launch' ? await saveAnswers(draft, setPath, recipe) : draft.fromFile ? recipeFilePath(setPath, recipe.name) : undefined;
  if (file === undefined && doing === 'launch') return BACK;
  let found: Examined | undefined;
  for (;;) {
    if (found === undefined && file !== undefined) {
      // Edited meanwhile, by “Edit Recipe…” or beside this: the template was that of the model before.
      await takeFile(draft, file);
      if (await wantsOtherTemplate(asking)) return askTemplate;
    }
    found ??= await examined(asking, file);
    if (found === undefined) return undefined;
    const looked = lookedAt(found, file);
    const { ready } = found;
    const placeholder = ready === undefined ? 'It cannot go out like this: choose a line to read it whole' : 'Nothing is sent before you say so. Choose a line to read it whole';
    const answer = await askPick<GoRow>({ ...frame(asking), placeholder, rows: rowsOf(asking, found, looked, file) });
    if (answer === undefined || answer === BACK) return answer;
    switch (answer.action) {
      case undefined:
        // A row that only says something is no answer.
        break;
      case 'again':
        found = undefined;
        break;
      case 'edit':
        if (file !== undefined && (await editRecipe(file, frame(asking))) === undefined) return undefined;
        found = undefined;
        break;
      case 'at':
        if (await askPlace(asking, draft.at ?? ready?.plan.file.at)) found = undefined;
        break;
      case 'key':
        if (await setBackendKey(asking, known(draft.backend, 'backend'))) found = undefined;
        break;
      case 'report':
      case 'preview':
      case 'go': {
        if (answer.action === 'report') await showReport(asking, looked, answer.check ?? 0);
        else if (ready === undefined || (answer.action === 'preview' && (await showPreview(asking, ready, found.checks)) === undefined)) break;
        if (answer.action !== 'go') {
          const read = await readBelow(asking, ready);
          if (read === undefined) return undefined;
          if (read === 'back') break;
        }
        if (ready === undefined) break;
        const went = await gone(asking, ready, found.checks, file);
        if (went === 'asked') return went;
        if (went === 'changed') found = undefined;
      }
    }
  }
}

/** Asks once more, and sends. `changed`: it must be looked at again; `no`: nothing was sent, by the person's word or since its rows could not be put in their place. */
async function gone(asking: Asking, ready: ReadyLaunch, checks: readonly PreflightCheck[], file: string | undefined): Promise<'asked' | 'changed' | 'no'> {
  if (!(await confirmed(asking, ready, checks))) return 'no';
  const changed = await hasChanged(asking, ready, file);
  if (changed === undefined) return 'no';
  if (changed) {
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
  // Its record says what was sent.
  await asking.documents.close(asking.draft);
  return 'asked';
}

/** What was looked at, with what an editor has and the disk has not: what wants a look first. */
function lookedAt({ checks }: Examined, file: string | undefined): readonly PreflightCheck[] {
  const unsaved = file === undefined ? undefined : unsavedCheck(file);
  return [...(unsaved === undefined ? [] : [unsaved]), ...checks].sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
}

function rowsOf(asking: Asking, { checks, ready, tooLarge, wantsKey }: Examined, looked: readonly PreflightCheck[], file: string | undefined): readonly GoRow[] {
  const { doing, draft } = asking;
  const errors = checks.filter(({ status }) => status === 'error').length;
  const at = draft.at ?? ready?.plan.file.at;
  const { kind } = known(draft.backend, 'backend');
  const go: GoRow[] = ready === undefined
    ? [{ label: `$(circle-slash) Cannot ${doing} yet`, description: `${errors === 1 ? 'one error' : `${String(errors)} errors`} below; choose this to read all of it`, action: 'report' }]
    : [goRow(asking, ready), { label: '$(open-preview) Preview Everything', description: 'all that would leave this machine, and who gets it', action: 'preview' }];
  return [
    ...go,
    ...(file === undefined ? [] : [{ label: '$(edit) Edit Recipe…', description: plainLabel(basename(file), 120), action: 'edit' as const }]),
    ...(kind === 'ray' ? [{ label: '$(folder-library) Give the Rows by Path…', description: plainLabel(at ?? (tooLarge ? 'the package is too large to hold them' : 'now they travel in the package'), 200), action: 'at' as const }] : []),
    ...(wantsKey ? [{ label: '$(key) Set Backend Key…', description: 'kept for its address alone', action: 'key' as const }] : []),
    ...(errors > 0 || looked.length > checks.length ? [{ label: '$(refresh) Look Again', description: 'after something was mended', action: 'again' as const }] : []),
    { label: 'Looked at', kind: vscode.QuickPickItemKind.Separator },
    ...looked.map(({ about, status, said }, check) => ({ label: `$(${ICONS[status]}) ${about}`, description: status === 'ok' ? '' : status === 'open' ? 'not checked' : status, detail: plainLabel(said, 600), action: 'report' as const, check })),
  ];
}

/** Shows everything, and asks. */
async function confirmed(asking: Asking, ready: ReadyLaunch, checks: readonly PreflightCheck[]): Promise<boolean> {
  const shown = await showPreview(asking, ready, checks);
  if (shown === undefined) return false;
  const { way } = shown;
  const { plan, read, exported } = ready;
  const warnings = placesWarnings(checks);
  const cost = launchCost(known(asking.draft.backend, 'backend'), read, exported);
  const isLaunch = asking.doing === 'launch';
  const { question, detail } = isLaunch ? launchQuestion(plan, { trainedInAll: trainedInAll(read, exported), way, leavesOut: read.leavesOut(), cost, warnings }) : pushQuestion(plan, way, warnings);
  const act = isLaunch ? 'Launch' : 'Push';
  return (await vscode.window.showInformationMessage(plainLabel(question, 200), { modal: true, detail }, act)) === act;
}

/** What is launched is what was looked at: the recipe's file and the set are read once more. `undefined` where the person cancelled. */
async function hasChanged(asking: Asking, { read, plan }: ReadyLaunch, file: string | undefined): Promise<boolean | undefined> {
  const run = new AbortController();
  const late = new LateProgress(`Looking whether ${plainLabel(plan.set.name)} was changed meanwhile`, run);
  try {
    if (file !== undefined) {
      const now = await recipeNow(asking, file);
      if (!('read' in now) || recipeFileText(now.read.values) !== recipeFileText(read.values)) return true;
    }
    const sha256 = await setHash(asking, known(asking.draft.setPath, 'set'));
    return run.signal.aborted ? undefined : sha256 !== plan.set.sha256;
  } finally {
    late.end();
  }
}
