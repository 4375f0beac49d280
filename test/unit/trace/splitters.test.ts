import { describe, expect, it } from 'vitest';
import { DEFAULT_SPLITTER, splitterNamed, SPLITTERS, type Splitter } from '../../../src/trace/splitters';

const steps = (splitter: Splitter | undefined, text: string): string[] =>
  (splitter ?? DEFAULT_SPLITTER).split(text, 0, text.length).map(({ start, end }) => text.slice(start, end));

describe('blank-lines', () => {
  it.each([
    ['A\n\nB', ['A', 'B']],
    ['A\r\n\r\nB', ['A', 'B']],
    ['A\n\n\n\nB', ['A', 'B']],
    ['A\n \t\nB', ['A', 'B']],
    ['A\nB\n\nC', ['A\nB', 'C']],
    ['\n\nA\n\n', ['A']],
    ['', []],
    ['  \n\n ', []],
    ['- a\n- b\n\n  c', ['- a\n- b', 'c']],
  ])('%j', (text, expected) => {
    expect(steps(DEFAULT_SPLITTER, text)).toEqual(expected);
  });

  it('keeps a code fence whole, and the strict one does not', () => {
    const text = 'See:\n```py\na\n\nb\n```\n\nNext';
    expect(steps(DEFAULT_SPLITTER, text)).toEqual(['See:\n```py\na\n\nb\n```', 'Next']);
    expect(steps(splitterNamed('blank-lines-strict'), text)).toEqual(['See:\n```py\na', 'b\n```', 'Next']);
  });

  it('a fence that is never closed is none', () => {
    expect(steps(DEFAULT_SPLITTER, '```\na\n\nb\n\nc')).toEqual(['```\na', 'b', 'c']);
  });

  it('a longer fence holds shorter ones, and ~~~ does not close ```', () => {
    expect(steps(DEFAULT_SPLITTER, '````\na\n\n```\n\nb\n````\n\nc')).toEqual(['````\na\n\n```\n\nb\n````', 'c']);
    expect(steps(DEFAULT_SPLITTER, '```\na\n\n~~~\n\nb\n```\n\nc')).toEqual(['```\na\n\n~~~\n\nb\n```', 'c']);
  });
});

describe('blank-lines-merged', () => {
  it('joins fragments to the next step, and the last one to the step before', () => {
    const text = '1.\n\nThe first point is long enough.\n\nHmm.\n\nThe second one as well, I think.\n\nDone.';
    expect(steps(splitterNamed('blank-lines-merged'), text)).toEqual([
      '1.\n\nThe first point is long enough.',
      'Hmm.\n\nThe second one as well, I think.\n\nDone.',
    ]);
  });

  it('a text of fragments alone is one step, a long one without spaces is none', () => {
    expect(steps(splitterNamed('blank-lines-merged'), 'a\n\nb')).toEqual(['a\n\nb']);
    const cjk = '首先我需要仔细考虑这个请求到底是什么意思然后再决定如何回答用户提出的这一个比较复杂的问题';
    expect(steps(splitterNamed('blank-lines-merged'), `${cjk}\n\n${cjk}`)).toHaveLength(2);
  });
});

describe('sentences', () => {
  it('cuts paragraphs into sentences and leaves code whole', () => {
    expect(steps(splitterNamed('sentences'), 'One is here. Two is there.\n\n```\na. b.\n```')).toEqual([
      'One is here.',
      'Two is there.',
      '```\na. b.\n```',
    ]);
  });
});

it('every splitter has a name of its own', () => {
  expect(new Set(SPLITTERS.map(({ name }) => name)).size).toBe(SPLITTERS.length);
  expect(splitterNamed('no such')).toBeUndefined();
});
