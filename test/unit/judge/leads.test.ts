import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JudgeView } from '../../../src/judge/judge';
import { estimateScoring } from '../../../src/judge/model/estimate';
import { systemMessage } from '../../../src/judge/model/frame';
import { PrefixRequests, wholeRequests, type RequestSettings } from '../../../src/judge/model/requests';
import { OfflineJudge } from '../../../src/judge/offline/offlineJudge';
import { answerSeen, chainText, seenKeys, textChain } from '../../../src/judge/textChain';
import { missingOf } from '../../../src/session/missing';
import { scoreTrace } from '../../../src/session/scoreTrace';
import { parseTrace } from '../../../src/trace/parseTrace';
import type { Verdict } from '../../../src/trace/verdict';
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

class AnswerJudge extends ScriptedJudge {
  readonly answered: JudgeView[] = [];

  override scoreAnswer(view: JudgeView, answer: string): Verdict {
    this.answered.push({ ...view, ...(view.leads === undefined ? {} : { leads: [...view.leads] }) });
    return super.scoreAnswer(view, answer);
  }
}

describe('what stands between the last reasoning and the answer', () => {
  const TOOL = '--- tool call search ---\n{}\n\n--- tool result search ---\nfound';
  const text = (lead: string): string => `Q\n\n<think>\nA\n</think>\n\n${lead}--- assistant ---\nSo.\n`;
  const run = async (content: string) => {
    const log = openLog(await temporaryFolder());
    const judge = new AnswerJudge();
    await scoreTrace(stateOf(log, content), { judge, log, doc: 'a.cot', clock: { now: () => 0 }, signal: new AbortController().signal, progress: () => undefined });
    return { log, judge };
  };

  it('is seen with the answer alone, and changes no hash where there is none', () => {
    const [chain, plain] = [chainText(parseTrace(text(`${TOOL}\n\n`)).chain), chainText(parseTrace(text('')).chain)];
    expect([chain.leads, plain.leads]).toEqual([[undefined, TOOL], undefined]);
    expect(chain.seen).toEqual(plain.seen);
    expect(answerSeen(chain, 'So.')).not.toBe(answerSeen(plain, 'So.'));
    expect(answerSeen(plain, 'So.')).toBe(answerSeen(textChain('Q', ['A']), 'So.'));
    for (const protocol of ['prefix', 'whole-trace'] as const) {
      expect(seenKeys(protocol, chain, 'So.').answer).not.toBe(seenKeys(protocol, plain, 'So.').answer);
    }
    expect(seenKeys('prefix', chain, 'So.').step(0)).toBe(seenKeys('prefix', plain, 'So.').step(0));
    expect(seenKeys('whole-trace', chain, 'So.').step(0)).not.toBe(seenKeys('whole-trace', plain, 'So.').step(0));
  });

  it('stands before the answer in the requests of either protocol, counted in their estimate', () => {
    const view = { prompt: 'Q', intent: 'unknown' as const, steps: ['A'], leads: [undefined, TOOL] };
    const wanted = [{ intent: 'unknown' }, { prompt: 'Q' }, { step: 1, text: 'A' }, { between: TOOL }, { answer: 'So.' }];
    const requests = new PrefixRequests(view, PLAIN);
    expect(lines(requests.step()[1]?.content)).toEqual(wanted.slice(0, 3));
    expect(lines(requests.answer('So.')[1]?.content)).toEqual(wanted);
    const whole = { ...view, answer: 'So.', wanted: [], wantsAnswer: true };
    expect(lines(wholeRequests(whole, PLAIN)[0]?.messages[1]?.content)).toEqual(wanted);
    for (const protocol of ['prefix', 'whole-trace'] as const) {
      const tokens = (leads: readonly (string | undefined)[]): number => estimateScoring({ ...whole, leads }, { rubric: RUBRIC, protocol }).inputTokens;
      expect(tokens([undefined, TOOL]) - tokens([undefined])).toBeGreaterThan(TOOL.length / 5);
    }
  });

  it('is shown to judges that score the answer, and only to them; after a change the answer is asked for anew', async () => {
    const { log, judge } = await run(text(`${TOOL}\n\n`));
    expect(judge.asked.map(({ leads }) => leads)).toEqual([[undefined]]);
    expect(judge.answered.map(({ leads }) => leads)).toEqual([[undefined, TOOL]]);
    const { view } = missingOf(stateOf(log, text(`${TOOL.replace('found', 'nothing')}\n\n`)), log.scores('a.cot'), judge);
    expect([view.wanted, view.wantsAnswer]).toEqual([[], true]);
  });

  it('is the user’s next message too, where the model answers it without reasoning', () => {
    const { chain } = parseTrace('Q\n\n<think>\nA\n</think>\n\nSo.\n\n--- user ---\nReally?\n\n--- assistant ---\nYes.\n');
    expect(chain.answer).toMatchObject({ text: 'Yes.', lead: 'So.\n\n--- user ---\nReally?' });
  });

  it('holds no tags around nothing, and no mark of the document', () => {
    const marked = '---\nmark: 7f\n---\nQ\n<think-7f>\nA\n</think-7f>\nB\n<think-7f>\n</think-7f>\n--- tool result x 7f ---\nC\n--- assistant 7f ---\nSo.';
    expect(parseTrace(marked).chain.answer).toMatchObject({ text: 'So.', lead: 'B\n\n--- tool result x ---\nC' });
  });
});
