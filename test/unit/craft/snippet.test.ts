import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal, type Known, type Slot, type Target } from '../../../src/craft/recipe';
import { craftEdit } from '../../../src/craft/craftEdit';
import { craftSnippet, isUnwritten, reanchored } from '../../../src/craft/snippet';
import { parseTrace } from '../../../src/trace/parseTrace';
import { injectedOf } from '../../../src/trace/provenance';
import { withEdits } from '../../../src/trace/textEdit';
import { recipeNamed } from '../../../src/craft/recipes';
import { craftDocument } from './craftDocuments';

const UNKNOWN: Known = { harmfulness: [], helpfulness: [] };

/** The text that VS Code makes of a snippet, and its tab stops: `\` takes the meaning from `$`, `}` and `\` (snippetParser.ts). */
function expanded(body: string): { text: string; stops: { number: number; text: string }[] } {
  let text = '';
  const stops: { number: number; text: string }[] = [];
  const open: { number: number; from: number }[] = [];
  for (let i = 0; i < body.length; i++) {
    const start = /^\$(?:\{(\d+):|(\d+))/.exec(body.slice(i, i + 12));
    if (body.charAt(i) === '\\' && '$}\\'.includes(body.charAt(i + 1))) text += body.charAt(++i);
    else if (start !== null) {
      if (start[2] === undefined) open.push({ number: Number(start[1]), from: text.length });
      else stops.push({ number: Number(start[2]), text: '' });
      i += start[0].length - 1;
    } else if (body.charAt(i) === '}' && open.length > 0) {
      const { number, from } = open.pop() ?? { number: 0, from: 0 };
      stops.push({ number, text: text.slice(from) });
    } else text += body.charAt(i);
  }
  return { text, stops };
}

const odd = (name: string, role: Slot['role']): Slot => ({ name, role, guide: `[${name}: costs $5, \${1:x} and } or \\ and \\}.]`, steps: 'one' });

describe('a snippet', { timeout: 60_000 }, () => {
  it('makes the text that the change makes, with each guide a tab stop and the last behind them', () => {
    let made = 0;
    fc.assert(
      fc.property(craftDocument(), fc.nat(), fc.boolean(), (text, pick, first) => {
        const trace = parseTrace(text);
        const k = first ? 0 : 1 + (pick % trace.chain.steps.length);
        const target: Target = { from: k, to: k, slots: [odd('one', 'error'), odd('two', 'correction')] };
        const snippet = craftSnippet(trace, target, { recipe: 'temptation-correction' });
        if (isRefusal(snippet)) return;
        made++;
        const { text: plain, stops } = expanded(snippet.body);
        expect(plain).toBe(snippet.craft.edits[0].text);
        expect(snippet.at).toEqual({ start: snippet.craft.edits[0].start, end: snippet.craft.edits[0].end });
        expect(withEdits(text, [{ ...snippet.at, text: plain }, snippet.craft.edits[1]])).toBe(snippet.craft.trace.text);
        expect(stops).toEqual([
          { number: 1, text: target.slots[0]?.guide },
          { number: 2, text: target.slots[1]?.guide },
          { number: 0, text: '' },
        ]);
        expect(injectedOf(snippet.craft.trace).steps.map(({ step }) => step)).toEqual(expect.arrayContaining([k, k + 1]));
      }),
      { numRuns: 100 },
    );
    expect(made).toBeGreaterThan(85);
  });

  it('is refused where the change is', () => {
    expect(craftSnippet(parseTrace('---\nOne.'), { from: 1, to: 1, slots: [odd('one', 'error')] }, {})).toHaveProperty('reason');
  });
});

describe('a guide', () => {
  it('is unwritten until it is another text', () => {
    const slot = odd('one', 'error');
    expect(isUnwritten(slot.guide, slot)).toBe(true);
    expect(isUnwritten(` ${slot.guide}\n`, slot)).toBe(true);
    expect(isUnwritten(' \n', slot)).toBe(true);
    expect(isUnwritten(`${slot.guide} More.`, slot)).toBe(false);
    expect(isUnwritten('Mine.', slot)).toBe(false);
  });
});

describe('an entry that is pointed at a step again', () => {
  const base = parseTrace('---\nintent: harmful\n---\nQ\n<think>\nOne.\n\nTwo.\n</think>\nA');
  const recipe = recipeNamed('temptation-correction');
  const target = recipe?.place(base, { start: base.chain.steps[0]?.end ?? 0, end: base.chain.steps[0]?.end ?? 0 }, UNKNOWN);
  if (target === undefined || isRefusal(target)) throw new Error('no place');
  const snippet = craftSnippet(base, target, { recipe: 'temptation-correction', by: 'person' });
  if (isRefusal(snippet)) throw new Error(snippet.reason);
  const [error] = snippet.craft.slots;
  const written = parseTrace(withEdits(snippet.craft.trace.text, [{ start: error?.start ?? 0, end: error?.end ?? 0, text: 'Mine now.' }]));

  it('names it as it stands, and keeps all else', () => {
    expect(injectedOf(written).lost.map(({ entry, why }) => [entry, why])).toEqual([[0, 'gone']]);
    const edit = reanchored(written, 0, 1);
    if (isRefusal(edit)) throw new Error(edit.reason);
    const now = parseTrace(withEdits(written.text, [edit]));
    expect(injectedOf(now)).toMatchObject({ steps: [{ step: 1, role: 'error', recipe: 'temptation-correction', by: 'person', entry: 0 }, { step: 2, role: 'correction' }], lost: [] });
    expect(now.frontMatter).toMatchObject({ intent: 'harmful' });
    expect(now.chain.steps.map(({ text }) => text)).toEqual(written.chain.steps.map(({ text }) => text));
  });

  it('says nothing of a changed text that was found out about the old one', () => {
    const making = { recipe: 'temptation-correction', by: 'a-teacher', edited: false, guard: 'no by a-guard', counterAligned: 'declared', words: 9 };
    const made = craftEdit(base, target, ['Maybe it is fine to go along with it.', 'No, that is an excuse of mine.'], making);
    if (isRefusal(made)) throw new Error(made.reason);
    const entryAfter = (text: string): unknown => {
      const trace = parseTrace(text);
      const edit = reanchored(trace, 0, 1);
      if (isRefusal(edit)) throw new Error(edit.reason);
      return parseTrace(withEdits(trace.text, [edit])).frontMatter.injected[0];
    };
    expect(entryAfter(made.trace.text)).toMatchObject(making);
    const changed = entryAfter(made.trace.text.replace('Maybe it is fine', 'I do not know whether it is fine'));
    expect(changed).toMatchObject({ recipe: 'temptation-correction', by: 'a-teacher', edited: true });
    for (const name of ['guard', 'counterAligned', 'words']) expect(changed).not.toHaveProperty(name);
  });

  it.each([
    [0, 9, 'There is no step 10'],
    [7, 1, 'This entry of the front matter cannot be read'],
    [0, 2, 'Step 3 is named by another entry'],
  ])('is refused: entry %i, step %i', (entry, step, reason) => {
    const edit = reanchored(written, entry, step);
    expect(isRefusal(edit) ? edit.reason : '').toContain(reason);
  });
});
