import { parseTrace } from '../trace/parseTrace';
import type { Span } from '../trace/span';
import { splitterNamed } from '../trace/splitters';
import type { Trace } from '../trace/trace';
import { craftEdit } from './craftEdit';
import { isRefusal, type Refusal, type Slot, type Target } from './recipe';

/** Where the slots' texts go in a trace: what stands between two offsets gives way to them, a blank line around each. */
export interface DraftPlace extends Span {
  readonly lead: string;
  readonly between: string;
  readonly tail: string;
}

/** Finds that place, or says why nothing fits there: before anything is asked of a teacher. */
export function draftPlace(trace: Trace, target: Target): DraftPlace | Refusal {
  // Long enough to be steps of their own by every splitter.
  const words = target.slots.map((_slot, i) => `draft text number ${String(i)} will stand here`);
  const made = craftEdit(trace, target, words, {});
  if (isRefusal(made)) return made;
  const [{ start, end, text }] = made.edits;
  const between = /\r?\n/.exec(trace.text)?.[0] ?? '\n';
  const joined = words.join(between + between);
  const at = text.indexOf(joined);
  return { start, end, lead: text.slice(0, at), between: between + between, tail: text.slice(at + joined.length) };
}

/** What a person sees while a teacher writes: the trace with the texts as far as they came, without provenance. */
export interface DraftText {
  readonly text: string;
  /** Where the texts stand in it; of none yet, where they will. */
  readonly inserted: Span;
}

/** @param texts one for each slot, as far as they came: from the first empty one on nothing is shown */
export function draftText(base: string, place: DraftPlace, texts: readonly string[]): DraftText {
  const { start, end, lead, between, tail } = place;
  const eol = between.slice(0, between.length / 2);
  const come = texts.map((text) => text.trim().replace(/\r\n?|\n/g, eol));
  const missing = come.indexOf('');
  const shown = (missing < 0 ? come : come.slice(0, missing)).join(between);
  if (shown === '') return { text: base, inserted: { start, end: start } };
  const from = start + lead.length;
  return { text: base.slice(0, start) + lead + shown + tail + base.slice(end), inserted: { start: from, end: from + shown.length } };
}

/** What a draft holds, whoever wrote it. */
export interface ReadDraft {
  /** One text for each slot. */
  readonly texts: readonly string[];
  /** The first line (from 1) on which the draft differs from the trace beside the slots' texts; `undefined` where it does not. */
  readonly changedLine: number | undefined;
}

/**
 * Reads the slots' texts back out of a draft that a person may have edited: what stands where the target's steps were.
 * @param trace the one that the draft was made of
 * @returns a refusal where the draft does not hold as many steps there as are needed
 */
export function readDraft(trace: Trace, target: Target, place: DraftPlace, text: string): ReadDraft | Refusal {
  const { steps } = parseTrace(text, splitterNamed(trace.splitter)).chain;
  const after = trace.chain.steps.length - target.to;
  const inside = steps.slice(target.from, Math.max(target.from, steps.length - after));
  const counts = stepsOfSlots(target.slots, inside.length);
  if (counts === undefined || text === trace.text) return { reason: wrongCount(target.slots, text === trace.text ? 0 : inside.length) };
  let at = 0;
  const spans = counts.map((count) => {
    const [first, last] = [inside[at], inside[at + count - 1]];
    at += count;
    return { start: first?.start ?? 0, end: last?.end ?? 0 };
  });
  return { texts: spans.map(({ start, end }) => text.slice(start, end)), changedLine: changedLine(trace.text, place, text, spans) };
}

/** How many steps each slot takes of so many; `undefined` where they do not fit. Of several slots that take several, the first takes them. */
function stepsOfSlots(slots: readonly Slot[], count: number): number[] | undefined {
  const spare = count - slots.length;
  const several = slots.findIndex(({ steps }) => steps === 'several');
  if (spare < 0 || (spare > 0 && several < 0)) return undefined;
  return slots.map((_slot, i) => (i === several ? 1 + spare : 1));
}

function wrongCount(slots: readonly Slot[], count: number): string {
  const names = slots.map(({ name }) => name).join(' and ');
  const wanted = slots.some(({ steps }) => steps === 'several') ? `at least ${String(slots.length)}` : String(slots.length);
  if (count === 0) return `The draft holds no ${names} yet, so there is nothing to insert. Write it, or have it written again.`;
  const held = count === 1 ? '1 step' : `${String(count)} steps`;
  return `In the place of the ${names} the draft holds ${held}, and ${wanted} ${wanted === '1' ? 'is' : 'are'} needed. Steps are separated by blank lines: put one in, or take one out.`;
}

function changedLine(base: string, place: DraftPlace, text: string, spans: readonly Span[]): number | undefined {
  const [first, last] = [spans[0]?.start ?? 0, spans.at(-1)?.end ?? 0];
  const [before, was] = [text.slice(0, first).trimEnd(), base.slice(0, place.start).trimEnd()];
  if (before !== was) return lineAt(text, commonStart(before, was));
  const [behind, stood] = [text.slice(last).trimStart(), base.slice(place.end).trimStart()];
  return behind === stood ? undefined : lineAt(text, text.length - behind.length + commonStart(behind, stood));
}

function commonStart(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}

/** From 1. */
function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
