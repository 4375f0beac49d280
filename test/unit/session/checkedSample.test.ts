import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { TokensOfSample } from '../../../src/craft/checks/sampleCheck';
import { DEFAULT_SHAPE_RULES } from '../../../src/curve/shapeRules';
import type { JudgeIdentity } from '../../../src/judge/judge';
import { identityKey, type ScoreRecord } from '../../../src/judge/scoreRecord';
import { ScoreShard } from '../../../src/judge/scoreShard';
import { answerSeen, chainText } from '../../../src/judge/textChain';
import { checkedSample } from '../../../src/session/checkedSample';
import { answerTextHash } from '../../../src/session/joinVerdicts';
import { textOfSample } from '../../../src/session/sample';
import { SampleChecks } from '../../../src/session/sampleChecks';
import { SampleMemory } from '../../../src/session/sampleMemory';
import { TraceStore } from '../../../src/session/traceStore';
import { summaryLine } from '../../../src/session/traceSummary';
import { EventSource } from '../../../src/trace/event';
import { parseTrace } from '../../../src/trace/parseTrace';
import type { Score } from '../../../src/trace/verdict';
import { BASE, documentOf, ERROR, goodText, NAMED, OFFLINE } from '../craft/checkedSamples';

const URI = 'file:///a.cot';
const TOKENS: TokensOfSample = { limit: 8192, counted: { tokens: 10, by: 'tiny', estimated: false } };

/** What a judge says of a text: harmfulness by step, and of the answer. */
function scores(shard: ScoreShard, text: string, harmfulness: readonly Score[], ofAnswer?: Score, judge: JudgeIdentity = NAMED): void {
  const { chain, intent, splitter } = parseTrace(text);
  const known = chainText(chain);
  const record = (more: Pick<ScoreRecord, 'target' | 'step' | 'seen' | 'text' | 'harmfulness'>): ScoreRecord => ({
    ...{ v: 1, time: '2026-01-02T03:04:05.000Z', doc: 'a.cot', judge, intent, splitter, helpfulness: null, reason: '' },
    ...more,
  });
  for (const [i, score] of harmfulness.entries()) shard.add(record({ target: 'step', step: i + 1, seen: known.seen[i] ?? '', text: known.own[i] ?? '', harmfulness: score }));
  const answer = chain.answer?.text ?? '';
  if (ofAnswer !== undefined) shard.add(record({ target: 'answer', step: chain.steps.length, seen: answerSeen(known, answer), text: answerTextHash(answer), harmfulness: ofAnswer }));
}

function openStore(): { store: TraceStore; shard: ScoreShard } {
  const shard = new ScoreShard();
  const store = new TraceStore(() => shard);
  onTestFinished(() => {
    store.dispose();
  });
  return { store, shard };
}

/** The checks of what is open in a store; time is ours. */
function openChecks(store: TraceStore, tokens: (text: string) => TokensOfSample | undefined = () => TOKENS): { checks: SampleChecks; counted: EventSource<string | undefined>; changes: string[]; failed: unknown[] } {
  const counted = new EventSource<string | undefined>();
  const failed: unknown[] = [];
  const changes: string[] = [];
  const checks = new SampleChecks({ store, tokens: { of: (_uri, text) => tokens(text), onDidCount: counted.event }, rulesOf: () => DEFAULT_SHAPE_RULES, failed: (error) => failed.push(error) });
  checks.onDidChange((uri) => changes.push(uri));
  onTestFinished(() => {
    checks.dispose();
  });
  return { checks, counted, changes, failed };
}

describe('a sample as its checks see it', () => {
  const beside = { rules: DEFAULT_SHAPE_RULES, tokens: TOKENS, memory: new SampleMemory() };

  it('is none where nothing was injected, and none for who scores it by hand', () => {
    const { store, shard } = openStore();
    expect(checkedSample(store.update(URI, 1, documentOf(BASE)), beside)).toBeUndefined();
    scores(shard, goodText(), [1, 1, 4]);
    const state = store.update(URI, 2, goodText());
    expect(checkedSample(state, beside)).toBeDefined();
    store.setBlind(URI, { judge: identityKey(NAMED), hiddenFrom: 3 });
    expect(checkedSample(store.get(URI) ?? state, beside)).toBeUndefined();
  });

  it('has the fresh scores of the judge that is shown, and no stale one', () => {
    const { store, shard } = openStore();
    scores(shard, goodText(), [1, 1, 4, 1, 1, 1], 1);
    const sample = checkedSample(store.update(URI, 1, goodText()), beside);
    expect(sample).toMatchObject({ judge: NAMED, scores: { harmfulness: [1, 1, 4, 1, 1, 1] }, answer: { harmfulness: 1 }, recipe: { name: 'temptation-correction' }, tokens: TOKENS });
    const edited = checkedSample(store.update(URI, 2, goodText().replace(BASE[2] ?? '', 'I could say something else instead.')), beside);
    expect(edited?.scores.harmfulness).toEqual([1, 1, 4, 1, null, null]);
    expect(edited?.answer).toBeUndefined();
  });

  it('knows the base’s answer where the base was open before, until either answer is changed', () => {
    const { store } = openStore();
    const memory = new SampleMemory();
    const see = (version: number, text: string): boolean | undefined => {
      const state = store.update(URI, version, text);
      memory.follow(URI, state.trace);
      return checkedSample(state, { ...beside, memory })?.answerIsBases;
    };
    expect(see(1, documentOf(BASE))).toBeUndefined();
    expect(see(2, goodText())).toBe(true);
    expect(see(3, goodText().replace('I will not help', 'I will gladly help'))).toBe(false);
    expect(see(4, goodText())).toBe(true);
    expect(checkedSample(store.update(URI, 5, goodText()), beside)?.answerIsBases).toBeUndefined();
  });

  it('knows it too where somebody scored this answer on the chain without what was injected', () => {
    const { store, shard } = openStore();
    scores(shard, documentOf(BASE), [], 1, OFFLINE);
    expect(checkedSample(store.update(URI, 1, goodText()), beside)?.answerIsBases).toBe(true);
    expect(checkedSample(store.update(URI, 2, goodText().replace('I will not', 'I will')), beside)?.answerIsBases).toBeUndefined();
    expect(checkedSample(store.update(URI, 3, goodText().replace(BASE[3] ?? '', 'Another end of the chain.')), beside)?.answerIsBases).toBeUndefined();
  });

  it('is counted without its front matter and the white space around', () => {
    expect(textOfSample({ text: '\uFEFF---\nintent: harmful\n---\n\nQ\n<think>\nA\n</think>\nB\n\n' })).toBe('Q\n<think>\nA\n</think>\nB');
    expect(textOfSample({ text: ' A\n---\nB' })).toBe('A\n---\nB');
    expect(textOfSample({ text: '---\nunclosed' })).toBe('---\nunclosed');
  });
});

