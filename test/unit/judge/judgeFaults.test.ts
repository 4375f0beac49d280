import { describe, expect, it } from 'vitest';
import type { Protocol } from '../../../src/judge/judge';
import { offersFor, type Offer, type TroubleCode } from '../../../src/judge/offers';
import type { ScoringResult } from '../../../src/session/scoreTrace';
import { faults, httpError, rateLimited, redirected, type Fault, type FaultPlan } from '../../harness/modelServer';
import { scriptedReply } from '../../harness/scriptedJudge';
import { KEY, serve } from '../model/chats';
import { openLog, temporaryFolder } from '../session/scoring';
import { DOC, judgeAt, score, stateOf, traceOf } from './judging';

/** Six steps and an answer: seven verdicts, if all goes well. */
const TEXT = traceOf(['a =1', 'b =2', 'c =3', 'd =4', 'e =5', 'f =1']);
const ALL = 7;

interface Row {
  readonly name: string;
  /** As `prefix` it meets the request for step 4, or from there on; as `whole-trace` the only one. */
  readonly fault: Fault;
  /** Of `prefix`, where the same words would not do for both. */
  readonly prefixFault?: Fault;
  readonly plan?: FaultPlan;
  /** How many requests meet it, where that is not one: a reply that is not of the promised shape is asked for once more. */
  readonly asked?: Readonly<Record<Protocol, number>>;
  /** `undefined`: nobody notices. */
  readonly code: TroubleCode | undefined;
  readonly offers?: readonly Offer[];
  /** Does the fault end the run? */
  readonly stops?: boolean;
  /** Verdicts that are there afterwards. */
  readonly kept: Readonly<Record<Protocol, number>>;
  /** Of these, verdicts of `null`. */
  readonly withheld?: Readonly<Record<Protocol, number>>;
}

const always: FaultPlan = { times: Infinity };
const said = (reply: string): Fault => ({ kind: 'reply', reply });
const one = (step: number | 'answer', harmfulness: unknown = 2): object => ({ step, reason: 'r', harmfulness, helpfulness: 3 });
const list = (...verdicts: object[]): Fault => said(JSON.stringify({ verdicts }));
const seven = [one(1), one(2), one(3), one(4), one(5), one(6), one('answer')] as const;
const TWICE = { prefix: 2, 'whole-trace': 2 } as const;
/** Its list of verdicts is of the shape, its single verdict is not. */
const PREFIX_TWICE = { prefix: 2, 'whole-trace': 1 } as const;
const noWait = { 'retry-after-ms': '0' };

/** The run ends, and what came before is kept: nothing of the one `whole-trace` request. */
const stops = { stops: true, plan: always, kept: { prefix: 3, 'whole-trace': 0 } } as const;
const ASK_ONCE_MORE = ['score-again', 'what-was-sent', 'choose-judge'] as const;

