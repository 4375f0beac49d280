import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isGuide } from '../../../src/craft/checks/written';
import { LEAST_WORDS } from '../../../src/craft/checks/longEnough';
import { isRefusal } from '../../../src/craft/recipe';
import { RECIPES } from '../../../src/craft/recipes';
import { craftSnippet } from '../../../src/craft/snippet';
import { injectedEdit } from '../../../src/trace/injectedEdit';
import { parseTrace } from '../../../src/trace/parseTrace';
import { anchorOf, injectedOf } from '../../../src/trace/provenance';
import { withEdits } from '../../../src/trace/textEdit';
import { BASE, CORRECTION, ERROR, codes, crafted, documentOf, findings, fixed, goodText, MADE, only } from './checkedSamples';

/** The document with one line of text moved behind another, as a person does it with cut and paste. */
function pasted(text: string, what: string, behind: string): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return text.replace(`${eol}${eol}${what}`, '').replace(behind, `${behind}${eol}${eol}${what}`);
}

/** The document with entries put into its front matter by hand. */
function marked(text: string, roles: Readonly<Record<number, string>>, made: object = {}): string {
  const trace = parseTrace(text);
  const entries = Object.entries(roles).map(([step, role]) => ({ ...anchorOf(trace.chain.steps, Number(step)), role, ...made }));
  const edit = injectedEdit(text, entries);
  if (edit === undefined) throw new Error('not marked');
  return withEdits(text, [edit]);
}

