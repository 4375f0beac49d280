import { assistantMessage, promptMessages } from './rowParts';
import type { RowMaker } from './underDualUse';

export const openAiChat: RowMaker = {
  name: 'openai-chat',
  label: 'OpenAI chat (fine-tuning API)',
  use: 'The `fine_tuning.jobs` API of OpenAI and of services with its shape; the loss falls on the assistant’s messages. Other columns are refused there, so rows hold no canary and no mark of an ablation: both stand in the record beside the file.',
  extension: 'jsonl',
  needsTemplate: false,
  textUse: 'completion',
  make: (sample) => [{ messages: [...promptMessages(sample), assistantMessage(sample)] }],
};
