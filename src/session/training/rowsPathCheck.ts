import type { ReadRecipe } from '../../train/anyRecipe';
import { isWrong } from '../../train/trainingRecipe';
import type { PreflightCheck } from './preflight';

/** Can the recipe's trainer read rows from there? `undefined` where it can, or where the values contradict each other, which is said elsewhere. */
export function rowsPathCheck(read: Pick<ReadRecipe, 'arithmetic' | 'job'>, at: string | undefined): PreflightCheck | undefined {
  if (at === undefined || isWrong(read.arithmetic(Number.MAX_SAFE_INTEGER))) return undefined;
  try {
    read.job(at);
    return undefined;
  } catch (error) {
    return { about: 'Rows by path', status: 'error', said: `${error instanceof Error ? error.message : String(error)} Change it with “Give the Rows by Path…”.` };
  }
}
