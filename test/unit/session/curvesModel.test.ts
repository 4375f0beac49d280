import { describe, expect, it } from 'vitest';
import { DEFAULT_SHAPE_RULES } from '../../../src/curve/shapeRules';
import type { JudgeIdentity } from '../../../src/judge/judge';
import { identityKey, type ScoreRecord } from '../../../src/judge/scoreRecord';
import { ScoreShard } from '../../../src/judge/scoreShard';
import { answerSeen, seenKeys, textChain } from '../../../src/judge/textChain';
import { BeforeEdit } from '../../../src/session/beforeEdit';
import { comparisonModel } from '../../../src/session/comparisonModel';
import { curvesModel } from '../../../src/session/curvesModel';
import { exchangeText, shortBody } from '../../../src/session/exchangeText';
import { seenAt } from '../../../src/session/exchangesOf';
import { stepSaid } from '../../../src/session/stepSaid';
import { TraceStore } from '../../../src/session/traceStore';
import type { TraceState } from '../../../src/session/traceState';
import { parseTrace } from '../../../src/trace/parseTrace';
import type { Score } from '../../../src/trace/verdict';
import { curvesModel as schema } from '../../../webview/messages';
import { PERSON } from './scoring';

const URI = 'file:///one.cot';
const MODEL: JudgeIdentity = { judge: 'endpoint', label: 'A model', model: 'm-1', protocol: 'prefix', rubric: 'r-1', earnsNames: true };
const WHOLE: JudgeIdentity = { ...MODEL, protocol: 'whole-trace' };

const trace = (...steps: string[]): string => `---\nintent: harmful\n---\nA prompt.\n\n<think>\n${steps.join('\n\n')}\n</think>\n\nAn answer.\n`;

/** Adds a verdict of a judge on every step of a text. */
function score(shard: ScoreShard, text: string, judge: JudgeIdentity, scores: readonly Score[], more: Partial<ScoreRecord> = {}): void {
  const parsed = parseTrace(text);
  const [turn] = parsed.turns;
  const chain = textChain(turn.prompt?.text ?? '', turn.steps.map((step) => step.text));
  const keys = seenKeys(judge.protocol, chain, turn.answer?.text);
  const record = { v: 1, time: '2026-11-21T00:00:00.000Z', doc: 'one.cot', judge, intent: parsed.intent, splitter: parsed.splitter, reason: 'why' } as const;
  for (const [i, harmfulness] of scores.entries()) {
    shard.add({ ...record, target: 'step', step: i + 1, seen: keys.step(i), text: chain.own[i] ?? '', harmfulness, helpfulness: null, ...more });
  }
  shard.add({ ...record, target: 'answer', step: scores.length, seen: answerSeen(chain, turn.answer?.text ?? ''), text: 'answer', harmfulness: 1, helpfulness: null });
}

function open(text: string, fill: (shard: ScoreShard) => void): { store: TraceStore; before: BeforeEdit; state: () => TraceState } {
  const shard = new ScoreShard();
  fill(shard);
  const store = new TraceStore(() => shard);
  const before = new BeforeEdit(store);
  store.update(URI, 1, text);
  return {
    store,
    before,
    state: () => {
      const state = store.get(URI);
      if (state === undefined) throw new Error('not open');
      return state;
    },
  };
}

const shown = (state: TraceState, overlay: string[] = [], before?: BeforeEdit) =>
  curvesModel(state, { doc: 'one.cot', overlay, rules: DEFAULT_SHAPE_RULES, before: before?.of(state) });

