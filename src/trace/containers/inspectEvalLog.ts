/** What a log of Inspect says of all its samples; what it does not say is absent. */
export interface EvalLog {
  /** As Inspect names models: `openai/gpt-4o`. */
  readonly model?: string;
  readonly task?: string;
  readonly dataset?: string;
  /** ISO 8601. */
  readonly created?: string;
  /** `started`, `success`, `cancelled` or `error`. */
  readonly status?: string;
}

/** Reads the head of a log: `header.json`, a log's `_journal/start.json` while it is being written, or an EvalLog in JSON. */
export function evalLog(head: unknown): EvalLog {
  const { eval: spec, status } = fields(head);
  const { model, task, dataset, created } = fields(spec);
  const said = { model, task, dataset: fields(dataset)['name'], created, status };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => typeof value === 'string' && value !== ''));
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
