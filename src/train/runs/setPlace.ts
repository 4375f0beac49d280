/**
 * Ours. Why a record may not name its set, or its rows, by this path; `undefined`: it may. Records come with folders of others: one may name a
 * path above the folder, where a recipe would be written beside it, or another machine's, which Windows asks as soon as somebody looks
 * whether the file is there.
 * @param path from the workspace folder, or absolute; with `/` or `\`
 */
export function wrongPlace(path: string): string | undefined {
  if (/^[\\/]{2}/.test(path)) return 'names another machine';
  if (path.includes('\0')) return 'is no path';
  return path.split(/[\\/]/).includes('..') ? 'leads above its folder (..)' : undefined;
}
