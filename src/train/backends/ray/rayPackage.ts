import { createHash } from 'node:crypto';
import { zip, type AsyncZippable } from 'fflate';

/** Ray takes no larger body: `Maximum request body size 104857600 exceeded.` */
export const LARGEST_PACKAGE = 100 * 1024 * 1024;
/** Of all entries: so that the same files make the same bytes, and by them the same name. The first day that a zip can hold. */
const MTIME = new Date('1980-01-01T12:00:00Z');

/** A working directory for a job: files at the root, named by their content. */
export interface RayPackage {
  readonly bytes: Uint8Array;
  /** `_ray_pkg_<16 hex>.zip` */
  readonly name: string;
}

/** Makes the package in memory; other work runs meanwhile. @throws the signal's reason */
export function rayPackage(files: Readonly<Record<string, Uint8Array>>, signal: AbortSignal): Promise<RayPackage> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const entries: AsyncZippable = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, bytes]) => [name, [bytes, { mtime: MTIME, level: 6 }]]));
    const stop = zip(entries, { mtime: MTIME }, (error, bytes) => {
      signal.removeEventListener('abort', abort);
      if (error !== null) reject(error);
      else resolve({ bytes, name: `_ray_pkg_${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.zip` });
    });
    const abort = (): void => {
      stop();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
  });
}
