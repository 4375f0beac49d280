import type * as z from 'zod';
import type { JsonObject } from '../trace/rows/fieldRef';
import { isWrong, type RecipePreset, type RunArithmetic, type TrainingJob, type TrainingRecipe, type WrongValues } from './trainingRecipe';

/** A recipe whose values have been read: they are right, each for itself, and what they come to can be asked for. */
export interface ReadRecipe {
  /** With all defaults filled in; as they are kept in files and records. */
  readonly values: JsonObject;
  arithmetic(rows: number): RunArithmetic | WrongValues;
  /** @throws Error in words where the values contradict each other */
  job(rowsAt: string): TrainingJob;
  leavesOut(): readonly string[];
}

/** A recipe without the type of its values, so that all stand in one list. */
export interface AnyRecipe extends Pick<TrainingRecipe, 'name' | 'label' | 'short' | 'about' | 'source' | 'format' | 'backend'> {
  readonly schema: z.ZodType;
  readonly presets: readonly RecipePreset<unknown>[];
  /** @param raw what a person wrote @returns the recipe with these values, or a line for each value that is wrong */
  read(raw: unknown): ReadRecipe | { readonly faults: readonly string[] };
}

export function anyRecipe<Values>(recipe: TrainingRecipe<Values>): AnyRecipe {
  return {
    ...recipe,
    read(raw) {
      const found = recipe.schema.safeParse(raw);
      if (!found.success) return { faults: found.error.issues.map(({ path, message }) => `${path.length === 0 ? 'the recipe' : path.join('.')}: ${message}`) };
      const values = found.data;
      return {
        values: values as JsonObject,
        arithmetic: (rows) => recipe.arithmetic(values, rows),
        job(rowsAt) {
          const come = recipe.arithmetic(values, Number.MAX_SAFE_INTEGER);
          if (isWrong(come)) throw new Error(come.wrong);
          return recipe.job(values, rowsAt);
        },
        leavesOut: () => recipe.leavesOut(values),
      };
    },
  };
}
