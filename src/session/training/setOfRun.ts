import { createHash } from 'node:crypto';
import { basename, isAbsolute, join } from 'node:path';
import type { Files } from '../../trace/files';
import type { RunPlan } from '../../train/runs/run';
import { wrongPlace } from '../../train/runs/setPlace';

/**
 * The file of a run’s set, as the workspace has it now: of several folders the one with the very bytes that were trained on, else the first
 * that has such a file.
 * @param folders paths of the workspace’s folders on this disk
 * @throws Error in words where no folder has it, or its path may stand in no record
 */
export async function setOfRun({ path, sha256 }: Pick<RunPlan['set'], 'path' | 'sha256'>, folders: readonly string[], files: Pick<Files, 'facts' | 'read'>): Promise<string> {
  const wrong = wrongPlace(path);
  if (wrong !== undefined) throw new Error(`The path of this run’s set, ${path}, ${wrong}, so it is not opened. Launch the set itself with “Launch Fine-Tune…”.`);
  const there: string[] = [];
  // A set outside the workspace is recorded by its whole path.
  for (const place of isAbsolute(path) ? [path] : folders.map((folder) => join(folder, path))) if ((await files.facts(place)) !== undefined) there.push(place);
  if (there.length > 1) for (const place of there) if (createHash('sha256').update(await files.read(place)).digest('hex') === sha256) return place;
  const [first] = there;
  if (first === undefined) throw new Error(`${basename(path)}, the set of this run, is not in the workspace any more. Put it back, or launch another set with “Launch Fine-Tune…”.`);
  return first;
}
