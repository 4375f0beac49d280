import type { Disposable } from '../../trace/event';
import type { Logger } from '../../trace/logger';
import type { KeptPlace } from './cotlensFolder';
import type { EditsAside } from './editsAside';
import type { FileTools } from './indexedFile';
import type { KeptJson } from './keptJson';
import type { RowReader } from './rowReader';
import type { RenamedRow } from './rowTable';

/** What is kept beside the scores for one dataset. */
export interface KeptFiles {
  readonly edits: EditsAside;
  /** By row key: what a row cannot hold itself. */
  readonly overlays: KeptJson;
  /** By former row key: the key `now`. */
  readonly aliases: KeptJson;
  /** By dataset: how its rows are to be read. */
  readonly choices: KeptJson;
  /** Of the files behind them those by which rows read otherwise. */
  readonly paths: readonly string[];
}

/** What datasets are made with. */
export interface DatasetTools extends FileTools {
  readonly reader: RowReader;
  /** Above so many bytes keys are numbers, and edits are kept aside. */
  readonly large: number;
  /** Milliseconds between a change of a file and the look at it. */
  readonly debounce: number;
  readonly log: Logger;
  readonly placeOf: (path: string) => KeptPlace;
  readonly keptOf: (path: string) => KeptFiles;
  /** Keeps other windows from writing the dataset, or what belongs to it, meanwhile. */
  readonly lock: <T>(path: string, run: () => Promise<T>) => Promise<T>;
  /** What belongs to rows by their names must go with them. */
  readonly onRenamed?: ((path: string, rows: readonly RenamedRow[]) => Promise<void>) | undefined;
  readonly watch: (path: string, changed: () => void) => Disposable;
}