const table: readonly Row[] = [
  {
    name: 'broken JSON', asked: TWICE, code: 'not-json', offers: ASK_ONCE_MORE, kept: { prefix: 6, 'whole-trace': 2 },
    fault: said(JSON.stringify({ verdicts: seven }).slice(0, 150)), prefixFault: said('{"step":4,"reason":"r","harmf'),
  },
  { name: 'no JSON at all', asked: TWICE, code: 'not-json', fault: said('Step four seems fine to me.'), kept: { prefix: 6, 'whole-trace': 0 } },
  {
    name: 'too few scores', asked: PREFIX_TWICE, code: 'wrong-count', offers: ASK_ONCE_MORE, kept: { prefix: 6, 'whole-trace': 5 },
    fault: list(...seven.slice(0, 5)), prefixFault: said('{"step":4,"reason":"r","harmfulness":2}'),
  },
  {
    name: 'too many scores', asked: PREFIX_TWICE, code: 'wrong-count', kept: { prefix: 6, 'whole-trace': 7 },
    fault: list(...seven.slice(0, 6), one(7), one('answer')), prefixFault: list(one(4), one(5)),
  },
  { name: 'scores of other steps', code: 'wrong-count', fault: list(one(11), one(12)), prefixFault: said(JSON.stringify(one(5))), kept: { prefix: 6, 'whole-trace': 0 } },
  {
    name: 'a score out of range', asked: TWICE, code: 'out-of-range', offers: ASK_ONCE_MORE, kept: { prefix: 6, 'whole-trace': 6 },
    fault: list(...seven.slice(0, 3), one(4, 7), ...seven.slice(4)), prefixFault: said(JSON.stringify(one(4, 7))),
  },
  { name: 'a score of 0', asked: TWICE, code: 'out-of-range', fault: list(one(1, 0), ...seven.slice(1)), prefixFault: said(JSON.stringify(one(4, 0))), kept: { prefix: 6, 'whole-trace': 6 } },
  { name: 'a score in words', asked: TWICE, code: 'out-of-range', fault: list(one(1, 'high'), ...seven.slice(1)), prefixFault: said(JSON.stringify(one(4, 'high'))), kept: { prefix: 6, 'whole-trace': 6 } },
  { name: 'a score of 2.5', asked: TWICE, code: 'out-of-range', fault: list(one(1, 2.5), ...seven.slice(1)), prefixFault: said(JSON.stringify(one(4, 2.5))), kept: { prefix: 6, 'whole-trace': 6 } },
  {
    name: 'a refusal', code: 'withheld', offers: ['ask-again', 'what-was-sent', 'choose-judge'], fault: faults.refusal,
    kept: { prefix: ALL, 'whole-trace': ALL }, withheld: { prefix: 1, 'whole-trace': ALL },
  },
  { name: 'a filter’s block', code: 'withheld', fault: faults.filtered, kept: { prefix: ALL, 'whole-trace': ALL }, withheld: { prefix: 1, 'whole-trace': ALL } },
  { name: 'a refusal in prose', asked: TWICE, code: 'refused', offers: ASK_ONCE_MORE, fault: said("I'm sorry, but I can't help with rating this."), kept: { prefix: 6, 'whole-trace': 0 } },
  { name: 'an empty reply', asked: TWICE, code: 'empty', offers: ASK_ONCE_MORE, fault: faults.empty, kept: { prefix: 6, 'whole-trace': 0 } },
  {
    name: 'a reply cut off at its most tokens', code: 'cut-off', offers: ['open-settings', 'what-was-sent'], kept: { prefix: 6, 'whole-trace': 2 },
    fault: { kind: 'reply', reply: { content: JSON.stringify({ verdicts: seven }).slice(0, 150), finish: 'length' } },
    prefixFault: { kind: 'reply', reply: { content: '{"step":4,"reason":"I th', finish: 'length' } },
  },
  { name: 'nonsense without end', code: 'faults-in-row', offers: ['what-was-sent', 'choose-judge', 'show-log'], stops: true, plan: always, fault: said('?'), kept: { prefix: 3, 'whole-trace': 0 } },
  { name: '401', code: 'unauthorized', offers: ['set-key', 'choose-judge'], fault: faults.unauthorized, ...stops },
  { name: '404 model', code: 'model-not-found', offers: ['choose-judge', 'open-settings'], fault: faults.noModel, ...stops },
  { name: '413', code: 'too-long', offers: ['set-context', 'choose-judge'], fault: faults.tooLarge, ...stops },
  { name: 'context overflow', code: 'too-long', fault: faults.contextOverflow, ...stops },
  { name: '429 with Retry-After that ends', code: undefined, fault: rateLimited({ milliseconds: 20 }), plan: { times: 2 }, kept: { prefix: ALL, 'whole-trace': ALL } },
  { name: '429 without end', code: 'rate-limited', offers: ['score-again', 'open-settings'], fault: rateLimited({ milliseconds: 0 }), ...stops },
  { name: '500 that ends', code: undefined, fault: httpError(500, { message: 'broken' }, noWait), plan: { times: 2 }, kept: { prefix: ALL, 'whole-trace': ALL } },
  { name: '500 without end', code: 'server-error', offers: ['score-again', 'choose-judge'], fault: httpError(500, { message: 'broken' }, noWait), ...stops },
  { name: '400', code: 'bad-request', offers: ['what-was-sent', 'open-settings'], fault: faults.badRequest, ...stops },
  { name: 'a stall', code: 'timed-out', offers: ['score-again', 'open-settings'], fault: faults.stallBeforeHeaders, ...stops },
  { name: 'a stall midway', code: 'timed-out', fault: faults.stallMidway, ...stops, kept: { prefix: 3, 'whole-trace': 3 } },
  { name: 'a cut stream', code: 'connection-lost', offers: ['score-again', 'choose-judge'], fault: faults.cutMidway, ...stops, kept: { prefix: 3, 'whole-trace': 3 } },
  { name: 'no structured output', code: undefined, fault: faults.noStructuredOutput, plan: { times: 1 }, kept: { prefix: ALL, 'whole-trace': ALL } },
  { name: 'another API', code: 'not-understood', offers: ['what-was-sent', 'choose-judge'], fault: faults.otherApi, ...stops },
];

/** What the researcher hears first of a run, as the offers go by it. */
function codeOf({ stopped, faults: faulty, withheld }: ScoringResult): TroubleCode | undefined {
  return stopped?.code ?? faulty[0]?.code ?? (withheld.length > 0 ? 'withheld' : undefined);
}

const cases = table.flatMap((row) => (['prefix', 'whole-trace'] as const).map((protocol) => ({ ...row, protocol })));

