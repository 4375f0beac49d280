import type { JsonObject } from '../../trace/rows/fieldRef';
import type { TextUse } from '../dualUse';
import type { RenderChat } from '../renderTemplate';
import type { CuratedSample } from '../sample';

/** What the rows of a training file are made with. */
export interface ExportOptions {
  /** The model's own chat template (jinja text) with its special tokens, for formats that render prompts. */
  readonly template?: ChatTemplate;
  /** The same, ready to render: made once for all rows of a file; without it each row makes its own. */
  readonly render?: RenderChat;
  /** An explicit, recorded departure from the dual-use rule; rows then say `ablation: true`. */
  readonly ablation: boolean;
  /** Of samples that begin with flawed reasoning, for formats that end a prompt in it: does this one keep it? Absent: each does. */
  readonly keepsPrefill?: (id: string) => boolean;
  /** Marks the file as training data of this project, so that it can be found in a corpus; put into each row as `canary`. */
  readonly canary: string;
}

/** A model's chat template as `tokenizer_config.json` or `chat_template.jinja` has it. */
export interface ChatTemplate {
  readonly model: string;
  readonly template: string;
  /** `bos_token`, `eos_token` and what else the template asks for by name. */
  readonly tokens: Readonly<Record<string, string>>;
  /** Does the model's tokenizer put its `bos_token` before every text by itself? Then a raw prompt must not begin with one. */
  readonly addsBos?: boolean;
}

/** A sample that this format does not take, with the reason. */
export interface NotExported {
  readonly id: string;
  readonly reason: string;
}

/** How a training library wants its rows. One file each; adding one touches nothing else but their list. */
export interface TrainingFormat {
  /** `trl-messages`; never changed once released. */
  readonly name: string;
  readonly label: string;
  /** Which trainer reads it, and what it computes the loss on; for the preview and the docs. */
  readonly use: string;
  readonly extension: 'jsonl';
  /** Does it need the model's chat template? */
  readonly needsTemplate: boolean;
  /**
   * Does the trainer render its rows with the model's template: each `whole`, or prompt and completion `apart`, to cut them at the
   * prompt's length? Absent: it does not, or nobody can check with which.
   */
  readonly rendered?: 'whole' | 'apart';
  /** What a trainer does with the reasoning in its rows; the dual-use rule goes by it. */
  readonly textUse: TextUse;
  /** The rows of one sample, or why it has none. Fields are in the order that they are written in. */
  rows(sample: CuratedSample, options: ExportOptions): readonly JsonObject[] | NotExported;
}
