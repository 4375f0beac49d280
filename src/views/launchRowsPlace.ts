import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { SET_ENDING } from '../host/curatedSets';
import { plainLabel } from '../host/plainLabel';
import { writeFaultInWords } from '../session/datasets/replaceFile';
import { sha256Of, type ExportedFile } from '../session/exportSet';
import { nodeFiles } from '../session/nodeFiles';
import { besidePlace } from '../session/training/preflightPlaces';
import { rowsAddressProblem } from '../session/training/rowsPathCheck';
import type { RowsWay } from '../session/training/rowsWay';
import type { RunPlan } from '../train/runs/run';
import { wrongPlace } from '../train/runs/setPlace';
import { askPick, askText, BACK, type Answer } from './askInSteps';
import { frame } from './launchStepsAsk';
import { known, type Asked, type Asking } from './launchSteps';
import { nameOfSet } from './setCommandsChoose';

/** Where rows were put for a backend. */
const PLACES = 'cotLens.rowsPlaces';
/** Files that were saved on this machine, to be brought to a backend. */
const SAVED = 'cotLens.rowsSaved';
/** Places that are remembered. Ours. */
const MOST_PLACES = 50;

interface RowsPlace {
  /** Its address. */
  readonly backend: string;
  /** Of the rows' bytes. */
  readonly sha256: string;
  readonly at: string;
  /** ISO 8601. */
  readonly put: string;
}

interface SavedRows {
  /** Of the rows' bytes. */
  readonly sha256: string;
  readonly file: string;
}

/** Rows, and the backend that is to read them. */
interface RowsFor {
  readonly memory: vscode.Memento;
  readonly backend: string;
  readonly exported: Pick<ExportedFile, 'text' | 'sha256'>;
}

/** Where the cluster reads the rows that are pushed. A fine-tuning API takes them itself. */
export async function askPushPlace(asking: Asking): Asked {
  const { draft, memory, forwards } = asking;
  const backend = known(draft.backend, 'backend');
  if (backend.kind !== 'ray') return forwards ? 'asked' : BACK;
  const last = places(memory).find((one) => one.backend === backend.url);
  const name = `${nameOfSet(known(draft.setPath, 'set'))}.${known(draft.recipe, 'recipe').name}.jsonl`;
  const answer = await askPath(frame(asking), draft.at ?? (last === undefined ? '' : besidePlace(last.at, name)), 'Rows that lie there are read by every launch of them.', false);
  if (typeof answer !== 'string') return answer;
  draft.at = answer;
  return 'asked';
}

/** *Give the Rows by Path…* @param now where they are read as it stands @returns whether a place was given, or that they are to travel along */
export async function askPlace({ draft, title, doing }: Asking, now: string | undefined): Promise<boolean> {
  const answer = await askPath({ title, step: 1, of: 1 }, now ?? '', doing === 'push' ? '' : 'Leave empty to let them travel in the package.', doing === 'launch');
  if (typeof answer !== 'string') return false;
  draft.at = answer === '' ? null : answer;
  return true;
}

function askPath(shown: ReturnType<typeof frame>, value: string, more: string, mayBeEmpty: boolean): Promise<Answer<string>> {
  return askText({
    ...shown,
    prompt: `The path or address of the training file as the cluster reads it. A path whose folder can be written from here is written there; else the file is saved where you say, and you bring it there. ${more}`.trim(),
    placeholder: '/shared/sets/kitchen.train.jsonl',
    value,
    wrong: (text) => {
      if (text === '') return mayBeEmpty ? undefined : 'A place is needed. Ray itself keeps no rows: a package that no run uses is dropped within ten minutes.';
      if (text.endsWith(SET_ENDING)) return 'This is the name of a curated set. Give the training file another.';
      const wrong = wrongPlace(text);
      // No record of a run may have it.
      if (wrong !== undefined) return `This path ${wrong}. Give the whole path from the root, under a drive’s letter where it is another machine’s.`;
      const secret = rowsAddressProblem(text);
      if (secret !== undefined) return secret;
      return isAbsolute(text) || /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(text) ? undefined : 'Give a path from the root, or an address such as s3://… or https://….';
    },
  });
}

/** Where these rows were put for this backend before, as far as can be seen from here: a file that was changed or is gone is passed over. */
export async function placeBefore({ memory, backend, exported }: RowsFor): Promise<string | undefined> {
  for (const { at } of places(memory).filter((one) => one.backend === backend && one.sha256 === exported.sha256)) {
    if ((await liesAt(at, exported)) || !(await isFolder(at))) return at;
  }
  return undefined;
}

/** What would be done with rows that the cluster reads by a path; nothing is done yet. `undefined` where they travel along. */
export async function rowsWay(memory: vscode.Memento, { backend, file }: Pick<RunPlan, 'backend' | 'file'>, exported: RowsFor['exported']): Promise<RowsWay | undefined> {
  const { at } = file;
  if (at === undefined) return undefined;
  if (await liesAt(at, exported)) return { kind: 'there', at };
  if (await isWritable(at)) return { kind: 'write', at, replaces: (await nodeFiles.facts(at)) !== undefined };
  const before = places(memory).find((one) => one.backend === backend.url && one.sha256 === exported.sha256 && one.at === at);
  return before !== undefined && !(await isFolder(at)) ? { kind: 'put', at, put: before.put } : { kind: 'bring', at };
}

