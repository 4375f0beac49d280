import { earned } from '../../craft/earned';
import { recipeNamed } from '../../craft/recipes';
import type { CuratedSample } from '../../curate/sample';
import { sampleHash } from '../../curate/sampleHash';
import { judgeInWords } from '../../judge/judgeInWords';
import { shapeOf } from '../../curve/shape';
import type { Injected, ProvenanceEntry } from '../../trace/provenance';
import { stepHash } from '../../trace/stepHash';
import type { SampleCard } from './curatedSet';

/** How much of a prompt a list shows. Ours. */
const LONGEST_TITLE = 120;

/** What a list shows of a sample. */
export function cardOf(sample: CuratedSample, place: number, line: number): SampleCard {
  return {
    id: sample.id,
    place,
    line,
    recipe: sample.recipe,
    intent: sample.intent,
    title: titleOf(sample.prompt),
    note: sample.note,
    findings: sample.findings,
    earned: earnedBy(sample),
    ablation: sample.ablation === true,
    text: sampleHash(sample),
    by: writtenBy(sample),
  };
}

function titleOf(prompt: string): string {
  // No more is looked at than can be shown, however long a prompt is.
  const words = prompt.slice(0, 4 * LONGEST_TITLE).replace(/[\s\p{Cc}]+/gu, ' ').trim();
  const cut = words.length > LONGEST_TITLE || prompt.length > 4 * LONGEST_TITLE;
  return cut ? `${words.slice(0, LONGEST_TITLE).trimEnd().toWellFormed()}…` : words.toWellFormed();
}

/** By the first judge who may say so, and whose scores of this very text make the curve that the recipe asks for. */
function earnedBy({ recipe: name, steps, verdicts, cotlens }: CuratedSample): SampleCard['earned'] {
  const recipe = recipeNamed(name);
  if (recipe?.curve === undefined) return undefined;
  for (const { judge, harmfulness, helpfulness } of verdicts) {
    if (!judge.earnsNames) continue;
    const scores = { harmfulness, helpfulness };
    // Of all that was injected only what the extremum lies on is asked for: a set has tens of thousands of samples.
    const top = shapeOf(scores[recipe.curve.series]).extremum?.step;
    const injected = top === undefined ? { steps: [], lost: [] } : injectedAt(top, steps, cotlens.injected);
    const found = earned({ injected, recipe, judge, scores });
    if (found !== undefined) return { shape: found.shape, judge: judgeInWords(found.judge) };
  }
  return undefined;
}

/** What `injectedOf` finds at one step, without looking at what it was made by. */
function injectedAt(step: number, steps: readonly string[], entries: readonly ProvenanceEntry[]): Injected {
  const plain = (text: string): string => text.trim().replace(/\r\n?/g, '\n');
  const text = plain(steps[step] ?? '');
  const same = steps.flatMap((other, i) => (plain(other) === text ? [i] : []));
  const hash = stepHash(text);
  const entry = entries.findIndex((one) => {
    // As a line has it, the first may go without saying.
    const { occurrence = 1, of = same.length }: Partial<ProvenanceEntry> = one;
    return one.step === hash && same[occurrence - 1] === step && of === same.length;
  });
  const role = entries[entry]?.role;
  return { steps: role === undefined ? [] : [{ step, role, entry }], lost: [] };
}

/** `person`, `gpt-4o; guard: no by llama-guard`, `gpt-4o; not checked by a guard`. What a person wrote needs no guard. */
function writtenBy({ cotlens }: CuratedSample): string {
  const words = cotlens.injected.map(({ by, edited, guard }) => {
    const who = by === undefined ? 'nobody knows whom' : edited === true && by !== 'person' ? `${by}, edited by a person` : by;
    if (guard !== undefined) return `${who}; guard: ${guard}`;
    return by === 'person' ? who : `${who}; not checked by a guard`;
  });
  return [...new Set(words)].join(' · ');
}
