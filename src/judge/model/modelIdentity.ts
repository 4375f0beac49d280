import type { JudgeIdentity } from '../judge';
import type { ModelJudgeOptions } from './modelJudge';
import type { Rubric } from './rubric';

/** Who a model judge is; its snapshot is the model that the server named last. */
export class ModelIdentity {
  current: JudgeIdentity;

  constructor(rubric: Rubric, options: ModelJudgeOptions) {
    const { judge, label, protocol, knownSnapshot } = options;
    this.current = {
      judge,
      label,
      ...(knownSnapshot === undefined ? {} : { model: knownSnapshot }),
      sampling: samplingOf(options),
      protocol,
      rubric: rubric.version,
      earnsNames: true,
    };
  }

  /** Takes on the model that a reply was signed with; replies of one snapshot all get the same object. */
  of(model: string): JudgeIdentity {
    if (this.current.model !== model) this.current = { ...this.current, model };
    return this.current;
  }
}

/** How the judge is asked, as far as it decides verdicts; what is left to the server is absent. */
function samplingOf({ samples = 1, sampling, contextTokens, helpfulnessOnHarmful, reproducible }: ModelJudgeOptions): Record<string, string | number> {
  return {
    samples,
    ...sampling,
    ...(contextTokens === undefined ? {} : { contextTokens }),
    ...(helpfulnessOnHarmful === true ? { helpfulnessOnHarmful: 'yes' } : {}),
    ...(reproducible === false ? { reproducible: 'no' } : {}),
  };
}
