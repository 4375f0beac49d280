/** JSON files of well-known names that are never datasets: tools' own. */
const NEVER = /(?:^|\/)(?:package(?:-lock)?|tsconfig[^/]*|jsconfig|composer|angular|lerna|nx|\.[^/]*|[^/]*\.code-workspace)(?:\.json)?$/;

/** May a JSON file of this path hold traces? Names that tools have claimed are left out unread. */
export function looksLikeDataset(path: string): boolean {
  return !NEVER.test(path) && !path.includes('/.vscode/');
}
