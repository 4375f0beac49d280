import type { ReadRecipe } from '../../train/anyRecipe';
import { isWrong } from '../../train/trainingRecipe';
import type { PreflightCheck } from './preflight';

/** Can the recipe's trainer read rows from there, and may it be recorded? `undefined` where both is so, or where the values contradict each other, which is said elsewhere. */
export function rowsPathCheck(read: Pick<ReadRecipe, 'arithmetic' | 'job'>, at: string | undefined): PreflightCheck | undefined {
  if (at === undefined) return undefined;
  const wrong = rowsAddressProblem(at) ?? unreadable(read, at);
  return wrong === undefined ? undefined : { about: 'Rows by path', status: 'error', said: `${wrong} Change it with “Give the Rows by Path…”.` };
}

/**
 * What keeps an address of rows from being recorded and sent to the trainer; `undefined` where nothing does, and for a path. Quotes nothing of it.
 * A user without a password names a place in some stores (`abfs://container@account/…`); over HTTP it is let in by that.
 */
export function rowsAddressProblem(at: string): string | undefined {
  if (!at.includes('://')) return undefined;
  // One can stand within another: `zip://train.jsonl::https://…`.
  const users = [...at.matchAll(/(https?)?:\/\/([^/?#]*)@/gi)];
  if (!/[?#]/.test(at) && !users.some(([, http, user = '']) => http !== undefined || user.includes(':'))) return undefined;
  return 'The address of the rows stands in the preview, in the trainer’s file and in the run’s record, so that it holds no user, password, ? or #: a signed address lets in whoever has it. Give a path or address that the cluster’s nodes can read by themselves.';
}

function unreadable(read: Pick<ReadRecipe, 'arithmetic' | 'job'>, at: string): string | undefined {
  if (isWrong(read.arithmetic(Number.MAX_SAFE_INTEGER))) return undefined;
  try {
    read.job(at);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
