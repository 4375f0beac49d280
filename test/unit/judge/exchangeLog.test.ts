import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExchangeLog } from '../../../src/judge/exchangeLog';
import { scoreFileName } from '../../../src/judge/scoreFileName';
import { bodiesById, bodyId, BodyWriter, readBody, type StoredBody } from '../../../src/judge/sentDelta';
import { MemoryFiles } from '../../../src/session/memoryFiles';
import { nodeFiles } from '../../../src/session/nodeFiles';
import { reachable } from '../../../src/session/reachable';
import type { Target } from '../../../src/judge/judge';
import { seenKeys } from '../../../src/judge/textChain';
import { identityKey } from '../../../src/judge/scoreRecord';
import type { FoundJudgement } from '../../../src/judge/exchangeLog';
import type { ScoreLog } from '../../../src/judge/scoreLog';
import type { TraceState } from '../../../src/session/traceState';
import type { ScoringResult } from '../../../src/session/scoreTrace';
import { readJudgeRequest, scriptedReply } from '../../harness/scriptedJudge';
import { serve } from '../model/chats';
import { LogKeeper, openLog, temporaryFolder } from '../session/scoring';
import { DOC, judgeAt, score, stateOf, traceOf } from './judging';

const fileIn = (folder: string, doc = DOC): string => path.join(folder, '.cotlens/exchanges', scoreFileName(doc));
const STEPS = ['alpha =1', 'beta =4', 'gamma =2', 'delta =3'];

function find(log: ScoreLog, state: TraceState, target: Target, { identity }: ScoringResult, doc = DOC): Promise<FoundJudgement | undefined> {
  const keys = seenKeys(identity.protocol, state.chain, state.turn.answer?.text);
  const seen = target === 'answer' ? keys.answer : keys.step(target);
  return log.exchanges.find(doc, seen ?? '', identityKey(identity));
}

const added = (log: ExchangeLog, seen: string, sent: string, doc = DOC): Promise<void> =>
  log.add(doc, { time: '', judge: 'j', of: [{ seen, target: 1 }], exchanges: [{ sent, received: `reply to ${sent.slice(-5)}`, status: 200 }] });

