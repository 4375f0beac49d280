import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTrace } from '../../../src/trace/parseTrace';
import { printTrace } from '../../../src/trace/printTrace';
import { findRoleLines, lineName, printRoleLine } from '../../../src/trace/roleLines';
import { traceText } from './traceText';

const AGENT = [
  '--- system ---', 'You are a cook.', '', '--- user ---', 'Q1', '', '<think>', 'R1', '', 'R2', '</think>', '', 'Let me look.', '',
  '--- tool call search ---', '{"q": "x"}', '', '--- tool result search ---', 'found', '', '<think>', 'R3', '</think>', '', 'A1', '',
  '--- user ---', 'Q2', '', '--- assistant ---', 'A2', '',
].join('\n');

/** Texts with role lines among all else. */
const withRoles = (): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(traceText(), fc.constantFrom('\n--- user ---\n', '\n--- tool call a b ---\r\n', '\r--- assistant ---', '--- user 7f ---\n', '<think-7f>\n', '</think-7f>', '---\nmark: 7f\n---\n', '--- ---')), { maxLength: 10 })
    .map((pieces) => pieces.join(''));

describe('role lines', () => {
  it('part a document into turns', () => {
    const { turns, chain, problems } = parseTrace(AGENT);
    expect(turns.map(({ prompt, steps, answer, ending }) => [prompt?.text, steps.map(({ text, index }) => `${String(index)} ${text}`), answer?.text, ending])).toEqual([
      ['--- system ---\nYou are a cook.\n\n--- user ---\nQ1', ['0 R1', '1 R2', '2 R3'], 'A1', 'answered'],
      ['Q2', [], 'A2', 'answered'],
    ]);
    expect(turns[0].toolCalls.map(({ name, call, result }) => [name, call?.text, result?.text])).toEqual([['search', '{"q": "x"}', 'found']]);
    expect([chain.prompt?.text, chain.steps.length, chain.blocks.length, chain.answer?.text]).toEqual([turns[0].prompt?.text, 3, 2, 'A2']);
    expect(problems.map(({ code }) => code)).toEqual(['several-blocks']);
  });

  it('lead to the first step after them', () => {
    expect(parseTrace(AGENT).chain.steps.map(({ lead }) => lead)).toEqual([
      undefined,
      undefined,
      'Let me look.\n\n--- tool call search ---\n{"q": "x"}\n\n--- tool result search ---\nfound',
    ]);
  });

  it('end an answer, and within reasoning are text', () => {
    expect(parseTrace('Q\n\n<think>\nA\n--- user ---\nB\n</think>\n\nSo.\n--- tool call x ---\n').turns).toMatchObject([
      { steps: [{ text: 'A\n--- user ---\nB' }], answer: undefined, ending: 'truncated' },
    ]);
  });

  it('a single user’s line is no part of the prompt', () => {
    expect(parseTrace('--- user ---\nQ\n\n<think>\nA\n</think>').chain.prompt?.text).toBe('Q');
  });

  it('reasoning without an opening tag begins after the last one', () => {
    const { chain } = parseTrace('--- user ---\nQ\n--- assistant ---\nA\n\nB\n</think>\n\nSo.');
    expect([chain.prompt?.text, chain.steps.map(({ text }) => text), chain.answer?.text]).toEqual(['--- user ---\nQ\n--- assistant ---', ['A', 'B'], 'So.'].map((one, i) => (i === 0 ? 'Q' : one)));
  });

  it.each(['--- user', '---user ---', ' --- user ---', '--- users ---', 'a --- user ---', '--- user --- '])('%j is none', (line) => {
    expect(parseTrace(`Q\n${line}\nx\n<think>\nA\n</think>`).turns).toHaveLength(1);
    expect(findRoleLines(line, 0, undefined)).toEqual([]);
  });

  it('with a mark, only those that carry it count', () => {
    const text = '---\nmark: 7f\n---\nWhat is <think>?\n--- user ---\n\n<think-7f>\nA\n</think>\nB\n</think-7f>\n\n--- tool call x 7f ---\n1\n\n<think-7f>\nC\n</think-7f>\nSo.';
    const { chain, turns } = parseTrace(text);
    expect(turns).toHaveLength(1);
    expect(chain.prompt?.text).toBe('What is <think>?\n--- user ---');
    expect(chain.steps.map(({ text: step, lead }) => [step, lead])).toEqual([
      ['A\n</think>\nB', undefined],
      ['C', '--- tool call x ---\n1'],
    ]);
    expect(parseTrace('---\nmark: "a b"\n---\nQ').problems.map(({ code }) => code)).toEqual(['invalid-mark']);
  });

  it('law: what is printed is read back, whatever a tool is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.option(fc.constant('7f'), { nil: undefined }), (tool, mark) => {
        const name = lineName(tool);
        const line = printRoleLine('tool call', name, mark);
        expect(findRoleLines(`x\n${line}\n`, 0, mark)).toEqual([{ role: 'tool call', name, start: 2, end: 2 + line.length }]);
      }),
    );
  });

  it('law: parse ∘ print is the identity, parts have no gap, steps are numbered through the document', () => {
    fc.assert(
      fc.property(withRoles(), (text) => {
        const trace = parseTrace(text);
        expect(printTrace(trace)).toBe(text);
        let end = 0;
        for (const part of trace.parts) {
          expect(part.start).toBe(end);
          end = part.end;
        }
        expect(end).toBe(text.length);
        expect(trace.chain.steps.map(({ index }) => index)).toEqual(trace.chain.steps.map((_step, i) => i));
        expect(trace.turns.flatMap(({ steps }) => steps)).toEqual(trace.chain.steps);
        expect(trace.turns.flatMap(({ blocks }) => blocks)).toEqual(trace.chain.blocks);
      }),
      { numRuns: 1500 },
    );
  });
});

describe('a summary of reasoning', () => {
  it('is said to be one', () => {
    const { frontMatter, problems } = parseTrace('---\nreasoning: summary\n---\nQ\n<think>\nA\n</think>\nB');
    expect(frontMatter.reasoning).toBe('summary');
    expect(problems.map(({ code, severity }) => [code, severity])).toEqual([['reasoning-summary', 'information']]);
  });
});
