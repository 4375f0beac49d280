import type { ChatTemplate } from './formats/trainingFormat';

/** Above this a text is no chat template. Ours: the longest that TRL knows has about 20 kB. */
const LONGEST = 1_000_000;

/**
 * A model's chat template from the files that its folder has: `chat_template.jinja` counts before `tokenizer_config.json`, as
 * `transformers` reads them. Of several named templates in the config it is the one called `default`.
 * @param model the name that people are shown
 * @throws Error in words where there is none
 */
export function chatTemplateFrom(model: string, files: { readonly jinja?: string; readonly config?: string; readonly tokenizer?: string }): ChatTemplate {
  const config = files.config === undefined ? {} : readObject(model, 'tokenizer_config.json', files.config);
  const template = files.jinja ?? templateIn(config['chat_template']);
  if (template === undefined || template.trim() === '') {
    throw new Error(`${model} has no chat template: neither chat_template.jinja nor a chat_template in tokenizer_config.json. Choose the folder of a chat model, or a template's own file.`);
  }
  if (template.length > LONGEST) throw new Error(`The chat template of ${model} is ${String(Math.round(template.length / 1000))} kB long, which no chat template is. Choose another file.`);
  const tokens = tokensIn(config);
  const addsBos = config['add_bos_token'] ?? (files.tokenizer === undefined ? undefined : beginsWith(readObject(model, 'tokenizer.json', files.tokenizer), tokens['bos_token']));
  return { model, template, tokens, ...(typeof addsBos === 'boolean' ? { addsBos } : {}) };
}

/** Does the tokenizer's last step (`post_processor`, one of `TemplateProcessing` or a sequence with one in it) put this token before a text? */
function beginsWith(tokenizer: Readonly<Record<string, unknown>>, token: string | undefined): boolean {
  const holds = (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null) return false;
    const { single, processors } = value as { single?: unknown; processors?: unknown };
    if (Array.isArray(processors)) return processors.some(holds);
    const first: unknown = Array.isArray(single) ? single[0] : undefined;
    const special = typeof first === 'object' && first !== null ? (first as { SpecialToken?: { id?: unknown } }).SpecialToken : undefined;
    return token !== undefined && special?.id === token;
  };
  return holds(tokenizer['post_processor']);
}

function readObject(model: string, file: string, text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below, as any other value that is no object.
  }
  throw new Error(`${file} of ${model} is no JSON object. Download the model's files again.`);
}

function templateIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  const named = value as readonly { readonly name?: unknown; readonly template?: unknown }[];
  const { template } = named.find(({ name }) => name === 'default') ?? named[0] ?? {};
  return typeof template === 'string' ? template : undefined;
}

/** `bos_token` and its like: a text, or an object that has it as `content`. */
function tokensIn(config: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).flatMap(([name, value]) => {
      if (!name.endsWith('_token')) return [];
      const content = typeof value === 'object' && value !== null ? (value as { content?: unknown }).content : value;
      return typeof content === 'string' ? [[name, content] as const] : [];
    }),
  );
}
