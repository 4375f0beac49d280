import { mkdir } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Files } from '../../trace/files';
import type { Logger } from '../../trace/logger';
import { withDatasetLock, type LockPlaces } from '../datasets/datasetLock';
import { watchFile } from '../datasets/watchFile';
import type { CuratedSet, CuratedSets } from './curatedSet';
import { OpenCuratedSet, type SetTools } from './openCuratedSet';
import { setFault } from './setFault';

/** What is known from outside of where things are kept; the same as of datasets, so that both use one lock for one file. */
export interface CuratedSetPlaces extends Pick<LockPlaces, 'placeOf' | 'own'> {
  readonly log: Logger;
  /** Milliseconds between a change of a file and the look at it; absent: 150. */
  readonly debounce?: number;
}

/** Opens sets, each once; ends each when the last who opened it has let it go. */
export class CuratedSetsOnDisk implements CuratedSets {
  private readonly known = new Map<string, { readonly set: OpenCuratedSet; readonly begun: Promise<void>; users: number }>();
  private readonly tools: SetTools;

  constructor(
    places: CuratedSetPlaces,
    private readonly files: Files,
  ) {
    const { log, debounce = 150 } = places;
    this.tools = {
      ...{ log, debounce },
      lock: (path, run) => withDatasetLock({ ...places, files }, path, run),
      watch: (path, changed) => watchFile(files, path, changed),
    };
  }

  async open(path: string): Promise<CuratedSet> {
    const name = resolve(path);
    let entry = this.known.get(name);
    if (entry === undefined) {
      const set: OpenCuratedSet = new OpenCuratedSet(name, this.tools, () => {
        this.release(name, set);
      });
      entry = { set, begun: this.begin(set), users: 0 };
      this.known.set(name, entry);
    }
    entry.users++;
    try {
      await entry.begun;
      return entry.set;
    } catch (error) {
      // What could not be opened is begun anew by the next who asks.
      if (this.known.get(name) === entry) this.known.delete(name);
      entry.set.end();
      throw setFault(error, name);
    }
  }

  async move(ids: readonly string[], from: CuratedSet, to: CuratedSet): Promise<void> {
    const [source, target] = [this.own(from), this.own(to)];
    if (source === target) return;
    const lines = await source.linesOf(ids);
    const there = new Map((await target.linesOf(lines.map(({ id }) => id).filter((id) => target.cards.some((card) => card.id === id)))).map(({ id, text }) => [id, text]));
    // A move that was broken off has left some in both.
    const differs = lines.find(({ id, text }) => there.has(id) && there.get(id) !== text);
    if (differs !== undefined) throw new Error(`${basename(target.path)} has another sample ${differs.id} already. Nothing was moved.`);
    const missing = lines.filter(({ id }) => !there.has(id));
    if (missing.length > 0) await target.addLines(missing);
    const texts = new Map(lines.map(({ id, text }) => [id, text]));
    // The file may have been replaced while it was written to: what is not there now is not taken out here.
    const arrived = new Map((await target.linesOf(ids)).map(({ id, text }) => [id, text]));
    if (lines.some(({ id, text }) => arrived.get(id) !== text)) throw new Error(`${basename(target.path)} was replaced by another program while samples were moved into it. They are still in ${basename(source.path)}; move them again.`);
    await source.removeIf(ids, (id, line) => texts.get(id) === line);
  }

  dispose(): void {
    for (const { set } of this.known.values()) set.end();
    this.known.clear();
  }

  private async begin(set: OpenCuratedSet): Promise<void> {
    await mkdir(dirname(set.path), { recursive: true });
    await this.files.create(set.path, '');
    await set.begin();
  }

  private own(set: CuratedSet): OpenCuratedSet {
    const found = this.known.get(set.path)?.set;
    if (found === undefined) throw new Error(`${basename(set.path)} is not open here any more. Open it again.`);
    return found;
  }

  private release(name: string, set: OpenCuratedSet): void {
    const entry = this.known.get(name);
    if (entry?.set !== set) return;
    entry.users--;
    if (entry.users > 0) return;
    this.known.delete(name);
    set.end();
  }
}
