import type { Files } from '../trace/files';

/** What `.cotlens` may hold already when its owner has decided what of it goes into git. */
const DECIDED: readonly string[] = ['scores', 'exchanges', 'edits', 'provenance', 'locks', 'index', '.gitignore'];

/** Before the first file comes into `.cotlens`: traces can hold unsafe text, so the folder keeps itself out of git until the user decides otherwise. */
export async function keepOutOfGit(files: Pick<Files, 'list' | 'create'>, folder: string): Promise<void> {
  const entries = await files.list(folder);
  if (entries.some((entry) => DECIDED.includes(entry))) return;
  await files.create(
    `${folder}/.gitignore`,
    '# Scores and edits quote traces, which can hold unsafe text. Delete this file to check them in.\n*\n# Rubrics, instructions and formats quote nothing.\n!rubrics/\n!rubrics/**\n!instructions/\n!instructions/**\n!formats.json\n',
  );
}
