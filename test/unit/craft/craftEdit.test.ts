import { describe, expect, it } from 'vitest';
import { craftEdit, withoutInjected, type CraftEdit } from '../../../src/craft/craftEdit';
import { isRefusal, type Slot, type Target } from '../../../src/craft/recipe';
import { parseTrace } from '../../../src/trace/parseTrace';
import { chainHash, injectedOf, type Making } from '../../../src/trace/provenance';
import { splitterNamed } from '../../../src/trace/splitters';
import { withEdits } from '../../../src/trace/textEdit';
import type { Trace } from '../../../src/trace/trace';

const slot = (name: string, role: Slot['role'], steps: Slot['steps'] = 'one'): Slot => ({ name, role, guide: `[${name}]`, steps });
const PAIR = [slot('temptation', 'error'), slot('correction', 'correction')];
const TEXTS = ['Maybe it is fine to help.', 'No, it is not.'];
const at = (from: number, slots: readonly Slot[] = PAIR, to = from): Target => ({ from, to, slots });

function crafted(trace: Trace | string, target: Target, texts: readonly string[] = TEXTS, making: Making = {}): CraftEdit {
  const edit = craftEdit(typeof trace === 'string' ? parseTrace(trace) : trace, target, texts, making);
  if (isRefusal(edit)) throw new Error(edit.reason);
  return edit;
}
function refusal(text: string, target: Target, texts: readonly string[] = TEXTS, splitter?: string): string {
  const edit = craftEdit(parseTrace(text, splitter === undefined ? undefined : splitterNamed(splitter)), target, texts, {});
  return isRefusal(edit) ? edit.reason : 'accepted';
}
const stepTexts = ({ chain }: Trace): string[] => chain.steps.map(({ text }) => text);

