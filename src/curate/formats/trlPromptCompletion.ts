import { assistantMessage, promptMessages, rowMarks } from './rowParts';
import type { RowMaker } from './underDualUse';

export const trlPromptCompletion: RowMaker = {
  name: 'trl-prompt-completion',
  label: 'TRL prompt + completion',
  use: 'TRL SFTTrainer with `completion_only_loss` (its default): the loss falls on the completion. The model’s own template is used, and some drop the reasoning (DeepSeek-R1-Distill): check the template. The canary is a column.',
  extension: 'jsonl',
  needsTemplate: false,
  rendered: 'apart',
  textUse: 'completion',
  make: (sample, options) => [{ prompt: promptMessages(sample), completion: [assistantMessage(sample)], ...rowMarks(sample, options) }],
};
