import { Template } from '@huggingface/jinja';
import type { ChatMessage } from './formats/rowParts';
import type { ChatTemplate } from './formats/trainingFormat';

export interface RenderOptions {
  /** Ends with what opens the assistant's turn. */
  readonly addGenerationPrompt: boolean;
  /** What else the template asks for by name. */
  readonly more?: Readonly<Record<string, string>>;
}

/** Renders a conversation; what is not said of the options is as the template has it by itself. @throws Error in words */
export type RenderChat = (messages: readonly ChatMessage[], options: RenderOptions) => string;

/**
 * Reads a chat template, once for many renderings. As `transformers` renders: blocks trimmed, special tokens by name, no tools, no date.
 * @throws Error in words where it is no template that can be read
 */
export function chatRenderer({ model, template, tokens }: ChatTemplate): RenderChat {
  let parsed: Template;
  try {
    parsed = new Template(template);
  } catch (error) {
    throw new Error(`The chat template of ${model} cannot be read as a template: ${reason(error)}. Choose another file.`, { cause: error });
  }
  return (messages, { addGenerationPrompt, more }) => {
    try {
      return parsed.render({ ...tokens, ...more, messages: messages.map((message) => ({ ...message })), add_generation_prompt: addGenerationPrompt });
    } catch (error) {
      throw new Error(`The chat template of ${model} does not render this conversation: ${reason(error)}.`, { cause: error });
    }
  };
}

/** The text around a final message that the model is to go on with, as servers make it of `continue_final_message`: cut off behind its content. */
export function renderContinued(render: RenderChat, messages: readonly ChatMessage[]): string {
  const whole = render(messages, { addGenerationPrompt: false });
  const last = messages.at(-1)?.content.trim() ?? '';
  const at = whole.lastIndexOf(last);
  return at < 0 ? whole : whole.slice(0, at + last.length);
}

function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/[.\s]+$/, '').slice(0, 300);
}
