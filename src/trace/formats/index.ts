import type { JsonObject } from '../rows/fieldRef';
import type { ColumnMapping, RowFormat } from '../rows/rowFormat';
import type { RowTrace } from '../rows/rowTrace';
import { alpaca } from './alpaca';
import { anthropic } from './anthropic';
import { chatCompletion } from './chatCompletion';
import { chatMessages } from './chatMessages';
import { mapsTexts, withMappedHead } from './columnMapping';
import { columns } from './columns';
import { curated } from './curated';
import { harmony } from './harmony';
import { inspect } from './inspect';
import { openAiResponses } from './openAiResponses';
import { safeChain } from './safeChain';
import { separateReasoning } from './separateReasoning';
import { shareGpt } from './shareGpt';
import { star1 } from './star1';
import { thinkSafe } from './thinkSafe';
import { trlPreference } from './trlPreference';
import { trlPromptCompletion } from './trlPromptCompletion';
import { trlStepwise } from './trlStepwise';
import { trlText } from './trlText';
import { trlUnpaired } from './trlUnpaired';
import { unsafeChain } from './unsafeChain';
import { xsTest } from './xsTest';

/** All formats; of two that are equally sure, the earlier one counts. */
export const FORMATS: readonly RowFormat[] = [
  curated,
  inspect,
  star1,
  xsTest,
  thinkSafe,
  safeChain,
  unsafeChain,
  trlStepwise,
  shareGpt,
  openAiResponses,
  trlPreference,
  chatCompletion,
  anthropic,
  harmony,
  trlUnpaired,
  separateReasoning,
  alpaca,
  trlText,
  chatMessages,
  trlPromptCompletion,
  columns,
];

/** A row, read: by which format, and its traces. Without a format the row is none that holds a trace. */
export interface ReadRow {
  readonly format: string | undefined;
  readonly traces: readonly RowTrace[];
  /** What is wrong with the choice, in words. */
  readonly problem?: string;
}

/** The format that is surest of the row; `undefined` where none is sure at all. */
export function detectFormat(row: JsonObject): RowFormat | undefined {
  let best: RowFormat | undefined;
  let surest = 0;
  for (const format of FORMATS) {
    const sure = format.detect(row);
    if (sure > surest) {
      best = format;
      surest = sure;
    }
  }
  return best;
}

/** The format of that name; `undefined` where there is none, as after a typing error in settings. */
export function formatNamed(name: string): RowFormat | undefined {
  return FORMATS.find((format) => format.name === name);
}

/**
 * Reads a row by a person's choice, else by its content. A mapping of prompt, reasoning or answer is read as columns, whatever the row's
 * shape; one of id, model, source or intent alone leaves the texts to the format. An unknown format's name gives no traces.
 */
export function readRow(row: JsonObject, choice: { readonly format?: string; readonly mapping?: ColumnMapping } = {}): ReadRow {
  const { mapping } = choice;
  const chosen = choice.format === undefined ? detectFormat(row) : formatNamed(choice.format);
  const format = mapping !== undefined && mapsTexts(mapping) ? columns : chosen;
  if (format === undefined) {
    return { format: undefined, traces: [], ...(choice.format === undefined ? {} : { problem: noSuchFormat(choice.format) }) };
  }
  const traces = format.read(row, mapping);
  return { format: format.name, traces: mapping === undefined ? traces : withMappedHead(row, mapping, traces) };
}

function noSuchFormat(name: string): string {
  return `There is no format called "${name.slice(0, 80)}". Say with “Choose Format…” which one it is: ${FORMATS.map((format) => format.name).join(', ')}.`;
}