describe('the checks of what is open', () => {
  it('come a moment after an edit, once for many, and go with what was injected', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const { store } = openStore();
    const { checks, changes, failed } = openChecks(store);
    store.update(URI, 1, documentOf(BASE));
    store.update(URI, 2, goodText());
    store.update(URI, 3, goodText().replace(ERROR, 'Short.'));
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(150);
    await vi.waitFor(() => {
      expect(changes).toEqual([URI]);
    });
    expect(checks.of(URI)?.state.version).toBe(3);
    expect(checks.of(URI)?.findings.map(({ code }) => code)).toContain('provenance-lost');
    store.update(URI, 4, documentOf(BASE));
    expect([changes.length, checks.of(URI)]).toEqual([2, undefined]);
    expect(failed).toEqual([]);
  });

  it('can be had at once, remember where a lost step stood, and say nothing of plain traces', async () => {
    const { store } = openStore();
    const { checks } = openChecks(store);
    store.update(URI, 1, documentOf(BASE));
    expect(await checks.check(URI)).toBeUndefined();
    expect(await checks.check('file:///other.cot')).toBeUndefined();
    store.update(URI, 2, goodText());
    expect((await checks.check(URI))?.sample.answerIsBases).toBe(true);
    store.update(URI, 3, goodText().replace('Maybe it', 'Perhaps it').replace('No: that', 'No, no: that'));
    const lost = (await checks.check(URI))?.findings.filter(({ code }) => code === 'provenance-lost');
    expect(lost?.map(({ fixes }) => fixes.map(({ title }) => title.slice(0, 11)))).toEqual([['Mark step 3', 'Remove this'], ['Mark step 4', 'Remove this']]);
    store.close(URI);
    expect(checks.of(URI)).toBeUndefined();
  });

  it('are done anew when tokens were counted', async () => {
    const { store } = openStore();
    const known: TokensOfSample[] = [];
    const asked: string[] = [];
    const { checks, counted } = openChecks(store, (text) => {
      asked.push(text);
      return known[0];
    });
    store.update(URI, 1, goodText());
    expect((await checks.check(URI))?.findings.map(({ code }) => code)).not.toContain('too-long');
    expect(asked[0]).toMatch(/^How do I open[^]*please ask the owner\.$/);
    known.push({ limit: 9, counted: { tokens: 10, by: 'tiny', estimated: false } });
    counted.fire(URI);
    await vi.waitFor(() => {
      expect(checks.of(URI)?.findings.map(({ code }) => code)).toContain('too-long');
    });
  });

  it('give the badge only for exactly this text and this judge, and the CodeLens says it', async () => {
    const { store, shard } = openStore();
    const { checks } = openChecks(store);
    scores(shard, goodText(), [1, 1, 4, 1, 1, 1], 1);
    scores(shard, goodText(), [1, 1, 5, 1, 1, 1], 1, OFFLINE);
    store.update(URI, 1, goodText());
    store.show(URI, identityKey(NAMED));
    await checks.check(URI);
    const state = store.get(URI);
    if (state === undefined) throw new Error('not open');
    expect(summaryLine(state, checks.earnedOf(state))).toBe('▁▁▆▁▁▁ peak ✓ · harmfulness 4 at step 3 · GPT-4o, prefix');
    expect(summaryLine(state)).toBe('▁▁▆▁▁▁ peak · harmfulness 4 at step 3 · GPT-4o, prefix');
    store.show(URI, identityKey(OFFLINE));
    const offline = store.get(URI) ?? state;
    expect(checks.earnedOf(offline)).toBeUndefined();
    await checks.check(URI);
    expect(checks.earnedOf(offline)).toBeUndefined();
    store.show(URI, identityKey(NAMED));
    await checks.check(URI);
    expect(checks.earnedOf(store.get(URI) ?? state)).toBeDefined();
    expect(checks.earnedOf(store.update(URI, 2, goodText().replace('instead', 'rather')))).toBeUndefined();
  });
});
