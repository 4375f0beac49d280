/** What is known of a file without reading it. */
export interface FileFacts {
  readonly size: number;
  /** Changes when the path names another file than before (a replaced one), even of the same size. */
  readonly identity: string;
  /** When its content was last changed, in milliseconds. */
  readonly modified: number;
}

/**
 * The files that the core reads and writes, so that it runs in plain Node and in tests alike.
 * Paths are absolute. All calls reject with the system's error; what a caller expects to be missing has its own answer.
 */
export interface Files {
  /** `undefined` where there is no such file. */
  facts(path: string): Promise<FileFacts | undefined>;
  /** The bytes from `start` to the end of the file. */
  read(path: string, start?: number): Promise<Uint8Array>;
  /** Appends in one write, creating file and folders as needed. */
  append(path: string, text: string): Promise<void>;
  /** Writes a temporary file beside `path` and renames it over it: a crash leaves the old file or the new one. */
  replace(path: string, text: string): Promise<void>;
  /** Creates the file with its folders; `false`, and nothing done, where it exists already. */
  create(path: string, text: string): Promise<boolean>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; nothing where there is none. */
  remove(path: string): Promise<void>;
  /** Names of the entries of a folder; empty where there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Calls back with the name of each entry that somebody changes in the folder, until disposed. */
  watch(folder: string, changed: (name: string) => void): { dispose(): void };
}
