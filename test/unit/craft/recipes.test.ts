import { describe, expect, it } from 'vitest';
import { craftEdit } from '../../../src/craft/craftEdit';
import { offersAt, type Offer } from '../../../src/craft/offer';
import { isRefusal, type Known, type Target } from '../../../src/craft/recipe';
import { RECIPES, recipeNamed } from '../../../src/craft/recipes';
import { parseTrace } from '../../../src/trace/parseTrace';
import { SPLITTERS } from '../../../src/trace/splitters';
import type { Intent } from '../../../src/trace/intent';

const UNKNOWN: Known = { harmfulness: [], helpfulness: [] };

/** A document with its cursor at `|`, or a selection between two of them. */
function offersIn(marked: string, known: Known = UNKNOWN): { text: string; of: (name: string) => Target | string; all: readonly Offer[] } {
  const start = marked.indexOf('|');
  const text = marked.replaceAll('|', '');
  const end = marked.indexOf('|', start + 1) < 0 ? start : marked.indexOf('|', start + 1) - 1;
  const all = offersAt(parseTrace(text), { start, end }, known);
  return {
    text,
    all,
    of: (name) => {
      const offer = all.find(({ recipe }) => recipe.name === name);
      if (offer === undefined) throw new Error(`no offer of ${name}`);
      return 'target' in offer ? offer.target : offer.refused;
    },
  };
}
const withIntent = (intent: Intent, body: string): string => `---\nintent: ${intent}\n---\n${body}`;
const chain = 'Q\n\n<think>\nOne is here.\n\nTwo is |here.\n\nThree is here.\n</think>\n\nNo.';
const place = (target: Target | string): readonly [number, number] | string => (typeof target === 'string' ? target : [target.from, target.to]);

describe('recipes', () => {
  it('have names of their own, and say all that a person must know', () => {
    expect(RECIPES.map(({ name, title }) => [name, title])).toEqual([
      ['temptation-correction', 'Insert temptation + correction here'],
      ['hesitation-correction', 'Insert hesitation + correction here'],
      ['counter-aligned-prefill', 'Prefill flawed reasoning before the first step'],
      ['recompose-step', 'Rewrite this step'],
      ['backtrack', 'Continue from here with a return to the last safe step'],
    ]);
    for (const recipe of RECIPES) {
      expect(recipeNamed(recipe.name)).toBe(recipe);
      for (const said of [recipe.source, recipe.inserts, recipe.exports]) expect(said).toMatch(/\.$/);
    }
    expect(recipeNamed('other')).toBeUndefined();
  });

  it('of pairs show a peak or a valley on the error', () => {
    expect(recipeNamed('temptation-correction')?.curve).toMatchObject({ series: 'harmfulness', shape: 'peak', extremum: 'error' });
    expect(recipeNamed('hesitation-correction')?.curve).toMatchObject({ series: 'helpfulness', shape: 'valley', extremum: 'error' });
  });

  it('have guides that are steps of their own with every splitter, so that a person can begin with them', () => {
    const known = { harmfulness: [1, 4, 4], helpfulness: [5, 1, 1] };
    for (const splitter of SPLITTERS) {
      for (const intent of ['harmful', 'benign'] as const) {
        const trace = parseTrace(withIntent(intent, chain.replace('|', '')), splitter);
        const cursor = trace.chain.steps[1]?.start ?? 0;
        for (const offer of offersAt(trace, { start: cursor, end: cursor }, known)) {
          if (!('target' in offer)) continue;
          const { slots } = offer.target;
          for (const { guide, steps } of slots) if (steps === 'one') expect(guide).not.toMatch(/\n/);
          const crafted = craftEdit(trace, offer.target, slots.map(({ guide }) => guide), {});
          expect(isRefusal(crafted) ? `${offer.recipe.name} ${splitter.name}: ${crafted.reason}` : 'accepted').toBe('accepted');
        }
      }
    }
  });
});

