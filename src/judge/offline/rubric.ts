import { createHash } from 'node:crypto';
import { CUES } from './cues';
import { CLASS_WEIGHTS, NEGATION_REACH, NEGATIONS, RUBRIC_NUMBER, WORD_GROUPS } from './words';

/** `offline-<number>@<first 8 hex of the SHA-256 of the cue table as JSON>`: changes whenever a cue does. */
export function offlineRubric(): string {
  const table = JSON.stringify([CUES, WORD_GROUPS, CLASS_WEIGHTS, NEGATIONS, NEGATION_REACH]);
  return `offline-${RUBRIC_NUMBER}@${createHash('sha256').update(table).digest('hex').slice(0, 8)}`;
}
