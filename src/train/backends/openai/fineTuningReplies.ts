import type { RunSeen } from '../backend';

type Fields = Readonly<Record<string, unknown>>;

/** What the API says of a job, as far as we read it. Times are seconds. */
export interface FineTuningJobTold {
  readonly id: string;
  /** An open set: `pause` exists, and `paused` stands in no type. */
  readonly status: string;
  readonly model: string | undefined;
  readonly created: number | undefined;
  readonly finished: number | undefined;
  readonly trainedModel: string | undefined;
  /** `undefined` where the server keeps none. */
  readonly metadata: Fields | undefined;
  readonly suffix: string | undefined;
  readonly error: string | undefined;
}

export interface TrainingFileTold {
  readonly id: string;
  readonly name: string | undefined;
  readonly bytes: number | undefined;
  readonly status: string | undefined;
  readonly expires: boolean;
}

export interface CheckpointTold {
  readonly step: number | undefined;
  /** `undefined` where none was kept. */
  readonly model: string | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** The last one's id, where there is another page. */
  readonly after: string | undefined;
}

/** One page of a list; `undefined` where it is none, or holds what cannot be read: what is passed over would count as not there. */
export function pageOf<Item>(value: unknown, read: (item: Fields) => Item | undefined): Page<Item> | undefined {
  const { data, has_more: more } = fieldsOf(value) ?? {};
  if (!Array.isArray(data)) return undefined;
  const items: Item[] = [];
  for (const one of data as unknown[]) {
    const fields = fieldsOf(one);
    const item = fields && read(fields);
    if (item === undefined) return undefined;
    items.push(item);
  }
  const last = fieldsOf((data as unknown[]).at(-1))?.['id'];
  return { items, after: more === true && typeof last === 'string' ? last : undefined };
}

export function jobTold(value: unknown): FineTuningJobTold | undefined {
  const fields = fieldsOf(value);
  const id = text(fields?.['id']);
  const status = text(fields?.['status']);
  if (fields === undefined || id === undefined || status === undefined) return undefined;
  const metadata = fieldsOf(fields['metadata']);
  return {
    id,
    status,
    model: text(fields['model']),
    created: seconds(fields['created_at']),
    finished: seconds(fields['finished_at']),
    trainedModel: text(fields['fine_tuned_model']),
    metadata: metadata !== undefined && Object.keys(metadata).length > 0 ? metadata : undefined,
    suffix: text(fields['suffix']) ?? text(fields['user_provided_suffix']),
    error: errorWords(fields['error']),
  };
}

export function fileTold(value: unknown): TrainingFileTold | undefined {
  const fields = fieldsOf(value);
  const id = text(fields?.['id']);
  if (fields === undefined || id === undefined) return undefined;
  const { filename, bytes, status, expires_at: expires } = fields;
  return { id, name: text(filename), bytes: typeof bytes === 'number' ? bytes : undefined, status: text(status), expires: typeof expires === 'number' };
}

export function checkpointTold(value: unknown): CheckpointTold | undefined {
  const fields = fieldsOf(value);
  if (fields === undefined) return undefined;
  const { step_number: step, fine_tuned_model_checkpoint: model } = fields;
  return { step: typeof step === 'number' ? step : undefined, model: text(model) };
}

const STATES: Readonly<Record<string, Extract<RunSeen, { kind: 'seen' }>['state']>> = {
  created: 'pending',
  pending: 'pending',
  validating_files: 'pending',
  queued: 'pending',
  running: 'running',
  paused: 'paused',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'stopped',
  canceled: 'stopped',
};

/** A job as a run is seen. A status that the API did not have when this was written is a run that goes on. */
export function seenOf({ id, status, created, finished, trainedModel, error }: FineTuningJobTold): Extract<RunSeen, { kind: 'seen' }> {
  const state = stateOf(status.toLowerCase());
  // The API does not tell when a job left the queue: as on Ray, it counts from when it was made.
  return { kind: 'seen', job: id, state, reason: state === 'failed' ? error : undefined, started: isoOf(created), ended: isoOf(finished), model: trainedModel };
}

function stateOf(status: string): (typeof STATES)[string] {
  return Object.hasOwn(STATES, status) ? (STATES[status] ?? 'running') : 'running';
}

/** ISO 8601 of the API's seconds. */
export function isoOf(time: number | undefined): string | undefined {
  return time === undefined || Math.abs(time) > 8.64e12 ? undefined : new Date(time * 1000).toISOString();
}

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** `invalid_training_file: The file has 3 examples … (training_file)`; jobs that have not failed carry empty errors. */
function errorWords(error: unknown): string | undefined {
  if (typeof error === 'string') return error === '' ? undefined : error;
  const { code, message, param } = fieldsOf(error) ?? {};
  const words = [text(code), text(message)].filter((part) => part !== undefined).join(': ');
  if (words === '') return undefined;
  return typeof param === 'string' && param !== '' ? `${words} (${param})` : words;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function seconds(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;
}