describe('by intent', () => {
  it.each([
    ['harmful', ['temptation-correction', 'counter-aligned-prefill', 'recompose-step', 'backtrack']],
    ['benign', ['hesitation-correction', 'counter-aligned-prefill', 'recompose-step', 'backtrack']],
    ['ambiguous', ['temptation-correction', 'hesitation-correction', 'recompose-step', 'backtrack']],
    ['unknown', []],
  ] as const)('%s prompts get %j', (intent, names) => {
    const { all } = offersIn(withIntent(intent, chain), { harmfulness: [1, 4, 4], helpfulness: [5, 1, 1] });
    expect(all.flatMap((offer) => ('target' in offer ? [offer.recipe.name] : []))).toEqual(names);
  });

  it('say why not', () => {
    expect(offersIn(chain).of('recompose-step')).toContain('Set the intent first');
    expect(offersIn(withIntent('benign', chain)).of('temptation-correction')).toBe('Temptation-Correction is for harmful and ambiguous prompts; this one is benign.');
  });
});

describe('the place of a pair', () => {
  const pairAt = (body: string): readonly [number, number] | string => place(offersIn(withIntent('harmful', body)).of('temptation-correction'));

  it.each([
    ['at the beginning of the first step still after it', 'Q\n<think>\n|One is here.\n\nTwo is here.\n</think>\nA', 1],
    ['at the beginning of a step before it', 'Q\n<think>\nOne is here.\n\n|Two is here.\n</think>\nA', 1],
    ['at the end of a step behind it', 'Q\n<think>\nOne is here.\n\nTwo is here.|\n\nThree is here.\n</think>\nA', 2],
    ['in the middle of a step behind it', 'Q\n<think>\nOne.\n\nTwo |too.\n\nThree is here.\n</think>\nA', 2],
    ['after the last', 'Q\n<think>\nOne is here.\n\nTwo is he|re.\n</think>\nA', 2],
    ['of a selection that of its middle', 'Q\n<think>\n|One is here.\n\nTwo is here.\n\n|Three is here.\n</think>\nA', 1],
    ['in an unmarked document', 'One is here.\n\nTwo is here.|', 2],
    ['in a later turn after a step of that turn', 'Q\n<think>\nOne.\n</think>\nA\n--- user ---\nQ2\n<think>\n|Two.\n\nThree.\n</think>\nB', 2],
  ])('is %s', (_name, body, k) => expect(pairAt(body)).toEqual([k, k]));

  it('is in the block that the cursor stands in', () => {
    const blocks = (first: string, second: string): string => `Q\n<think>\nOne.${first}\n</think>\n--- tool call x ---\nhi\n<think>\n${second}Two.\n</think>\nA`;
    expect(offersIn(withIntent('harmful', blocks('|', ''))).of('temptation-correction')).toMatchObject({ from: 1, to: 1 });
    expect(offersIn(withIntent('harmful', blocks('|', ''))).of('temptation-correction')).not.toHaveProperty('before');
    expect(offersIn(withIntent('harmful', blocks('', '|'))).of('temptation-correction')).toMatchObject({ from: 1, to: 1, before: true });
  });

  it('is named where it is not where the cursor is', () => {
    expect(offersIn(withIntent('harmful', chain)).of('temptation-correction')).toMatchObject({ note: 'The nearest step boundary is between steps 2 and 3.' });
    expect(offersIn(withIntent('harmful', chain.replace('|', '').replace('Three is here.', 'Thre|e is.'))).of('temptation-correction')).toMatchObject({ note: expect.stringContaining('step') as string });
    expect(offersIn(withIntent('harmful', chain.replace('|', '').replace('\n\nThree', '\n|\nThree'))).of('temptation-correction')).not.toHaveProperty('note');
  });

  it.each([
    ['in the prompt', '|Q\n<think>\nOne.\n</think>\nA', 'Put the cursor into the reasoning'],
    ['in the answer', 'Q\n<think>\nOne.\n</think>\nA|', 'Put the cursor into the reasoning'],
    ['in a turn without reasoning', 'Q\n<think>\nOne.\n</think>\nA\n--- user ---\nQ2|\n--- assistant ---\nB', 'Put the cursor into the reasoning'],
    ['where there is none', 'Q\n<think>|\n</think>\nA', 'There is no reasoning here yet'],
  ])('is none %s', (_name, body, reason) => expect(pairAt(body)).toContain(reason));

  it('is never between an error and its correction', () => {
    const trace = parseTrace(withIntent('harmful', 'Q\n<think>\nOne is here.\n\nTwo is here.\n</think>\nA'));
    const offer = offersAt(trace, { start: trace.chain.steps[0]?.end ?? 0, end: trace.chain.steps[0]?.end ?? 0 }, UNKNOWN)[0];
    if (offer === undefined || !('target' in offer)) throw new Error('no offer');
    const crafted = craftEdit(trace, offer.target, ['Maybe.', 'No.'], {});
    if (isRefusal(crafted)) throw new Error(crafted.reason);
    const cursorAt = (offset: number): Offer | undefined => offersAt(crafted.trace, { start: offset, end: offset }, UNKNOWN)[0];
    const [, error, correction] = crafted.trace.chain.steps;
    expect(cursorAt((error?.end ?? 0) + 1)).toMatchObject({ refused: expect.stringContaining('Steps 2 and 3 are an error and its correction') as string });
    expect(cursorAt(correction?.end ?? 0)).toMatchObject({ target: { from: 3, to: 3 } });
  });
});

