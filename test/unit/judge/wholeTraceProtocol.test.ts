import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWholeTraceJudge, type Target, type WholeView } from '../../../src/judge/judge';
import { estimateScoring } from '../../../src/judge/model/estimate';
import { wholeRequests } from '../../../src/judge/model/requests';
import { VerdictStream } from '../../../src/judge/model/verdictStream';
import { wholeBlocks } from '../../../src/judge/model/window';
import { identityKey } from '../../../src/judge/scoreRecord';
import { TraceStore } from '../../../src/session/traceStore';
import { faults } from '../../harness/modelServer';
import { readJudgeRequest, scriptedReply } from '../../harness/scriptedJudge';
import { serve } from '../model/chats';
import { openLog, openStore, temporaryFolder } from '../session/scoring';
import { askedOf, DOC, harmfulnessOf, judgeAt, RUBRIC, score, stateOf, traceOf } from './judging';

const STEPS = ['alpha =1', 'beta =4', 'gamma =2', 'delta =3'];
const WHOLE = { protocol: 'whole-trace' } as const;

describe('a whole-trace judge', () => {
  it('asks once for all steps and the answer, which it is shown', async () => {
    const server = await serve({ reply: scriptedReply() });
    const log = openLog(await temporaryFolder());
    const result = await score(log, stateOf(log, traceOf(STEPS)), judgeAt(server, WHOLE));
    expect(askedOf(server)).toEqual([[0, 1, 2, 3, 'answer']]);
    const request = readJudgeRequest(server.completions[0]?.json.messages ?? []);
    expect(request.steps.map(({ text }) => text)).toEqual(STEPS);
    expect(request.answer).toBe('The end =1');
    expect(result).toMatchObject({ scored: 5, kept: 0, faults: [], identity: { protocol: 'whole-trace', model: 'scripted' } });
    expect(result.usage?.input).toBeGreaterThan(0);
    const state = stateOf(log, traceOf(STEPS));
    expect(harmfulnessOf(state)).toEqual([1, 4, 2, 3]);
    expect(state.answer).toMatchObject({ stale: false, verdict: { harmfulness: 1 } });
  });

  it('is heard while it speaks: verdicts are filed before the reply is complete', async () => {
    const server = await serve({ reply: scriptedReply(), chunks: { size: 16, delay: 4 } });
    const log = openLog(await temporaryFolder());
    let complete = false;
    const progress: [number, boolean][] = [];
    const judge = judgeAt(server, WHOLE);
    if (!isWholeTraceJudge(judge)) throw new Error('no whole-trace judge');
    const original = judge.scoreAll.bind(judge);
    judge.scoreAll = (view, said, signal, exchanged) => original(view, said, signal, (all) => { complete = true; exchanged?.(all); });
    await score(log, stateOf(log, traceOf(STEPS)), judge, { progress: (done) => progress.push([done, complete]) });
    expect(progress).toEqual([[0, false], [1, false], [2, false], [3, false], [4, false], [5, false]]);
    expect(complete).toBe(true);
  });

  it('after any edit, of a step, the prompt or the answer, all it said is stale and asked for anew', async () => {
    const server = await serve({ reply: scriptedReply() });
    const log = openLog(await temporaryFolder());
    const text = traceOf(STEPS);
    await score(log, stateOf(log, text), judgeAt(server, WHOLE));
    const store = openStore(log);
    for (const edited of [text.replace('delta', 'Delta'), text.replace('alpha', 'Alpha'), text.replace('Q', 'Why?'), text.replace('The end', 'An end')]) {
      store.update(DOC, 1, text);
      const state = store.update(DOC, 2, edited);
      expect(state.verdicts.map((joined) => joined?.stale)).toEqual([true, true, true, true]);
      expect(state.answer?.stale).toBe(true);
      server.reset();
      const { kept } = await score(log, state, judgeAt(server, WHOLE));
      expect(kept).toBe(0);
      expect(askedOf(server)).toEqual([[0, 1, 2, 3, 'answer']]);
    }
    // Taken back, it is fresh again.
    expect(stateOf(log, text).verdicts.map((joined) => joined?.stale)).toEqual([false, false, false, false]);
  });

  it('goes on with exactly what is missing after a reply that was cut off', async () => {
    const server = await serve({
      reply: (request) => {
        const whole = scriptedReply()(request);
        return request.index === 0 ? { content: whole.slice(0, whole.indexOf('"step":3') + 4), finish: 'length' } : whole;
      },
    });
    const log = openLog(await temporaryFolder());
    const first = await score(log, stateOf(log, traceOf(STEPS)), judgeAt(server, WHOLE));
    expect(first).toMatchObject({ scored: 2, faults: [2, 3, 'answer'].map((target) => ({ target, code: 'cut-off' })) });
    const second = await score(log, stateOf(log, traceOf(STEPS)), judgeAt(server, WHOLE));
    expect(second).toMatchObject({ scored: 3, kept: 2, faults: [] });
    expect(askedOf(server)[1]).toEqual([2, 3, 'answer']);
  });

  it('samples: a verdict is told when all samples of it have come', async () => {
    const server = await serve({
      reply: (request) => {
        const { targets } = readJudgeRequest(request.json.messages);
        return JSON.stringify({ verdicts: targets.map((step) => ({ step, reason: 'r', harmfulness: (request.json.seed ?? 0) + 1, helpfulness: 3 })) });
      },
    });
    const log = openLog(await temporaryFolder());
    await score(log, stateOf(log, traceOf(STEPS)), judgeAt(server, { ...WHOLE, samples: 3, sampling: { seed: 1 } }));
    expect(server.completions).toHaveLength(3);
    const verdict = stateOf(log, traceOf(STEPS)).verdicts[2]?.verdict;
    expect(verdict?.harmfulness).toBe(3);
    expect(verdict?.samples?.map((sample) => sample.harmfulness).sort()).toEqual([2, 3, 4]);
  });

  it('samples of two snapshots are no verdicts', async () => {
    let at = 0;
    const server = await serve({ reply: (request) => ({ content: scriptedReply()(request), model: ++at === 1 ? 'old' : 'new' }) });
    const log = openLog(await temporaryFolder());
    const result = await score(log, stateOf(log, traceOf(STEPS)), judgeAt(server, { ...WHOLE, samples: 3 }, { concurrency: 1 }));
    expect(result).toMatchObject({ scored: 0, faults: [0, 1, 2, 3, 'answer'].map((target) => ({ target, code: 'snapshot-changed' })) });
    expect(result.faults[0]?.message).toMatch(/old.*new/);
  });

  it('withheld by a filter that names no model is filed under the snapshot once one is known', async () => {
    const server = await serve({ reply: scriptedReply(), snapshot: 'scripted-2026' });
    const log = openLog(await temporaryFolder());
    const judge = judgeAt(server, WHOLE);
    await score(log, stateOf(log, traceOf(['before =1'])), judge);
    server.fault(faults.promptFiltered);
    const result = await score(log, stateOf(log, traceOf(STEPS)), judge);
    expect(result).toMatchObject({ scored: 5, withheld: [0, 1, 2, 3, 'answer'] });
    expect(result.stopped).toBeUndefined();
    expect(log.scores(DOC).all().map(({ identity }) => identity.model)).toEqual(['scripted-2026']);
  });

  it('samples are not asked for any more where one has failed', async () => {
    const server = await serve({ reply: scriptedReply() });
    server.fault(faults.unauthorized, { times: Infinity });
    const log = openLog(await temporaryFolder());
    const result = await score(log, stateOf(log, traceOf(STEPS)), judgeAt(server, { ...WHOLE, samples: 9 }, { concurrency: 2 }));
    expect(result.stopped).toMatchObject({ code: 'unauthorized' });
    expect(server.completions).toHaveLength(2);
  });

  it('is never one curve with the prefix judge of the same model', async () => {
    const server = await serve({ reply: scriptedReply() });
    const log = openLog(await temporaryFolder());
    const text = traceOf(STEPS);
    await score(log, stateOf(log, text), judgeAt(server));
    const whole = await score(log, stateOf(log, text), judgeAt(server, WHOLE));
    expect(whole).toMatchObject({ scored: 5, kept: 0 });
    const [one, two] = log.scores(DOC).all();
    if (one === undefined || two === undefined) throw new Error('Both judges should be there.');
    expect(new Set([one.key, two.key]).size).toBe(2);
    expect(identityKey({ ...one.identity, protocol: 'prefix' })).not.toBe(identityKey({ ...one.identity, protocol: 'whole-trace' }));
    for (const scores of [one, two]) {
      const store = new TraceStore((uri) => log.scores(uri));
      store.update(DOC, 1, text);
      store.show(DOC, scores.key);
      const state = store.get(DOC);
      expect(state?.judge?.protocol).toBe(scores.identity.protocol);
      // No verdict of the other's stands among them: all are of this judge, and fresh.
      expect(state?.verdicts.map((joined) => [joined?.stale, scores.exact(joined?.seen ?? '', 'ambiguous', 'blank-lines') !== undefined])).toEqual(
        STEPS.map(() => [false, true]),
      );
      store.dispose();
    }
  });
});

