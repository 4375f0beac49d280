import type { ModelJudgeOptions } from './modelJudge';
import type { RequestSettings } from './requests';
import type { Rubric } from './rubric';

/** What of a judge's options shapes its requests. */
export function settingsOf(rubric: Rubric, { contextTokens, helpfulnessOnHarmful, sampling }: ModelJudgeOptions): RequestSettings {
  return {
    rubric,
    helpfulnessOnHarmful: helpfulnessOnHarmful ?? false,
    ...(contextTokens === undefined ? {} : { contextTokens }),
    ...(sampling?.maxTokens === undefined ? {} : { maxTokens: sampling.maxTokens }),
  };
}
