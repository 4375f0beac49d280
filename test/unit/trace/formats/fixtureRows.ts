import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type { JsonObject } from '../../../../src/trace/rows/fieldRef';

const folder = path.resolve(import.meta.dirname, '../../../data/formats');

/** The rows of a fixture, as the containers would give them. */
export function fixtureRows(name: string): JsonObject[] {
  const text = readFileSync(path.join(folder, name), 'utf8');
  if (name.endsWith('.csv')) return parse(text, { columns: true });
  if (name.endsWith('.json')) return JSON.parse(text) as JsonObject[];
  return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as JsonObject);
}

/** Each fixture with the format that all its rows are of; `mixed.jsonl` has rows of several. */
export const FORMAT_OF: Readonly<Record<string, string>> = {
  'alpaca.json': 'Alpaca',
  'anthropic.jsonl': 'Anthropic blocks',
  'chat-completion.jsonl': 'chat completion',
  'chat.jsonl': 'chat messages',
  'columns.csv': 'columns',
  'columns.jsonl': 'columns',
  'curated.jsonl': 'CoT Lens curated',
  'harmony.jsonl': 'harmony text',
  'inspect-samples.json': 'Inspect sample',
  'openai-responses.jsonl': 'OpenAI Responses',
  'reasoning-details.jsonl': 'chat messages',
  'safechain-run.jsonl': 'SafeChain',
  'safechain.jsonl': 'SafeChain',
  'separate-reasoning.jsonl': 'separate reasoning',
  'sharegpt.json': 'ShareGPT',
  'star-1.json': 'STAR-1',
  'thinksafe.json': 'ThinkSafe',
  'trl-preference.jsonl': 'TRL preference',
  'trl-prompt-completion.jsonl': 'TRL prompt-completion',
  'trl-stepwise.jsonl': 'TRL stepwise',
  'trl-text.jsonl': 'TRL text',
  'trl-unpaired.jsonl': 'TRL unpaired preference',
  'unsafechain.jsonl': 'UnsafeChain',
  'xstest.csv': 'XSTest',
};

/** All fixtures on disk but the mixed one. */
export const FIXTURES = readdirSync(folder).filter((name) => name !== 'mixed.jsonl').sort();
