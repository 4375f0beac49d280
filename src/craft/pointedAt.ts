import type { Anchor } from '../trace/provenance';

/**
 * An entry of front matter with the anchor of its step as it stands now; as it is where its step was not found. What the entry does not
 * note stays unnoted: an entry without `of` gets none, so that what was written by others changes no more than it must.
 */
export function pointedAt(entry: unknown, anchor: Anchor | undefined): unknown {
  if (anchor === undefined || typeof entry !== 'object' || entry === null) return entry;
  const { step, occurrence, of } = anchor;
  const noted = { step, ...('occurrence' in entry || occurrence !== 1 ? { occurrence } : {}), ...('of' in entry ? { of } : {}) };
  return { ...entry, ...noted };
}
