import { Tokenizer } from '@huggingface/tokenizers';
import type { ChatMessage } from './formats/rowParts';
import type { ChatTemplate } from './formats/trainingFormat';
import { chatRenderer } from './renderTemplate';
import { tokenAt, tokenSpans, traitsOf } from './tokenSpans';

/** What a row comes to in a trainer. */
export interface TrainedTokens {
  /** As the trainer sees them, after `maxLength`. */
  readonly tokens: number;
  /** Those that the loss falls on. */
  readonly trained: number;
  /** How many tokens `maxLength` cuts off, at the end. */
  readonly cut: number;
}

/** Counts what a row comes to. @throws Error in words where it cannot be said exactly */
export type CountTrained = (messages: readonly ChatMessage[], maxLength: number) => TrainedTokens;

/** The texts of a model's `tokenizer.json` and `tokenizer_config.json`. */
export interface TokenizerFiles {
  readonly tokenizer: string;
  readonly config: string;
}

const OPEN = /\{%([-+]?)\s*generation\s*([-+]?)%\}/g;
const CLOSE = /\{%([-+]?)\s*endgeneration\s*([-+]?)%\}/g;

/** Says the template which tokens are the assistant's? */
export function hasGenerationMarks(template: string): boolean {
  return /\{%[-+]?\s*generation\s*[-+]?%\}/.test(template);
}

/**
 * Predicts, token by token, what TRL's SFTTrainer trains on in a row of `messages` under `assistant_only_loss` (read in TRL 1.13 and
 * transformers 5.18): the template's `{% generation %}` blocks, in tokens of the whole rendered row, cut to `max_length` from the start.
 * Reading the tokenizer takes about a second with a large vocabulary.
 * @throws Error in words where the template has no such blocks (TRL then takes its own version of it, or refuses), or the files cannot be read
 */
export function trainedTokenCounter(template: ChatTemplate, files: TokenizerFiles): CountTrained {
  if (!hasGenerationMarks(template.template)) {
    throw new Error(`The chat template of ${template.model} does not mark what the assistant says ({% generation %}): under assistant_only_loss TRL trains with its own version of it, or refuses. Choose that version (\`*_training.jinja\` of TRL’s chat_templates) to count its tokens.`);
  }
  const file = parsed(files.tokenizer, 'tokenizer.json');
  const tokenizer = new Tokenizer(file, parsed(files.config, 'tokenizer_config.json'));
  const traits = traitsOf(file);
  const render = chatRenderer({ ...template, template: withMarks(template.template) });
  return (messages, maxLength) => {
    if (messages.some(({ content }) => content.includes('\uE0CE'))) throw new Error('A text holds the private character U+E0CE, which is used for counting here. Correct it in the sample.');
    const { text, blocks } = unmarked(render(messages, { addGenerationPrompt: false, more: { [FROM]: MARKS.from, [TO]: MARKS.to } }));
    const spans = tokenSpans(text, tokenizer, traits);
    const all = spans.starts.length;
    const trained = new Uint8Array(all);
    for (const { start, end } of blocks) {
      const first = tokenAt(spans, byteOf(text, start), byteOf(text, start + width(text, start)));
      // As transformers does it: where the first cannot be told, neither can the later ones.
      if (first === undefined) break;
      const before = beforeOf(text, end);
      const last = tokenAt(spans, byteOf(text, before), byteOf(text, end));
      trained.fill(1, first, last === undefined || last === 0 ? all : last + 1);
    }
    const tokens = Math.min(all, maxLength);
    return { tokens, trained: trained.subarray(0, tokens).reduce((sum, one) => sum + one, 0), cut: all - tokens };
  };
}

/** Variables of the template that print where a block of the assistant's begins and ends: private characters that no text has. */
const FROM = 'cotlens_from';
const TO = 'cotlens_to';
const MARKS = { from: '\uE0CE\uE001', to: '\uE0CE\uE002' };

/** The blocks printed as marks; the conditions around them are trimmed as the blocks themselves would be. */
function withMarks(template: string): string {
  return template
    .replace(OPEN, (_, left: string, right: string) => `{%${left} if true %}{{ ${FROM} }}{% if true ${right}%}`)
    .replace(CLOSE, (_, left: string, right: string) => `{%${left} endif %}{{ ${TO} }}{% endif ${right}%}`);
}

/** Takes the marks out again. */
function unmarked(marked: string): { text: string; blocks: { start: number; end: number }[] } {
  const blocks: { start: number; end: number }[] = [];
  let text = '';
  let start = 0;
  for (const piece of marked.split(/(\uE0CE[\uE001\uE002])/)) {
    if (piece === MARKS.from) start = text.length;
    else if (piece === MARKS.to) blocks.push({ start, end: text.length });
    else text += piece;
  }
  return { text, blocks };
}

function byteOf(text: string, offset: number): number {
  return Buffer.byteLength(text.slice(0, offset), 'utf8');
}

/** How many units the character at an offset has. */
function width(text: string, offset: number): number {
  return (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
}

/** The offset of the character before. */
function beforeOf(text: string, offset: number): number {
  return offset >= 2 && width(text, offset - 2) === 2 ? offset - 2 : Math.max(0, offset - 1);
}

function parsed(text: string, name: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new Error(`${name} of the model is no JSON object. Download the model’s files again.`);
}