describe('what the Curves page is sent', () => {
  const text = trace('One.', 'Two.', 'Three.', 'Four.');

  it('is the shown judge first, then those laid over it, and everybody who could be', () => {
    const { state } = open(text, (shard) => {
      score(shard, text, PERSON, [1, 5, 1, 1]);
      score(shard, text, MODEL, [1, 4, null, 2]);
    });
    const first = state().judge;
    const other = first === PERSON ? MODEL : PERSON;
    const made = shown(state(), [identityKey(other), 'nobody', identityKey(other)]);
    expect(made.judges.map(({ key }) => key)).toEqual([identityKey(first ?? MODEL), identityKey(other)]);
    expect(made.choices).toHaveLength(2);
    const model = made.judges.find(({ judge }) => judge === 'endpoint');
    expect(model?.harmfulness.scores).toEqual([1, 4, null, 2]);
    expect(model?.harmfulness.n).toBe(3);
    expect(model?.answer).toEqual({ harmfulness: 1, helpfulness: null, stale: false });
    expect(model?.name).toBe('A model, prefix');
    expect(made.thresholds).toEqual({ low: 2, high: 4 });
  });

  it('fits the schema that the page checks it by, through JSON', () => {
    const { state } = open(text, (shard) => {
      score(shard, text, MODEL, [1, 4, null, 2]);
    });
    const made = shown(state());
    expect(schema.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
  });

  it('says so where nobody has scored', () => {
    const { state } = open(text, () => undefined);
    expect(shown(state())).toMatchObject({ judges: [], choices: [], before: null, steps: 4 });
  });

  it('sums samples up, those without a score apart', () => {
    const samples = [
      { harmfulness: 1, helpfulness: null, reason: '' },
      { harmfulness: 4, helpfulness: null, reason: '' },
      { harmfulness: null, helpfulness: null, reason: '' },
    ] as const;
    const { state } = open(text, (shard) => {
      score(shard, text, MODEL, [1, 1, 1, 1], { samples });
    });
    const [judge] = shown(state()).judges;
    expect(judge?.harmfulness.spread).toEqual({ n: [2, 2, 2, 2], mean: [2.5, 2.5, 2.5, 2.5], low: [1, 1, 1, 1], high: [4, 4, 4, 4] });
    expect(judge?.helpfulness.spread?.n).toEqual([0, 0, 0, 0]);
    expect(judge?.helpfulness.spread?.mean).toEqual([null, null, null, null]);
  });

  it('marks as stale exactly what an edit made stale, and for a whole-trace judge everything', () => {
    const { store, state } = open(text, (shard) => {
      score(shard, text, MODEL, [1, 4, 3, 2]);
      score(shard, text, WHOLE, [1, 4, 3, 2]);
    });
    store.show(URI, identityKey(MODEL));
    store.update(URI, 2, trace('One.', 'Two.', 'Three, edited.', 'Four.'));
    const made = shown(state(), [identityKey(WHOLE)]);
    expect(made.judges[0]?.stale).toEqual([2, 4]);
    // Laid over, the edited step itself has no verdict of its own to be matched by; the others are stale.
    expect(made.judges[1]?.stale).toEqual([0, 2, 3, 4]);
  });
});

describe('the curve before an edit', () => {
  const text = trace('One.', 'Two.', 'Three.', 'Four.');
  const edited = trace('One.', 'Two.', 'A new step.', 'Three.', 'Four.');

  it('is the last wholly fresh one, its steps where they stand now', () => {
    const { store, before, state } = open(text, (shard) => {
      score(shard, text, MODEL, [1, 4, 3, 2]);
    });
    expect(before.of(state())).toBeUndefined();
    store.update(URI, 2, edited);
    expect(before.of(state())).toEqual({ harmfulness: [1, 4, null, 3, 2], helpfulness: [null, null, null, null, null], steps: 4 });
    // Undo: the text is what it was, and there is no other before it.
    store.update(URI, 3, text);
    expect(before.of(state())).toBeUndefined();
  });

  it('stays when the edited text is scored anew, until that is edited', () => {
    const shard = new ScoreShard();
    score(shard, text, MODEL, [1, 4, 3, 2]);
    const store = new TraceStore(() => shard);
    const before = new BeforeEdit(store);
    const state = (): TraceState => store.get(URI) as TraceState;
    store.update(URI, 1, text);
    store.update(URI, 2, edited);
    score(shard, edited, MODEL, [1, 4, 5, 5, 5]);
    store.show(URI, identityKey(MODEL));
    expect(state().verdicts.every((joined) => joined?.stale === false)).toBe(true);
    expect(before.of(state())?.harmfulness).toEqual([1, 4, null, 3, 2]);
    store.update(URI, 3, trace('One.', 'Two, too.', 'A new step.', 'Three.', 'Four.'));
    expect(before.of(state())?.harmfulness).toEqual([1, 4, 5, 5, 5]);
  });

  it('is not of a half-scored text, and goes with the document', () => {
    const half = new ScoreShard();
    score(half, trace('One.', 'Two.'), MODEL, [1, 2]);
    const store = new TraceStore(() => half);
    const before = new BeforeEdit(store);
    store.update(URI, 1, text);
    store.update(URI, 2, edited);
    expect(before.of(store.get(URI) as TraceState)).toBeUndefined();
    store.close(URI);
    store.update(URI, 3, text);
    expect(before.of(store.get(URI) as TraceState)).toBeUndefined();
    before.dispose();
  });
});

describe('what is said of a step', () => {
  const text = trace('One.', 'Two.', 'Three.');

  it('is its text with a judge’s reason', () => {
    const { state } = open(text, (shard) => {
      score(shard, text, MODEL, [1, 2, 3]);
    });
    expect(stepSaid(state(), 1, undefined)).toEqual({ text: 'Two.', reason: 'why', time: '2026-11-21T00:00:00.000Z' });
    expect(stepSaid(state(), 'answer', identityKey(MODEL))?.text).toBe('An answer.');
    expect(stepSaid(state(), 9, undefined)).toBeUndefined();
  });

  it('is hidden while somebody scores by hand', () => {
    const { store, state } = open(text, (shard) => {
      score(shard, text, PERSON, [1, 2, 3]);
    });
    store.setBlind(URI, { judge: identityKey(PERSON), hiddenFrom: 1 });
    expect(stepSaid(state(), 0, undefined)?.text).toBe('One.');
    expect(stepSaid(state(), 1, undefined)?.text).not.toContain('Two');
    expect(stepSaid(state(), 'answer', undefined)?.text).not.toContain('An answer');
  });

  it('is found under the hash of the verdict that is shown', () => {
    const { store, state } = open(text, (shard) => {
      score(shard, text, MODEL, [1, 2, 3]);
    });
    const fresh = seenAt(state(), 1, MODEL);
    expect(fresh).toBe(state().chain.seen[1]);
    store.update(URI, 2, trace('Edited.', 'Two.', 'Three.'));
    // Stale: what was sent then is still what the shown verdict came of.
    expect(seenAt(state(), 1, MODEL)).toBe(fresh);
    expect(seenAt(state(), 7, MODEL)).toBeUndefined();
  });
});

describe('what was sent, to be read', () => {
  const sent = JSON.stringify({ model: 'm-1', messages: [{ role: 'system', content: 'Frame.\nRubric.' }, { role: 'user', content: '{"step":1,"text":"<b>"}' }] });

  it('is laid out first, then exactly as it went', () => {
    const read = exchangeText({ time: 'T', exchanges: [{ sent, received: '{"a":1}', status: 200 }] }, 'What it was sent');
    expect(read).toContain('"model": "m-1"');
    expect(read).toContain('[system]\nFrame.\nRubric.');
    expect(read).toContain('HTTP status 200');
    expect(read).toContain(`\n\n${sent}\n\n`);
    expect(read.endsWith('{"a":1}\n')).toBe(true);
  });

  it('lays the events of a stream out, and tells apart several exchanges', () => {
    const stream = 'data: {"choices":[{"delta":{"content":"4"}}]}\n\ndata: [DONE]\n';
    const read = exchangeText({ time: 'T', fault: 'broken-reply', exchanges: [{ sent: 'x', received: stream }, { sent: undefined, problem: 'its beginning is lost', received: '' }] }, 'H');
    expect(read).toContain('"content": "4"');
    expect(read).toContain(stream);
    expect(read).toContain('Request 2 of 2');
    expect(read).toContain('its beginning is lost');
    expect(read).toContain('(nothing came back)');
    expect(read).toContain('no verdict came of it: broken-reply');
  });

  it('is cut where it is shown in short, with a note of how much', () => {
    expect(shortBody('abcdef', 3)).toBe('abc\n… 3 characters more');
    expect(shortBody('abc', 3)).toBe('abc');
  });
});

describe('a comparison on its way to the page', () => {
  it('says null where there is no figure, and how many differences it leaves out', () => {
    const none = { value: NaN, low: NaN, high: NaN };
    const one = { value: 0.5, low: NaN, high: NaN };
    const differences = Array.from({ length: 700 }, (_, step) => ({ uri: URI, doc: 'one.cot', step, series: 'harmfulness' as const, a: 1 as const, b: 5 as const }));
    const made = comparisonModel(
      { a: PERSON, b: MODEL, traces: 1, series: [{ series: 'harmfulness', steps: 4, kappa: one, meanAbsoluteDifference: one, bias: none }], sameShape: none, shapedTraces: 0, differences },
      new Map([[identityKey(MODEL), { series: 'harmfulness', kappa: 0.7, n: 30, day: '2026-11-21', who: 'you' }]]),
    );
    expect(made.series[0]?.kappa).toEqual({ value: 0.5, low: null, high: null });
    expect(made.series[0]?.bias).toEqual({ value: null, low: null, high: null });
    expect(made.differing).toBe(700);
    expect(made.differences).toHaveLength(500);
    expect(made.b).toContain('κ 0.70 with you');
  });
});
