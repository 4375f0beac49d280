import { hash } from 'node:crypto';
import { stepHash } from './stepHash';
import type { Step, Trace } from './trace';

/** As much of a trace as it takes to find its injected steps. */
export interface Marked {
  readonly frontMatter: Pick<Trace['frontMatter'], 'injected'>;
  readonly chain: { readonly steps: readonly Pick<Step, 'index' | 'text'>[] };
}

/**
 * What an injected step is for: `error` goes wrong and `correction` puts right (AdvChain); `prefill` is flawed reasoning put before the
 * model's own (RECAP); `recomposed` stands for a step that was rewritten, `backtrack` returns to an earlier step and `continuation` goes
 * on from there (Chain-of-Guardrail).
 */
export type InjectedRole = 'error' | 'correction' | 'prefill' | 'recomposed' | 'backtrack' | 'continuation';

export const INJECTED_ROLES: readonly InjectedRole[] = ['error', 'correction', 'prefill', 'recomposed', 'backtrack', 'continuation'];

/** How an injected step came to be; what is not known is absent. */
export interface Making {
  /** The recipe's name: `temptation-correction`. */
  readonly recipe?: string;
  /** Who wrote it: `person`, or the teacher as its server names it. */
  readonly by?: string;
  /** Did a person change the teacher's words before they were accepted? */
  readonly edited?: boolean;
  /** The teacher's instructions, versioned by content: `temptation-correction@1a2b3c4d`. */
  readonly instructions?: string;
  /** When it was injected, ISO 8601. */
  readonly at?: string;
  /** `chainHash` of the steps as they were before. */
  readonly base?: string;
  /** Of a prefill: the model whose reasoning it is, and how it is known to be counter-aligned (`declared`, or `judged by …`). */
  readonly from?: string;
  readonly counterAligned?: string;
  /** Of a prefill: how many words it has (RECAP counts length in words). */
  readonly words?: number;
  /** Of a guard's verdict on it: `no`, `unsure`, with the guard's name; absent: not checked. */
  readonly guard?: string;
}

/** One entry of `injected`, as it is written: the anchor and all that is known of the step. */
export interface ProvenanceEntry extends Making {
  /** `stepHash` of the step's text. */
  readonly step: string;
  /** Which of the steps with this text, from 1. */
  readonly occurrence: number;
  /** How many steps have this text; another number than that makes it uncertain which was meant. Absent: not noted. */
  readonly of?: number;
  readonly role: InjectedRole;
}

/** A step that somebody put into the reasoning, where it stands now. */
export interface InjectedStep extends Making {
  /** 0-based. */
  readonly step: number;
  readonly role: InjectedRole;
  /** Its place among the entries of the front matter, 0-based. */
  readonly entry: number;
}

/** An entry whose step is not there any more, or that cannot be read: never guessed. */
export interface LostEntry {
  /** Its place among the entries of the front matter, 0-based. */
  readonly entry: number;
  /** What it says; `undefined` where it cannot be read. */
  readonly read: ProvenanceEntry | undefined;
  /** `gone`: no step has this text. `ambiguous`: more or fewer have it than were noted, or an entry before names the same step. `unreadable`: it is no entry. */
  readonly why: 'gone' | 'ambiguous' | 'unreadable';
}

/** What entries are looked for in: a trace, or anything else that has entries and steps. */
export interface Anchored {
  readonly frontMatter: Pick<Trace['frontMatter'], 'injected'>;
  readonly chain: { readonly steps: readonly Pick<Step, 'index' | 'text'>[] };
}

/** What the front matter says was injected, as far as it is found in the text. */
export interface Injected {
  /** In the order of the text. */
  readonly steps: readonly InjectedStep[];
  readonly lost: readonly LostEntry[];
}

/**
 * Finds the steps that front matter names as injected: `injected: [{ step: <hash of its text>, occurrence: 1, of: 1, role: error, … }]`.
 * The anchor is the text's hash and which of the steps with that text it is, so that it survives edits elsewhere; an edit inside the
 * step loses it, and so does a second step of the same text (ours).
 */
