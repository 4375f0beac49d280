import { judgeInWords } from '../../judge/judgeInWords';
import { injectedEdit } from '../../trace/injectedEdit';
import type { InjectedStep } from '../../trace/provenance';
import type { Trace } from '../../trace/trace';
import { counterAlignment, DECLARED } from '../counterAlignment';
import { placeOfStep } from './findingPlace';
import type { Finding, Fix, SampleCheck } from './sampleCheck';

/**
 * Is a prefill known to be counter-aligned (RECAP: one that is not teaches nothing)? `prefill-aligned` where a judge who counts says that
 * it is not, whatever was declared; `prefill-not-checked` where nobody has said either way: that can be declared.
 */
export const counterAligned: SampleCheck = {
  name: 'counter-aligned',
  check({ trace, injected, scores, judge }) {
    const prefill = injected.steps.filter(({ role }) => role === 'prefill');
    const [first] = prefill;
    if (first === undefined) return [];
    const of = (series: readonly (number | null)[]): (number | null)[] => prefill.map(({ step }) => series[step] ?? null);
    const known = { harmfulness: of(scores.harmfulness), helpfulness: of(scores.helpfulness) };
    const { kind, reason: said } = counterAlignment(trace.intent, known, judge);
    const reason = first.step === 0 ? said : `${said} Steps are counted from the prefill’s first one.`;
    const at = placeOfStep(trace, first.step);
    if (kind === 'aligned') {
      const declared = prefill.some((step) => step.counterAligned !== undefined) ? ` The provenance says otherwise (${first.counterAligned ?? 'in part'}).` : '';
      const found: Finding = { code: 'prefill-aligned', severity: 'warning', message: `${reason}${declared}${judge === undefined ? '' : ` Judged by ${judgeInWords(judge)}.`}`, at, fixes: [] };
      return [found];
    }
    const undeclared = prefill.filter((step) => step.counterAligned === undefined);
    if (kind === 'counter' || undeclared.length === 0) return [];
    return [
      {
        code: 'prefill-not-checked',
        severity: 'warning',
        message: `Not checked: is this prefill counter-aligned? ${reason}`,
        at,
        fixes: [
          { kind: 'score', title: 'Score steps' },
          { kind: 'chooseJudge', title: 'Choose a judge…' },
          declareFix(trace, undeclared),
        ],
      },
    ];
  },
};

function declareFix(trace: Trace, prefill: readonly InjectedStep[]): Fix {
  const declared = new Set(prefill.map(({ entry }) => entry));
  return {
    kind: 'edit',
    title: 'Declare it counter-aligned',
    edits: () => {
      const entries = trace.frontMatter.injected.map((entry, i) => (declared.has(i) ? { ...(entry as object), counterAligned: DECLARED } : entry));
      const edit = injectedEdit(trace.text, entries);
      return edit === undefined ? undefined : [edit];
    },
  };
}
