import { posix } from 'node:path';
import { hasEnded, type Run } from '../../train/runs/run';
import type { PreflightCheck } from './preflight';

/** Where a run writes, and where it reads its rows. */
export interface RunPlaces {
  readonly backend: Pick<Run['backend'], 'kind' | 'url'>;
  /** Absent where the backend keeps the model itself. */
  readonly outputDir: string | undefined;
  /** Absent where the rows travel along. */
  readonly rows: { readonly at: string; readonly sha256: string } | undefined;
}

/**
 * Does another run write to the same folder, or read other rows from the same place? A trainer keeps its newest checkpoint and deletes
 * the others in its folder, whoever wrote them. Folders are compared by their paths as they are written: links are not followed.
 * @param runs all that are known of the workspace
 */
export function placesChecks(runs: readonly Run[], { backend, outputDir, rows }: RunPlaces): readonly PreflightCheck[] {
  const there = runs.filter((run) => run.backend.kind === backend.kind && samePlace(run.backend.url, backend.url) && wroteSomething(run));
  return [...(outputDir === undefined ? [] : [outputCheck(there, outputDir)]), ...(rows === undefined ? [] : rowsChecks(there, rows))];
}

const OF_PLACES: ReadonlySet<string> = new Set(['Output folder', 'Rows by path']);

/** What of another run would be lost, for the last question before a launch. */
export function placesWarnings(checks: readonly PreflightCheck[]): readonly string[] {
  return checks.filter(({ about, status }) => status === 'warning' && OF_PLACES.has(about)).map(({ said }) => said);
}

function outputCheck(runs: readonly Run[], outputDir: string): PreflightCheck {
  const about = 'Output folder';
  const same = runs.filter((run) => samePlace(outputDirOf(run) ?? '', outputDir));
  const [open] = same.filter(({ state }) => !hasEnded(state));
  if (open !== undefined) return { about, status: 'error', said: `${namedRun(open)} has not ended and writes to ${outputDir}: each of the two would delete the other’s checkpoints. Choose another folder: go back, or change outputDir with “Edit Recipe…”.` };
  const [ended] = same;
  if (ended !== undefined) return { about, status: 'warning', said: `${namedRun(ended)} wrote to ${outputDir}: what it left there is overwritten, its checkpoints are deleted. To keep them choose another folder: go back, or change outputDir with “Edit Recipe…”.` };
  return { about, status: 'ok', said: `${outputDir}: no other run of this workspace writes there.` };
}

/** The same bytes may be read by as many runs as want to. */
function rowsChecks(runs: readonly Run[], { at, sha256 }: { readonly at: string; readonly sha256: string }): readonly PreflightCheck[] {
  const about = 'Rows by path';
  const others = runs.filter(({ file }) => file.at !== undefined && samePlace(file.at, at) && file.sha256 !== sha256);
  const [open] = others.filter(({ state }) => !hasEnded(state));
  if (open !== undefined) return [{ about, status: 'error', said: `${namedRun(open)} has not ended and reads other rows from ${at}: they would be replaced under its hands. Give another path with “Give the Rows by Path…”.` }];
  const [ended] = others;
  if (ended !== undefined) return [{ about, status: 'warning', said: `${namedRun(ended)} read other rows from ${at}: they are replaced. To keep them give another path with “Give the Rows by Path…”.` }];
  return [];
}

/** This place where no run has it, else one like it. */
export function untakenPlace(place: string, taken: readonly string[]): string {
  return taken.some((other) => samePlace(place, other)) ? freePlace(place, taken) : place;
}

/** Another file in the folder of this one. @param place a path from the root, of Windows too, or an address */
export function besidePlace(place: string, name: string): string {
  return `${place.slice(0, nameAt(place))}${name}`;
}

/** Where the last name of a path or address begins. */
function nameAt(place: string): number {
  const isWindows = /^(?:[a-z]:[\\/]|\\\\)/i.test(place);
  return Math.max(place.lastIndexOf('/'), isWindows ? place.lastIndexOf('\\') : -1) + 1;
}

/** A place like this one that no run has: `/shared/out-2`, `/shared/rows-2.train.jsonl`. @param isFile whether its name has an ending that stays */
export function freePlace(place: string, taken: readonly string[], isFile = false): string {
  const end = place.replace(/\/+$/, '') || place;
  const at = isFile ? end.indexOf('.', nameAt(end) + 1) : -1;
  const [name, ending] = at === -1 ? [end, ''] : [end.slice(0, at), end.slice(at)];
  const isTaken = (one: string): boolean => taken.some((other) => samePlace(one, other));
  // After `out` and `out-2` comes `out-3`; a number that is part of a name, as in `run-2026`, stays.
  const before = name.replace(/-\d+$/, '');
  const plain = isTaken(`${before}${ending}`) ? before : name;
  for (let n = 2; ; n++) {
    const free = `${plain}-${String(n)}${ending}`;
    if (!isTaken(free)) return free;
  }
}

/** The output folders, and the places of rows, of all runs. */
export function takenPlaces(runs: readonly Run[]): { readonly outputDirs: readonly string[]; readonly rows: readonly string[] } {
  return { outputDirs: runs.flatMap((run) => outputDirOf(run) ?? []), rows: runs.flatMap(({ file }) => file.at ?? []) };
}

function samePlace(one: string, other: string): boolean {
  const plain = (place: string): string => posix.normalize(place).replace(/\/+$/, '');
  return plain(one) === plain(other);
}

/** What was never submitted wrote and read nothing. */
function wroteSomething({ state }: Run): boolean {
  return state !== 'not started';
}

function outputDirOf({ values }: Run): string | undefined {
  const { outputDir } = (values ?? {}) as { readonly outputDir?: unknown };
  return typeof outputDir === 'string' && outputDir !== '' ? outputDir : undefined;
}

function namedRun({ title, created }: Run): string {
  return `The run ${title}, launched ${created.slice(0, 19).replace('T', ' ')} UTC,`;
}
