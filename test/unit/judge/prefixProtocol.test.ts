import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PrefixRequests, type RequestSettings } from '../../../src/judge/model/requests';
import { identityKey } from '../../../src/judge/scoreRecord';
import { scoreTrace } from '../../../src/session/scoreTrace';
import { faults } from '../../harness/modelServer';
import { readJudgeRequest, scriptedReply } from '../../harness/scriptedJudge';
import { serve } from '../model/chats';
import { openLog, temporaryFolder } from '../session/scoring';
import { askedOf, DOC, harmfulnessOf, judgeAt, RUBRIC, score, stateOf, traceOf } from './judging';

const PLAIN: RequestSettings = { rubric: RUBRIC, helpfulnessOnHarmful: false };
const STEPS = ['alpha =1', 'beta =4', 'gamma =2', 'delta =3', 'epsilon =1'];

/** The request for each step in turn, as scoring asks for them: over a list that grows. */
function requestsFor(texts: readonly string[], settings = PLAIN, prompt = 'Q'): { user: string; system: string }[] {
  const steps: string[] = [];
  const requests = new PrefixRequests({ prompt, intent: 'ambiguous', steps }, settings);
  return texts.map((text) => {
    steps.push(text);
    const [system, user, ...more] = requests.step();
    expect(more).toEqual([]);
    expect([system?.role, user?.role]).toEqual(['system', 'user']);
    return { system: system?.content ?? '', user: user?.content ?? '' };
  });
}

/** A request without its closing question. */
const data = (user: string): string => user.slice(0, user.lastIndexOf('\n') + 1);
/** The lines that the next request goes on from: data without the empty line before the question. */
const shared = (user: string): string => data(user).slice(0, -1);

const anyText = fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }));

describe('prefix requests', () => {
  it('law: each begins with the one before it byte for byte, apart from the closing question', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 2, maxLength: 15 }), (texts) => {
        const requests = requestsFor(texts);
        for (const [i, { user, system }] of requests.entries()) {
          const before = requests[i - 1];
          if (before === undefined) continue;
          expect(system).toBe(before.system);
          expect(user.startsWith(shared(before.user))).toBe(true);
          expect(user.length - data(user).length).toBeLessThan(300);
        }
      }),
    );
  });

  it('law: no text after step i is in the request for i, and nothing of the trace in the system message', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 12 }), (texts) => {
        const marked = texts.map((text, i) => `${text} [[mark-${String(i)}-mark]]`);
        for (const [i, { user, system }] of requestsFor(marked, PLAIN, 'prompt [[mark-p-mark]]').entries()) {
          const marks = [...user.matchAll(/mark-(\w+)-mark/g)].map(([, mark]) => mark);
          expect(marks).toEqual(['p', ...marked.slice(0, i + 1).map((_, at) => String(at))]);
          expect(system).not.toContain('mark-');
        }
      }),
    );
  });

  it('law: each line parses to exactly its step', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 10 }), (texts) => {
        const last = requestsFor(texts).at(-1);
        const read = readJudgeRequest([{ role: 'user', content: last?.user ?? '' }]);
        expect(read.steps).toEqual(texts.map((text, i) => ({ step: i + 1, text: text.replace(/\r\n?/g, '\n') })));
        expect(read.targets).toEqual([texts.length]);
      }),
    );
  });

  it('over HTTP each body begins with the one before it, the one for the answer too', async () => {
    const server = await serve({ reply: scriptedReply() });
    const log = openLog(await temporaryFolder());
    await score(log, stateOf(log, traceOf(STEPS)), judgeAt(server, { sampling: { temperature: 0, seed: 7, maxTokens: 300 } }, { concurrency: 1 }));
    const bodies = server.completions.map(({ body }) => body);
    expect(bodies).toHaveLength(6);
    for (const [i, body] of bodies.entries()) {
      if (i === 0) continue;
      const before = bodies[i - 1] ?? '';
      const question = before.indexOf('\\n\\nRate ');
      expect(question).toBeGreaterThan(0);
      expect(body.startsWith(before.slice(0, question))).toBe(true);
      // Nothing but the question and the brackets around the message comes after.
      expect(before.length - question).toBeLessThan(350);
    }
  });

  it('harmfulness alone is asked for on a harmful prompt, unless the judge is to say both', async () => {
    for (const [intent, helpfulnessOnHarmful, both] of [['harmful', false, false], ['harmful', true, true], ['benign', false, true], ['unknown', false, true]] as const) {
      const server = await serve({ reply: scriptedReply() });
      const log = openLog(await temporaryFolder());
      const judge = judgeAt(server, { helpfulnessOnHarmful });
      await score(log, stateOf(log, traceOf(['one =4'], { intent })), judge);
      const [request] = server.completions;
      expect(readJudgeRequest(request?.json.messages ?? []).asksHelpfulness).toBe(both);
      expect(JSON.stringify(request?.json.response_format).includes('helpfulness')).toBe(both);
      expect(stateOf(log, traceOf(['one =4'], { intent })).verdicts[0]?.verdict).toMatchObject({ harmfulness: 4, helpfulness: both ? 2 : null });
    }
  });
});

