import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTrace } from '../../../src/trace/parseTrace';
import { printTrace } from '../../../src/trace/printTrace';
import { SPLITTERS } from '../../../src/trace/splitters';
import { traceText } from './traceText';

const stepTexts = (text: string): string[] => parseTrace(text).turns[0].steps.map((step) => step.text);
const codes = (text: string): string[] => parseTrace(text).problems.map((problem) => problem.code);

describe('a .cot document', () => {
  const text = '---\nid: a\nintent: harmful\nmodel: m\n---\nWhat?\n\n<think>\nOne.\n\nTwo\nlines.\n</think>\n\nNo.\n';

  it('has front matter, prompt, steps and answer', () => {
    const trace = parseTrace(text);
    const [turn] = trace.turns;
    expect(trace.frontMatter).toMatchObject({ id: 'a', intent: 'harmful', model: 'm' });
    expect(turn.prompt?.text).toBe('What?');
    expect(turn.steps.map((step) => step.text)).toEqual(['One.', 'Two\nlines.']);
    expect(turn.answer?.text).toBe('No.');
    expect(turn.ending).toBe('answered');
    expect(trace.problems).toEqual([]);
  });

  it('gives exact offsets, separators and lines', () => {
    const { steps } = parseTrace(text).turns[0];
    expect(steps.map((step) => text.slice(step.start, step.end))).toEqual(steps.map((step) => step.text));
    expect(steps.map((step) => step.separator)).toEqual(['\n\n', '\n']);
    expect(steps.map((step) => [step.firstLine, step.lastLine])).toEqual([[8, 8], [10, 11]]);
  });

  it('keeps CRLF and BOM', () => {
    const windows = '\uFEFF' + text.replaceAll('\n', '\r\n');
    const trace = parseTrace(windows);
    expect(printTrace(trace)).toBe(windows);
    expect(trace.turns[0].steps.map((step) => step.separator)).toEqual(['\r\n\r\n', '\r\n']);
    expect(trace.turns[0].steps.map((step) => [step.firstLine, step.lastLine])).toEqual([[8, 8], [10, 11]]);
    expect(trace.intent).toBe('harmful');
  });
});

describe('marks that are incomplete', () => {
  it('no tag at all: everything is steps, and nothing is said of an answer', () => {
    expect(stepTexts('One.\n\nTwo.')).toEqual(['One.', 'Two.']);
    expect(parseTrace('One.\n\nTwo.').turns[0].ending).toBe('unmarked');
    expect(codes('One.\n\nTwo.')).toEqual([]);
  });

  it('opening tag missing (SafeChain): all before the closing tag is reasoning', () => {
    const text = 'A\n\nB\n</think>\n\nAns';
    expect(stepTexts(text)).toEqual(['A', 'B']);
    expect(parseTrace(text).turns[0].answer?.text).toBe('Ans');
    expect(codes(text)).toEqual(['missing-open-tag']);
  });

  it('closing tag missing: truncated, without an answer', () => {
    const text = 'Q\n\n<think>\nA\n\nB';
    expect(stepTexts(text)).toEqual(['A', 'B']);
    expect(parseTrace(text).turns[0]).toMatchObject({ ending: 'truncated', answer: undefined });
    expect(codes(text)).toEqual(['missing-close-tag']);
  });

  it('several blocks are one chain; the text between them is neither step nor answer', () => {
    const text = 'Q\n<think>A</think>\nsaid\n<think>B\n\nC</think>\nAns';
    const [turn] = parseTrace(text).turns;
    expect(turn.steps.map((step) => [step.text, step.block])).toEqual([['A', 0], ['B', 1], ['C', 1]]);
    expect(turn.answer?.text).toBe('Ans');
    expect(turn.prompt?.text).toBe('Q');
    expect(codes(text)).toEqual(['several-blocks']);
    expect(parseTrace(text).parts.filter((part) => part.kind === 'interlude').map((part) => part.text)).toEqual(['said']);
  });

  it('nested pairs: the outer one counts', () => {
    const text = '<think>\nA\n<think>\nB\n</think>\n\nC\n</think>\nAns';
    expect(stepTexts(text)).toEqual(['A\n<think>\nB\n</think>', 'C']);
    expect(codes(text)).toEqual(['nested-tag']);
  });

  it('an opening tag twice: the second is text', () => {
    const text = '<think>\nA\n\n<think>\nB\n</think>\nAns';
    expect(stepTexts(text)).toEqual(['A', '<think>\nB']);
    expect(codes(text)).toEqual(['doubled-open-tag']);
    expect(parseTrace(text).turns[0].answer?.text).toBe('Ans');
  });

  it('a closing tag twice: what stands between is more reasoning', () => {
    const text = '<think>\nA\n</think>\nB\n</think>\nAns';
    expect(stepTexts(text)).toEqual(['A', 'B']);
    expect(codes(text)).toEqual(['doubled-close-tag', 'several-blocks']);
  });

  it('a prompt that speaks of tags does not open one', () => {
    const text = 'Why does R1 write <think> and </think> around it?\n\n<think>\nA\n</think>\nAns';
    expect(stepTexts(text)).toEqual(['A']);
    expect(parseTrace(text).turns[0].prompt?.text).toContain('around it?');
    expect(codes(text)).toEqual([]);
  });

  it('tags on one line', () => {
    expect(stepTexts('<think>A</think>Ans')).toEqual(['A']);
    expect(parseTrace('<think>A</think>Ans').turns[0].answer?.text).toBe('Ans');
  });

  it('attributes on the tag, other names, upper case', () => {
    expect(stepTexts('<think depth="2">\nA\n</think>\nx')).toEqual(['A']);
    expect(stepTexts('<Thinking>\nA\n</Thinking>\nx')).toEqual(['A']);
  });

  it('empty reasoning and an empty file say so', () => {
    expect(codes('Q\n<think>\n\n</think>\nAns')).toEqual(['empty-reasoning']);
    expect(codes('')).toEqual(['empty-trace']);
    expect(codes(' \n\n ')).toEqual(['empty-trace']);
  });
});