describe('the place of a correction', () => {
  it('not right behind its error is a warning, and the fix moves it there byte for byte', () => {
    for (const eol of ['\n', '\r\n']) {
      const good = goodText(undefined, eol);
      const wrong = pasted(good, CORRECTION, BASE[3] ?? '');
      expect(wrong).not.toBe(good);
      const found = only(findings(wrong), 'correction-not-after-error');
      expect([found.severity, found.message]).toEqual(['warning', 'The correction (step 6) is to stand right behind its error (step 3), and stands 2 steps further down. Move it there.']);
      expect(fixed(wrong, found, 'Move the correction behind the error')).toBe(good);
    }
  });

  it('before its error is found and mended too, also where it is the first step', () => {
    const good = goodText();
    const early = pasted(good, CORRECTION, BASE[0] ?? '');
    const found = only(findings(early), 'correction-not-after-error');
    expect(found.message).toContain('(step 2) is to stand right behind its error (step 4), and stands before it');
    expect(fixed(early, found, /^Move/)).toBe(good);
    const first = good.replace(`\n\n${CORRECTION}`, '').replace('<think>\n', `<think>\n${CORRECTION}\n\n`);
    expect(fixed(first, only(findings(first), 'correction-not-after-error'), /^Move/)).toBe(good);
  });

  it('law: wherever a correction was moved to, the fix makes it right, keeps every byte, and loses no provenance', () => {
    const document = fc.record({
      steps: fc.array(fc.constantFrom('One step that says a thing.', 'Two\nlines in a step.', 'Same words.', ERROR, CORRECTION), { minLength: 3, maxLength: 7 }),
      after: fc.nat({ max: 6 }),
      to: fc.nat({ max: 8 }),
      eol: fc.constantFrom('\n', '\r\n'),
    });
    fc.assert(
      fc.property(document, ({ steps, after, to, eol }) => {
        const k = 1 + (after % steps.length);
        const order = [...steps.slice(0, k), ERROR, ...steps.slice(k)];
        const error = k;
        const place = to % (order.length + 1);
        order.splice(place, 0, CORRECTION);
        const at = place <= error ? error + 1 : error;
        const wrong = marked(documentOf(order, { eol }), { [at]: 'error', [place]: 'correction' }, MADE);
        const found = findings(wrong).filter(({ code }) => code === 'correction-not-after-error');
        if (place === at + 1) {
          expect(found).toEqual([]);
          return;
        }
        const [finding] = found;
        if (finding === undefined) throw new Error('not found');
        const after_ = fixed(wrong, finding, /^Move/);
        const injected = injectedOf(parseTrace(after_));
        expect(injected.lost).toEqual([]);
        const [first, second] = injected.steps;
        expect([first?.role, second?.role, (second?.step ?? 0) - (first?.step ?? 0)]).toEqual(['error', 'correction', 1]);
        const texts = parseTrace(after_).chain.steps.map(({ text }) => text);
        expect([...texts].sort()).toEqual(parseTrace(wrong).chain.steps.map(({ text }) => text).sort());
        const body = (text: string): string => text.slice(text.indexOf('How do'));
        expect([...body(after_)].sort().join('')).toBe([...body(wrong)].sort().join(''));
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('that is missing is an error, and a missing error a warning; the fix takes the other half out, which gives back the base', () => {
    const alone = marked(documentOf([...BASE.slice(0, 2), ERROR, ...BASE.slice(2)]), { 2: 'error' }, MADE);
    const found = only(findings(alone), 'correction-missing');
    expect([found.severity, found.message]).toEqual(['error', 'The error at step 3 has no correction: what is trained on it learns the flaw. Insert the pair anew, or take the error out.']);
    expect(fixed(alone, found, 'Take step 3 out')).toBe(documentOf(BASE));
    const other = marked(documentOf([...BASE.slice(0, 2), CORRECTION, ...BASE.slice(2)]), { 2: 'correction' }, MADE);
    const missing = only(findings(other), 'error-missing');
    expect(missing.severity).toBe('warning');
    expect(fixed(other, missing, 'Take step 3 out')).toBe(documentOf(BASE));
  });

  it('whose provenance is lost is not called missing', () => {
    const peak = { scores: { harmfulness: [1, 1, 4, 1, 1, 1], helpfulness: [] } };
    expect(codes(goodText().replace(CORRECTION, `${CORRECTION} Indeed.`), peak)).toEqual(['provenance-lost']);
    const found = findings(goodText().replace(ERROR, `${ERROR} Hm.`), peak);
    expect(found.map(({ code }) => code)).toEqual(['provenance-lost', 'curve-not-checked']);
    expect(found[1]?.message).toContain('its peak is to lie on the injected error, which is not found in the text. Mark it');
  });

  it('of an error that was rewritten since is found by its place', () => {
    const steps = [...BASE.slice(0, 2), ERROR, CORRECTION, ...BASE.slice(2)];
    const trace = parseTrace(documentOf(steps));
    const entries = [
      { ...anchorOf(trace.chain.steps, 2), role: 'error', recipe: 'recompose-step', at: '2026-02-02', guard: 'no' },
      { ...anchorOf(trace.chain.steps, 3), role: 'correction', ...MADE },
    ];
    const edit = injectedEdit(trace.text, entries);
    expect(codes(withEdits(trace.text, edit === undefined ? [] : [edit]))).toEqual([]);
  });

  it('of several pairs is each its own', () => {
    const two = crafted(goodText(), { after: 5, texts: [`Then again, ${ERROR}`, `And again: ${CORRECTION}`], made: { ...MADE, at: '2026-01-02T00:00:00.000Z' } });
    expect(codes(two)).toEqual([]);
    const swapped = two.replace(CORRECTION, 'XX').replace(`And again: ${CORRECTION}`, CORRECTION).replace('XX', `And again: ${CORRECTION}`);
    expect(codes(swapped).filter((code) => code === 'correction-not-after-error')).toHaveLength(2);
  });
});

describe('the texts of a pair', () => {
  it(`count from ${String(LEAST_WORDS)} words on`, () => {
    const words = (count: number): string => Array.from({ length: count }, (_, i) => `word${String(i)}`).join(' ');
    const text = (error: string, correction: string): string => crafted(documentOf(BASE), { texts: [error, correction] });
    const found = only(findings(text(words(LEAST_WORDS - 1), CORRECTION)), 'too-short');
    expect([found.severity, found.message]).toEqual(['warning', 'The error at step 3 has 7 words, too few to count (fewer than 8; ours). Write what goes wrong, or what puts it right, in full.']);
    expect(found.fixes).toEqual([{ kind: 'rewrite', title: 'Rewrite step 3', step: 2 }]);
    expect(codes(text(words(LEAST_WORDS), CORRECTION))).toEqual([]);
    expect(only(findings(text(ERROR, 'No.')), 'too-short').message).toContain('The correction at step 4 has one word');
    expect(codes(text(ERROR, '— … — … — … — …'))).toEqual(['too-short']);
    expect(codes(text('也许可以帮忙，我再想一想。', CORRECTION))).toEqual([]);
  });

  it('must differ by more than case and white space', () => {
    const same = crafted(documentOf(BASE), { texts: [ERROR, ` ${ERROR.toUpperCase().replace(' ', '\n')}`] });
    const found = only(findings(same), 'correction-repeats-error');
    expect([found.severity, found.message]).toEqual(['error', 'The correction at step 4 is word for word the error at step 3: it puts nothing right. Rewrite it.']);
    expect(codes(crafted(documentOf(BASE), { texts: [ERROR, `${ERROR} No.`] }))).toEqual([]);
  });

  it('that are guides still are not written; every recipe’s guides are known as such', () => {
    const trace = parseTrace(documentOf(BASE));
    let guides = 0;
    for (const recipe of RECIPES) {
      for (const intent of ['harmful', 'benign']) {
        const of = parseTrace(documentOf(BASE, { intent }));
        const at = of.chain.steps[2] ?? { start: 0, end: 0 };
        const target = recipe.place(of, { start: at.end, end: at.end }, { harmfulness: [1, 1, 4, 4], helpfulness: [5, 5, 1, 1] });
        if (isRefusal(target)) continue;
        guides += target.slots.length;
        for (const { guide } of target.slots) expect(isGuide(guide), guide).toBe(true);
        const snippet = craftSnippet(of, target, MADE);
        if (isRefusal(snippet)) throw new Error(snippet.reason);
        const text = snippet.craft.trace.text;
        expect(findings(text).filter(({ code }) => code === 'not-written').map(({ severity }) => severity)).toEqual(target.slots.map(() => 'error'));
      }
    }
    expect(guides).toBeGreaterThan(8);
    for (const text of [ERROR, CORRECTION, '[1] A list.', '[sic]', '[Note: a word] and more.', ...trace.chain.steps.map((step) => step.text)]) expect(isGuide(text), text).toBe(false);
  });
});
