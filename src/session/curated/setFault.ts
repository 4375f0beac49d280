import { basename } from 'node:path';

/** What to say where a set could not be written; what is in words already stays as it is. */
export function setFault(error: unknown, path: string): Error {
  const { code = '' } = error as NodeJS.ErrnoException;
  const name = basename(path);
  const words: Readonly<Record<string, string>> = {
    ENOSPC: `The disk is full, so ${name} was left as it was. Make room, then try again.`,
    EDQUOT: `Your share of the disk is used up, so ${name} was left as it was. Make room, then try again.`,
    EFBIG: `${name} would become larger than files may be here, so it was left as it was. Begin another set.`,
    EACCES: `${name} may not be written, or its folder may not, so it was left as it was. Make them writable, then try again.`,
    EPERM: `${name} may not be written, or its folder may not, so it was left as it was. Make them writable, then try again.`,
    EROFS: `${name} lies on a disk that can only be read, so it was left as it was. Put the set elsewhere.`,
    ENOENT: `The folder of ${name} is not there any more. Nothing was written.`,
    EISDIR: `${name} is a folder, not a file. Choose another name for the set.`,
    ChangedMeanwhile: `${name} is being changed by another program at the same time, so nothing was written. Try again when it is done.`,
  };
  const said = words[code] ?? words[(error as Error).name];
  if (said !== undefined) return new Error(said, { cause: error });
  return error instanceof Error ? error : new Error(String(error));
}
