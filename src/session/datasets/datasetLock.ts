import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Files } from '../../trace/files';
import { keptPath, type KeptPlace } from './cotlensFolder';
import { withLock } from './fileLock';
import { keepOutOfGit } from '../../judge/keptOutOfGit';

/** What is known of where a dataset's lock lies. */
export interface LockPlaces {
  readonly files: Pick<Files, 'list' | 'create'>;
  readonly placeOf: (path: string) => KeptPlace;
  /** A folder of our own, where the one beside the file cannot be written. */
  readonly own: string;
}

/**
 * Runs while no other window, and no other part of this one, writes the dataset or what belongs to it: all who write one file use the
 * same lock, in `.cotlens/locks`.
 * @throws LockHeld
 */
export async function withDatasetLock<T>({ files, placeOf, own }: LockPlaces, path: string, run: () => Promise<T>): Promise<T> {
  const place = placeOf(path);
  const beside = keptPath(place, 'locks', 'lock');
  await keepOutOfGit(files, place.folder).catch(() => undefined);
  const writable = await mkdir(dirname(beside), { recursive: true }).then(
    () => access(dirname(beside), constants.W_OK).then(() => true, () => false),
    () => false,
  );
  return withLock(path, writable ? beside : keptPath({ ...place, folder: own }, 'locks', 'lock'), run);
}
