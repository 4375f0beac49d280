import { isPrefilled } from './dualUse';
import { chainText } from './formats/chainText';
import { prefillOf, rawPrompt } from './formats/prefillRl';
import { assistantMessage, promptMessages, type ChatMessage } from './formats/rowParts';
import type { ChatTemplate } from './formats/trainingFormat';
import { chatRenderer, renderContinued, type RenderChat } from './renderTemplate';
import type { CuratedSample } from './sample';

/** What is wrong with how a template renders a sample. */
export interface TemplateProblem {
  /**
   * `cannot-render`; `reasoning-dropped`, `reasoning-closed`, `answer-dropped` of a row that is trained on; `prompt-not-kept`: the rendered
   * row does not begin with the rendered prompt, so that prompt and completion are cut apart at the wrong place; `prefill-dropped`,
   * `prefill-closed` and `new-turn` of a prefill.
   */
  readonly code: 'cannot-render' | 'reasoning-dropped' | 'reasoning-closed' | 'answer-dropped' | 'prompt-not-kept' | 'prefill-dropped' | 'prefill-closed' | 'new-turn';
  /** What happened and what to do. */
  readonly message: string;
}

/** How a model's template renders a sample. */
export interface TemplateCheck {
  /** What was rendered, in words: `a whole row`, `a prefill as a raw prompt`. */
  readonly what: string;
  readonly rendered: string;
  /** What makes the rendering wrong; none: it is as it should be. */
  readonly problems: readonly TemplateProblem[];
  /** Of a prefill: what would be wrong with it if it were sent as a message instead. Nothing is, as it is exported. */
  readonly asMessage: readonly TemplateProblem[];
}

/**
 * Renders a sample with a model's own template, and says what is lost on the way: the reasoning of a row that is trained on must stand in
 * it, between its tags and before the answer; a prefill must stand open at the very end.
 */
export function templateCheck(template: ChatTemplate, sample: CuratedSample): TemplateCheck {
  return templateChecker(template)(sample);
}

/** The same of many samples: the template is read once. */
export function templateChecker(template: ChatTemplate): (sample: CuratedSample) => TemplateCheck {
  let render: RenderChat | undefined;
  return (sample) => checkedWith(template, sample, () => (render ??= chatRenderer(template)));
}

function checkedWith(template: ChatTemplate, sample: CuratedSample, renderer: () => RenderChat): TemplateCheck {
  const prefill = isPrefilled(sample) ? (prefillOf(sample) ?? '') : '';
  const what = prefill === '' ? 'a whole row' : 'a prefill as a raw prompt';
  try {
    const render = renderer();
    return prefill === '' ? checkRow(template.model, render, sample) : checkPrefill(template, render, sample, prefill);
  } catch (error) {
    return { what, rendered: '', problems: [{ code: 'cannot-render', message: error instanceof Error ? error.message : String(error) }], asMessage: [] };
  }
}

function checkRow(model: string, render: RenderChat, sample: CuratedSample): TemplateCheck {
  const asked = promptMessages(sample);
  const said = assistantMessage(sample);
  const rendered = render([...asked, said], { addGenerationPrompt: false });
  const opened = render(asked, { addGenerationPrompt: true });
  const problems: TemplateProblem[] = [];
  const chain = chainText(sample.steps);
  const from = commonStart(rendered, render(asked, { addGenerationPrompt: false }));
  const at = rendered.indexOf(chain, from);
  const answer = sample.answer.trim();
  if (at < 0) problems.push({ code: 'reasoning-dropped', message: dropped(model, sample, rendered.slice(from)) });
  else if (chain !== '' && !/<think>\s*$/.test(rendered.slice(from, at)) && !opened.trimEnd().endsWith('<think>')) {
    problems.push({ code: 'reasoning-closed', message: `The chat template of ${model} renders the reasoning without the opening tag before it. Choose the template that the model is trained with.` });
  } else if (/<think>\s*<\/think>\s*<think>\s*$/.test(rendered.slice(from, at))) {
    problems.push({ code: 'reasoning-closed', message: `The chat template of ${model} closes an empty reasoning before the real one: the model would learn to reason after it has ended. Train with TRL’s own version of the template (\`chat_template_path\`).` });
  }
  if (answer !== '' && rendered.indexOf(answer, at < 0 ? from : at + chain.length) < 0) {
    problems.push({ code: 'answer-dropped', message: `The chat template of ${model} drops the final answer. Choose the template that the model is trained with.` });
  }
  if (!rendered.startsWith(opened)) {
    problems.push({
      code: 'prompt-not-kept',
      message: `With the chat template of ${model} a rendered row does not begin with its rendered prompt: TRL would cut prompt and completion apart at the wrong token (“Mismatch between tokenized prompt …” in its log). Use messages with assistant_only_loss.`,
    });
  }
  return { what: 'a whole row', rendered, problems, asMessage: [] };
}

