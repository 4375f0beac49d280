import { stepHash } from './stepHash';
import type { Trace } from './trace';

/** What an injected step is for: it goes wrong, or it puts right. */
export type InjectedRole = 'error' | 'correction';

/** A step that somebody put into the reasoning, where it stands now. */
export interface InjectedStep {
  /** 0-based. */
  readonly step: number;
  readonly role: InjectedRole;
  /** The recipe that made it, where it is said. */
  readonly recipe: string | undefined;
}

/** What the front matter says was injected, as far as it is found in the text. */
export interface Injected {
  /** In the order of the text. */
  readonly steps: readonly InjectedStep[];
  /** Entries that name no step of the text as it is now, or cannot be read: their steps were edited away. Never guessed. */
  readonly lost: number;
}

/**
 * Finds the steps that front matter names as injected: `injected: [{ step: <hash of its text>, occurrence: 1, role: error, recipe: … }]`.
 * The anchor is the text's hash and which of the steps with that text it is, so that it survives edits elsewhere (ours).
 */
export function injectedOf({ frontMatter, chain: turn }: Pick<Trace, 'frontMatter' | 'chain'>): Injected {
  if (frontMatter.injected.length === 0) return { steps: [], lost: 0 };
  const places = new Map<string, number[]>();
  for (const { index, text } of turn.steps) {
    const key = stepHash(text);
    const known = places.get(key);
    if (known === undefined) places.set(key, [index]);
    else known.push(index);
  }
  const found = new Map<number, InjectedStep>();
  let lost = 0;
  for (const entry of frontMatter.injected) {
    const read = entryOf(entry);
    const step = read === undefined ? undefined : places.get(read.step)?.[read.occurrence - 1];
    if (read === undefined || step === undefined) lost++;
    else found.set(step, { step, role: read.role, recipe: read.recipe });
  }
  return { steps: [...found.values()].sort((a, b) => a.step - b.step), lost };
}

/** The injected steps that are found, ascending, 0-based. */
export function injectedSteps(trace: Pick<Trace, 'frontMatter' | 'chain'>): number[] {
  return injectedOf(trace).steps.map(({ step }) => step);
}

function entryOf(entry: unknown): { step: string; occurrence: number; role: InjectedRole; recipe: string | undefined } | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { step, occurrence = 1, role, recipe } = entry as Record<string, unknown>;
  if (typeof step !== 'string' || (role !== 'error' && role !== 'correction')) return undefined;
  if (typeof occurrence !== 'number' || !Number.isInteger(occurrence) || occurrence < 1) return undefined;
  return { step, occurrence, role, recipe: typeof recipe === 'string' ? recipe : undefined };
}
