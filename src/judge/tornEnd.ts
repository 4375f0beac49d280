import type { Files } from '../trace/files';

/** Does a file end in the middle of a line, as after a crash? What is appended then begins a line of its own. */
export async function endsTorn(files: Files, path: string): Promise<boolean> {
  const facts = await files.facts(path);
  if (facts === undefined || facts.size === 0) return false;
  const last = await files.read(path, facts.size - 1);
  return last.at(-1) !== 10;
}
