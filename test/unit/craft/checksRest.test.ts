import { describe, expect, it } from 'vitest';
import { checkSample, SAMPLE_CHECKS } from '../../../src/craft/checks';
import { marksAt } from '../../../src/craft/checks/lostProvenance';
import { counterAlignedPrefill } from '../../../src/craft/recipes/counterAlignedPrefill';
import { hesitationCorrection } from '../../../src/craft/recipes/hesitationCorrection';
import { injectedOf } from '../../../src/trace/provenance';
import { parseTrace } from '../../../src/trace/parseTrace';
import { withEdits } from '../../../src/trace/textEdit';
import { BASE, CORRECTION, ERROR, MADE, NAMED, OFFLINE, codes, crafted, documentOf, findings, fixed, goodText, only, sampleOf } from './checkedSamples';

describe('a plain trace', () => {
  it('is not spoken of, whatever it lacks', () => {
    expect(codes(documentOf(BASE, { answer: '' }), { judge: undefined, tokens: { limit: 1, counted: { failed: 'no' } } })).toEqual([]);
    expect(SAMPLE_CHECKS.length).toBeGreaterThan(10);
  });
});

describe('lost provenance', () => {
  const edited = goodText().replace(ERROR, `${ERROR} Hm, hm.`);
  const peak = { scores: { harmfulness: [1, 1, 4, 1, 1, 1], helpfulness: [] } };

  it('says what the entry said, at the entry, and offers the step beside its other half', () => {
    const found = only(findings(edited, peak), 'provenance-lost');
    expect(found.severity).toBe('warning');
    expect(found.message).toBe('Entry 1 of what was injected names an error (temptation-correction, by person, 2026-01-01), and no step has its text any more: it was changed or taken out. Mark the step that it is now, or remove the entry.');
    expect(edited.slice(found.at.start, found.at.end)).toMatch(/^\{ step:/);
    expect(found.fixes.map(({ title }) => title)).toEqual(['Mark step 3 (“Maybe it would not be so…”) as this error', 'Remove this entry']);
    const mended = fixed(edited, found, /^Mark step 3/);
    expect(codes(mended, peak)).toEqual([]);
    expect(injectedOf(parseTrace(mended)).steps.map(({ step, role, recipe, at }) => [step, role, recipe, at])).toEqual([
      [2, 'error', MADE.recipe, MADE.at],
      [3, 'correction', MADE.recipe, MADE.at],
    ]);
    expect(mended.slice(mended.indexOf('How do'))).toBe(edited.slice(edited.indexOf('How do')));
    const removed = injectedOf(parseTrace(fixed(edited, found, 'Remove this entry')));
    expect([removed.lost, removed.steps.map(({ role }) => role)]).toEqual([[], ['correction']]);
  });

  it('offers the place where the step was last seen, and nothing that is marked or not there', () => {
    const both = edited.replace(CORRECTION, `${CORRECTION} Yes.`);
    const titles = (lastSeen: ReadonlyMap<number, number>): string[][] => findings(both, { lastSeen }).flatMap(({ code, fixes }) => (code === 'provenance-lost' ? [fixes.map(({ title }) => title.slice(0, 11))] : []));
    expect(titles(new Map([[0, 2], [1, 3]]))).toEqual([['Mark step 3', 'Remove this'], ['Mark step 4', 'Remove this']]);
    expect(titles(new Map([[0, 9]]))).toEqual([['Remove this'], ['Remove this']]);
    expect(only(findings(edited, { lastSeen: new Map([[0, 3]]) }), 'provenance-lost').fixes).toHaveLength(2);
  });

  it('can be marked at any step that is not marked', () => {
    const sample = sampleOf(edited);
    expect(marksAt(sample, 3)).toEqual([]);
    expect(marksAt(sample, 99)).toEqual([]);
    const [mark] = marksAt(sample, 4);
    const edits = mark?.kind === 'edit' ? mark.edits() : undefined;
    expect(injectedOf(parseTrace(withEdits(edited, edits ?? []))).steps.map(({ step, role }) => [step, role])).toEqual([[3, 'correction'], [4, 'error']]);
    expect(marksAt(sampleOf(goodText()), 0)).toEqual([]);
  });

  it('of a text that is there twice now is ambiguous, and each is offered', () => {
    const twice = goodText().replace(`\n\n${BASE[3] ?? ''}`, `\n\n${ERROR}\n\n${BASE[3] ?? ''}`);
    const found = only(findings(twice), 'provenance-lost');
    expect(found.message).toContain('the number of steps with its text has changed, so it is not known which one it is');
    expect(found.fixes.map(({ title }) => title.slice(0, 11))).toEqual(['Mark step 3', 'Mark step 6', 'Remove this']);
    expect(codes(fixed(twice, found, /^Mark step 3/), { scores: { harmfulness: [1, 1, 4, 1, 1, 1, 1], helpfulness: [] } })).toEqual([]);
  });

  it('that cannot be read can be removed, and of very many the first are shown', () => {
    const odd = documentOf(BASE).replace('intent: harmful', 'intent: harmful\ninjected:\n  - 7\n  - { step: 3 }');
    const found = findings(odd).filter(({ code }) => code === 'provenance-lost');
    expect(found.map(({ message }) => message.slice(0, 41))).toEqual(['Entry 1 of what was injected cannot be re', 'Entry 2 of what was injected cannot be re']);
    expect(found.map(({ at }) => odd.slice(at.start, at.end))).toEqual(['7', '{ step: 3 }']);
    const remove = (text: string): string => {
      const [first] = findings(text).filter(({ code }) => code === 'provenance-lost');
      if (first === undefined) throw new Error('nothing is lost');
      return fixed(text, first, 'Remove this entry');
    };
    expect(remove(remove(odd))).toBe(documentOf(BASE));
    const many = documentOf(BASE).replace('intent: harmful', `intent: harmful\ninjected: [${'1, '.repeat(60)}1]`);
    const all = findings(many).filter(({ code }) => code === 'provenance-lost');
    expect(all).toHaveLength(21);
    expect(all.at(-1)?.message).toMatch(/^41 more entries/);
  });
});

describe('the final answer', () => {
  const of = (more: Parameters<typeof codes>[1], text = goodText()): string[] => codes(text, more).filter((code) => code.startsWith('answer'));

  it('is right by intent, and wrong beyond the cut-offs, by a named judge', () => {
    expect(of({ answer: { harmfulness: 2, helpfulness: null } })).toEqual([]);
    const found = only(findings(goodText(), { answer: { harmfulness: 3, helpfulness: 5 } }), 'answer-changed');
    expect([found.severity, found.message]).toEqual(['warning', 'The final answer is to be safe (harmfulness 2 at most), and GPT-4o, prefix gives it harmfulness 3. Write the answer that the corrected reasoning comes to.']);
    expect(of({ answer: { harmfulness: 1, helpfulness: 4 } }, goodText(hesitationCorrection))).toEqual([]);
    expect(of({ answer: { harmfulness: 1, helpfulness: 3 } }, goodText(hesitationCorrection))).toEqual(['answer-changed']);
    expect(only(findings(goodText(), { answer: { harmfulness: 5, helpfulness: 5 }, answerIsBases: true }), 'answer-changed').message).toContain('word for word the base’s answer');
  });

  it('that is the base’s needs no judge; any other that nobody who counts has scored is not checked', () => {
    for (const more of [{ judge: undefined, answer: undefined }, { judge: OFFLINE }, { answer: undefined }, { answer: { harmfulness: null, helpfulness: 5 } }]) {
      expect(of({ ...more, answerIsBases: true })).toEqual([]);
      expect(of(more)).toEqual(['answer-not-checked']);
      expect(of({ ...more, answerIsBases: false })).toEqual(['answer-not-checked']);
    }
    const said = (more: object): string => only(findings(goodText(), { answer: undefined, ...more }), 'answer-not-checked').message;
    expect(said({})).toBe('Not checked: has the final answer kept its verdict? The base’s answer is not known, and GPT-4o, prefix has not scored it as it is now. Score it with a named judge.');
    expect(said({ answerIsBases: false, judge: undefined })).toContain('It is not the base’s answer any more, and nobody has scored it.');
    expect(said({ judge: OFFLINE })).toContain('only the offline heuristic is at hand, which does not count as evidence');
    expect(only(findings(goodText(), { answer: undefined }), 'answer-not-checked').severity).toBe('information');
  });

  it('must be there, but for a prefill', () => {
    expect(of({ answer: undefined }, crafted(documentOf(BASE, { answer: '' })))).toEqual(['answer-missing']);
    const prefill = crafted(documentOf(BASE, { answer: '' }), { after: 1, recipe: counterAlignedPrefill, texts: [ERROR] });
    expect(of({ answer: undefined }, prefill)).toEqual([]);
    expect(of({ answer: undefined }, prefill.replace(ERROR, `${ERROR} More.`))).toEqual([]);
  });

  it('of a prompt that is neither harmful nor benign is not judged', () => {
    expect(of({ answer: { harmfulness: 5, helpfulness: 1 } }, goodText().replace('intent: harmful', 'intent: ambiguous'))).toEqual([]);
  });
});

describe('a prefill', () => {
  const text = crafted(documentOf(BASE), { after: 1, recipe: counterAlignedPrefill, texts: [ERROR] });
  const declared = crafted(documentOf(BASE), { after: 1, recipe: counterAlignedPrefill, texts: [ERROR], made: { ...MADE, counterAligned: 'declared' } });
  const harm = (first: number | null): object => ({ scores: { harmfulness: [first, 5, 5, 5, 5], helpfulness: [] } });

  it('must be counter-aligned by a named judge, whatever was declared', () => {
    expect(codes(text, harm(4))).toEqual([]);
    expect(only(findings(text, harm(3)), 'prefill-aligned').message).toMatch(/^This reasoning is safe, so it is no counter-aligned prefill for a harmful prompt: it goes no further than step 1 \(harmfulness 3 by GPT-4o\).*Judged by GPT-4o, prefix\.$/);
    const found = only(findings(declared, harm(2)), 'prefill-aligned');
    expect([found.severity, found.message.includes('The provenance says otherwise (declared).')]).toEqual(['warning', true]);
  });

  it('that nobody who counts has scored must be declared', () => {
    for (const more of [harm(null), { ...harm(5), judge: OFFLINE }, { ...harm(5), judge: undefined }]) {
      expect(codes(declared, more)).toEqual([]);
      const found = only(findings(text, more), 'prefill-not-checked');
      expect([found.severity, found.fixes.map(({ kind }) => kind)]).toEqual(['warning', ['score', 'chooseJudge', 'edit']]);
    }
  });

  it('is declared by a fix that changes nothing else, also where a part of it has been', () => {
    const several = crafted(documentOf(BASE), { after: 1, recipe: counterAlignedPrefill, texts: [`${ERROR}\n\n${CORRECTION}`] });
    const unscored = { judge: undefined };
    for (const before of [text, several, several.replace('role: prefill', 'role: prefill, counterAligned: judged by me'), several.replaceAll('\n', '\r\n')]) {
      const after = fixed(before, only(findings(before, unscored), 'prefill-not-checked'), 'Declare it counter-aligned');
      expect(codes(after, unscored)).toEqual([]);
      const said = injectedOf(parseTrace(before)).steps;
      expect(injectedOf(parseTrace(after)).steps).toEqual(said.map((step) => ({ counterAligned: 'declared', ...step })));
      expect(after.replaceAll(/, counterAligned: "?declared"?/g, '')).toBe(before);
    }
  });
});

describe('the intent', () => {
  it('must fit the recipe', () => {
    const found = only(findings(goodText().replace('intent: harmful', 'intent: benign')), 'intent-does-not-fit');
    expect([found.severity, found.fixes]).toEqual(['warning', [{ kind: 'setIntent', title: 'Set intent…' }]]);
    expect(found.message).toMatch(/^Temptation-Correction is for prompts whose intent is harmful or ambiguous, and this one’s is benign\./);
    expect(only(findings(goodText().replace('intent: harmful\n', '')), 'intent-does-not-fit').message).toMatch(/^The intent of this prompt is not known, and a Temptation-Correction sample needs one/);
  });

  it('of an unknown recipe is not judged, and that it is unknown is said', () => {
    expect(codes(goodText().replaceAll('recipe: temptation-correction', 'recipe: of-my-own'))).toEqual(['unknown-recipe']);
    expect(only(findings(goodText().replaceAll('recipe: temptation-correction', 'recipe: of-my-own')), 'unknown-recipe').message).toContain('No recipe is called “of-my-own”');
    expect(only(findings(goodText().replaceAll('recipe: temptation-correction, ', '')), 'unknown-recipe').message).toContain('names no recipe');
  });
});

describe('the guard', () => {
  const by = (guard: string | undefined, who = 'teacher-1'): string => {
    const { guard: _none, ...rest } = MADE;
    return crafted(documentOf(BASE), { made: { ...rest, by: who, ...(guard === undefined ? {} : { guard }) } });
  };

  it('that did not look, or was unsure, is told as information', () => {
    expect(codes(by('no, by a guard'))).toEqual([]);
    const unchecked = only(findings(by(undefined)), 'guard-not-checked');
    expect([unchecked.severity, unchecked.message.includes('at step 3')]).toEqual(['information', true]);
    expect(codes(by(undefined, 'person'))).toEqual([]);
    const unsure = only(findings(by('unsure, by guard-1')), 'guard-unsure');
    expect([unsure.severity, unsure.message]).toEqual(['information', 'The guard was unsure about step 3 (unsure, by guard-1), and a person let it pass. Read it again before it is exported.']);
  });
});

describe('the length in tokens', () => {
  const counted = (tokens: number, estimated = false): object => ({ tokens: { limit: 8192, counted: { tokens, by: estimated ? '4 characters a token' : 'Qwen3-0.6B', estimated } } });

  it('over the limit is a warning that names the tokenizer, or says that it is an estimate', () => {
    expect(codes(goodText(), counted(8192))).toEqual([]);
    const found = only(findings(goodText(), counted(12_345)), 'too-long');
    expect([found.severity, found.message]).toEqual(['warning', 'This sample has 12,345 tokens by Qwen3-0.6B, more than the 8,192 of cotLens.training.maxTokens; counted is the text below the front matter, without a chat template. Its end would be cut off in training: shorten it, or raise the limit.']);
    expect(only(findings(goodText(), counted(8193, true)), 'too-long').message).toContain('about 8,193 tokens (an estimate: 4 characters a token; set cotLens.training.tokenizer');
  });

  it('that could not be counted is said, and that nothing was; one that is not known yet is not spoken of', () => {
    const found = only(findings(goodText(), { tokens: { limit: 8192, counted: { failed: 'There is no file.' } } }), 'tokens-not-counted');
    expect([found.severity, found.message]).toEqual(['warning', 'Nothing was counted, so it is not known whether this sample fits into 8,192 tokens. There is no file.']);
    expect(codes(goodText(), { tokens: undefined })).toEqual([]);
  });
});

describe('every finding', () => {
  it('stands in the document, within a line, and has a message that ends', () => {
    const long = `${ERROR} ${'and so on and on '.repeat(40)}`;
    const texts = [goodText(), crafted(documentOf(BASE), { texts: [long, 'No.'] }), goodText().replace(ERROR, 'Gone.'), goodText().replace('intent: harmful', 'intent: benign'), `\uFEFF${goodText()}`];
    for (const text of texts) {
      const all = [
        ...findings(text, { judge: OFFLINE, answer: undefined, tokens: { limit: 1, counted: { tokens: 2, by: 'x', estimated: true } } }),
        ...checkSample(sampleOf(text, { judge: NAMED, scores: { harmfulness: parseTrace(text).chain.steps.map(() => 1), helpfulness: [] } })),
      ];
      expect(all.length).toBeGreaterThan(2);
      for (const { at, message } of all) {
        const marked = text.slice(at.start, at.end);
        expect(marked.length, message).toBeGreaterThan(0);
        expect(marked.length).toBeLessThanOrEqual(80);
        expect(marked).not.toMatch(/[\r\n]/);
        expect(message).toMatch(/[.)]$/);
      }
    }
  });
});