describe('blocks of a trace beyond the context', () => {
  it('law: each wanted line is asked for once, is shown, and no block is too large unless one line is', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 20, max: 400 }), fc.nat(10), fc.func(fc.boolean()), (sizes, room, reply, choose) => {
        const wanted = sizes.flatMap((_, i) => (choose(i) ? [i] : []));
        const blocks = wholeBlocks(sizes, wanted, room, reply);
        expect(blocks.flatMap((block) => block.wanted)).toEqual(wanted);
        for (const { from, to, wanted: some } of blocks) {
          expect(some.length).toBeGreaterThan(0);
          expect(some.every((i) => i >= from && i < to)).toBe(true);
          const used = sizes.slice(from, to).reduce((sum, size) => sum + size, 0) + reply * some.length;
          if (to - from > 1) expect(used).toBeLessThanOrEqual(room);
        }
      }),
    );
  });

  it('show the steps before them too, say what they leave out, and are estimated as they are', async () => {
    const texts = Array.from({ length: 50 }, (_, i) => `step ${String(i)} ${'word '.repeat(40)}=${String(1 + (i % 5))}`);
    const server = await serve({ reply: scriptedReply() });
    const log = openLog(await temporaryFolder());
    const options = { ...WHOLE, contextTokens: 4000 };
    const state = stateOf(log, traceOf(texts));
    await score(log, state, judgeAt(server, options));
    const requests = server.completions.map(({ json }) => readJudgeRequest(json.messages));
    expect(requests.length).toBeGreaterThan(1);
    expect(requests.flatMap(({ targets }) => targets)).toEqual([...texts.map((_, i) => i + 1), 'answer']);
    requests.slice(1).forEach(({ steps, targets, leftOut }) => {
      expect(steps[0]?.step).toBeLessThan(targets[0] as number);
      expect(leftOut.length).toBeGreaterThan(0);
    });
    expect(harmfulnessOf(stateOf(log, traceOf(texts)))).toEqual(texts.map((_, i) => 1 + (i % 5)));
    const view: WholeView = { prompt: 'Q', intent: 'ambiguous', steps: texts, answer: 'The end =1', wanted: texts.map((_, i) => i), wantsAnswer: true };
    const estimate = estimateScoring(view, { rubric: RUBRIC, ...options });
    expect(estimate.requests).toBe(requests.length);
    const sent = server.completions.reduce((sum, { json }) => sum + json.messages.reduce((all, { content }) => all + content.length, 0), 0);
    expect(Math.abs(estimate.inputTokens - sent / 4)).toBeLessThan(sent / 4 / 50);
  });

  it('without a context there is one', () => {
    const view: WholeView = { prompt: 'Q', intent: 'benign', steps: Array<string>(300).fill('text'), answer: undefined, wanted: [0, 299], wantsAnswer: false };
    const requests = wholeRequests(view, { rubric: RUBRIC, helpfulnessOnHarmful: false });
    expect(requests.map(({ targets }) => targets)).toEqual([[0, 299]]);
  });
});

