import { openAiChat } from './openAiChat';
import { prefillRl } from './prefillRl';
import { star1 } from './star1';
import type { TrainingFormat } from './trainingFormat';
import { trlMessages } from './trlMessages';
import { trlPreference } from './trlPreference';
import { trlPromptCompletion } from './trlPromptCompletion';
import { trlStepwise } from './trlStepwise';
import { underDualUse } from './underDualUse';

/** Every format a set can be exported in, the recommended one first, all under the dual-use rule. Adding one is a file and a line here. */
export const TRAINING_FORMATS: readonly TrainingFormat[] = [
  trlMessages,
  trlPromptCompletion,
  prefillRl,
  trlStepwise,
  trlPreference,
  openAiChat,
  star1,
].map(underDualUse);

/** The format of that name; `undefined` where there is none. */
export function trainingFormatNamed(name: string): TrainingFormat | undefined {
  return TRAINING_FORMATS.find((format) => format.name === name);
}
