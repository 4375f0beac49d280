import { describe, expect, it } from 'vitest';
import { readRow } from '../../../../src/trace/formats';
import type { FieldRef } from '../../../../src/trace/rows/fieldRef';
import type { RowPart } from '../../../../src/trace/rows/rowTrace';
import { expectPlaced, said } from './rowLaws';

const PROMPT = 'How do I keep basil?';

function partsOf(response: string | null): readonly RowPart[] {
  const row = { prompt: PROMPT, response };
  const [trace] = readRow(row, { format: 'columns' }).traces;
  if (trace === undefined) throw new Error('no trace');
  expectPlaced(row, trace);
  return trace.messages.filter(({ role }) => role === 'assistant').flatMap(({ parts }) => parts);
}

const shortly = (parts: readonly RowPart[]): string[] => parts.map(({ kind, text, at }) => `${kind}${at?.absent === undefined ? '' : '?'} ${text}`);

/** The string with a text written to its place. */
function written(string: string, at: FieldRef | undefined, text: string): string {
  const { start, end } = at?.slice ?? { start: 0, end: string.length };
  return string.slice(0, start) + (at?.absent?.before ?? '') + text + (at?.absent?.after ?? '') + string.slice(end);
}

function taken(string: string, at: FieldRef | undefined): string {
  const { start, end } = at?.whole ?? { start: 0, end: 0 };
  return string.slice(0, start) + string.slice(end);
}

describe('an answer with think tags', () => {
  it.each([
    ['one pair', '<think>\nA\n\nB\n</think>\n\nAns', ['reasoning A\n\nB', 'text Ans']],
    ['no line ends', '<think>A</think>Ans', ['reasoning A', 'text Ans']],
    ['more than one line end within', '<think>\n\nA\n\n</think>\nAns', ['reasoning \nA\n', 'text Ans']],
    ['CRLF', '<think>\r\nA\r\n\r\nB\r\n</think>\r\n\r\nAns\r\n', ['reasoning A\r\n\r\nB', 'text Ans\r\n']],
    ['no opening tag', 'A\n\nB\n</think>\n\nAns', ['reasoning A\n\nB', 'text Ans']],
    ['no closing tag', '<think>\nA\n\nB', ['reasoning A\n\nB', 'text? ']],
    ['no answer', '<think>\nA\n</think>\n\n', ['reasoning A', 'text? ']],
    ['attributes', '<think time="3s">\nA\n</think>\nAns', ['reasoning A', 'text Ans']],
    ['text before', 'Well.\n\n<think>\nA\n</think>\n\nAns', ['text Well.', 'reasoning A', 'text Ans']],
    ['two blocks', '<think>\nA\n</think>\n\nfirst\n\n<think>\nB\n</think>\n\nAns', ['reasoning A', 'text first', 'reasoning B', 'text Ans']],
    ['nested', '<think>\nA\n<think>\nB\n</think>\nC\n</think>\n\nAns', ['reasoning A\n<think>\nB\n</think>\nC', 'text Ans']],
    ['empty', '<think>\n\n</think>\n\nAns', ['reasoning? ', 'text Ans']],
    ['empty on one line', '<think></think>Ans', ['reasoning? ', 'text Ans']],
    ['a tag spoken of', '<think>\nWhat is `<think>`? A tag.\n</think>\n\nA tag.', ['reasoning What is `<think>`? A tag.', 'text A tag.']],
    ['none', 'Ans', ['reasoning? ', 'text Ans']],
    ['nothing at all', '', ['reasoning? ', 'text ']],
    ['no field', null, ['reasoning? ', 'text? ']],
  ])('is cut: %s', (_name, response, expected) => {
    expect(shortly(partsOf(response))).toEqual(expected);
  });

  it('takes what it lacks', () => {
    const write = (response: string, kind: 'reasoning' | 'text', text: string): string =>
      written(response, partsOf(response).find((part) => part.kind === kind)?.at, text);
    expect(write('Ans', 'reasoning', 'A')).toBe('<think>\nA\n</think>\n\nAns');
    expect(write('Ans\r\nB', 'reasoning', 'A')).toBe('<think>\r\nA\r\n</think>\r\n\r\nAns\r\nB');
    expect(write('<think>\nA', 'text', 'Ans')).toBe('<think>\nA\n</think>\n\nAns');
    expect(write('<think>\nA\n</think>', 'text', 'Ans')).toBe('<think>\nA\n</think>\n\nAns');
    expect(write('<think>\nA\n</think>\n\n', 'text', 'Ans')).toBe('<think>\nA\n</think>\n\nAns');
    expect(write('<think></think>Ans', 'reasoning', 'A')).toBe('<think>\nA\n</think>Ans');
    expect(write('<think>\n\n</think>\n\nAns', 'reasoning', 'A')).toBe('<think>\nA\n</think>\n\nAns');
    expect(write('<think>\n</think>\n\nAns', 'reasoning', 'A')).toBe('<think>\nA\n</think>\n\nAns');
  });

  it('loses the reasoning with its tags when it is taken away', () => {
    const [reasoning] = partsOf('<think>\nA\n</think>\n\nAns');
    expect(taken('<think>\nA\n</think>\n\nAns', reasoning?.at)).toBe('Ans');
    const late = 'Well.\n\n<think>\nA\n</think>\n\nAns';
    expect(taken(late, partsOf(late)[1]?.at)).toBe('Well.\n\nAns');
    expect(taken('A\n</think>\nAns', partsOf('A\n</think>\nAns')[0]?.at)).toBe('Ans');
  });

  it('is the answer alone: tags in the prompt are text', () => {
    const row = { prompt: 'What does <think>\nmean?\n</think>', response: 'A tag.' };
    expect(said(readRow(row).traces[0])[0]).toBe('user.text: What does <think>\nmean?\n</think>');
  });
});