/** Puts the rows where the cluster reads them, or where the person says. @returns whether they are there @throws Error in words of the disk */
export async function putRows(memory: vscode.Memento, setPath: string, plan: RunPlan, exported: RowsFor['exported']): Promise<boolean> {
  const way = await rowsWay(memory, plan, exported);
  if (way === undefined) return true;
  if (way.kind === 'write') await write(way.at, exported.text);
  if (way.kind === 'bring' && !(await brought(memory, way.at, setPath, plan, exported))) return false;
  const put = way.kind === 'put' ? way.put : new Date().toISOString();
  const now: RowsPlace = { backend: plan.backend.url, sha256: exported.sha256, at: way.at, put };
  // Of one place only the last that was put there can be read.
  await memory.update(PLACES, [now, ...places(memory).filter(({ backend, at }) => backend !== now.backend || at !== now.at)].slice(0, MOST_PLACES));
  return true;
}

interface BringRow extends vscode.QuickPickItem {
  readonly does: 'there' | 'copy' | 'save' | 'later';
}

/**
 * Saves the rows where the person says, and waits until they say that they are where the cluster reads them: under a list that leaves the
 * editor and its terminals free, since these may be what they are brought with. What was saved is not saved again while it lies there.
 */
async function brought(memory: vscode.Memento, at: string, setPath: string, { file }: RunPlan, exported: RowsFor['exported']): Promise<boolean> {
  let saved = await savedBefore(memory, exported);
  for (;;) {
    saved ??= await saveRows(memory, at, setPath, exported);
    if (saved === undefined) return false;
    const rows: readonly BringRow[] = [
      { label: '$(check) It Is There', description: 'goes on', detail: plainLabel(`The cluster is to read exactly these bytes from ${at} (SHA-256 ${file.sha256}).`, 600), does: 'there' },
      { label: '$(copy) Copy the Saved File’s Path', description: plainLabel(saved, 200), does: 'copy' },
      { label: '$(save-as) Save It Elsewhere…', description: '', does: 'save' },
      { label: '$(clock) Go On Later', description: 'nothing is sent now; the saved file is remembered', does: 'later' },
    ];
    const answer = await askPick({ title: 'Bring the Training File', step: 1, of: 1, placeholder: plainLabel(`Bring ${basename(saved)} to ${at}, then go on`, 200), rows });
    if (answer === undefined || answer === BACK || answer.does === 'later') return false;
    if (answer.does === 'there') return true;
    if (answer.does === 'copy') await vscode.env.clipboard.writeText(saved);
    else saved = (await saveRows(memory, at, setPath, exported)) ?? saved;
  }
}

/** @returns the file; `undefined` where the person leaves */
async function saveRows(memory: vscode.Memento, at: string, setPath: string, { text, sha256 }: RowsFor['exported']): Promise<string | undefined> {
  const where = await vscode.window.showSaveDialog({ title: 'Save the Training File', saveLabel: 'Save', defaultUri: vscode.Uri.file(join(dirname(setPath), basename(at))) });
  if (where === undefined) return undefined;
  if (where.scheme !== 'file') throw new Error('A training file is saved on this machine’s disk. Choose a folder there.');
  if (where.path.endsWith(SET_ENDING)) throw new Error(`${basename(where.fsPath)} is the name of a curated set. Give the training file another.`);
  await write(where.fsPath, text);
  const now: SavedRows = { sha256, file: where.fsPath };
  await memory.update(SAVED, [now, ...memory.get<readonly SavedRows[]>(SAVED, []).filter(({ file }) => file !== now.file)].slice(0, MOST_PLACES));
  return now.file;
}

/** Where these very bytes were saved before and still lie. */
async function savedBefore(memory: vscode.Memento, exported: RowsFor['exported']): Promise<string | undefined> {
  for (const { sha256, file } of memory.get<readonly SavedRows[]>(SAVED, [])) if (sha256 === exported.sha256 && (await liesAt(file, exported))) return file;
  return undefined;
}

async function write(file: string, text: string): Promise<void> {
  try {
    await nodeFiles.replace(file, text);
  } catch (error) {
    throw new Error(writeFaultInWords(error, file), { cause: error });
  }
}

/** Do exactly these bytes lie there, as this machine sees it? */
async function liesAt(at: string, { text, sha256 }: RowsFor['exported']): Promise<boolean> {
  if (!isAbsolute(at) || !(await isFolder(at))) return false;
  if ((await nodeFiles.facts(at))?.size !== Buffer.byteLength(text)) return false;
  return (await sha256Of(await nodeFiles.read(at))) === sha256;
}

async function isWritable(at: string): Promise<boolean> {
  if (!(await isFolder(at))) return false;
  return access(dirname(at), constants.W_OK).then(
    () => true,
    () => false,
  );
}

/** Is its folder one that this machine has? */
async function isFolder(at: string): Promise<boolean> {
  if (!isAbsolute(at)) return false;
  return stat(dirname(at)).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function places(memory: vscode.Memento): readonly RowsPlace[] {
  return memory.get<readonly RowsPlace[]>(PLACES, []);
}
