import { randomUUID } from 'node:crypto';
import { access, chmod, chown, constants, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Tells one state of a file from another: size, time of the last change, and which file it is. */
export interface FileState {
  readonly size: number;
  readonly identity: string;
  readonly modified: number;
}

export async function fileState(path: string): Promise<FileState> {
  const { size, dev, ino, mtimeMs, ctimeMs } = await stat(path);
  // The time of change moves also where a program sets the time of modification back.
  return { size, identity: `${String(dev)}:${String(ino)}:${String(ctimeMs)}`, modified: mtimeMs };
}

export function sameState(a: FileState, b: FileState): boolean {
  return a.size === b.size && a.identity === b.identity && a.modified === b.modified;
}

/** Is it the same file as that of another state, with the same content, though its name may be another? A rename moves the time of change. */
function isSameContent(a: FileState, b: FileState): boolean {
  const file = ({ identity }: FileState): string => identity.slice(0, identity.lastIndexOf(':'));
  return a.size === b.size && a.modified === b.modified && file(a) === file(b);
}

/** Somebody changed the file while it was being written anew. */
export class ChangedMeanwhile extends Error {
  override readonly name = 'ChangedMeanwhile';
}

/**
 * Replaces a file's content as a whole: writes a file beside it, flushes it, and renames it over the old one, so that a full disk or
 * a crash leaves the old file or the new one. Keeps mode and owner; of a symbolic link the file it points to is replaced.
 * @param before the state that the content was made from
 * @param onRename called right before it takes the old one's place
 * @returns its state now; `undefined` where somebody else has changed it again since
 * @throws ChangedMeanwhile where the file is in another state now; then it is left as it is
 * @throws the system's error, or one in words where the file may not be written
 */
export async function replaceFile(path: string, before: FileState, content: AsyncIterable<Uint8Array>, onRename: () => void = () => undefined): Promise<FileState | undefined> {
  const real = await realpath(path);
  const { mode, uid, gid } = await stat(real);
  await checkWritable(real, mode);
  const temporary = join(dirname(real), `.${basename(real)}.${randomUUID().slice(0, 8)}.tmp`);
  let written: FileState;
  try {
    const file = await open(temporary, 'wx', mode & 0o777);
    try {
      for await (const chunk of content) {
        for (let done = 0; done < chunk.length; ) done += (await file.write(chunk, done)).bytesWritten;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(temporary, mode & 0o7777);
    await keepOwner(temporary, uid, gid);
    written = await fileState(temporary);
    if (!sameState(await fileState(path), before)) throw new ChangedMeanwhile(`${basename(path)} was changed while it was being saved.`);
    onRename();
    await rename(temporary, real);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await flushFolder(dirname(real));
  const now = await fileState(path).catch(() => undefined);
  return now !== undefined && isSameContent(now, written) ? now : undefined;
}

/** A rename needs no right to write the old file, so that right is asked for. */
async function checkWritable(path: string, mode: number): Promise<void> {
  const may = (mode & 0o222) !== 0 && (await access(path, constants.W_OK).then(() => true, () => false));
  if (!may) throw new Error(`${basename(path)} is read-only. Make it writable, or keep the text as a copy.`);
}

async function keepOwner(temporary: string, uid: number, gid: number): Promise<void> {
  const own = await stat(temporary);
  if (own.uid === uid && own.gid === gid) return;
  try {
    await chown(temporary, uid, gid);
  } catch {
    // Only an administrator may give a file away. The group may be kept where we belong to it.
    await chown(temporary, own.uid, gid).catch(() => undefined);
  }
}

/** After a power failure the new name must be there. Not every system lets a folder be opened. */
async function flushFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    return;
  }
}

/** What to say of a failure to write a file. */
export function writeFaultInWords(error: unknown, file: string): string {
  const { code } = error as NodeJS.ErrnoException;
  const name = basename(file);
  if (code === 'ENOSPC' || code === 'EDQUOT') return `The disk is full, so ${name} was left as it was. Make room and save again.`;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return `The folder of ${name} may not be written, so the file was left as it was. Make it writable, or keep the text as a copy.`;
  }
  return error instanceof Error ? error.message : String(error);
}
