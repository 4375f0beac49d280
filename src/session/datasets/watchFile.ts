import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Disposable } from '../../trace/event';
import type { Files } from '../../trace/files';

/** Calls back when a file changes, comes or goes; of a symbolic link also when the file changes that it points to. */
export function watchFile(files: Pick<Files, 'watch'>, path: string, changed: () => void): Disposable {
  const watchers: Disposable[] = [];
  let disposed = false;
  const watch = (one: string): void => {
    const name = basename(one);
    watchers.push(
      files.watch(dirname(one), (changedName) => {
        if (changedName === name) changed();
      }),
    );
  };
  watch(path);
  realpath(path).then(
    (real) => {
      if (!disposed && real !== path) watch(real);
    },
    // Not there yet: its own folder tells when it comes.
    () => undefined,
  );
  return {
    dispose: () => {
      disposed = true;
      for (const one of watchers) one.dispose();
    },
  };
}
