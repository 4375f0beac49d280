import type { InjectedStep } from '../../trace/provenance';
import { placeOfStep } from './findingPlace';
import type { Finding, SampleCheck } from './sampleCheck';
import { stepsInWords } from './stepsInWords';

/**
 * Did a guard look at what goes wrong on purpose? `guard-not-checked` where none did, `guard-unsure` with who was. What a person wrote
 * needs none.
 */
export const guarded: SampleCheck = {
  name: 'guarded',
  check({ trace, injected }) {
    const flawed = injected.steps.filter(({ role }) => role === 'error' || role === 'prefill');
    const finding = (code: string, message: string, of: readonly InjectedStep[]): Finding => ({
      code,
      severity: 'information',
      message,
      at: placeOfStep(trace, of[0]?.step ?? 0),
      fixes: [],
    });
    const unchecked = flawed.filter(({ guard, by }) => guard === undefined && by !== 'person');
    const unsure = flawed.filter(({ guard }) => guard?.startsWith('unsure') === true);
    const steps = (of: readonly InjectedStep[]): string => stepsInWords(of.map(({ step }) => step));
    const said = [...new Set(unsure.map(({ guard }) => guard ?? ''))].slice(0, 3).join('; ');
    return [
      ...(unchecked.length === 0
        ? []
        : [finding('guard-not-checked', `Not checked by a guard: whether the flawed reasoning at ${steps(unchecked)} holds operational detail. Read it yourself. A guard (cotLens.guard) looks at what a teacher writes, before it is inserted; not at what was there already.`, unchecked)]),
      ...(unsure.length === 0 ? [] : [finding('guard-unsure', `The guard was unsure about ${steps(unsure)} (${said}), and a person let it pass. Read it again before it is exported.`, unsure)]),
    ];
  },
};