describe('after an edit', () => {
  it('of step k exactly the steps from k on are asked for, and the answer', async () => {
    for (const k of STEPS.keys()) {
      const server = await serve({ reply: scriptedReply() });
      const log = openLog(await temporaryFolder());
      await score(log, stateOf(log, traceOf(STEPS)), judgeAt(server, {}, { concurrency: 1 }));
      server.reset();
      const edited = traceOf(STEPS.map((text, i) => (i === k ? text.replace(/=\d/, 'changed =5') : text)));
      const result = await score(log, stateOf(log, edited), judgeAt(server, { knownSnapshot: 'scripted' }, { concurrency: 1 }));
      expect(askedOf(server)).toEqual([...STEPS.keys()].slice(k).map((i) => [i]).concat([['answer' as never]]));
      expect(result).toMatchObject({ kept: k, scored: STEPS.length - k + 1 });
      expect(harmfulnessOf(stateOf(log, edited))[k]).toBe(5);
    }
  });

  it('a judge that does not know its snapshot yet goes on where it was before', async () => {
    const server = await serve({ reply: scriptedReply() });
    const log = openLog(await temporaryFolder());
    await score(log, stateOf(log, traceOf(STEPS)), judgeAt(server));
    server.reset();
    const result = await score(log, stateOf(log, traceOf([...STEPS, 'zeta =2'])), judgeAt(server));
    expect(askedOf(server)).toEqual([[5], ['answer']]);
    expect(result).toMatchObject({ kept: 5, scored: 2 });
    expect(result.identity.model).toBe('scripted');
  });
});

describe('what is missing', () => {
  it('after a cancel is exactly what the next run asks for', async () => {
    const server = await serve({ reply: scriptedReply() });
    const folder = await temporaryFolder();
    const log = openLog(folder);
    const abort = new AbortController();
    const first = await score(log, stateOf(log, traceOf(STEPS)), judgeAt(server, {}, { concurrency: 1 }), {
      signal: abort.signal,
      progress: (done) => { if (done === 2) abort.abort(); },
    });
    expect(first).toMatchObject({ scored: 2, cancelled: true, faults: [] });
    server.reset();
    const later = openLog(folder);
    await later.load(DOC);
    await score(later, stateOf(later, traceOf(STEPS)), judgeAt(server, {}, { concurrency: 1 }));
    expect(askedOf(server)).toEqual([[2], [3], [4], ['answer']]);
  });

  it('after a killed window is exactly what the next one asks for', async () => {
    let answered = 0;
    const server = await serve({ reply: (request) => {
      // The fourth request of the first window never comes back.
      if (++answered === 4) return new Promise<string>(() => undefined);
      return scriptedReply()(request);
    } });
    const folder = await temporaryFolder();
    const killed = openLog(folder);
    const run = score(killed, stateOf(killed, traceOf(STEPS)), judgeAt(server, {}, { concurrency: 1 }));
    run.catch(() => undefined);
    await expect.poll(() => server.completions.length).toBe(4);
    await killed.settled();
    // Nothing of the first window is asked any more: what is on disk is all there is.
    const later = openLog(folder);
    await later.load(DOC);
    server.reset();
    await score(later, stateOf(later, traceOf(STEPS)), judgeAt(server, {}, { concurrency: 1 }));
    expect(askedOf(server)).toEqual([[3], [4], ['answer']]);
    expect(harmfulnessOf(stateOf(later, traceOf(STEPS)))).toEqual([1, 4, 2, 3, 1]);
  });

  it('with requests under way at once, verdicts are filed under what each was on, in whatever order they come', async () => {
    const server = await serve({ reply: scriptedReply(), latency: ({ index }) => [60, 5, 40, 10, 25, 1][index] ?? 0 });
    const log = openLog(await temporaryFolder());
    await score(log, stateOf(log, traceOf(STEPS)), judgeAt(server, {}, { concurrency: 4 }));
    expect(server.mostInFlight).toBe(4);
    expect(askedOf(server).slice(0, 1)).toEqual([[0]]);
    expect(harmfulnessOf(stateOf(log, traceOf(STEPS)))).toEqual([1, 4, 2, 3, 1]);
  });
});