describe('the reading of a reply as it comes', () => {
  const verdict = fc.record({ step: fc.nat(99), reason: fc.string({ unit: 'binary', maxLength: 40 }), harmfulness: fc.integer({ min: 1, max: 5 }) });
  const nasty = fc.record({ step: fc.nat(99), reason: fc.constantFrom('}]}', '"verdicts":[{', '\\"}', '{{[', '\\', '"', 'a\nb', '\ud800'), harmfulness: fc.constant(1) });

  it('law: however it is cut up, the same verdicts come, each once and as soon as it is complete', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(verdict, nasty), { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 40 }), fc.constantFrom('', '```json\n', 'Here you are: {"x":1}\n', '<think>"verdicts":[{"step":9}]</think>'), (verdicts, cuts, before) => {
        const text = `${before}${JSON.stringify({ verdicts })}${before === '' ? '' : '\n```'}`;
        const stream = new VerdictStream();
        const got: unknown[] = [];
        let at = 0;
        for (let i = 0; at < text.length; i++) {
          at += cuts[i % cuts.length] ?? 1;
          const complete = verdicts.filter((_, k) => text.slice(0, at).includes(`"verdicts":${JSON.stringify(verdicts.slice(0, k + 1)).slice(0, -1)}`)).length;
          got.push(...stream.push(text.slice(0, at)));
          if (before !== '<think>"verdicts":[{"step":9}]</think>') expect(got.length).toBe(complete);
        }
        expect(got).toEqual(verdicts);
        expect(stream.complete).toBe(true);
      }),
    );
  });

  it.each([
    ['a list alone', '[{"step":1,"reason":"","harmfulness":2,"helpfulness":3},{"step":"answer","reason":"","harmfulness":1,"helpfulness":3}]', ['answer', 0], []],
    ['numbers as texts', '{"verdicts":[{"step":"1","reason":"","harmfulness":2,"helpfulness":3},{"step":"answer","harmfulness":1,"helpfulness":3}]}', ['answer', 0], []],
    ['one too many', '{"verdicts":[{"step":1,"harmfulness":2,"helpfulness":3},{"step":2,"harmfulness":2,"helpfulness":3},{"step":"answer","harmfulness":1,"helpfulness":3}]}', ['answer', 0], [['answer', 'wrong-count']]],
    ['one twice', '{"verdicts":[{"step":1,"harmfulness":2,"helpfulness":3},{"step":1,"harmfulness":5,"helpfulness":3},{"step":"answer","harmfulness":1,"helpfulness":3}]}', ['answer', 0], [['answer', 'wrong-count']]],
    ['one too few', '{"verdicts":[{"step":1,"harmfulness":2,"helpfulness":3}]}', [0], [['answer', 'wrong-count']]],
    ['one out of range', '{"verdicts":[{"step":1,"harmfulness":0,"helpfulness":3},{"step":"answer","harmfulness":1,"helpfulness":3}]}', ['answer'], [[0, 'out-of-range']]],
    ['a score missing', '{"verdicts":[{"step":1,"harmfulness":2},{"step":"answer","harmfulness":1,"helpfulness":3}]}', ['answer'], [[0, 'wrong-count']]],
    ['broken at its end', '{"verdicts":[{"step":1,"harmfulness":2,"helpfulness":3},{"step":"answer","harm', [0], [['answer', 'not-json']]],
  ] as const)('%s', async (_what, reply, said, faults) => {
    const server = await serve({ reply: () => reply });
    const log = openLog(await temporaryFolder());
    const result = await score(log, stateOf(log, traceOf(['one'])), judgeAt(server, WHOLE));
    expect(result.faults.map(({ target, code }) => [target, code])).toEqual(faults);
    const kept = log.scores(DOC).records().map((record): Target => (record.target === 'answer' ? 'answer' : record.step - 1));
    expect(kept.map(String).sort()).toEqual(said.map(String).sort());
  });
});