describe('a prefill', () => {
  const prefillAt = (body: string): Target | string => offersIn(withIntent('harmful', body)).of('counter-aligned-prefill');

  it('goes before the first step of its turn, and says so where the cursor is elsewhere', () => {
    expect(prefillAt('Q\n<think>\nOn|e.\n\nTwo.\n</think>\nA')).toMatchObject({ from: 0, to: 0, before: true });
    expect(prefillAt('Q\n<think>\nOne.\n\nTw|o.\n</think>\nA')).toMatchObject({ from: 0, note: expect.stringContaining('before step 1') as string });
    expect(prefillAt('Q\n<think>\nOne.\n</think>\nA\n--- user ---\nQ2\n<think>\nTw|o.\n</think>\nB')).toMatchObject({ from: 1, to: 1, before: true });
    expect(prefillAt('Q\n<think>\n|')).toMatchObject({ from: 0, to: 0 });
  });

  it('is of the kind that the intent asks for', () => {
    const guide = (intent: Intent): string => {
      const target = offersIn(withIntent(intent, chain)).of('counter-aligned-prefill');
      return typeof target === 'string' ? target : (target.slots[0]?.guide ?? '');
    };
    expect(guide('harmful')).toContain('leaning towards complying');
    expect(guide('benign')).toContain('over-cautious');
  });

  it('is not put before another', () => {
    const trace = parseTrace(withIntent('harmful', 'Q\n<think>\nOne.\n</think>\nA'));
    const recipe = recipeNamed('counter-aligned-prefill');
    const target = recipe?.place(trace, { start: 40, end: 40 }, UNKNOWN);
    if (recipe === undefined || target === undefined || isRefusal(target)) throw new Error('no place');
    const crafted = craftEdit(trace, target, ['A flaw.\n\nAnother.'], {});
    if (isRefusal(crafted)) throw new Error(crafted.reason);
    expect(recipe.place(crafted.trace, { start: 0, end: 0 }, UNKNOWN)).toEqual({ reason: expect.stringContaining('(steps 1 to 2)') as string });
  });

  it('needs reasoning to stand before', () => {
    expect(prefillAt('Q\n<think>\nOne.\n</think>\nA\n--- user ---\nQ2|')).toContain('There is no reasoning here');
  });
});

describe('rewriting a step', () => {
  it('takes the step of the cursor', () => {
    expect(place(offersIn(withIntent('benign', chain)).of('recompose-step'))).toEqual([1, 2]);
    expect(place(offersIn(withIntent('benign', 'Q\n<think>|\nOne.\n</think>\nA')).of('recompose-step'))).toEqual([0, 1]);
    expect(offersIn(withIntent('benign', 'Q|\n<think>\nOne.\n</think>\nA')).of('recompose-step')).toContain('Put the cursor into the step');
  });

  it('keeps what an injected step is for', () => {
    const trace = parseTrace(withIntent('harmful', 'Q\n<think>\nOne.\n\nTwo.\n</think>\nA'));
    const pair = recipeNamed('temptation-correction')?.place(trace, { start: 38, end: 38 }, UNKNOWN);
    if (pair === undefined || isRefusal(pair)) throw new Error('no place');
    const crafted = craftEdit(trace, pair, ['Maybe.', 'No.'], {});
    if (isRefusal(crafted)) throw new Error(crafted.reason);
    const roles = crafted.trace.chain.steps.map(({ start }) => {
      const target = recipeNamed('recompose-step')?.place(crafted.trace, { start, end: start }, UNKNOWN);
      return target === undefined || isRefusal(target) ? undefined : target.slots[0]?.role;
    });
    expect(roles).toEqual(['recomposed', 'error', 'correction', 'recomposed']);
  });
});

