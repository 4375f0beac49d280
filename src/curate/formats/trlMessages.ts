import { assistantMessage, promptMessages, rowMarks } from './rowParts';
import type { RowMaker } from './underDualUse';

/** The recommended format for supervised fine-tuning. */
export const trlMessages: RowMaker = {
  name: 'trl-messages',
  label: 'TRL messages (supervised fine-tuning, recommended)',
  use: 'TRL SFTTrainer with `assistant_only_loss: true`: the loss falls on all that the assistant says, reasoning and answer, as AdvChain trains. The canary is a column.',
  extension: 'jsonl',
  needsTemplate: false,
  rendered: 'whole',
  textUse: 'completion',
  make: (sample, options) => [{ messages: [...promptMessages(sample), assistantMessage(sample)], ...rowMarks(sample, options) }],
};
