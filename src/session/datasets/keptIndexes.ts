import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import type { RowIndex } from '../../trace/containers/container';
import { packIndex, unpackIndex } from '../../trace/containers/indexFile';
import type { Files } from '../../trace/files';
import type { Logger } from '../../trace/logger';
import { keptPath, type KeptPlace } from './cotlensFolder';
import type { Indexed, KeptIndexes } from './indexedFile';
import { keepOutOfGit } from '../../judge/keptOutOfGit';
import type { FileState } from './replaceFile';

/** Files smaller than this are indexed again as quickly as an index is read. Bytes; ours. */
const WORTH_KEEPING = 4 << 20;

/** Keeps indexes in files beside the scores. Where that cannot be done it says so once, and all goes on without. */
export class IndexFiles implements KeptIndexes {
  private said = false;

  constructor(
    private readonly placeOf: (path: string) => KeptPlace,
    private readonly files: Pick<Files, 'list' | 'create'>,
    /** Names of the containers that may have made one. */
    private readonly containers: readonly string[],
    private readonly log: Logger,
    private readonly worthKeeping = WORTH_KEEPING,
  ) {}

  async load(path: string, state: FileState): Promise<{ readonly container: string; readonly index: RowIndex } | undefined> {
    if (state.size < this.worthKeeping) return undefined;
    try {
      const bytes = await readFile(indexPath(this.placeOf(path)));
      for (const container of this.containers) {
        const index = unpackIndex(bytes, { container, ...state });
        if (index !== undefined) return { container, index };
      }
      return undefined;
    } catch {
      // None is there, or none that can be read: the file is indexed.
      return undefined;
    }
  }

  async save(path: string, { container, index, state }: Indexed): Promise<void> {
    if (state.size < this.worthKeeping) return;
    const place = this.placeOf(path);
    const to = indexPath(place);
    const temporary = `${to}.${randomUUID().slice(0, 8)}.tmp`;
    try {
      await keepOutOfGit(this.files, place.folder);
      await mkdir(dirname(to), { recursive: true });
      await writeFile(temporary, packIndex(index, { container: container.name, ...state }));
      await rename(temporary, to);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      if (!this.said) this.log.info(`Indexes of datasets cannot be kept in ${dirname(to)} (${String(error)}): datasets are indexed each time they are opened.`);
      this.said = true;
    }
  }
}

function indexPath(place: KeptPlace): string {
  return keptPath(place, 'index', 'rows');
}
