import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { craftEdit } from '../../../src/craft/craftEdit';
import { isRefusal, type Slot } from '../../../src/craft/recipe';
import { parseTrace } from '../../../src/trace/parseTrace';
import { injectedOf, type InjectedRole } from '../../../src/trace/provenance';
import { withEdits } from '../../../src/trace/textEdit';
import type { Trace } from '../../../src/trace/trace';

const PAIR: readonly Slot[] = [
  { name: 'temptation', role: 'error', guide: '[a]', steps: 'one' },
  { name: 'correction', role: 'correction', guide: '[b]', steps: 'one' },
];
const draws = (count: number): { numRuns: number } => ({ numRuns: count * Number(process.env['COT_LENS_DRAWS'] ?? 1) });
/** Few, so that steps often have the text of others. */
const word = fc.constantFrom('One.', 'Two.', 'Three\nlines of it.', '四。', 'Five: {a}, [b] # c');

/** What stands in the text, step by step, beside what it says of itself: `mark` is known to the test alone. */
interface Told {
  readonly text: string;
  readonly mark: string | undefined;
  readonly role: InjectedRole | undefined;
}

interface State {
  readonly trace: Trace;
  readonly told: readonly Told[];
}

const base = (texts: readonly string[]): State => ({
  trace: parseTrace(`---\nintent: harmful # mine\n---\nQ\n\n<think>\n${texts.join('\n\n')}\n</think>\n\nNo.\n`),
  told: texts.map((text) => ({ text, mark: undefined, role: undefined })),
});

/** Another pair, its texts like any others. */
function withPair({ trace, told }: State, at: number, texts: readonly [string, string], name: string): State {
  const k = 1 + (at % trace.chain.steps.length);
  const crafted = craftEdit(trace, { from: k, to: k, slots: PAIR }, texts, { recipe: 'temptation-correction', by: name });
  if (isRefusal(crafted)) throw new Error(crafted.reason);
  const pair = texts.map((text, i): Told => ({ text, mark: name, role: PAIR[i]?.role }));
  return { trace: crafted.trace, told: told.toSpliced(k, 0, ...pair) };
}

/** The text with this step changed in it, as typing does. */
function typed({ trace, told }: State, step: number, text: string, mark = told[step]?.mark): State {
  const { start = 0, end = 0 } = trace.chain.steps[step] ?? {};
  const now = parseTrace(withEdits(trace.text, [{ start, end, text }]));
  return { trace: now, told: told.with(step, { text, mark, role: told[step]?.role }) };
}

function typedBehind({ trace, told }: State, step: number, text: string): State {
  const { end = 0 } = trace.chain.steps[step] ?? {};
  return { trace: parseTrace(withEdits(trace.text, [{ start: end, end, text: `\n\n${text}` }])), told: told.toSpliced(step + 1, 0, { text, mark: undefined, role: undefined }) };
}

function deleted({ trace, told }: State, step: number): State {
  const { start = 0, end = 0 } = trace.chain.steps[step] ?? {};
  return { trace: parseTrace(withEdits(trace.text, [{ start, end, text: '' }])), told: told.toSpliced(step, 1) };
}

const found = ({ trace }: State): (readonly [number, InjectedRole, string | undefined])[] => injectedOf(trace).steps.map(({ step, role, by }) => [step, role, by]);
const expected = ({ told }: State): (readonly [number, InjectedRole, string | undefined])[] =>
  told.flatMap(({ mark, role }, i) => (role === undefined ? [] : [[i, role, mark] as const]));
const copies = ({ told }: State, text: string): number => told.filter((step) => step.text === text).length;
const ownTexts = ({ told }: State): Set<string> => new Set(told.flatMap(({ text, role }) => (role === undefined ? [] : [text])));

const started = fc.tuple(fc.array(word, { minLength: 1, maxLength: 5 }), fc.array(fc.tuple(fc.nat(), word, word), { minLength: 1, maxLength: 4 })).map(([texts, pairs]) => {
  let state = base(texts);
  for (const [i, [at, first, second]] of pairs.entries()) state = withPair(state, at, [first, second], `pair ${String(i)}`);
  return state;
});

