import type { Intent } from '../intent';
import type { RowMessage, RowTrace } from '../rows/rowTrace';
import { firstValue, ID_FIELDS, MODEL_FIELDS, SOURCE_FIELDS } from './headFields';
import { statedIntent, statedIntentAt } from './intentLabels';
import { factsOf } from './rowFacts';
import type { RowReader } from './rowReader';

/** What a format says of a trace besides its messages; all else is read from fields of the usual names. */
export interface TraceDetails extends Partial<Pick<RowTrace, 'variant' | 'id' | 'model' | 'source' | 'expected' | 'facts'>> {
  readonly intent?: Intent;
  /** Top-level fields whose content the messages hold, so that they are no facts. */
  readonly shown: readonly string[];
}

/** A trace of the row: messages and details, and the head and the facts that the row's other fields give. */
export function traceOf(reader: RowReader, messages: readonly RowMessage[], details: TraceDetails): RowTrace {
  const { row } = reader;
  const id = details.id ?? firstValue(row, ID_FIELDS);
  const model = details.model ?? firstValue(row, MODEL_FIELDS);
  const source = details.source ?? firstValue(row, SOURCE_FIELDS);
  const intentAt = details.intent === undefined ? statedIntentAt(row) : undefined;
  const { expected } = details;
  const inHead = [id, model, source, expected].flatMap((value) => value?.at?.path.slice(0, 1).map(String) ?? []);
  return {
    variant: details.variant,
    id,
    intent: details.intent ?? statedIntent(row),
    ...(intentAt === undefined ? {} : { intentAt }),
    model,
    source,
    ...(expected === undefined ? {} : { expected }),
    messages,
    notes: reader.notes,
    facts: [...(details.facts ?? []), ...factsOf(row, new Set([...details.shown, ...inHead, 'id', 'intent']))],
  };
}