describe('what was sent', () => {
  it.each(['prefix', 'whole-trace'] as const)('is given back exactly for each step and the answer (%s), in another window too', async (protocol) => {
    const server = await serve({ reply: scriptedReply() });
    const folder = await temporaryFolder();
    const log = openLog(folder);
    const state = stateOf(log, traceOf(STEPS));
    const result = await score(log, state, judgeAt(server, { protocol }, { concurrency: 2 }));
    await log.settled();
    const later = openLog(folder);
    for (const target of [0, 1, 2, 3, 'answer'] as const) {
      const found = await find(later, state, target, result);
      const request = server.completions.find(({ json }) => readJudgeRequest(json.messages).targets.includes(target === 'answer' ? target : target + 1));
      expect(found?.fault).toBeUndefined();
      expect(found?.exchanges).toHaveLength(1);
      expect(found?.exchanges[0]).toMatchObject({ sent: request?.body, status: 200 });
      expect(found?.exchanges[0]?.received).toMatch(protocol === 'prefix' ? /scripted for/ : /"delta":\{"content":"\{/);
    }
  });

  it('is kept for replies that held no verdict and for the endpoint’s faults too', async () => {
    const server = await serve({ reply: (request) => (readJudgeRequest(request.json.messages).targets[0] === 2 ? 'nonsense, alas' : scriptedReply()(request)) });
    const log = openLog(await temporaryFolder());
    const state = stateOf(log, traceOf(STEPS));
    const result = await score(log, state, judgeAt(server));
    expect(await find(log, state, 1, result)).toMatchObject({ fault: 'not-json', exchanges: [1, 2].map(() => ({ received: expect.stringContaining('nonsense') as string })) });
    expect((await find(log, state, 0, result))?.fault).toBeUndefined();
  });

  it('is told apart by the intent that was given, also where the text and the judge are the same', async () => {
    const server = await serve({ reply: scriptedReply() });
    const log = openLog(await temporaryFolder());
    const [benign, unknown] = (['benign', 'unknown'] as const).map((intent) => traceOf(STEPS, { intent }));
    if (benign === undefined || unknown === undefined) throw new Error('There are two.');
    await score(log, stateOf(log, benign), judgeAt(server));
    const result = await score(log, stateOf(log, unknown), judgeAt(server));
    const sent = async (text: string): Promise<string | undefined> => {
      const state = stateOf(log, text);
      return (await log.exchanges.find(DOC, state.verdicts[1]?.seen ?? '', identityKey(result.identity), state.trace.intent))?.exchanges[0]?.sent;
    };
    for (let compacted = 0; compacted < 2; compacted++) {
      expect(await sent(benign)).toContain('{\\"intent\\":\\"benign\\"}');
      expect(await sent(unknown)).toContain('{\\"intent\\":\\"unknown\\"}');
      // Where nothing was sent with this intent, what is shown is a stale verdict, and its request the last.
      expect(await sent(traceOf(STEPS, { intent: 'harmful' }))).toContain('{\\"intent\\":\\"unknown\\"}');
      await log.compact(DOC, reachable(stateOf(log, benign)));
    }
  });

  it('holds no key, and the folder keeps itself out of git', async () => {
    const server = await serve({ reply: scriptedReply() });
    const folder = await temporaryFolder();
    const log = openLog(folder);
    await score(log, stateOf(log, traceOf(STEPS)), judgeAt(server));
    await log.settled();
    expect(server.completions[0]?.headers.authorization).toMatch(/^Bearer sk-test/);
    expect(await readFile(fileIn(folder), 'utf8')).not.toContain('sk-test');
    expect(await readFile(path.join(folder, '.cotlens/.gitignore'), 'utf8')).toContain('\n*\n');
  });

  it('goes with a renamed document, and what nothing reaches goes when scores are compacted', async () => {
    const server = await serve({ reply: scriptedReply() });
    const folder = await temporaryFolder();
    const log = openLog(folder);
    const old = stateOf(log, traceOf(STEPS));
    const judge = judgeAt(server);
    await score(log, old, judge);
    await log.moved(DOC, 'b.cot');
    const moved = stateOf(log, traceOf(STEPS), 'b.cot');
    const edited = stateOf(log, traceOf(STEPS.map((text) => text.replace('gamma', 'other'))), 'b.cot');
    const result = await score(log, edited, judge, { doc: 'b.cot' });
    await log.settled();
    expect((await find(log, moved, 3, result, 'b.cot'))?.exchanges[0]?.sent).toContain('gamma');
    const before = (await stat(fileIn(folder, 'b.cot'))).size;
    await log.compact('b.cot', reachable(edited));
    expect((await stat(fileIn(folder, 'b.cot'))).size).toBeLessThan(before);
    expect(await find(log, moved, 3, result, 'b.cot')).toBeUndefined();
    for (const target of [0, 1, 2, 3, 'answer'] as const) {
      const found = await find(log, edited, target, result, 'b.cot');
      expect(found?.exchanges[0]?.sent).toBe(server.completions.findLast(({ body }) => body === found?.exchanges[0]?.sent)?.body);
      expect(found?.exchanges[0]?.sent).toBeDefined();
    }
    // Bodies that were dropped are no base of what comes later.
    const more = stateOf(log, traceOf([...STEPS, 'more =1']), 'b.cot');
    await score(log, more, judge, { doc: 'b.cot' });
    await log.settled();
    expect((await find(openLog(folder), more, 4, result, 'b.cot'))?.exchanges[0]?.sent).toContain('more =1');
  });
});

describe('the exchange file', () => {
  it('grows with a trace’s length, not with its square', async () => {
    const sizeOf = async (count: number): Promise<number> => {
      const files = new MemoryFiles();
      const log = new ExchangeLog(files, '/x', new LogKeeper());
      let body = '{"model":"m","messages":[{"role":"user","content":"';
      for (let i = 0; i < count; i++) {
        body += `a step of some length, number ${String(i)}, ${'word '.repeat(40)}`;
        await added(log, `seen ${String(i)}`, `${body} Rate it."}]}`);
      }
      expect((await log.find(DOC, `seen ${String(count - 1)}`, 'j'))?.exchanges[0]?.sent).toBe(`${body} Rate it."}]}`);
      return (await files.facts(`/x/exchanges/${scoreFileName(DOC)}`))?.size ?? NaN;
    };
    const ratio = (await sizeOf(400)) / (await sizeOf(100));
    expect(ratio).toBeGreaterThan(3.5);
    expect(ratio).toBeLessThan(4.5);
  });

  it('torn anywhere costs the torn line, and what was stored as a difference from it says so', async () => {
    const folder = await temporaryFolder();
    const start = 'a beginning that is long enough to be shared by all three of the bodies, ';
    const file = fileIn(folder);
    const write = async (from: number, to: number): Promise<ExchangeLog> => {
      const log = new ExchangeLog(nodeFiles, path.join(folder, '.cotlens'), new LogKeeper());
      for (let i = from; i < to; i++) await added(log, `seen ${String(i)}`, `${start}${String(i)}`);
      return log;
    };
    await write(0, 3);
    const whole = await readFile(file, 'utf8');
    const firstLine = whole.indexOf('\n') + 1;
    // The last line torn: a new one begins after it.
    await truncate(file, whole.length - 20);
    const log = await write(3, 4);
    expect(await log.find(DOC, 'seen 2', 'j')).toBeUndefined();
    expect((await log.find(DOC, 'seen 3', 'j'))?.exchanges[0]?.sent).toBe(`${start}3`);
    // The first line gone, and with it what the second was stored against.
    await writeFile(file, whole.slice(firstLine));
    const found = await log.find(DOC, 'seen 1', 'j');
    expect(found?.exchanges[0]).toMatchObject({ sent: undefined, problem: expect.stringContaining('not in the file any more') as string, received: expect.stringMatching(/^reply to/) as string });
    // Changed by somebody: nothing is given back that was not sent.
    await writeFile(file, whole.replace('a beginning', 'A beginning'));
    expect((await log.find(DOC, 'seen 1', 'j'))?.exchanges[0]).toMatchObject({ sent: undefined, problem: expect.stringContaining('changed or damaged') as string });
    await appendFile(file, 'foreign\n{"v":2}\n[]\n');
    expect(await log.find(DOC, 'nobody saw this', 'j')).toBeUndefined();
  });

  it('two windows append to it, and each reads what the other wrote', async () => {
    const folder = await temporaryFolder();
    const open = (): ExchangeLog => new ExchangeLog(nodeFiles, path.join(folder, '.cotlens'), new LogKeeper());
    const [one, two] = [open(), open()];
    const long = 'x'.repeat(200);
    await Promise.all(Array.from({ length: 30 }, (_, i) => added(i % 2 === 0 ? one : two, `seen ${String(i)}`, `${long} body ${String(i)}`)));
    for (let i = 0; i < 30; i++) {
      const found = await (i % 2 === 0 ? two : one).find(DOC, `seen ${String(i)}`, 'j');
      expect(found?.exchanges[0]?.sent).toBe(`${long} body ${String(i)}`);
    }
  });

  it('law: whatever is stored comes back exactly, or not at all', () => {
    const body = fc.tuple(fc.constantFrom('', 'p'.repeat(80), `${'p'.repeat(70)}\ud83d`, `${'p'.repeat(80)}q`.repeat(2)), fc.string({ unit: 'binary', maxLength: 30 })).map(([a, b]) => a + b);
    fc.assert(
      fc.property(fc.array(body, { maxLength: 20 }), fc.integer({ min: 1, max: 6 }), fc.func(fc.boolean()), (bodies, most, lost) => {
        const writer = new BodyWriter(most);
        const stored = bodies.map((text) => JSON.parse(JSON.stringify(writer.store(text))) as StoredBody);
        const all = bodiesById(stored);
        stored.forEach((one, i) => { expect(readBody(one, all)).toEqual({ text: bodies[i] }); });
        const some = bodiesById(stored.filter((_, i) => !lost(i)));
        stored.forEach((one, i) => {
          const read = readBody(one, some);
          if ('text' in read) expect(read.text).toBe(bodies[i]);
        });
        expect(new Set(stored.map(({ id }) => id)).size).toBe(new Set(bodies.map(bodyId)).size);
      }),
    );
  });

  it('that cannot be written costs no verdict, and is noted', async () => {
    const logger = new LogKeeper();
    const files = Object.assign(new MemoryFiles(), { append: () => Promise.reject(new Error('ENOSPC')) });
    const log = new ExchangeLog(files, '/x', logger);
    await added(log, 'seen', 'body');
    expect(logger.lines.join()).toMatch(/could not be kept.*ENOSPC/);
  });
});

it('a folder that nobody else uses is left as it was', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'cot-lens-test-'));
  const log = new ExchangeLog(nodeFiles, path.join(folder, '.cotlens'), new LogKeeper());
  expect(await log.find(DOC, 'x', 'j')).toBeUndefined();
  await log.moved(DOC, 'b.cot');
  await log.compact(DOC, () => true);
  expect(await nodeFiles.list(path.join(folder, '.cotlens'))).toEqual([]);
  await rm(folder, { recursive: true });
});