function dropped(model: string, { steps }: CuratedSample, rendered: string): string {
  const lost = steps.findIndex((step) => !rendered.includes(step.trim()));
  const which = lost < 0 ? 'the steps do not follow one another' : `step ${String(lost + 1)} of ${String(steps.length)} is not in it`;
  return `The reasoning does not survive the chat template of ${model}: ${which}. Training with it would teach the answer alone. Use messages with assistant_only_loss, for which TRL puts its own version in the place of templates that it knows, or name a training template (\`chat_template_path\`) and check that one.`;
}

function checkPrefill(template: ChatTemplate, render: RenderChat, sample: CuratedSample, prefill: string): TemplateCheck {
  const what = 'a prefill as a raw prompt';
  const { model } = template;
  const asked = promptMessages(sample);
  const opened = render(asked, { addGenerationPrompt: true });
  const message: ChatMessage = { role: 'assistant', content: `<think>\n${prefill}` };
  const asMessage = [
    ...prefillProblems(model, renderContinued(render, [...asked, message]), prefill),
    ...prefillProblems(model, render([...asked, message], { addGenerationPrompt: true }), prefill),
  ].filter(({ code }, index, all) => all.findIndex((other) => other.code === code) === index);
  const prompt = rawPrompt(template, render, sample, prefill);
  if (typeof prompt !== 'string') {
    const closed: TemplateProblem = { code: 'prefill-closed', message: `No raw prompt can be made: ${prompt.reason}` };
    return { what, rendered: opened, problems: [closed], asMessage };
  }
  return { what, rendered: prompt, problems: prefillProblems(model, prompt, prefill), asMessage };
}

/** What is wrong with a rendered prompt that is to end in a prefill: closed before it starts, or something after it. */
export function prefillProblems(model: string, rendered: string, prefill: string): TemplateProblem[] {
  const at = rendered.lastIndexOf(prefill);
  if (at < 0) return [{ code: 'prefill-dropped', message: `The chat template of ${model} drops the prefill. Send it as a raw prompt.` }];
  const problems: TemplateProblem[] = [];
  const before = rendered.slice(0, at);
  if (/<\/think>\s*(?:<think>\s*)?$/.test(before) || !/<think>\s*$/.test(before)) {
    problems.push({ code: 'prefill-closed', message: `The chat template of ${model} closes the reasoning before the prefill starts, so that the flawed text is no reasoning any more. Send it as a raw prompt.` });
  } else if (/<think>\s*<think>\s*$/.test(before)) {
    problems.push({ code: 'prefill-closed', message: `The chat template of ${model} opens the reasoning itself, and the prefill opens it a second time. Leave the tag out of the prefill.` });
  }
  const after = rendered.slice(at + prefill.length).trim();
  if (after !== '') {
    problems.push({ code: 'new-turn', message: `With the chat template of ${model} more follows the prefill (${JSON.stringify(after.slice(0, 60))}): its turn is ended and a new one may open, so that the model does not go on from it. Send it as a raw prompt.` });
  }
  return problems;
}

function commonStart(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}
