import { injectedEdit } from '../../trace/injectedEdit';
import type { LostEntry, ProvenanceEntry } from '../../trace/provenance';
import { stepHash } from '../../trace/stepHash';
import { reanchored } from '../snippet';
import { placeOfSample, placesOfEntries } from './findingPlace';
import { makingKey } from './pairs';
import type { CheckedSample, Finding, Fix, SampleCheck } from './sampleCheck';

/** So many lost entries are shown one by one, and so many steps offered for each. Ours. */
const SHOWN = 20;
const OFFERED = 3;

/**
 * Is every step found that the front matter names as injected? `provenance-lost` where not: its text was changed or taken out, or there
 * is more than one like it. Which step it was is never guessed; a person marks it again, or takes the entry out.
 */
export const lostProvenance: SampleCheck = {
  name: 'lost provenance',
  check(sample) {
    const { trace, injected } = sample;
    if (injected.lost.length === 0) return [];
    const places = placesOfEntries(trace);
    const candidates = candidatesIn(sample);
    const found = injected.lost.slice(0, SHOWN).map((lost): Finding => {
      const { entry } = lost;
      const at = places[entry] ?? placeOfSample(sample);
      const marks = lost.read === undefined ? [] : candidates(lost).map((step) => markFix(sample, lost, step));
      return { code: 'provenance-lost', severity: 'warning', message: inWords(lost), at, fixes: [...marks, removeFix(sample, entry)] };
    });
    const more = injected.lost.length - SHOWN;
    if (more > 0) {
      const at = places[injected.lost[SHOWN]?.entry ?? 0] ?? placeOfSample(sample);
      found.push({ code: 'provenance-lost', severity: 'warning', message: `${String(more)} more entries of the front matter name steps that are not found. Mend or remove the ones above first.`, at, fixes: [] });
    }
    return found;
  },
};

/** What can be done at a step that is not marked while entries are lost: to mark it as one of them. */
export function marksAt(sample: CheckedSample, step: number): readonly Fix[] {
  const { injected, trace } = sample;
  if (trace.chain.steps[step] === undefined || injected.steps.some((one) => one.step === step)) return [];
  return injected.lost.filter(({ read }) => read !== undefined).slice(0, OFFERED).map((lost) => markFix(sample, lost, step));
}

function inWords({ entry, read, why }: LostEntry): string {
  const name = `Entry ${String(entry + 1)} of what was injected`;
  if (read === undefined) return `${name} cannot be read: it needs step (a hash), occurrence and role. Mend it by hand, or remove it.`;
  const made = [read.recipe, read.by === undefined ? undefined : `by ${read.by}`, read.at?.slice(0, 10)].filter((one) => one !== undefined).join(', ');
  const said = `${name} names ${read.role === 'error' ? 'an error' : `a ${read.role}`}${made === '' ? '' : ` (${made})`}`;
  return why === 'gone'
    ? `${said}, and no step has its text any more: it was changed or taken out. Mark the step that it is now, or remove the entry.`
    : `${said}, and the number of steps with its text has changed, so it is not known which one it is. Mark it, or remove the entry.`;
}

/**
 * The unmarked steps that an entry may well mean, likeliest first: those with its text, the one next to its other half, the place where it
 * was last seen.
 */
function candidatesIn(sample: CheckedSample): (lost: LostEntry) => readonly number[] {
  const { injected, trace, lastSeen } = sample;
  const marked = new Set(injected.steps.map(({ step }) => step));
  const free = (step: number): boolean => step >= 0 && step < trace.chain.steps.length && !marked.has(step);
  const byText = new Map<string, number[]>();
  if (injected.lost.some(({ why }) => why === 'ambiguous')) {
    for (const { index, text } of trace.chain.steps) {
      const key = stepHash(text);
      const known = byText.get(key);
      if (known === undefined) byText.set(key, [index]);
      else if (known.length < OFFERED) known.push(index);
    }
  }
  const halves = new Map(injected.steps.map((step) => [`${step.role} ${makingKey(step)}`, step.step]));
  return ({ entry, read }) => {
    if (read === undefined) return [];
    const beside = besideHalf(halves, read);
    const last = lastSeen.get(entry);
    const all = [...(byText.get(read.step) ?? []), ...(last === undefined ? [] : [last]), ...(beside === undefined ? [] : [beside])];
    return [...new Set(all)].filter(free).slice(0, OFFERED);
  };
}

/** A correction stands right behind its error. */
function besideHalf(halves: ReadonlyMap<string, number>, read: ProvenanceEntry): number | undefined {
  const half = (role: string): number | undefined => halves.get(`${role} ${makingKey(read)}`);
  if (read.role === 'error') {
    const correction = half('correction');
    return correction === undefined ? undefined : correction - 1;
  }
  const error = read.role === 'correction' ? half('error') : undefined;
  return error === undefined ? undefined : error + 1;
}

function markFix({ trace }: CheckedSample, { entry, read }: LostEntry, step: number): Fix {
  const words = (trace.chain.steps[step]?.text ?? '').slice(0, 200).split(/\s+/, 6).join(' ');
  return {
    kind: 'edit',
    title: `Mark step ${String(step + 1)} (“${words}…”) as this ${read?.role ?? 'step'}`,
    edits: () => {
      const edit = reanchored(trace, entry, step);
      return 'reason' in edit ? undefined : [edit];
    },
  };
}

function removeFix({ trace }: CheckedSample, entry: number): Fix {
  return {
    kind: 'edit',
    title: 'Remove this entry',
    edits: () => {
      const edit = injectedEdit(trace.text, trace.frontMatter.injected.filter((_other, i) => i !== entry));
      return edit === undefined ? undefined : [edit];
    },
  };
}
