import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { npm } from './processes';
import { cacheFolder, root } from './root';

/**
 * Installs a folder's locked packages once, into .vscode-test/<name>-<hash of all that decides the result>.
 * The folder gets its name only when it is complete, so that a broken installation is never found there.
 */
export function installOnDemand(
  name: 'host' | 'browser',
  begin: () => void,
  finish: (folder: string) => void = () => undefined,
): string {
  const source = path.join(root, 'test', name);
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  const files = ['package.json', 'package-lock.json', ...(name === 'host' ? ['spdlog.cjs'] : [])];
  for (const file of files) hash.update(readFileSync(path.join(source, file)));
  const target = path.join(cacheFolder, `${name}-${hash.digest('hex').slice(0, 10)}`);
  if (existsSync(target)) return target;

  begin();
  const unfinished = `${target}.tmp-${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  try {
    for (const file of files) cpSync(path.join(source, file), path.join(unfinished, file));
    npm(['ci'], unfinished);
    finish(unfinished);
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another run may have finished the same installation meanwhile.
    if (!existsSync(target)) throw error;
  }
  return target;
}
