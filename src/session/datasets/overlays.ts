import type { JsonObject } from '../../trace/rows/fieldRef';

/*
 * What a person adds to a row beside its own fields (an intent, marks of injected steps) is kept in the row's one key `cotlens`.
 * A row of several traces keeps that of the others under `variants`: `{intent: …, variants: {rejected: {…}}}`.
 */

/** What is kept for one trace of a row; `undefined` where nothing is. `variant` is absent for a row's first trace. */
export function overlayOf(cotlens: unknown, variant: string | undefined): JsonObject | undefined {
  if (!isObject(cotlens)) return undefined;
  if (variant !== undefined) {
    const { variants } = cotlens;
    const own: unknown = isObject(variants) && Object.hasOwn(variants, variant) ? variants[variant] : undefined;
    return isObject(own) ? own : undefined;
  }
  const own = Object.fromEntries(Object.entries(cotlens).filter(([name]) => name !== 'variants'));
  return Object.keys(own).length === 0 ? undefined : own;
}

/** The key `cotlens` with what is kept for one trace put into it; `undefined` where nothing is left to keep. */
export function withOverlay(cotlens: unknown, variant: string | undefined, overlay: JsonObject | undefined): JsonObject | undefined {
  const now = isObject(cotlens) ? cotlens : {};
  const variants = isObject(now['variants']) ? now['variants'] : {};
  const put = (name: string, rest: JsonObject): JsonObject => ({ ...rest, ...(overlay === undefined ? {} : { [name]: overlay }) });
  const others = variant === undefined ? variants : put(variant, without(variants, variant));
  const own = variant === undefined ? (overlay ?? {}) : without(now, 'variants');
  const all = { ...own, ...(Object.keys(others).length === 0 ? {} : { variants: others }) };
  return Object.keys(all).length === 0 ? undefined : all;
}

function without(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([other]) => other !== name));
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