describe('faults over HTTP: fault → code → offer → verdicts kept', () => {
  it.each(cases)('$name ($protocol) → $code', async ({ fault, prefixFault, plan, asked, code, offers, stops: ends, kept, withheld, protocol }) => {
    const server = await serve({ reply: scriptedReply() });
    const prefix = protocol === 'prefix';
    server.fault(prefix ? (prefixFault ?? fault) : fault, { times: asked?.[protocol] ?? 1, ...plan, after: prefix ? 3 : 0 });
    const folder = await temporaryFolder();
    const log = openLog(folder);
    const judge = judgeAt(server, { protocol }, { concurrency: 1, timeoutMs: fault.kind === 'stall' ? 150 : 5000 });
    const result = await score(log, stateOf(log, TEXT), judge);
    // Nonsense as the one reply of a whole trace is no three in a row.
    const expected = code === 'faults-in-row' && !prefix ? 'not-json' : code;
    expect(codeOf(result)).toBe(expected);
    if (offers !== undefined && expected === code && code !== undefined) expect(offersFor(code)).toEqual(offers);
    expect(result.stopped !== undefined).toBe(ends === true && expected === code);
    expect(result.cancelled).toBe(false);
    if (result.stopped?.target !== undefined) expect(result.stopped.target).toBe(code === 'faults-in-row' ? 5 : 3);
    for (const { target, message } of result.faults) expect(message).toMatch(target === 'answer' ? /^The answer got/ : new RegExp(`^Step ${String(target + 1)} got`));
    // What was kept is on disk: another window has it.
    const later = openLog(folder);
    await later.load(DOC);
    const records = later.scores(DOC).records();
    expect(records).toHaveLength(kept[protocol]);
    expect(result.scored).toBe(kept[protocol]);
    expect(records.filter((record) => record.harmfulness === null)).toHaveLength(withheld?.[protocol] ?? 0);
    expect(result.withheld).toHaveLength(withheld?.[protocol] ?? 0);
    expect(records.every((record) => (record.withheld !== undefined) === (record.harmfulness === null))).toBe(true);
    // The next run asks for the rest, and for nothing twice.
    server.reset();
    const next = await score(later, stateOf(later, TEXT), judge);
    expect(next).toMatchObject({ scored: ALL - kept[protocol], kept: kept[protocol], faults: [] });
    if (withheld !== undefined) {
      const again = await score(later, stateOf(later, TEXT), judge, { again: true });
      expect(again).toMatchObject({ scored: withheld[protocol], withheld: [] });
    }
  });

  it.each(cases.filter(({ asked, protocol }) => asked?.[protocol] === 2))('$name ($protocol), of a server that takes the schema and does not keep to it, is put right once it is told', async ({ fault, prefixFault, protocol }) => {
    const server = await serve({ reply: scriptedReply() });
    const prefix = protocol === 'prefix';
    server.fault(prefix ? (prefixFault ?? fault) : fault, { after: prefix ? 3 : 0 });
    const log = openLog(await temporaryFolder());
    const result = await score(log, stateOf(log, TEXT), judgeAt(server, { protocol }, { concurrency: 1 }));
    expect(result).toMatchObject({ scored: ALL, faults: [] });
    const told = server.completions.filter(({ json }) => json.messages.length > 2);
    expect(told).toHaveLength(1);
    expect(told[0]?.json).toHaveProperty('response_format');
    expect(server.completions).toHaveLength((prefix ? ALL : 1) + 1);
  });

  it('a long reply without a verdict is not sent back whole, and its repair is never blamed for being too long', async () => {
    const server = await serve({ reply: (request) => (request.index === 0 ? `\ud83d\ude00${'no idea '.repeat(50_000)}` : scriptedReply()(request)) });
    server.fault(faults.contextOverflow, { after: 1 });
    const log = openLog(await temporaryFolder());
    const result = await score(log, stateOf(log, TEXT), judgeAt(server, {}, { concurrency: 1 }));
    expect(server.completions[1]?.json.messages[2]?.content.length).toBeLessThan(1100);
    expect(result.stopped).toBeUndefined();
    expect(result).toMatchObject({ scored: ALL - 1, faults: [{ target: 0, code: 'not-json' }] });
  });

  it.each(['prefix', 'whole-trace'] as const)('a redirect to another origin (%s) → redirected, and neither key nor text goes there', async (protocol) => {
    const elsewhere = await serve({ reply: scriptedReply() });
    const server = await serve({ reply: scriptedReply(), requireKey: KEY });
    server.fault(redirected(elsewhere.origin), { times: Infinity });
    const log = openLog(await temporaryFolder());
    const result = await score(log, stateOf(log, TEXT), judgeAt(server, { protocol }));
    expect(result).toMatchObject({ scored: 0, stopped: { code: 'redirected' } });
    expect(offersFor('redirected')).toEqual(['open-settings', 'choose-judge']);
    expect(elsewhere.requests).toEqual([]);
  });

  it('verdicts of requests under way when the endpoint fails are kept if they come', async () => {
    const server = await serve({ reply: scriptedReply(), latency: ({ index }) => (index === 1 ? 1 : 120) });
    server.fault(faults.unauthorized, { after: 1 });
    const log = openLog(await temporaryFolder());
    const result = await score(log, stateOf(log, TEXT), judgeAt(server, {}, { concurrency: 3 }));
    expect(result.stopped).toMatchObject({ code: 'unauthorized', target: 1 });
    expect(server.completions).toHaveLength(3);
    expect(log.scores(DOC).records().map(({ step }) => step).sort()).toEqual([1, 3]);
  });

  it('faults that are not in a row do not stop a run', async () => {
    const server = await serve({ reply: (request) => (/Rate step [36] /.test(request.body) ? scriptedReply()(request) : '?') });
    const log = openLog(await temporaryFolder());
    const result = await score(log, stateOf(log, TEXT), judgeAt(server, {}, { concurrency: 1 }));
    expect(result.stopped).toBeUndefined();
    expect(result.faults.map(({ target }) => target)).toEqual([0, 1, 3, 4, 'answer']);
    expect(result.scored).toBe(2);
  });
});

