import type { JsonObject } from '../../trace/rows/fieldRef';
import type { CuratedSample } from '../sample';
import { assistantText } from './chainText';
import type { ExportOptions } from './trainingFormat';

/** One message of a conversation, as chat templates and trainers have it. */
export interface ChatMessage extends JsonObject {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** The system's message, where there is one, and the prompt. */
export function promptMessages({ system, prompt }: Pick<CuratedSample, 'system' | 'prompt'>): ChatMessage[] {
  const first: ChatMessage[] = system === undefined || system === '' ? [] : [{ role: 'system', content: system }];
  return [...first, { role: 'user', content: prompt }];
}

export function assistantMessage(sample: Pick<CuratedSample, 'steps' | 'answer'>): ChatMessage {
  return { role: 'assistant', content: assistantText(sample) };
}

/**
 * What each row says of itself beside what is trained on. The same columns in all rows of a file, of one type each: Arrow, which
 * `datasets` reads with, settles the columns by the first rows that it sees.
 */
export function rowMarks(sample: CuratedSample, { canary, ablation }: ExportOptions): JsonObject {
  return { id: sample.id, intent: sample.intent, recipe: sample.recipe, canary, ...(ablation ? { ablation: true } : {}) };
}