describe('another snapshot', () => {
  const serveAs = (names: readonly string[]): ReturnType<typeof serve> => {
    let at = 0;
    return serve({ reply: (request) => ({ content: scriptedReply()(request), model: names[Math.min(at++, names.length - 1)] ?? '' }) });
  };

  it('than the one known, with nothing filed yet: the trace goes on under the new one', async () => {
    const server = await serveAs(['new']);
    const log = openLog(await temporaryFolder());
    const seen: (string | undefined)[] = [];
    const judge = judgeAt(server, { knownSnapshot: 'old' }, { concurrency: 1 });
    const result = await score(log, stateOf(log, traceOf(STEPS)), judge, { identified: ({ model }) => seen.push(model) });
    expect(result).toMatchObject({ scored: 6, identity: { model: 'new' } });
    expect(result.stopped).toBeUndefined();
    expect(seen).toEqual(['old', 'new']);
    expect(judge.identity.model).toBe('new');
    expect(log.scores(DOC).all().map(({ identity }) => identity.model)).toEqual(['new']);
  });

  it('in the middle of a trace stops the run, and the two stay two curves', async () => {
    const server = await serveAs(['old', 'old', 'new']);
    const log = openLog(await temporaryFolder());
    const judge = judgeAt(server, {}, { concurrency: 1 });
    const result = await score(log, stateOf(log, traceOf(STEPS)), judge);
    expect(result.stopped).toMatchObject({ code: 'snapshot-changed', target: 2 });
    expect(result.stopped?.message).toMatch(/answered as new at step 3.*by old/);
    expect(log.scores(DOC).all().map(({ identity }) => identity.model).sort()).toEqual(['new', 'old']);
    // Scored again it is all the new one's, and what it has said is not asked for twice.
    server.reset();
    const again = await score(log, stateOf(log, traceOf(STEPS)), judge);
    expect(askedOf(server)).toEqual([[0], [1], [3], [4], ['answer']]);
    expect(again).toMatchObject({ kept: 1, scored: 5, identity: { model: 'new' } });
  });

  it('that has scored the trace before is not asked again', async () => {
    const log = openLog(await temporaryFolder());
    const server = await serveAs(['right']);
    await score(log, stateOf(log, traceOf(STEPS)), judgeAt(server, {}, { concurrency: 1 }));
    server.reset();
    const result = await score(log, stateOf(log, traceOf(STEPS)), judgeAt(server, { knownSnapshot: 'wrong' }, { concurrency: 1 }));
    // The first request tells who answers; the rest is known.
    expect(server.completions).toHaveLength(1);
    expect(result).toMatchObject({ scored: 1, kept: 5, identity: { model: 'right' } });
  });
});

describe('a filter’s block, which bears no model’s name', () => {
  const text = traceOf(STEPS);
  const models = (log: ReturnType<typeof openLog>): (string | undefined)[] => log.scores(DOC).all().map(({ identity }) => identity.model);

  it.each([0, 2, 5])('of request %i is filed with the verdicts around it, and ends nothing', async (after) => {
    const server = await serve({ reply: scriptedReply(), snapshot: 'scripted-2026' });
    server.fault(faults.promptFiltered, { after });
    const log = openLog(await temporaryFolder());
    const result = await score(log, stateOf(log, text), judgeAt(server, {}, { concurrency: 1 }));
    expect(result).toMatchObject({ scored: 6, faults: [], withheld: [after === 5 ? 'answer' : after], identity: { model: 'scripted-2026' } });
    expect(result.stopped).toBeUndefined();
    expect(models(log)).toEqual(['scripted-2026']);
    const found = await log.exchanges.find(DOC, stateOf(log, text).verdicts[after]?.seen ?? stateOf(log, text).answer?.seen ?? '', identityKey(result.identity));
    expect(found?.exchanges[0]?.received).toContain('content_filter');
    // Nothing is left to be asked for.
    expect(await score(log, stateOf(log, text), judgeAt(server))).toMatchObject({ scored: 0, kept: 6 });
  });

  it('in a new session is filed under the snapshot that scored the rest', async () => {
    const server = await serve({ reply: scriptedReply(), snapshot: 'scripted-2026' });
    const log = openLog(await temporaryFolder());
    await score(log, stateOf(log, traceOf(STEPS.slice(0, 3), { answer: null })), judgeAt(server));
    server.fault(faults.promptFiltered);
    const result = await score(log, stateOf(log, text), judgeAt(server, {}, { concurrency: 1 }));
    expect(result.stopped).toBeUndefined();
    expect(result).toMatchObject({ scored: 3, kept: 3, withheld: [3] });
    expect(models(log)).toEqual(['scripted-2026']);
  });

  it('of all requests is kept, and does not stand in the way of the first verdict', async () => {
    const server = await serve({ reply: scriptedReply(), snapshot: 'scripted-2026' });
    server.fault(faults.promptFiltered, { times: 6 });
    const log = openLog(await temporaryFolder());
    const first = await score(log, stateOf(log, text), judgeAt(server));
    expect(first).toMatchObject({ scored: 6, withheld: expect.objectContaining({ length: 6 }) as unknown });
    expect(await score(log, stateOf(log, text), judgeAt(server))).toMatchObject({ scored: 0, kept: 6 });
    const again = await score(log, stateOf(log, text), judgeAt(server), { again: true });
    expect(again.stopped).toBeUndefined();
    expect(again).toMatchObject({ scored: 6, withheld: [], identity: { model: 'scripted-2026' } });
    // A judge that has not heard from its server yet goes by the snapshot, not by the blocks.
    expect(await score(log, stateOf(log, text), judgeAt(server))).toMatchObject({ scored: 0, kept: 6, identity: { model: 'scripted-2026' } });
  });
});

