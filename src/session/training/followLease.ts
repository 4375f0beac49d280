import { randomUUID } from 'node:crypto';
import type { Disposable } from '../../trace/event';
import type { Files } from '../../trace/files';
import type { Logger } from '../../trace/logger';
import { LockHeld, withLock } from '../datasets/fileLock';

/** Milliseconds; longer than the library takes to renew a lock. */
const FINDS_OUT = 20_000;

/**
 * One window asks for the runs of a folder. Who it is lies in a lock, which is renewed as long as the window lives and can be taken by
 * another about 15 s after it was killed. A window that slept may have lost it without knowing: whoever takes it writes its name down.
 */
export class FollowLease implements Disposable {
  private readonly own = randomUUID();
  private letGo: (() => void) | undefined;
  private disposed = false;
  private ended: Promise<void> = Promise.resolve();
  private giving: Promise<void> = Promise.resolve();
  private lost = false;
  private failed = false;
  private taking: Promise<boolean> | undefined;

  /** @param folder `.cotlens/runs` */
  constructor(
    private readonly folder: string,
    private readonly files: Files,
    private readonly log: Logger,
  ) {}

  /** Is it this window's? Takes it where nobody has it. An error of the disk is a no, and is said once. */
  take(): Promise<boolean> {
    return (this.taking ??= this.takeIt().finally(() => (this.taking = undefined)));
  }

  /** Settles once another window can have it. */
  giveBack(): Promise<void> {
    const { letGo } = this;
    if (letGo !== undefined) this.giving = this.give(letGo);
    this.letGo = undefined;
    return this.giving;
  }

  dispose(): void {
    this.disposed = true;
    void this.giveBack();
  }

  private async give(letGo: () => void): Promise<void> {
    if (await this.isOurs().catch(() => false)) {
      letGo();
      await this.ended;
      return;
    }
    // Somebody took it while this window slept. Letting go would take theirs away, until the library has found out by itself that ours is
    // gone, when it is to renew it.
    this.lost = true;
    setTimeout(() => {
      this.lost = false;
      letGo();
    }, FINDS_OUT).unref();
  }

  private async takeIt(): Promise<boolean> {
    try {
      if (this.letGo !== undefined) {
        if (await this.isOurs()) return true;
        await this.giveBack();
      }
      const ours = !this.disposed && !this.lost && (await this.acquire());
      this.failed = false;
      return ours;
    } catch (error) {
      // It is tried every few seconds.
      if (!this.failed) this.log.error(`The runs cannot be followed from this window: ${error instanceof Error ? error.message : String(error)}`);
      this.failed = true;
      return false;
    }
  }

  private acquire(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.ended = withLock(
        `${this.folder}/following`,
        `${this.folder}/following.lock`,
        async () => {
          await this.files.replace(this.holder, this.own);
          resolve(!this.disposed);
          if (!this.disposed) await new Promise<void>((end) => (this.letGo = end));
        },
        0,
      ).catch((error: unknown) => {
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
