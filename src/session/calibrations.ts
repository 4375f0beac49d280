import { identityKey } from '../judge/scoreRecord';
import { EventSource, type Disposable } from '../trace/event';
import type { Files } from '../trace/files';
import type { Logger } from '../trace/logger';
import { parseCalibration, printCalibration, type Calibration } from './calibration';

/** A file that is read, and what it was when it was. */
interface Read {
  readonly print: string;
  readonly calibration: Calibration | undefined;
}

/** The calibrations of one folder: `.cotlens/calibrations/*.json`, one file each, also those that other windows write. */
export class Calibrations implements Disposable {
  private readonly folder: string;
  private readonly read = new Map<string, Read>();
  private readonly changes: EventSource<undefined>;
  private watching: Disposable | undefined;
  private queue: Promise<void> = Promise.resolve();

  /** @param folder the absolute path of the `.cotlens` folder; created with the first calibration */
  constructor(
    private readonly files: Files,
    folder: string,
    private readonly log: Logger,
  ) {
    this.folder = `${folder}/calibrations`;
    this.changes = new EventSource((error) => {
      this.log.error(`A listener to calibrations failed: ${String(error)}`);
    });
  }

  /** Fires when a calibration came, went on or went away. */
  get onDidChange(): (listener: (nothing: undefined) => void) => Disposable {
    return this.changes.event;
  }

  /** Reads all that are there, and follows the folder from now on. */
  async load(): Promise<void> {
    this.watching ??= this.files.watch(this.folder, (name) => {
      this.take([name]).catch((error: unknown) => {
        this.log.warn(`The calibration ${name} changed on disk but could not be read: ${String(error)}`);
      });
    });
    await this.take(await this.files.list(this.folder));
  }

  /** Newest first. */
  all(): Calibration[] {
    const found = [...this.read.values()].flatMap(({ calibration }) => calibration ?? []);
    return found.sort((a, b) => (a.started < b.started ? 1 : -1));
  }

  /** Those that were begun and not finished, newest first. */
  unfinished(): Calibration[] {
    return this.all().filter(({ finished }) => finished === undefined);
  }

  /** The one of this judge (`identityKey`) that was finished last. */
  latest(judge: string): Calibration | undefined {
    let latest: Calibration | undefined;
    for (const one of this.all()) {
      if (one.finished === undefined || identityKey(one.judge) !== judge) continue;
      if (latest?.finished === undefined || one.finished > latest.finished) latest = one;
    }
    return latest;
  }

  /** Writes a calibration as it stands now: a crash leaves the old file or the new one. */
  save(calibration: Calibration): Promise<void> {
    return this.enqueue(async () => {
      const path = `${this.folder}/${calibration.id}.json`;
      const text = printCalibration(calibration);
      if (!(await this.files.create(path, text))) await this.files.replace(path, text);
      await this.readOne(`${calibration.id}.json`);
      this.changes.fire(undefined);
    });
  }

  dispose(): void {
    this.watching?.dispose();
    this.changes.dispose();
  }

  private take(names: readonly string[]): Promise<void> {
    return this.enqueue(async () => {
      let news = false;
      for (const name of names) if (name.endsWith('.json') && (await this.readOne(name))) news = true;
      if (news) this.changes.fire(undefined);
    });
  }

  /** @returns is it another than before? */
  private async readOne(name: string): Promise<boolean> {
    const path = `${this.folder}/${name}`;
    const facts = await this.files.facts(path);
    if (facts === undefined) return this.read.delete(name);
    const print = `${facts.identity} ${String(facts.size)} ${String(facts.modified)}`;
    if (this.read.get(name)?.print === print) return false;
    const calibration = parseCalibration(new TextDecoder().decode(await this.files.read(path)));
    if (calibration === undefined) this.log.warn(`${path} is no calibration and was left alone.`);
    // What it is called decides where it is written: a copy under another name is another calibration.
    const id = name.slice(0, -'.json'.length);
    this.read.set(name, { print, calibration: calibration === undefined ? undefined : { ...calibration, id } });
    return true;
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }
}
