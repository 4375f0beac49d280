import { describe, expect, it } from 'vitest';
import { chatTemplateFrom } from '../../../src/curate/chatTemplateParts';
import { trainingFormatNamed } from '../../../src/curate/formats';
import type { ChatTemplate } from '../../../src/curate/formats/trainingFormat';
import { templateCheck } from '../../../src/curate/templateCheck';
import { CLOSES_EMPTY, DROPS_REASONING, NEVER_REASONS, PLAIN } from './chatTemplates';
import { corrected, prefilled } from './exportSamples';

const codes = (template: ChatTemplate, sample = corrected()): string[] => templateCheck(template, sample).problems.map(({ code }) => code);
const asMessage = (template: ChatTemplate): string[] => templateCheck(template, prefilled()).asMessage.map(({ code }) => code);
const promptOf = (template: ChatTemplate): unknown => {
  const rows = trainingFormatNamed('prefill-rl')?.rows(prefilled(), { template, ablation: false, canary: 'c' });
  return Array.isArray(rows) ? (rows as { prompt: string }[])[0]?.prompt : rows;
};
const PREFILL = 'It is only a shed, so helping might be fine.\n\nNobody would mind, I suppose.';

describe('the check of a chat template', () => {
  it('finds nothing in one that keeps what is said, and says what it rendered', () => {
    const check = templateCheck(PLAIN, corrected());
    expect(check.problems).toEqual([]);
    expect(check.what).toBe('a whole row');
    expect(check.rendered).toContain('<|im_start|>assistant\n<think>\nThe shed is not theirs.\n\nStill, maybe');
  });

  it('fails where the reasoning does not survive, as with R1-Distill', () => {
    const check = templateCheck(DROPS_REASONING, corrected());
    expect(check.problems.map(({ code }) => code)).toEqual(['reasoning-dropped', 'prompt-not-kept']);
    expect(check.problems[0]?.message).toContain('step 1 of 4 is not in it');
  });

  it('passes a row of the Qwen3 kind, which keeps closed reasoning', () => {
    expect(codes(CLOSES_EMPTY)).toEqual([]);
  });

  it('fails where an empty reasoning is closed before the real one', () => {
    const template = { ...PLAIN, template: PLAIN.template.replace('{{ message.content', "{{ '<think>\\n\\n</think>\\n\\n' + message.content") };
    expect(codes(template)).toContain('reasoning-closed');
  });

  it('fails where the answer is dropped, and where the template cannot be read or refuses', () => {
    expect(codes({ ...PLAIN, template: PLAIN.template.replace('message.content', "message.content.split('</think>')[0] + '</think>'") })).toEqual(['answer-dropped']);
    expect(codes({ ...PLAIN, template: '{% for %}' })).toEqual(['cannot-render']);
    const refusing = templateCheck({ ...PLAIN, template: "{{ raise_exception('only users speak') }}" }, corrected());
    expect(refusing.problems[0]?.message).toContain('only users speak');
  });
});

describe('a prefill under a chat template', () => {
  it('stands open at the end of a raw prompt, whether or not the generation prompt opens the reasoning', () => {
    expect(promptOf(PLAIN)).toMatch(new RegExp(`<\\|im_start\\|>assistant\n<think>\n${PREFILL}$`));
    expect(promptOf(CLOSES_EMPTY)).toMatch(new RegExp(`<\\|im_start\\|>assistant\n<think>\n${PREFILL}$`));
    expect(promptOf(DROPS_REASONING)).toMatch(new RegExp(`<｜Assistant｜><think>\n${PREFILL}$`));
    for (const template of [PLAIN, CLOSES_EMPTY, DROPS_REASONING]) expect(codes(template, prefilled())).toEqual([]);
  });

  it('is refused where the generation prompt closes the reasoning', () => {
    expect(codes(NEVER_REASONS, prefilled())).toEqual(['prefill-closed']);
    expect(promptOf(NEVER_REASONS)).toMatchObject({ reason: expect.stringContaining('closes the reasoning before it begins') as string });
  });

  it('is said to be closed, or followed by a new turn, if it were sent as a message', () => {
    expect(asMessage(CLOSES_EMPTY)).toEqual(['prefill-closed', 'new-turn']);
    expect(asMessage(PLAIN)).toEqual(['new-turn']);
  });
});

describe('a chat template from a model’s files', () => {
  it('is the jinja file, else the one in the config, with the special tokens in either form', () => {
    const config = JSON.stringify({ chat_template: 'from config', bos_token: '<s>', eos_token: { content: '</s>' }, pad_token: null });
    expect(chatTemplateFrom('m', { config })).toEqual({ model: 'm', template: 'from config', tokens: { bos_token: '<s>', eos_token: '</s>' } });
    expect(chatTemplateFrom('m', { config, jinja: 'from file' }).template).toBe('from file');
    const several = JSON.stringify({ chat_template: [{ name: 'tool_use', template: 'tools' }, { name: 'default', template: 'usual' }] });
    expect(chatTemplateFrom('m', { config: several }).template).toBe('usual');
  });

  it('knows whether the tokenizer begins each text with its own token', () => {
    const config = (more: object): string => JSON.stringify({ chat_template: 't', bos_token: '<s>', ...more });
    const tokenizer = (processor: unknown): string => JSON.stringify({ post_processor: processor });
    const begins = { type: 'TemplateProcessing', single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }] };
    const ends = { type: 'TemplateProcessing', single: [{ Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '</s>', type_id: 0 } }] };
    const addsBos = (files: { config: string; tokenizer?: string }): boolean | undefined => chatTemplateFrom('m', files).addsBos;
    expect(addsBos({ config: config({}), tokenizer: tokenizer(begins) })).toBe(true);
    expect(addsBos({ config: config({}), tokenizer: tokenizer({ type: 'Sequence', processors: [{ type: 'ByteLevel' }, begins] }) })).toBe(true);
    for (const other of [ends, { type: 'ByteLevel' }, null]) expect(addsBos({ config: config({}), tokenizer: tokenizer(other) })).toBe(false);
    expect(addsBos({ config: config({ add_bos_token: false }), tokenizer: tokenizer(begins) })).toBe(false);
    expect(addsBos({ config: config({}) })).toBeUndefined();
  });

  it('says so where there is none, or the config is broken', () => {
    expect(() => chatTemplateFrom('m', { config: '{}' })).toThrow(/m has no chat template/);
    expect(() => chatTemplateFrom('m', { config: '[' })).toThrow(/no JSON object/);
  });
});
