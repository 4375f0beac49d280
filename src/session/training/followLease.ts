import { randomUUID } from 'node:crypto';
import type { Disposable } from '../../trace/event';
import type { Files } from '../../trace/files';
import type { Logger } from '../../trace/logger';
import { LockHeld, withLock } from '../datasets/fileLock';

/**
 * One window asks for the runs of a folder. Who it is lies in a lock, which is renewed as long as the window lives and can be taken by
 * another about 15 s after it was killed. A window that slept may have lost it without knowing: whoever takes it writes its name down.
 */
export class FollowLease implements Disposable {
  private readonly own = randomUUID();
  private letGo: (() => void) | undefined;
  private disposed = false;
  private ended: Promise<void> = Promise.resolve();
  private taking: Promise<boolean> | undefined;

  /** @param folder `.cotlens/runs` */
  constructor(
    private readonly folder: string,
    private readonly files: Files,
    private readonly log: Logger,
  ) {}

  /** Is it this window's? Takes it where nobody has it. An error of the disk is a no, and is said. */
  take(): Promise<boolean> {
    return (this.taking ??= this.takeIt().finally(() => (this.taking = undefined)));
  }

  /** Settles once another window can have it. */
  async giveBack(): Promise<void> {
    this.release();
    await this.ended;
  }

  dispose(): void {
    this.disposed = true;
    this.release();
  }

  private async takeIt(): Promise<boolean> {
    try {
      if (this.letGo !== undefined) {
        if (await this.isOurs()) return true;
        this.release();
        await this.ended;
      }
      return !this.disposed && (await this.acquire());
    } catch (error) {
      this.log.error(`The runs cannot be followed from this window: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  private acquire(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const until = new Promise<void>((end) => (this.letGo = end));
      const mine = this.letGo;
      this.ended = withLock(
        `${this.folder}/following`,
        `${this.folder}/following.lock`,
        async () => {
          await this.files.replace(this.holder, this.own);
          resolve(!this.disposed);
          await until;
        },
        0,
      ).catch((error: unknown) => {
        if (this.letGo === mine) this.letGo = undefined;
        if (error instanceof LockHeld) resolve(false);
        else reject(error instanceof Error ? error : new Error(String(error)));
      });
    });
  }

  private get holder(): string {
    return `${this.folder}/following.holder`;
  }

  private async isOurs(): Promise<boolean> {
    if ((await this.files.facts(this.holder)) === undefined) return false;
    return new TextDecoder().decode(await this.files.read(this.holder)) === this.own;
  }

  private release(): void {
    this.letGo?.();
    this.letGo = undefined;
  }
}

/**
 * Runs while no window takes the run for one whose launch was broken off. A launch takes it before the run is written down and lets it go
 * after the last of it is.
 * @throws LockHeld where another window launches or looks it up right now
 */
export function launchLock<T>(folder: string, id: string, run: () => Promise<T>): Promise<T> {
  return withLock(`${folder}/${id}`, `${folder}/${id}.launch.lock`, run, 0);
}

/** The same for who only looks; `false`, and nothing done, where somebody is at it. */
export async function unlessLaunching(folder: string, id: string, run: () => Promise<void>): Promise<boolean> {
  let begun = false;
  try {
    await launchLock(folder, id, () => {
      begun = true;
      return run();
    });
    return true;
  } catch (error) {
    if (error instanceof LockHeld && !begun) return false;
    throw error;
  }
}