describe('a crafted edit', () => {
  const text = '---\nintent: harmful # mine\n---\nQ\n\n<think>\nOne.\n\n\nTwo.\n</think>\n\nNo.\n';

  it('puts the pair between the steps and what it is into the front matter', () => {
    const { edits, trace, steps, slots } = crafted(text, at(1), TEXTS, { recipe: 'temptation-correction', by: 'person' });
    expect(trace.text).toBe(withEdits(text, edits));
    const [head = '', body = ''] = trace.text.split('\n---\n');
    expect(body).toBe('Q\n\n<think>\nOne.\n\nMaybe it is fine to help.\n\nNo, it is not.\n\n\nTwo.\n</think>\n\nNo.\n');
    expect(head.split('\n').slice(0, 3)).toEqual(['---', 'intent: harmful # mine', 'injected:']);
    expect(injectedOf(trace)).toMatchObject({
      steps: [
        { step: 1, role: 'error', recipe: 'temptation-correction', by: 'person', base: chainHash(parseTrace(text).chain.steps) },
        { step: 2, role: 'correction' },
      ],
      lost: [],
    });
    expect(steps).toEqual([{ step: 1, role: 'error' }, { step: 2, role: 'correction' }]);
    expect(slots.map(({ start, end }) => trace.text.slice(start, end))).toEqual(TEXTS);
  });

  it('writes the document’s own line ends, whatever the texts have', () => {
    const { trace } = crafted(text.replaceAll('\n', '\r\n'), at(1), ['a\nb', 'c\r\nd\re']);
    expect(trace.text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(stepTexts(trace)).toEqual(['One.', 'a\r\nb', 'c\r\nd\r\ne', 'Two.']);
  });

  it('goes to the end of a block or to the beginning of the next one', () => {
    const blocks = 'Q\n<think>\nOne.\n</think>\n--- tool call x ---\nhi\n<think>\nTwo.\n</think>\nA';
    expect(crafted(blocks, at(1)).trace.text).toContain('One.\n\nMaybe it is fine to help.\n\nNo, it is not.\n</think>\n--- tool');
    expect(crafted(blocks, { ...at(1), before: true }).trace.text).toContain('hi\n<think>\nMaybe it is fine to help.\n\nNo, it is not.\n\nTwo.');
  });

  it('works in unmarked, truncated and marked documents, and in later turns', () => {
    expect(stepTexts(crafted('One.\n\nTwo.', at(2)).trace)).toEqual(['One.', 'Two.', ...TEXTS]);
    expect(crafted('Q\n\n<think>\nOne.', at(1)).trace.chain.ending).toBe('truncated');
    const marked = '---\nmark: 7f\n---\nWhy <think>?\n\n<think-7f>\nOne.\n</think>\n\nTwo.\n</think-7f>\nA';
    expect(stepTexts(crafted(marked, at(1)).trace)).toEqual(['One.\n</think>', ...TEXTS, 'Two.']);
    const turns = 'Q\n<think>\nOne.\n</think>\nA\n--- user ---\nQ2\n<think>\nTwo.\n\nThree.\n</think>\nB';
    const { trace } = crafted(turns, at(2));
    expect(trace.turns.map(({ steps }) => steps.map((step) => step.text))).toEqual([['One.'], ['Two.', ...TEXTS, 'Three.']]);
  });

  it('puts a prefill between tags that hold nothing yet', () => {
    const prefill = [slot('prefill', 'prefill', 'several')];
    const body = (text: string): string => crafted(text, at(0, prefill), ['One.\n\nTwo.']).trace.text.split('---\n\n').at(-1) ?? '';
    expect(body('Q\n\n<think>\n')).toBe('Q\n\n<think>\nOne.\n\nTwo.');
    expect(body('Q\n\n<think>')).toBe('Q\n\n<think>\nOne.\n\nTwo.');
    expect(body('Q\n\n<think>\n\n</think>\n\nA')).toBe('Q\n\n<think>\nOne.\n\nTwo.\n</think>\n\nA');
    expect(body('Q\n\n<think>\n</think>\n\nA')).toBe('Q\n\n<think>\nOne.\n\nTwo.\n</think>\n\nA');
    expect(body('Q\n\n<think></think>\n\nA')).toBe('Q\n\n<think>\nOne.\n\nTwo.\n</think>\n\nA');
  });

  it('puts front matter before a prefill that begins the document', () => {
    for (const text of ['One.\n\nTwo.', '\uFEFFOne.', '😀 One.']) {
      const { trace, edits } = crafted(text, at(0, [slot('prefill', 'prefill', 'several')]), ['Flaw.']);
      expect(stepTexts(trace)).toEqual(['Flaw.', ...stepTexts(parseTrace(text))]);
      expect(trace.frontMatter.injected).toHaveLength(1);
      // In whatever order they are given.
      expect(withEdits(text, [...edits].reverse())).toBe(trace.text);
      const removed = withoutInjected(trace, [0]);
      if (isRefusal(removed)) throw new Error(removed.reason);
      expect(withEdits(trace.text, removed)).toBe(text);
    }
  });

  it('notes each of several steps, and where the texts of others stand', () => {
    const first = crafted('Same.\n\nTwo.', at(1), ['Same.', 'Right.']);
    expect(injectedOf(first.trace).steps.map(({ step, role }) => [step, role])).toEqual([[1, 'error'], [2, 'correction']]);
    const { trace } = crafted(first.trace, at(0, [slot('prefill', 'prefill', 'several')]), ['Same.\n\nMore.']);
    expect(injectedOf(trace).steps.map(({ step, role }) => [step, role])).toEqual([[0, 'prefill'], [1, 'prefill'], [3, 'error'], [4, 'correction']]);
    expect(injectedOf(trace).lost).toEqual([]);
  });

  it('replaces steps, whose entries go with them; a step that is rewritten in its own role keeps its recipe and base', () => {
    const pair = crafted('One.\n\nTwo.', at(1), TEXTS, { recipe: 'temptation-correction', by: 'teacher', guard: 'no', at: '1' });
    const rewritten = crafted(pair.trace, at(1, [slot('step', 'error')], 2), ['Or is it?'], { recipe: 'recompose-step', by: 'person', at: '2' });
    expect(stepTexts(rewritten.trace)).toEqual(['One.', 'Or is it?', 'No, it is not.', 'Two.']);
    const base = chainHash(parseTrace('One.\n\nTwo.').chain.steps);
    expect(injectedOf(rewritten.trace)).toEqual({
      steps: [
        { step: 1, role: 'error', recipe: 'temptation-correction', by: 'person', at: '2', base, entry: 1 },
        { step: 2, role: 'correction', recipe: 'temptation-correction', by: 'teacher', guard: 'no', at: '1', base, entry: 0 },
      ],
      lost: [],
    });
    const other = crafted(pair.trace, at(2, [slot('check', 'backtrack'), slot('continuation', 'continuation', 'several')], 4), ['Wait.', 'a\n\nb'], { recipe: 'backtrack' });
    expect(injectedOf(other.trace)).toMatchObject({ steps: [{ role: 'error' }, { role: 'backtrack', recipe: 'backtrack' }, { role: 'continuation' }, { role: 'continuation' }], lost: [] });
  });

  it('leaves entries that were lost before as they are', () => {
    const lost = '---\ninjected:\n  - { step: "00", role: error } # odd\n  - 7\n---\nOne.\n\nTwo.';
    const { trace } = crafted(lost, at(1));
    expect(trace.text).toContain('  - { step: "00", role: error } # odd\n  - 7\n');
    expect(injectedOf(trace).lost.map(({ why }) => why)).toEqual(['gone', 'unreadable']);
  });
});

describe('an entry whose step was lost', () => {
  it('does not take a new step of the same text for its own', () => {
    const first = crafted('One.\n\nTwo.', at(1), TEXTS, { at: 'before' }).trace.text;
    const lost = first.replace(TEXTS[0] ?? '', 'Typed over.');
    const { trace } = crafted(lost, at(1), TEXTS, { at: 'after' });
    expect(injectedOf(trace).steps.map(({ step, role, at: when }) => [step, role, when])).toEqual([[1, 'error', 'after'], [2, 'correction', 'after'], [4, 'correction', 'before']]);
    expect(injectedOf(trace).lost.map(({ read, why }) => [read?.at, why])).toEqual([['before', 'ambiguous']]);
    const removed = withoutInjected(trace, [1, 2]);
    if (isRefusal(removed)) throw new Error(removed.reason);
    expect(withEdits(trace.text, removed)).toBe(lost);
  });
});

describe('a crafted edit is refused, with the reason,', () => {
  it.each([
    ['a text that is empty', 'One.', at(1), ['a', ' \n'], 'The correction is empty'],
    ['two steps for one', 'One.', at(1), ['a\n\nb', 'c'], 'The temptation must be one step, and this is 2'],
    ['no reasoning at all', '', at(0), TEXTS, 'There is no reasoning here yet'],
    ['a place that is gone', 'One.', at(2), TEXTS, 'The steps have changed meanwhile'],
    ['a tag in a text', 'Q\n<think>\nOne.\n</think>\nA', at(1), ['a', 'b\n</think>'], 'The correction holds a tag or a role line'],
    ['a tag in an unmarked document', 'One.\n\nTwo.', at(1), ['<think>\na', 'b'], 'The temptation holds a tag or a role line'],
    ['a fence that is never closed', 'One.\n\n```js\na\n```', at(1), ['```js\na', 'b'], 'The temptation opens a code fence'],
    ['front matter that is never closed', '---\nOne.\n\nTwo.', at(1), TEXTS, 'The front matter cannot be read'],
    ['front matter that is no YAML', '---\na: [\n---\nOne.', at(1), TEXTS, 'The front matter cannot be read'],
    ['steps of several blocks', 'Q\n<think>\nOne.\n</think>\nx\n<think>\nTwo.\n</think>\nA', at(0, PAIR, 2), TEXTS, 'Steps 1 to 2 stand in several blocks'],
  ] as const)('%s', (_name, text, target, texts, reason) => expect(refusal(text, target, texts)).toContain(reason));

  it('where the splitter would not cut it so', () => {
    expect(refusal('One is here now.\n\nTwo is here now.', at(1), ['Ok.', 'No, that is not fine.'], 'blank-lines-merged')).toContain('“blank-lines-merged”');
    expect(refusal('One. Two.', at(1), ['First. Second.', 'Third.'], 'sentences')).toContain('write one sentence');
  });

  it('where steps around it would grow together', () => {
    // In the middle of a line ``` opens no fence; behind a pair it stands at the beginning of one.
    expect(refusal('Q\n<think>```js\na\n\nb\n```\n</think>\nA', { ...at(0), before: true })).toContain('grow together with its neighbours');
  });

  it('where front matter would change how the text is read', () => {
    expect(refusal('\uFEFF```\na\n\nb\n```', at(1))).toContain('would change how this document is read');
    // The pair itself is found again, but the steps before it have become one.
    expect(refusal('\uFEFF```\na\n\nb\n```\n\nThree.', at(3))).toContain('would change how this document is read');
  });
});

describe('taking out', () => {
  const pair = crafted('Q\n<think>\nOne.\n\nTwo.\n</think>\nA', at(1)).trace;

  it('is refused for what was not injected, and for what replaced other steps', () => {
    const reason = (trace: Trace, steps: readonly number[]): string => {
      const edits = withoutInjected(trace, steps);
      return isRefusal(edits) ? edits.reason : 'accepted';
    };
    expect(reason(pair, [0])).toContain('Step 1 is not known as injected');
    expect(reason(pair, [1, 9])).toContain('Step 10 is not known as injected');
    const replaced = crafted(pair, at(3, [slot('step', 'recomposed')], 4), ['Three.']).trace;
    expect(reason(replaced, [3])).toContain('Step 4 stands in place of others');
    expect(reason(replaced, [1, 2])).toBe('accepted');
  });

  it('of one step keeps the other’s entry, pointed at where it then stands', () => {
    const twice = crafted(pair, at(1), ['Maybe it is fine to help.', 'Or not.']).trace;
    const edits = withoutInjected(twice, [1]);
    if (isRefusal(edits)) throw new Error(edits.reason);
    const now = parseTrace(withEdits(twice.text, edits));
    expect(stepTexts(now)).toEqual(['One.', 'Or not.', ...TEXTS, 'Two.']);
    expect(injectedOf(now)).toMatchObject({ steps: [{ step: 1, role: 'correction' }, { step: 2, role: 'error' }, { step: 3, role: 'correction' }], lost: [] });
  });
});
