import type { MetricLine } from '../../logs/metricLines';
import { fieldsOf, isoOf } from './fineTuningReplies';

/** One event of a job. */
export interface JobEvent {
  /** By which it is known again. */
  readonly id: string;
  /** Seconds. */
  readonly created: number | undefined;
  readonly level: string;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>> | undefined;
}

export function jobEvent(value: unknown): JobEvent | undefined {
  const fields = fieldsOf(value);
  if (fields === undefined) return undefined;
  const { id, created_at: created, level, data } = fields;
  const message = typeof fields['message'] === 'string' ? fields['message'] : '';
  const time = typeof created === 'number' ? created : undefined;
  return { id: typeof id === 'string' ? id : `${String(time)} ${message}`, created: time, level: typeof level === 'string' ? level : 'info', message, data: fieldsOf(data) };
}

/** The API's names of numbers as trainers call them, so that runs can be compared; all others keep their own. */
const TRAINERS_NAMES: Readonly<Record<string, string>> = {
  train_loss: 'loss',
  train_mean_token_accuracy: 'mean_token_accuracy',
  valid_loss: 'eval_loss',
  valid_mean_token_accuracy: 'eval_mean_token_accuracy',
};

/** Events, oldest first, as lines of a log. */
export function eventLines(events: readonly JobEvent[]): string {
  return events.map(({ created, level, message }) => `${[isoOf(created), level === 'info' ? undefined : `[${level}]`, message.replace(/\s+/g, ' ')].filter((part) => part !== undefined).join(' ')}\n`).join('');
}

/** The numbers that events carry. One that names no update is passed over: where it belongs nobody can say; its message is in the log. */
export function eventMetrics(events: readonly JobEvent[]): readonly MetricLine[] {
  return events.flatMap(({ data = {} }) => {
    const { step, ...rest } = data;
    if (typeof step !== 'number' || !Number.isInteger(step)) return [];
    const values = Object.fromEntries(Object.entries(rest).flatMap(([name, value]) => (typeof value === 'number' && Number.isFinite(value) ? [[nameOf(name), value] as const] : [])));
    return Object.keys(values).length === 0 ? [] : [{ step, values, last: false }];
  });
}

function nameOf(name: string): string {
  return Object.hasOwn(TRAINERS_NAMES, name) ? (TRAINERS_NAMES[name] ?? name) : name;
}

/** Of a place in a log, so much is a second: in front of it stands the time of the newest event read, behind it how many of that second were read. */
const SECOND = 1_000_000;
/** Seconds since 1970 beyond which no place can be a whole number. */
const LAST_TIME = Math.floor(Number.MAX_SAFE_INTEGER / SECOND);

/** When it was, in whole seconds; 0 where it does not say. */
function timeOf({ created }: JobEvent): number {
  return created === undefined || !(created > 0 && created < LAST_TIME) ? 0 : Math.floor(created);
}

/**
 * The place behind these events: a number that never falls and by which, after a reload as well, it is known which are new, without
 * all of them being read again. Where events have no time it is how many there are. Ours.
 * @param from the place before them @param events oldest first; one that seems older than one before it counts as of the same time
 */
function placeBehind(from: number, events: readonly JobEvent[]): number {
  let [time, count] = [Math.floor(from / SECOND), from % SECOND];
  for (const event of events) {
    const at = Math.max(time, timeOf(event));
    count = at === time ? Math.min(count + 1, SECOND - 1) : 1;
    time = at;
  }
  return time * SECOND + count;
}

/** Does a list from new to old, of which this is a page, hold nothing more that was not read? @param first the list's newest */
export function leadsToRead(page: readonly JobEvent[], first: JobEvent | undefined, from: number): boolean {
  const time = Math.floor(from / SECOND);
  const last = page.findLast((event) => timeOf(event) > 0);
  // A list that begins with what is older than what was read does not go from new to old.
  return time > 0 && first !== undefined && timeOf(first) >= time && last !== undefined && timeOf(last) < time;
}

/** Does the list go from old to new? It is taken not to where its times do not say. */
export function isAscending(listed: readonly JobEvent[]): boolean {
  const [first, last] = [listed[0]?.created, listed.at(-1)?.created];
  return first !== undefined && last !== undefined && first < last;
}

/** How far the list of a job's events was read, as far as it is remembered. */
export interface EventMark {
  /** The place in the log up to which it was given. */
  readonly read: number;
  /** The last that was listed, and the place behind it: where not all may be asked for at once, it can lie before what was given. */
  readonly last: string;
  readonly place: number;
  /** Does the list go from old to new, over more than one page? */
  readonly ascending: boolean;
}

export interface Unread {
  /** Oldest first. */
  readonly events: readonly JobEvent[];
  /** The place behind them. */
  readonly next: number;
  /** The place behind the last that was listed. */
  readonly place: number;
}

/**
 * What of the events was not read yet.
 * @param listed as the list gave them: up to what was read or, where it goes from old to new, from any place before what is new
 * @param from the place up to which they were read
 * @param mark of this place, where there is one @param behind does the list begin behind the mark's event?
 */
export function unread(listed: readonly JobEvent[], { ascending, from, mark, behind }: { readonly ascending: boolean; readonly from: number; readonly mark: EventMark | undefined; readonly behind: boolean }): Unread {
  const whole = ascending ? listed : listed.toReversed();
  // A server that does not know where to begin gives all of it.
  const known = mark === undefined ? -1 : whole.findIndex(({ id }) => id === mark.last);
  const all = whole.slice(known + 1);
  const start = mark !== undefined && (behind || known !== -1) ? mark.place : 0;
  // Fewer than were counted: the server has dropped some, and all that it still tells may be new.
  if (start === 0 && from < SECOND && all.length < from) {
    const next = placeBehind(0, all);
    return { events: all, next, place: next };
  }
  const events: JobEvent[] = [];
  let place = start;
  for (const event of all) {
    place = placeBehind(place, [event]);
    if (place > from) events.push(event);
  }
  const next = placeBehind(from, events);
  return { events, next, place: ascending && events.length === 0 ? place : next };
}