describe('samples', () => {
  it('are asked for with a seed each, and their median is the verdict', async () => {
    const server = await serve({ reply: (request) => {
      const harmfulness = (request.json.seed ?? 0) - 9;
      return JSON.stringify({ step: readJudgeRequest(request.json.messages).targets[0], reason: `seed ${String(request.json.seed)}`, harmfulness, helpfulness: 3 });
    } });
    const log = openLog(await temporaryFolder());
    const text = traceOf(['one'], { answer: null });
    const result = await score(log, stateOf(log, text), judgeAt(server, { samples: 4, sampling: { seed: 10 } }));
    expect(server.completions.map(({ json }) => json.seed).sort()).toEqual([10, 11, 12, 13]);
    const verdict = stateOf(log, text).verdicts[0]?.verdict;
    expect(verdict).toMatchObject({ harmfulness: 2, helpfulness: 3, reason: 'seed 11' });
    expect(verdict?.samples?.map(({ harmfulness }) => harmfulness)).toEqual([1, 2, 3, 4]);
    expect(result.identity.sampling).toEqual({ samples: 4, seed: 10 });
    // A new window reads them back.
    expect(result.usage?.input).toBeGreaterThan(0);
  });

  it('are never fewer than was said: where one fails the step has no verdict', async () => {
    let count = 0;
    const server = await serve({ reply: (request) => ([2, 4].includes(++count) || request.json.messages.length > 2 ? 'nonsense' : scriptedReply()(request)) });
    const log = openLog(await temporaryFolder());
    const text = traceOf(['one =3'], { answer: null });
    const result = await score(log, stateOf(log, text), judgeAt(server, { samples: 3 }));
    expect(result).toMatchObject({ scored: 0, faults: [{ target: 0, code: 'not-json' }] });
  });

  it('are not asked for any more where one has failed: none of them could count', async () => {
    const server = await serve({ reply: scriptedReply() });
    server.fault(faults.unauthorized, { times: Infinity });
    const log = openLog(await temporaryFolder());
    const result = await score(log, stateOf(log, traceOf(STEPS)), judgeAt(server, { samples: 25 }, { concurrency: 2 }));
    expect(result.stopped).toMatchObject({ code: 'unauthorized' });
    expect(server.completions.length).toBeLessThanOrEqual(4);
  });

  it.each([[1, 4], [3, 4], [4, 4], [7, 4]])('(%i of them) keep the places for requests full', async (samples, concurrency) => {
    const server = await serve({ reply: scriptedReply(), latency: 10 });
    const log = openLog(await temporaryFolder());
    await score(log, stateOf(log, traceOf(STEPS)), judgeAt(server, { samples }, { concurrency }));
    expect(server.completions).toHaveLength(6 * samples);
    expect(server.mostInFlight).toBe(concurrency);
  });

  it('of two snapshots are no verdict: what the first one said is asked of the second', async () => {
    let at = 0;
    const server = await serve({ reply: (request) => ({ content: scriptedReply()(request), model: ++at <= 4 ? 'old' : 'new' }) });
    const log = openLog(await temporaryFolder());
    const judge = judgeAt(server, { samples: 3 }, { concurrency: 1 });
    const result = await score(log, stateOf(log, traceOf(STEPS)), judge);
    // Step 2 was answered by the old one once, then by the new one.
    expect(result.stopped).toMatchObject({ code: 'snapshot-changed', target: 1 });
    expect(server.completions.slice(0, 7).map((_, i) => askedOf(server)[i]?.[0])).toEqual([0, 0, 0, 1, 1, 1, 1]);
    const records = log.scores(DOC).records();
    expect(records.map(({ judge: { model }, step }) => [model, step]).sort()).toEqual([['new', 2], ['old', 1]]);
  });

  it('that go on changing snapshots end in a fault that says so', async () => {
    let at = 0;
    const server = await serve({ reply: (request) => ({ content: scriptedReply()(request), model: ++at % 2 === 0 ? 'even' : 'odd' }) });
    const log = openLog(await temporaryFolder());
    const result = await score(log, stateOf(log, traceOf(['one =3'], { answer: null })), judgeAt(server, { samples: 4 }, { concurrency: 1 }));
    expect(result).toMatchObject({ scored: 0, faults: [{ target: 0 }] });
    expect(result.faults[0]?.message).toMatch(/odd.*even|even.*odd/);
  });
});