describe('provenance', { timeout: 60_000 }, () => {
  it('names the right steps where their texts stand elsewhere too, also after more pairs', () => {
    fc.assert(
      fc.property(started, (state) => {
        expect(state.trace.chain.steps.map(({ text }) => text)).toEqual(state.told.map(({ text }) => text));
        expect(found(state)).toEqual(expected(state));
        expect(injectedOf(state.trace).lost).toEqual([]);
      }),
      draws(60),
    );
  });

  it('names the right steps after any edits elsewhere', () => {
    const edit = fc.tuple(fc.constantFrom('change', 'add', 'copy', 'delete', 'pair'), fc.nat(), fc.nat(), word);
    let done = 0;
    fc.assert(
      fc.property(started, fc.array(edit, { minLength: 1, maxLength: 6 }), (first, edits) => {
        let state = first;
        for (const [i, [kind, at, other, text]] of edits.entries()) {
          const step = at % state.told.length;
          const { role, text: was = '' } = state.told[step] ?? {};
          const own = ownTexts(state);
          if (kind === 'pair') state = withPair(state, at, [text, `Right ${String(i)}.`], `later ${String(i)}`);
          else if (kind === 'add') state = typedBehind(state, step, `New ${String(i)}.`);
          else if (kind === 'copy') {
            const copied = state.told[other % state.told.length]?.text ?? '';
            if (own.has(copied)) continue;
            state = typedBehind(state, step, copied);
          } else {
            // A step whose text an injected one has counts for where that one stands.
            if (role !== undefined || own.has(was)) continue;
            state = kind === 'change' ? typed(state, step, `${was} More ${String(i)}.`) : deleted(state, step);
          }
          done++;
          expect(state.trace.chain.steps.map((now) => now.text)).toEqual(state.told.map((now) => now.text));
          expect(found(state)).toEqual(expected(state));
        }
        expect(injectedOf(state.trace).lost).toEqual([]);
      }),
      draws(60),
    );
    expect(done).toBeGreaterThan(60);
  });

  it('says that a step is lost after an edit inside it, and goes on naming all that it does not concern', () => {
    fc.assert(
      fc.property(started, fc.nat(), (state, pick) => {
        const own = state.told.flatMap(({ role }, i) => (role === undefined ? [] : [i]));
        const step = own[pick % own.length] ?? 0;
        const { text = '', mark, role } = state.told[step] ?? {};
        const now = typed(state, step, `${text} Typed here.`);
        const lost = injectedOf(now.trace).lost;
        const mine = lost.find(({ read }) => read?.by === mark && read?.role === role);
        expect(mine?.why).toBe(copies(state, text) === 1 ? 'gone' : 'ambiguous');
        // Those with the same text are uncertain with it; all others are named as before.
        const concerned = new Set(now.told.flatMap((told, i) => (told.text === text || i === step ? [i] : [])));
        expect(found(now)).toEqual(expected(now).filter(([i]) => !concerned.has(i)));
        expect(lost.length + found(now).length).toBe(own.length);
      }),
      draws(60),
    );
  });

  it('says that it is ambiguous once another step has the same text, and finds it again when that is gone', () => {
    fc.assert(
      fc.property(started, fc.nat(), fc.nat(), (state, pick, at) => {
        const own = state.told.flatMap(({ role }, i) => (role === undefined ? [] : [i]));
        const { text = '' } = state.told[own[pick % own.length] ?? 0] ?? {};
        const behind = at % state.told.length;
        const now = typedBehind(state, behind, text);
        const { lost } = injectedOf(now.trace);
        expect(lost.length).toBeGreaterThan(0);
        expect(lost.map(({ why }) => why)).toEqual(lost.map(() => 'ambiguous'));
        expect(found(now)).toEqual(expected(now).filter(([i]) => now.told[i]?.text !== text));
        expect(found(deleted(now, behind + 1))).toEqual(expected(state));
      }),
      draws(60),
    );
  });
});
