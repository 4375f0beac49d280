import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemMessage } from '../../../src/judge/model/frame';
import { PrefixRequests, wholeRequests, type RequestSettings } from '../../../src/judge/model/requests';
import { OfflineJudge } from '../../../src/judge/offline/offlineJudge';
import { chainText, seenKeys, textChain } from '../../../src/judge/textChain';
import { missingOf } from '../../../src/session/missing';
import { scoreTrace } from '../../../src/session/scoreTrace';
import { parseTrace } from '../../../src/trace/parseTrace';
import { openLog, ScriptedJudge, temporaryFolder } from '../session/scoring';
import { RUBRIC, stateOf } from './judging';

const PLAIN: RequestSettings = { rubric: RUBRIC, helpfulnessOnHarmful: false };
const TWO = 'Q\n\n<think>\nA\n</think>\n\n--- tool call search ---\n{}\n\n--- tool result search ---\nfound\n\n<think>\nB\n\nC\n</think>\n\nSo.\n';
const LEAD = '--- tool call search ---\n{}\n\n--- tool result search ---\nfound';

const lines = (user: string | undefined): unknown[] =>
  (user ?? '').split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as unknown);

describe('what stands between two blocks of reasoning', () => {
  it('is a line of its own before the step that it leads to, and is explained', () => {
    const { steps, leads } = { steps: ['A', 'B', 'C'], leads: [undefined, LEAD, undefined] };
    const wanted = [{ intent: 'unknown' }, { prompt: 'Q' }, { step: 1, text: 'A' }, { between: LEAD }, { step: 2, text: 'B' }, { step: 3, text: 'C' }];
    const [, prefix] = new PrefixRequests({ prompt: 'Q', intent: 'unknown', steps, leads }, PLAIN).step();
    expect(lines(prefix?.content)).toEqual(wanted);
    const [whole] = wholeRequests({ prompt: 'Q', intent: 'unknown', steps, leads, answer: undefined, wanted: [0, 1, 2], wantsAnswer: false }, PLAIN);
    expect(lines(whole?.messages[1]?.content)).toEqual(wanted);
    expect(systemMessage('')).toContain('"between"');
  });

  it('law: requests still begin as the ones before them, and never hold what leads to a later step', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, fc.option(text, { nil: undefined })), { minLength: 2, maxLength: 10 }), (all) => {
        const steps: string[] = [];
        const leads: (string | undefined)[] = [];
        const requests = new PrefixRequests({ prompt: 'Q', intent: 'unknown', steps, leads }, PLAIN);
        let before = '';
        for (const [i, [step, lead]] of all.entries()) {
          steps.push(step);
          leads.push(lead === undefined ? undefined : `${lead} [[lead-${String(i)}]]`);
          const user = requests.step()[1]?.content ?? '';
          const data = user.slice(0, user.lastIndexOf('\n'));
          expect(data.startsWith(before)).toBe(true);
          before = data;
          for (const [, at] of user.matchAll(/\[\[lead-(\d+)\]\]/g)) expect(Number(at)).toBeLessThanOrEqual(i);
        }
      }),
    );
  });

  it('counts for the window', () => {
    const settings = { ...PLAIN, contextTokens: Math.ceil(systemMessage(RUBRIC.text).length / 4) + 700 };
    const room = (leads?: (string | undefined)[]): string =>
      new PrefixRequests({ prompt: 'Q', intent: 'unknown', steps: ['A', 'B', 'C'], ...(leads === undefined ? {} : { leads }) }, settings).step()[1]?.content ?? '';
    expect(room()).not.toContain('left_out');
    expect(room([undefined, undefined, 'x '.repeat(900)])).toContain('left_out');
  });

  it('is part of what was seen from there on, and nothing changes where there is none', () => {
    const plain = textChain('Q', ['A', 'B', 'C']);
    expect(textChain('Q', ['A', 'B', 'C'], undefined, [undefined, undefined, undefined]).seen).toEqual(plain.seen);
    const chain = chainText(parseTrace(TWO).chain);
    expect(chain.leads).toEqual([undefined, LEAD, undefined]);
    expect(chain.seen.map((seen, i) => seen === plain.seen[i])).toEqual([true, false, false]);
    expect(chain.own).toEqual(plain.own);
    const edited = chainText(parseTrace(TWO.replace('found', 'nothing')).chain, chain);
    expect(edited.seen.map((seen, i) => seen === chain.seen[i])).toEqual([true, false, false]);
    expect(edited).toEqual(chainText(parseTrace(TWO.replace('found', 'nothing')).chain));
    expect(seenKeys('whole-trace', edited, 'So.').step(0)).not.toBe(seenKeys('whole-trace', chain, 'So.').step(0));
  });

  it('law: hashed from the chain before an edit or anew, the hashes are the same', () => {
    const list = fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom(undefined, 'x', 'y')), { maxLength: 6 });
    fc.assert(
      fc.property(list, list, (first, second) => {
        const of = (all: typeof first, previous?: ReturnType<typeof textChain>) =>
          textChain('Q', all.map(([text]) => text), previous, all.some(([, lead]) => lead !== undefined) ? all.map(([, lead]) => lead) : undefined);
        expect(of(second, of(first))).toEqual(of(second));
      }),
    );
  });

  it('is shown to judges as they score, and after a change only what follows it is asked for anew', async () => {
    const log = openLog(await temporaryFolder());
    const judge = new ScriptedJudge();
    const run = (text: string) =>
      scoreTrace(stateOf(log, text), { judge, log, doc: 'a.cot', clock: { now: () => 0 }, signal: new AbortController().signal, progress: () => undefined });
    await run(TWO);
    expect(judge.asked.map(({ leads }) => leads)).toEqual([[undefined], [undefined, LEAD], [undefined, LEAD, undefined]]);
    const state = stateOf(log, TWO.replace('found', 'nothing'));
    expect(missingOf(state, log.scores('a.cot'), judge).view.wanted).toEqual([1, 2]);
  });

  it('the offline judge scores the reasoning, not what a tool says', () => {
    const judge = new OfflineJudge();
    const view = { prompt: 'Q', intent: 'harmful' as const, steps: ['I will not help with this.'] };
    expect(judge.scoreStep({ ...view, leads: ['Sure, here is exactly how to do it.'] })).toEqual(judge.scoreStep(view));
  });
});
