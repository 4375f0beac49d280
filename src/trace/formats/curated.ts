import type { JsonObject, JsonValue } from '../rows/fieldRef';
import type { RowFormat } from '../rows/rowFormat';
import type { RowMessage, RowPart } from '../rows/rowTrace';
import { headValue } from './headFields';
import { fieldOf, isList } from './jsonShapes';
import { absentField, partOf } from './partsOf';
import { factText } from './rowFacts';
import { RowReader } from './rowReader';
import { readPrompt } from './saidAt';
import { traceOf } from './traceOf';

/** Fields of a line that the document shows, or that say nothing of the trace itself. */
const SHOWN = ['system', 'prompt', 'steps', 'answer', 'recipe', 'note', 'findings', 'verdicts', 'base'] as const;

/**
 * A line of a curated set (`CuratedSample` in `curate/sample.ts`): a crafted trace with its steps as a list. Edits of the reasoning
 * change that list, whatever number of steps they leave; provenance lies in the key `cotlens`, as in every row. A sample without an
 * answer is one that the model goes on from, so its reasoning is not closed.
 */
export const curated: RowFormat = {
  name: 'CoT Lens curated',
  detect: (row) => {
    const isSample = typeof fieldOf(row, 'prompt') === 'string' && typeof fieldOf(row, 'recipe') === 'string' && isTexts(fieldOf(row, 'steps'));
    if (!isSample) return 0;
    return isList(fieldOf(row, 'verdicts')) && isList(fieldOf(row, 'findings')) ? 1 : 0.97;
  },
  read: (row: JsonObject) => {
    const reader = new RowReader(row);
    const answer = reader.text(['answer']);
    const isOpen = (answer?.text ?? '') === '';
    const reply: RowMessage = {
      role: 'assistant',
      parts: [reasoningOf(row, isOpen), ...(answer === undefined ? absentAnswer(fieldOf(row, 'answer')) : [partOf('text', answer)])],
    };
    const messages = [...readPrompt(reader, ['system'], 'system'), ...readPrompt(reader, ['prompt'], 'user'), reply];
    return [traceOf(reader, messages, { variant: undefined, expected: headValue(row, ['expected']), facts: factsIn(row), shown: SHOWN })];
  },
};

function reasoningOf(row: JsonObject, open: boolean): RowPart {
  const steps = fieldOf(row, 'steps') ?? [];
  const items = isList(steps) ? steps.filter((step) => typeof step === 'string') : [];
  // Of a list that holds other things than texts nobody can say how it would be written.
  const list = isTexts(steps) ? { list: { path: ['steps'], items } } : {};
  return { kind: 'reasoning', text: items.join(''), ...list, ...(open ? { open } : {}) };
}

function absentAnswer(value: JsonValue | undefined): readonly RowPart[] {
  return value === undefined || value === null ? [absentField('text', ['answer'])] : [];
}

function factsIn(row: JsonObject): { name: string; text: string }[] {
  const findings = fieldOf(row, 'findings');
  const said = { recipe: fieldOf(row, 'recipe'), note: fieldOf(row, 'note'), findings: isTexts(findings) ? findings.join(', ') : findings };
  return Object.entries(said).flatMap(([name, value]) => {
    const text = factText(value);
    return text === undefined ? [] : [{ name, text }];
  });
}

function isTexts(value: JsonValue | undefined): value is readonly string[] {
  return isList(value) && value.every((item) => typeof item === 'string');
}
