import { basename, resolve } from 'node:path';
import type { Disposable } from '../../trace/event';
import type { Files } from '../../trace/files';
import type { Logger } from '../../trace/logger';
import { keptPath, type KeptPlace } from './cotlensFolder';
import type { Datasets, EditableDataset } from './dataset';
import { withDatasetLock } from './datasetLock';
import type { DatasetTools, KeptFiles } from './datasetTools';
import { EditsAside } from './editsAside';
import { headHoldsTraces } from './headHoldsTraces';
import { HEAD, type IndexingTools } from './indexedFile';
import { KeptJson } from './keptJson';
import { LARGE_DATASET } from './largeDataset';
import { OpenDataset } from './openDataset';
import type { RenamedRow } from './rowTable';
import { watchFile } from './watchFile';

/** Datasets that can be written. */
export interface EditableDatasets extends Datasets, Disposable {
  open(path: string, tools?: IndexingTools): Promise<EditableDataset>;
  /** The names of all formats. */
  readonly formats: readonly string[];
}

/** What is known from outside of where things are kept, and how much is much. */
export interface DatasetPlaces {
  readonly placeOf: (path: string) => KeptPlace;
  /** A folder of our own, for locks where the one beside the file cannot be written. */
  readonly own: string;
  /** Bytes; absent: 64 MB. */
  readonly large?: number | undefined;
  /** Milliseconds; absent: 150. */
  readonly debounce?: number | undefined;
  /** Rows got other names by being saved; settles when what belongs to them by name has gone with them. */
  readonly onRenamed?: ((path: string, rows: readonly RenamedRow[]) => Promise<void>) | undefined;
  readonly log: Logger;
}

export type SetTools = Pick<DatasetTools, 'containers' | 'openBytes' | 'kept' | 'reader'> & DatasetPlaces & { readonly files: Files };

/** Opens datasets, each once; ends each when the last who opened it has let it go. */
export class DatasetSet implements EditableDatasets {
  private readonly known = new Map<string, { readonly dataset: OpenDataset; readonly begun: Promise<void>; users: number }>();
  private readonly tools: DatasetTools;

  constructor(private readonly parts: SetTools) {
    const { files, placeOf, large = LARGE_DATASET, debounce = 150 } = parts;
    this.tools = {
      ...parts,
      ...{ large, debounce },
      keptOf: (path) => keptFiles(files, placeOf(path)),
      lock: (path, run) => withDatasetLock(parts, path, run),
      watch: (path, changed) => watchFile(files, path, changed),
    };
  }

  get formats(): readonly string[] {
    return this.parts.reader.formats;
  }

  async open(path: string, tools: IndexingTools = {}): Promise<EditableDataset> {
    const name = resolve(path);
    let entry = this.known.get(name);
    const joined = entry !== undefined;
    if (entry === undefined) {
      const dataset: OpenDataset = new OpenDataset(name, this.tools, () => {
        this.release(name, dataset);
      });
      entry = { dataset, begun: dataset.begin(tools), users: 0 };
      this.known.set(name, entry);
    }
    entry.users++;
    try {
      await entry.begun;
      return entry.dataset;
    } catch (error) {
      // What could not be opened is begun anew by the next who asks.
      if (this.known.get(name) === entry) this.known.delete(name);
      entry.dataset.end();
      // Whoever began has cancelled; we have not.
      if (joined && (error as Error).name === 'AbortError' && tools.signal?.aborted !== true) return this.open(path, tools);
      throw error;
    }
  }

  async looksLikeTraces(path: string): Promise<boolean> {
    const file = await this.parts.openBytes(resolve(path));
    try {
      const head = await file.read(0, Math.min(HEAD, file.size));
      const container = this.parts.containers.find((one) => one.detect(head, basename(path)));
      if (container === undefined) return false;
      return await headHoldsTraces(container, head, path, head.length === file.size, (row, choice) => this.parts.reader.read(row, choice));
    } finally {
      await file.close();
    }
  }

  dispose(): void {
    for (const { dataset } of this.known.values()) dataset.end();
    this.known.clear();
  }

  private release(name: string, dataset: OpenDataset): void {
    const entry = this.known.get(name);
    if (entry?.dataset !== dataset) return;
    entry.users--;
    if (entry.users > 0) return;
    this.known.delete(name);
    dataset.end();
  }
}

function keptFiles(files: Files, place: KeptPlace): KeptFiles {
  const [edits, overlays] = [keptPath(place, 'edits', 'jsonl'), keptPath(place, 'provenance', 'json')];
  const choices = `${place.folder}/formats.json`;
  return {
    edits: new EditsAside(files, edits),
    overlays: new KeptJson(files, overlays, 'rows'),
    aliases: new KeptJson(files, keptPath(place, 'index', 'names.json'), 'names'),
    choices: new KeptJson(files, choices, 'datasets'),
    paths: [edits, overlays, choices],
  };
}
