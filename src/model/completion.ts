import * as z from 'zod';
import type { ChatReply, TokenUsage } from './chat';

/** Text, or the parts of it that some servers send; what a reasoning model thought is no part of the reply. */
const content = z
  .union([z.string(), z.array(z.object({ type: z.string(), text: z.string().optional() }))])
  .transform((given) =>
    typeof given === 'string' ? given : given.map(({ type, text }) => (type === 'text' ? (text ?? '') : '')).join(''),
  );

const said = z.object({ content: content.nullish(), refusal: z.string().nullish() });

/** A completion, or one chunk of it, as far as it is read here. Fields that servers add are let be. */
export const completionShape = z.object({
  model: z.string().nullish(),
  choices: z.array(z.object({ finish_reason: z.string().nullish(), message: said.nullish(), delta: said.nullish() })),
  usage: z
    .object({
      prompt_tokens: z.number().nullish(),
      completion_tokens: z.number().nullish(),
      prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
    })
    .nullish(),
});

/** Puts a reply together from its chunks; a completion in one piece is a single chunk. */
export class Completion {
  text = '';
  model = '';
  usage: TokenUsage | undefined;
  /** Why it ended, in the server's word. */
  finish: string | undefined;
  /** Was there any choice at all? */
  chosen = false;
  private refusal = '';

  /** Did the text grow? */
  add(chunk: z.output<typeof completionShape>): boolean {
    const before = this.text.length;
    const [choice] = chunk.choices;
    this.model = given(chunk.model) ?? this.model;
    if (choice !== undefined) {
      const part = choice.message ?? choice.delta;
      this.chosen = true;
      this.text += part?.content ?? '';
      this.refusal += part?.refusal ?? '';
      this.finish = given(choice.finish_reason) ?? this.finish;
    }
    const { usage } = chunk;
    if (usage !== null && usage !== undefined) {
      const cached = usage.prompt_tokens_details?.cached_tokens ?? undefined;
      this.usage = {
        input: usage.prompt_tokens ?? 0,
        ...(cached === undefined ? {} : { cached }),
        output: usage.completion_tokens ?? 0,
      };
    }
    return this.text.length > before;
  }

  /** How the reply ended, and what was said: a refusal's words stand in the text's place. */
  outcome(): Pick<ChatReply, 'text' | 'ending'> {
    if (this.refusal !== '') return { text: this.refusal, ending: 'refused' };
    if (this.finish === 'content_filter') return { text: this.text, ending: 'blocked' };
    return { text: this.text, ending: this.finish === 'length' || this.finish === 'max_tokens' ? 'length' : 'stop' };
  }
}

/** Some servers send an empty text for what they do not know. */
function given(value: string | null | undefined): string | undefined {
  return value === null || value === undefined || value === '' ? undefined : value;
}