export function injectedOf({ frontMatter, chain }: Marked): Injected {
  if (frontMatter.injected.length === 0) return { steps: [], lost: [] };
  const places = placesByText(chain.steps);
  const found = new Map<number, InjectedStep>();
  const lost: LostEntry[] = [];
  for (const [entry, written] of frontMatter.injected.entries()) {
    const read = readEntry(written);
    const same = read === undefined ? [] : (places.get(read.step) ?? []);
    const step = read === undefined ? undefined : same[read.occurrence - 1];
    const certain = read?.of === undefined || read.of === same.length;
    if (read === undefined) lost.push({ entry, read, why: 'unreadable' });
    else if (step === undefined || !certain || found.has(step)) lost.push({ entry, read, why: same.length === 0 ? 'gone' : 'ambiguous' });
    else found.set(step, { ...makingOf(read), step, role: read.role, entry });
  }
  return { steps: [...found.values()].sort((a, b) => a.step - b.step), lost };
}

/** The injected steps that are found, ascending, 0-based. */
export function injectedSteps(trace: Marked): number[] {
  return injectedOf(trace).steps.map(({ step }) => step);
}

/** What finds a step again: its text, and which of how many with that text it is. */
export type Anchor = Pick<ProvenanceEntry, 'step' | 'occurrence' | 'of'>;

/** The anchor of one of these steps. For several take `anchorsOf`. @throws RangeError where there is no such step */
export function anchorOf(steps: readonly Pick<Step, 'text'>[], index: number): Anchor {
  const anchor = anchorsOf(steps)[index];
  if (anchor === undefined) throw new RangeError(`There is no step ${String(index)} to anchor to.`);
  return anchor;
}

/** The anchors of all these steps, in their order. Takes linear time. */
export function anchorsOf(steps: readonly Pick<Step, 'text'>[]): readonly Anchor[] {
  const count = new Map<string, number>();
  const places = steps.map(({ text }) => {
    const step = stepHash(text);
    const occurrence = (count.get(step) ?? 0) + 1;
    count.set(step, occurrence);
    return { step, occurrence };
  });
  return places.map((place) => ({ ...place, of: count.get(place.step) ?? 1 }));
}

/** Names a chain by the texts of its steps, whatever stands between them: 128 bits of SHA-256 (ours). */
export function chainHash(steps: readonly Pick<Step, 'text'>[]): string {
  return hash('sha256', `chain${JSON.stringify(steps.map(({ text }) => text.replace(/\r\n?/g, '\n')))}`, 'hex').slice(0, 32);
}

/** Reads one entry of `injected`; `undefined` where it is none. */
export function readEntry(entry: unknown): ProvenanceEntry | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const said = entry as Record<string, unknown>;
  const { step, occurrence = 1, of, role } = said;
  if (typeof step !== 'string' || !isRole(role) || !isCount(occurrence) || (of !== undefined && !isCount(of))) return undefined;
  return { ...makingOf(said), step, occurrence, ...(of === undefined ? {} : { of }), role };
}

const TEXTS = ['recipe', 'by', 'instructions', 'at', 'base', 'from', 'counterAligned', 'guard'] as const;

function makingOf(said: Readonly<Record<string, unknown>> | Making): Making {
  const values = said as Readonly<Record<string, unknown>>;
  const texts = TEXTS.flatMap((name) => (typeof values[name] === 'string' ? [[name, values[name]] as const] : []));
  const { edited, words } = values;
  return {
    ...Object.fromEntries(texts),
    ...(typeof edited === 'boolean' ? { edited } : {}),
    ...(typeof words === 'number' ? { words } : {}),
  };
}

function placesByText(steps: readonly Pick<Step, 'index' | 'text'>[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const { index, text } of steps) {
    const key = stepHash(text);
    const known = places.get(key);
    if (known === undefined) places.set(key, [index]);
    else known.push(index);
  }
  return places;
}

function isRole(value: unknown): value is InjectedRole {
  return INJECTED_ROLES.some((role) => role === value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1;
}