describe('a server without structured output', () => {
  const plain = { refuses: ['response_format'] } as const;
  const run = async (reply: Parameters<typeof serve>[0], protocol: Protocol = 'prefix', answer: string | null = null): ReturnType<typeof score> => {
    const server = await serve({ ...plain, ...reply });
    const log = openLog(await temporaryFolder());
    return score(log, stateOf(log, traceOf(['one =4'], { answer })), judgeAt(server, { protocol }, { concurrency: 1 }));
  };

  it.each([
    ['in a code fence', (json: string) => `Sure, here it is:\n\`\`\`json\n${json}\n\`\`\`\nAnything else?`],
    ['after its thoughts', (json: string) => `<think>{"step":1,"harmfulness":1,"helpfulness":1} or so?</think>\n${json}`],
    ['after an example', (json: string) => `In the shape {"step":1,"reason":"x"} that is ${json}.`],
    ['with braces in its strings', (json: string) => `: ${json.replace('scripted', 'like } or {\\"step\\":2} ')}`],
  ])('gives its JSON %s', async (_where, wrap) => {
    const result = await run({ reply: (request) => wrap(scriptedReply()(request)) });
    expect(result).toMatchObject({ scored: 1, faults: [] });
  });

  it.each(['prefix', 'whole-trace'] as const)('is told once what was wrong (%s), and its second reply counts', async (protocol) => {
    const server = await serve({ ...plain, reply: (request) => (request.json.messages.length > 2 ? scriptedReply()(request) : '{"harmfulness": 9}') });
    const log = openLog(await temporaryFolder());
    const result = await score(log, stateOf(log, traceOf(['one =4'], { answer: null })), judgeAt(server, { protocol }, { concurrency: 1 }));
    expect(result).toMatchObject({ scored: 1, faults: [] });
    const [, , repair] = server.completions;
    const [first, second] = [server.completions.at(-2)?.json.messages, server.completions.at(-1)?.json.messages];
    expect(repair).toBeDefined();
    expect(second?.slice(0, 2)).toEqual(first);
    expect(second?.slice(2).map(({ role }) => role)).toEqual(['assistant', 'user']);
    expect(second?.[2]?.content).toBe('{"harmfulness": 9}');
    expect(second?.[3]?.content).toMatch(/cannot be used.*(holds no helpfulness|no verdict on step 1)/);
  });

  it.each(['prefix', 'whole-trace'] as const)('is asked no third time (%s)', async (protocol) => {
    let asked = 0;
    const result = await run({ reply: () => `no. ${String(++asked)}` }, protocol);
    expect(asked).toBe(2);
    expect(result).toMatchObject({ scored: 0, faults: [{ target: 0, code: 'not-json' }] });
    expect(result.faults[0]?.message).toContain('no. 2');
  });

  it('a repaired whole-trace reply fills what was missing, and nothing is filed twice', async () => {
    let asked = 0;
    const result = await run({
      reply: (request) => {
        const { verdicts } = JSON.parse(scriptedReply()(request)) as { verdicts: object[] };
        return JSON.stringify({ verdicts: ++asked === 1 ? verdicts.slice(0, 1) : verdicts });
      },
    }, 'whole-trace', 'The end =2');
    expect(result).toMatchObject({ scored: 2, faults: [] });
  });
});
