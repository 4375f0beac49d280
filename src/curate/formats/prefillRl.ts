import { isPrefilled } from '../dualUse';
import { injectedInSample } from '../injectedInSample';
import { chatRenderer, type RenderChat } from '../renderTemplate';
import type { CuratedSample } from '../sample';
import { chainText } from './chainText';
import { promptMessages, rowMarks } from './rowParts';
import type { ChatTemplate } from './trainingFormat';
import { notExported, type RowMaker } from './underDualUse';

/**
 * Prompts for reinforcement learning that end in flawed reasoning, which the model must put right by itself (RECAP). Rendered here, with
 * the model's own template, since as messages they would be rendered wrongly: templates close the reasoning before the prefill, and
 * trainers open a new turn after it.
 */
export const prefillRl: RowMaker = {
  name: 'prefill-rl',
  label: 'Prefill rows for RL (RECAP)',
  use: 'TRL GRPOTrainer and others that take a raw text as `prompt`: it ends in the flawed prefill, no loss falls on it, and the model goes on from there. `question` is the prompt as it was asked, for a guard; `kind` is the intent and `answer` the known answer (`expected` of the sample), `""` where there is none: the reward goes by them. Samples without anything injected, and those that do not keep their prefill, become ordinary prompts, as RECAP mixes them; `prefilled` says which a row is. The canary is a column.',
  extension: 'jsonl',
  needsTemplate: true,
  textUse: 'prompt',
  make(sample, options) {
    if (sample.intent === 'unknown' && knownAnswer(sample) === '') return notExported(sample, 'its intent is not known, and it has no known answer: the reward goes by one of them. Set the intent of the prompt.');
    if (!isPrefilled(sample) && sample.cotlens.injected.length > 0) return notExported(sample, `it has no prefill (its recipe is ${sample.recipe}).`);
    const whole = prefillOf(sample);
    if (whole === undefined) return notExported(sample, 'it is not known which of its steps are the prefill: their track is lost.');
    if (options.template === undefined) return notExported(sample, 'a raw prompt is rendered with the model’s own chat template, and none was chosen.');
    const prefill = options.keepsPrefill?.(sample.id) === false ? '' : whole;
    try {
      const prompt = rawPrompt(options.template, options.render ?? chatRenderer(options.template), sample, prefill);
      return typeof prompt === 'string' ? [{ prompt, question: sample.prompt, kind: sample.intent, answer: knownAnswer(sample), prefilled: prefill !== '', ...rowMarks(sample, options) }] : notExported(sample, prompt.reason);
    } catch (error) {
      return notExported(sample, error instanceof Error ? error.message : String(error));
    }
  },
};

/** What a reward compares the final answer with; `''` where nothing is known. */
export function knownAnswer({ expected }: Pick<CuratedSample, 'expected'>): string {
  return expected?.trim() ?? '';
}

/** The flawed reasoning, up to the end of its last step; `''` where nothing was put in, `undefined` where its track is lost. */
export function prefillOf(sample: CuratedSample): string | undefined {
  if (!isPrefilled(sample)) return '';
  const { steps, lost } = injectedInSample(sample);
  const last = steps.findLast(({ role }) => role === 'prefill');
  return last === undefined || lost.length > 0 ? undefined : chainText(sample.steps.slice(0, last.step + 1));
}

/**
 * The prompt as the model's template opens the assistant's turn, and the prefill within its reasoning; or why there is none.
 * @throws Error in words where the template does not render it
 */
export function rawPrompt({ model, tokens, addsBos }: ChatTemplate, render: RenderChat, sample: CuratedSample, prefill: string): string | { readonly reason: string } {
  const asked = promptMessages(sample);
  const whole = render(asked, { addGenerationPrompt: true });
  // Trainers and servers tokenize a raw prompt as any text: a tokenizer that begins each with a token of its own would put it there twice.
  const bos = tokens['bos_token'] ?? '';
  const opened = addsBos === true && bos !== '' && whole.startsWith(bos) ? whole.slice(bos.length) : whole;
  if (whole === render(asked, { addGenerationPrompt: false })) {
    return { reason: `the chat template of ${model} opens no assistant’s turn after a prompt, so nothing can follow it.` };
  }
  if (prefill === '') return opened;
  if (/<\/think>\s*$/.test(opened)) {
    return { reason: `the chat template of ${model} closes the reasoning before it begins (its generation prompt holds an empty one), so a prefill would stand in the answer. Choose the template of a model that reasons.` };
  }
  // Some generation prompts open the reasoning themselves: a second tag would be text of it.
  if (/<think>\s*$/.test(opened)) return `${opened}${opened.endsWith('\n') ? '' : '\n'}${prefill}`;
  return `${opened}<think>\n${prefill}`;
}
