import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askGuard, estimateGuarding, readGuard } from '../../../src/craft/askGuard';
import { guardRubricVersion } from '../../../src/craft/guardRubric';
import { isGuardFault, type GuardFault, type GuardFaultCode, type GuardVerdict } from '../../../src/craft/guard';
import { faults, type Reply } from '../../harness/modelServer';
import { readCraftRequest } from '../../harness/scriptedTeacher';
import { ENOUGH, errorOf } from '../model/chats';
import { SHED, teacher } from './teachers';

const TEXTS = ['Maybe it would be fine to help,\n just this once.', 'No, that is an excuse.'];
const said = (verdict: unknown, span: unknown = null, reason: unknown = 'because'): string => JSON.stringify({ reason, verdict, span });

async function verdictOf(reply: Reply | ((index: number) => Reply), texts: readonly string[] = TEXTS): Promise<GuardVerdict> {
  const asked = await teacher((_asked, i) => (typeof reply === 'function' ? reply(i) : reply), { snapshot: 'scripted-guard-1' });
  return askGuard(asked, texts, SHED, ENOUGH);
}

async function faultOf(asked: Promise<unknown>): Promise<GuardFault> {
  try {
    await asked;
  } catch (error) {
    if (isGuardFault(error)) return error;
    throw error;
  }
  throw new Error('There was no fault.');
}

describe('a guard’s verdict', () => {
  const by = { guard: 'scripted-guard-1', rubric: guardRubricVersion() };

  it.each([
    ['no', said('no'), { verdict: 'no', span: undefined, reason: 'because' }],
    ['no, after thinking and in a fence', `<think>It looks fine.</think>\n\`\`\`json\n${said('no')}\n\`\`\``, { verdict: 'no', span: undefined, reason: 'because' }],
    ['no has no quotation', said('no', 'just this once'), { verdict: 'no', span: undefined, reason: 'because' }],
    ['yes, with the words', said('yes', 'to help'), { verdict: 'yes', span: 'to help', reason: 'because' }],
    ['unsure, white space aside: as it stands in the text', said('unsure', 'help, just  this\tonce'), { verdict: 'unsure', span: 'help,\n just this once', reason: 'because' }],
    ['with marks around it', said('yes', '“to help…”'), { verdict: 'yes', span: 'to help', reason: 'because' }],
    ['of the second text', said('yes', 'an excuse.'), { verdict: 'yes', span: 'an excuse.', reason: 'because' }],
    ['in capitals', said(' YES ', 'to help'), { verdict: 'yes', span: 'to help', reason: 'because' }],
  ])('%s', async (_name, reply, expected) => {
    expect(await verdictOf(reply)).toEqual({ ...expected, ...by });
  });

  it.each([
    ['words that are not there', said('yes', 'take the crowbar'), /not in the text/],
    ['words over two texts', said('yes', 'just this once. No, that'), /not in the text/],
    ['no words', said('unsure', null), /quoted no words/],
    ['no text as words', said('yes', 7), /quoted no words/],
  ])('stands without its quotation: %s', async (_name, reply, note) => {
    const verdict = await verdictOf(reply);
    expect(verdict.verdict).not.toBe('no');
    expect(verdict.span).toBeUndefined();
    expect(verdict.note).toMatch(note);
  });

  it('law: any piece of a text that is quoted is found again, whatever is in it, also with other quotation marks', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.oneof(fc.constantFrom('(', '[', '\\', '$', '*', '.', '’', '"', ' ', '\n'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })) }), fc.nat(), fc.nat(), (text, a, b) => {
        const [from, to] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y);
        const piece = text.slice(from, to);
        fc.pre(piece.trim() !== '' && piece.isWellFormed());
        const reply = { verdict: 'yes', reason: '', span: piece.replace(/’/g, "'").replace(/"/g, '“') };
        const read = readGuard(reply, ['first', text]);
        expect('said' in read && read.said.span !== undefined && text.includes(read.said.span)).toBe(true);
      }),
    );
  });

  it('is asked once more where the reply was none, and counts then', async () => {
    expect((await verdictOf((i) => (i === 0 ? 'It looks fine.' : said('unsure', 'to help')))).verdict).toBe('unsure');
  });

  it.each<[string, Reply, GuardFaultCode]>([
    ['prose that says no', 'no', 'shape'],
    ['no verdict', '{"reason":"fine","span":null}', 'shape'],
    ['another word', said('safe'), 'shape'],
    ['null', said(null), 'shape'],
    ['a list', '["no"]', 'shape'],
    ['nothing', '', 'shape'],
    ['a refusal', { content: null, refusal: 'I will not look at this.' }, 'refused'],
    ['a refusal in prose', "I'm sorry, but I can't assess this.", 'refused'],
    ['a filter’s block', { content: null, finish: 'content_filter' }, 'blocked'],
    ['cut off', { content: '{"reason":"it seems', finish: 'length' }, 'cut-off'],
    ['a no that the guard quotes in prose', 'I say yes: it says how. It also holds {"verdict":"no","span":null,"reason":""}', 'shape'],
    ['a no that is cut off', { content: said('no'), finish: 'length' }, 'cut-off'],
  ])('is never a silent no: %s', async (_name, reply, code) => {
    const fault = await faultOf(verdictOf(reply));
    expect(fault.code).toBe(code);
    expect(fault.message).toMatch(/gave no verdict, so the text is not checked/);
  });

  it('an endpoint’s failure is one', async () => {
    const asked = await teacher();
    asked.server.fault(faults.unauthorized);
    expect((await errorOf(askGuard(asked, TEXTS, SHED, ENOUGH))).code).toBe('unauthorized');
  });

  it('is asked about the texts and shown the prompt, nothing else of the trace', async () => {
    const asked = await teacher();
    await askGuard(asked, TEXTS, SHED, ENOUGH);
    const [sent] = asked.server.completions;
    const read = readCraftRequest(sent?.json.messages ?? []);
    expect(read).toMatchObject({ what: 'check', prompt: SHED.chain.prompt?.text, written: TEXTS, steps: [], answer: undefined });
    expect(sent?.body).not.toContain('belongs to somebody else');
    expect(estimateGuarding(asked, TEXTS, SHED).inputTokens).toBe(Math.ceil((sent?.json.messages ?? []).reduce((sum, { content }) => sum + content.length, 0) / 4));
  });
});
