import { injectedEdit } from '../trace/injectedEdit';
import { anchorOf } from '../trace/provenance';
import type { Span } from '../trace/span';
import type { TextEdit } from '../trace/textEdit';
import type { Trace } from '../trace/trace';
import type { Refusal } from './recipe';

/** A text that a person is still writing, and the entries of the front matter that name its steps. */
export interface FollowedSlot extends Span {
  /** As they were last written, and before that as they ever were: undo brings older ones back. Newest first. */
  readonly entries: readonly (readonly object[])[];
}

/** What brings the entries up to date; `edit` is `undefined` where they are. */
export interface Followed<Slot extends FollowedSlot> {
  readonly edit: TextEdit | undefined;
  /** The same slots with their entries as they then stand. One whose entries somebody took out of the front matter is left out. */
  readonly slots: readonly Slot[];
}

/**
 * Points the entries of slots at the steps that stand in them now: a person who writes over a guide changes the hash that its entry names.
 * One step more in a slot is one entry more, with all that is known of the first. A slot without a step of its own (emptied, or grown
 * together with its neighbour) keeps its entries, which are then lost and shown so.
 */
export function followSlots<Slot extends FollowedSlot>(trace: Trace, slots: readonly Slot[]): Followed<Slot> | Refusal {
  const { steps } = trace.chain;
  const injected = [...trace.frontMatter.injected];
  const kept: Slot[] = [];
  for (const slot of slots) {
    const standing = standingIn(injected, slot.entries);
    const [first] = standing?.entries ?? [];
    const [at] = standing?.places ?? [];
    if (standing === undefined || first === undefined || at === undefined) continue;
    const inside = steps.filter(({ start, end }) => start >= slot.start && end <= slot.end);
    const entries = inside.length === 0 ? standing.entries : inside.map(({ index }, i) => ({ ...(standing.entries[i] ?? first), ...anchorOf(steps, index) }));
    for (const place of [...standing.places].sort((a, b) => b - a)) injected.splice(place, 1);
    injected.splice(Math.min(at, injected.length), 0, ...entries);
    const older = slot.entries.filter((one) => JSON.stringify(one) !== JSON.stringify(entries));
    kept.push({ ...slot, entries: [entries, ...older] });
  }
  if (JSON.stringify(injected) === JSON.stringify(trace.frontMatter.injected)) return { edit: undefined, slots: kept };
  const edit = injectedEdit(trace.text, injected);
  if (edit === undefined) return { reason: 'The front matter cannot be read, so it no longer says what was injected. Mend it (see the Problems view).' };
  return { edit, slots: kept };
}

/** The newest of these sets of entries that stands among all that are written, and where. */
function standingIn(injected: readonly unknown[], sets: FollowedSlot['entries']): { readonly entries: readonly object[]; readonly places: readonly number[] } | undefined {
  const written = injected.map((one) => JSON.stringify(one));
  for (const entries of sets) {
    const places = entries.map((entry) => written.indexOf(JSON.stringify(entry)));
    if (places.length > 0 && places.every((place, i) => place >= 0 && places.indexOf(place) === i)) return { entries, places };
  }
  return undefined;
}

/** Where a stretch of text stands after a change of the document; what is put in at its edges is part of it. */
export function movedSpan({ start, end }: Span, change: Span & { readonly length: number }): Span {
  const shift = change.length - (change.end - change.start);
  if (change.end < start || (change.end === start && change.start < start)) return { start: start + shift, end: end + shift };
  if (change.start > end) return { start, end };
  return { start: Math.min(start, change.start), end: Math.max(change.start + change.length, end + shift) };
}