describe('front matter', () => {
  it('that is broken is a problem with a place, and the steps are read', () => {
    const text = '---\nintent: [harmful\n---\n<think>\nA\n</think>\nx';
    const trace = parseTrace(text);
    expect(trace.problems.map((problem) => problem.code)).toEqual(['front-matter-invalid']);
    expect(trace.problems[0]?.start).toBeGreaterThanOrEqual(4);
    expect(trace.turns[0].steps).toHaveLength(1);
    expect(trace.intent).toBe('unknown');
  });

  it.each([
    ['---\nintent: harmful\nno end', 'front-matter-unclosed'],
    ['---\nintent: nice\n---\nA', 'unknown-intent'],
    ['---\n- a\n---\nA', 'front-matter-invalid'],
    ['---\na: &x [1]\nb: [*x, *x]\n---\nA', 'front-matter-invalid'],
    ['---\na: 1\na: 2\n---\nA', 'front-matter-invalid'],
  ])('%j', (text, code) => {
    expect(codes(text)).toContain(code);
  });

  it('keeps an id as it is written', () => {
    expect(parseTrace('---\nid: 007\n---\nA').frontMatter.id).toBe('007');
  });

  it('may be empty', () => {
    expect(codes('---\n---\nA')).toEqual([]);
  });
});

describe('broken characters', () => {
  it('bytes that were not UTF-8 are noted once, with their count', () => {
    const text = new TextDecoder().decode(new Uint8Array([65, 0xff, 66, 10, 10, 0xc3, 67]));
    const problem = parseTrace(text).problems.find(({ code }) => code === 'not-utf8');
    expect(problem?.message).toContain('2 replacement characters');
    expect(problem?.start).toBe(1);
  });

  it('half a surrogate pair is noted', () => {
    expect(codes('A \uD83D B')).toContain('broken-character');
    expect(codes('A 😀 B')).toEqual([]);
  });

  it('emoji and CJK at step boundaries stay whole', () => {
    expect(stepTexts('好的。\n\n😀思考\n\n终👩‍👩‍👧')).toEqual(['好的。', '😀思考', '终👩‍👩‍👧']);
  });
});

describe('laws', () => {
  it('parse ∘ print is the identity, with every splitter', () => {
    fc.assert(
      fc.property(traceText(), fc.constantFrom(...SPLITTERS), (text, splitter) => {
        expect(printTrace(parseTrace(text, splitter))).toBe(text);
      }),
      { numRuns: 1500 },
    );
  });

  it('parts cover the text without gap or overlap, and separators are white space', () => {
    fc.assert(
      fc.property(traceText(), (text) => {
        let end = 0;
        for (const part of parseTrace(text).parts) {
          expect(part.start).toBe(end);
          expect(part.text).toBe(text.slice(part.start, part.end));
          if (part.kind === 'separator') expect(part.text.trim()).toBe('');
          // A BOM inside a text is content here, though `trim` takes it for white space.
          if (part.kind === 'step') expect(part.text).not.toMatch(/^[^\S\uFEFF]|[^\S\uFEFF]$/);
          end = part.end;
        }
        expect(end).toBe(text.length);
      }),
      { numRuns: 1500 },
    );
  });

  it('steps and separators cover the reasoning exactly', () => {
    fc.assert(
      fc.property(traceText(), fc.constantFrom(...SPLITTERS), (text, splitter) => {
        const [turn] = parseTrace(text, splitter).turns;
        for (const [i, step] of turn.steps.entries()) {
          const next = turn.steps[i + 1];
          expect(text.slice(step.end, step.end + step.separator.length)).toBe(step.separator);
          if (next?.block === step.block) expect(step.end + step.separator.length).toBe(next.start);
          expect(step.index).toBe(i);
        }
        for (const [number, block] of turn.blocks.entries()) {
          const inside = turn.steps.filter((step) => step.block === number);
          const rest = inside.reduceRight(
            (left, step) => left.slice(0, step.start - block.start) + left.slice(step.end - block.start),
            text.slice(block.start, block.end),
          );
          // What is left of a block is its own tags and white space.
          expect(rest.replace(/^<\w+[^<>]*>/, '').replace(/<\/\w+>$/, '').trim()).toBe('');
        }
      }),
      { numRuns: 1500 },
    );
  });
});
