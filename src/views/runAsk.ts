import { plainLabel } from '../host/plainLabel';
import { LateProgress } from '../host/lateProgress';

/**
 * Something that a person asked a backend for. Where the answer is long in coming a notification says what is waited for, and ends it.
 * @param title said while it is waited for; it may hold names, which are others' text
 * @returns `undefined` where the person gave it up
 * @throws what `ask` throws
 */
export async function askBackend<T>(title: string, ask: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const given = new AbortController();
  const progress = new LateProgress(plainLabel(title, 200), given);
  try {
    return await ask(given.signal);
  } catch (error) {
    // Who gave it up need not be told.
    if (given.signal.aborted) return undefined;
    throw error;
  } finally {
    progress.end();
  }
}

/** The same for what cannot be taken back once it is asked. @throws what `ask` throws */
export async function tellBackend<T>(title: string, ask: () => Promise<T>): Promise<T> {
  const progress = new LateProgress(plainLabel(title, 200), undefined);
  try {
    return await ask();
  } finally {
    progress.end();
  }
}
