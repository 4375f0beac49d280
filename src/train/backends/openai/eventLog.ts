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
  return events.map(({ created, level, message }) => `${[isoOf(created), level === 'info' ? undefined : `[${level}]`, message.replace(/\s*[\r\n]+\s*/g, ' ')].filter((part) => part !== undefined).join(' ')}\n`).join('');
}

/** The numbers that events carry. One that names no update is passed over: where it belongs nobody can say; its message is in the log. */
export function eventMetrics(events: readonly JobEvent[]): readonly MetricLine[] {
  return events.flatMap(({ data = {} }) => {
    const { step, ...rest } = data;
    if (typeof step !== 'number' || !Number.isInteger(step)) return [];
    const values = Object.fromEntries(Object.entries(rest).flatMap(([name, value]) => (typeof value === 'number' && Number.isFinite(value) ? [[TRAINERS_NAMES[name] ?? name, value] as const] : [])));
    return Object.keys(values).length === 0 ? [] : [{ step, values, last: false }];
  });
}

/** How far the events of one job were read. */
export interface EventMark {
  /** So many. */
  readonly read: number;
  /** The newest of them. */
  readonly newest: string;
}

/**
 * What of the events was not read yet, oldest first, and how many there are then.
 * @param listed as the list gave them, up to the mark's event or, where there is none, to its end
 * @param ascending does the list go from old to new?
 * @param from how many were read
 */
export function unread(listed: readonly JobEvent[], ascending: boolean, from: number, mark: EventMark | undefined): { readonly events: readonly JobEvent[]; readonly next: number } {
  const all = ascending ? listed : listed.toReversed();
  const known = mark?.read === from ? all.findIndex(({ id }) => id === mark.newest) : -1;
  if (known !== -1) {
    const events = all.slice(known + 1);
    return { events, next: from + events.length };
  }
  // Fewer than were read: the server has dropped some, and all that it still tells may be new.
  return { events: all.length >= from ? all.slice(from) : all, next: all.length };
}