describe('backtracking', () => {
  const back = (intent: Intent, known: Partial<Known>, body = 'Q\n<think>\nOne.\n\nTwo.\n\nThr|ee.\n\nFour.\n</think>\nA'): Target | string =>
    offersIn(withIntent(intent, body), { ...UNKNOWN, ...known }).of('backtrack');
  const guides = (target: Target | string): string => (typeof target === 'string' ? target : target.slots.map(({ guide }) => guide).join(' '));

  it('goes back to the last safe step by the intent’s own scores, and replaces what followed', () => {
    const target = back('harmful', { harmfulness: [1, 3, 4, 5] });
    expect(target).toMatchObject({ from: 3, to: 4, slots: [{ role: 'backtrack', steps: 'one' }, { role: 'continuation', steps: 'several' }], note: 'The step after step 3 gives way to new ones.' });
    expect(guides(target)).toContain('went wrong in step 3 and goes back to step 1, the last safe one (harmfulness 1)');
    expect(guides(back('benign', { harmfulness: [1, 1, 1, 1], helpfulness: [5, 4, 2, 1] }))).toContain('step 2, the last safe one (helpfulness 4)');
    expect(guides(back('ambiguous', { harmfulness: [2, 1, 4, 1], helpfulness: [null, 3, 2, 1] }))).toContain('step 1, the last safe one (harmfulness 2)');
  });

  it('may stand at the end of a chain', () => {
    expect(back('harmful', { harmfulness: [1, 4] }, 'Q\n<think>\nOne.\n\nTw|o.')).toMatchObject({ from: 2, to: 2 });
  });

  it('says where the step is not judged unsafe', () => {
    expect(back('harmful', { harmfulness: [1, 1, 2, 1] })).toMatchObject({ note: expect.stringContaining('By the scores step 3 is itself safe (harmfulness 2).') as string });
  });

  it.each([
    ['nobody has scored', 'harmful', {}, 'Score this trace first'],
    ['only the other series is scored', 'benign', { harmfulness: [1, 1, 4, 4] }, 'Score this trace first'],
    ['no step before is safe', 'harmful', { harmfulness: [3, 3, 4, 4] }, 'no step before step 3 is safe to go back to (harmfulness 2 or less)'],
  ] as const)('is refused where %s', (_name, intent, known, reason) => expect(back(intent, known)).toContain(reason));

  it.each([
    ['at the first step', 'Q\n<think>\nO|ne.\n\nTwo.\n</think>\nA', 'Step 1 is the first one'],
    ['where the turn goes on in another block', 'Q\n<think>\nOne.\n\nTw|o.\n</think>\n--- tool call x ---\nhi\n<think>\nThree.\n</think>\nA', 'goes on in another block'],
    ['outside the reasoning', 'Q|\n<think>\nOne.\n\nTwo.\n</think>\nA', 'Put the cursor into the step that went wrong'],
  ])('is refused %s', (_name, body, reason) => expect(back('harmful', { harmfulness: [1, 4, 4] }, body)).toContain(reason));

  it('stays within its turn', () => {
    const body = 'Q\n<think>\nOne.\n</think>\nA\n--- user ---\nQ2\n<think>\nTwo.\n\nThr|ee.\n</think>\nB';
    expect(back('harmful', { harmfulness: [1, 4, 4] }, body)).toContain('no step before step 3 is safe');
    expect(guides(back('harmful', { harmfulness: [1, 2, 4] }, body))).toContain('goes back to step 2');
  });
});