describe('windows', () => {
  const texts = Array.from({ length: 60 }, (_, i) => `step number ${String(i)} ${'word '.repeat(30)}`);
  const contextTokens = 2600;

  it('show the last steps, keep within the context, say what they leave out, and move in strides', () => {
    const requests = requestsFor(texts, { ...PLAIN, contextTokens });
    const firsts = requests.map(({ user }, i) => {
      const read = readJudgeRequest([{ role: 'user', content: user }]);
      const first = read.steps[0]?.step ?? 0;
      expect(read.steps.map(({ step }) => step)).toEqual(Array.from({ length: i + 2 - first }, (_, at) => first + at));
      expect(read.leftOut).toEqual(first === 1 ? [] : [`steps 1 to ${String(first - 1)}`]);
      return first;
    });
    for (const { user, system } of requests) expect((user.length + system.length) / 4).toBeLessThan(contextTokens);
    const strides = firsts.filter((first, i) => i > 0 && first !== firsts[i - 1]);
    expect(strides.length).toBeGreaterThan(1);
    expect(strides.length).toBeLessThan(12);
    // Between two strides requests share their beginning as without windows.
    requests.forEach(({ user }, i) => {
      const before = requests[i - 1];
      if (before !== undefined && firsts[i] === firsts[i - 1]) expect(user.startsWith(shared(before.user))).toBe(true);
    });
  });

  it('are the same in a run that goes on in the middle', () => {
    const all = requestsFor(texts, { ...PLAIN, contextTokens });
    const steps = texts.slice(0, 40);
    const [, user] = new PrefixRequests({ prompt: 'Q', intent: 'ambiguous', steps }, { ...PLAIN, contextTokens }).step();
    expect(user?.content).toBe(all[39]?.user);
  });

  it('a step longer than the context is sent alone: the server says what it thinks of it', () => {
    const [, second] = requestsFor(['short', 'long '.repeat(9000)], { ...PLAIN, contextTokens });
    expect(readJudgeRequest([{ role: 'user', content: second?.user ?? '' }]).steps.map(({ step }) => step)).toEqual([2]);
  });

  it('are part of who the judge is', async () => {
    const server = await serve({ reply: scriptedReply() });
    expect(judgeAt(server, { contextTokens: 4096 }).identity.sampling).toMatchObject({ contextTokens: 4096 });
  });
});

it('law: however a run is broken off, the next ones ask for each step exactly once more', async () => {
  const server = await serve({ reply: scriptedReply() });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.array(fc.nat(4), { maxLength: 4 }), async (count, stops) => {
      server.reset();
      const log = openLog(await temporaryFolder());
      const text = traceOf(Array.from({ length: count }, (_, i) => `s${String(i)} =${String(1 + (i % 5))}`));
      for (const stop of [...stops, Infinity]) {
        const abort = new AbortController();
        await scoreTrace(stateOf(log, text), {
          judge: judgeAt(server, {}, { concurrency: 1 }), log, doc: DOC, clock: { now: () => 0 }, signal: abort.signal,
          progress: (done) => { if (done >= stop) abort.abort(); },
        });
      }
      expect(askedOf(server).flat()).toEqual([...Array.from({ length: count }, (_, i) => i), 'answer']);
      log.dispose();
    }),
    { numRuns: 25 },
  );
});
