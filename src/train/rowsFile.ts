/** The name of the file of rows in a package, at its root. */
export const ROWS_FILE = 'train.jsonl';
