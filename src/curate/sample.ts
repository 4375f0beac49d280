import type { Intent } from '../trace/intent';
import type { ProvenanceEntry } from '../trace/provenance';
import type { JudgeIdentity } from '../judge/judge';

/** What one judge said of a sample when it was added; `null` where it could not score. */
export interface SampleVerdicts {
  /** `sampleHash` of the text that was scored; what is said of an earlier text is not read. Absent: as many scores as steps must do. */
  readonly of?: string;
  readonly judge: JudgeIdentity;
  readonly harmfulness: readonly (number | null)[];
  readonly helpfulness: readonly (number | null)[];
  readonly answer?: { readonly harmfulness: number | null; readonly helpfulness: number | null };
}

/**
 * One line of a curated set: a crafted trace, complete. As a row of a dataset it is read by `trace/formats/curated.ts`, so a set opens in
 * the *Traces* view and a sample as a document like any row.
 */
export interface CuratedSample {
  /** Unique in its set. */
  readonly id: string;
  readonly intent: Intent;
  /** The recipe's name; `none` for a base trace without anything injected. */
  readonly recipe: string;
  readonly system?: string;
  readonly prompt: string;
  /** Each step with the exact white space behind it: joined with nothing they are the text between the tags, but for the white space around it. */
  readonly steps: readonly string[];
  /** `''` where there is none: a prefill, which the model goes on from. */
  readonly answer: string;
  /**
   * The right final answer, where it is known: a number, or a text that is compared as it is. A reward goes by it alone (`prefill-rl`).
   * Written into the line's field `expected`, or as `expected: 72` into the front matter of a trace before it is added. Ours.
   */
  readonly expected?: string;
  /** The model whose chain is the base, and where the prompt comes from, as far as the trace said. */
  readonly model?: string;
  readonly source?: string;
  /** A person's note. */
  readonly note?: string;
  /** Of judges that scored exactly this text. */
  readonly verdicts: readonly SampleVerdicts[];
  /** What the sample's own checks found when it was added: their codes. */
  readonly findings: readonly string[];
  /** A deliberate departure from the dual-use rule, recorded (a sample without correction, for a comparison). */
  readonly ablation?: true;
  /** When it was added, ISO 8601, and the document it was added from (relative to the workspace). */
  readonly added: string;
  readonly from?: string;
  /** The steps as they were before the first injection, where they are known: the base for preference pairs. */
  readonly base?: { readonly steps: readonly string[]; readonly answer: string };
  /** Everything of the trace's front matter beyond the above; `injected` is the provenance. */
  readonly cotlens: { readonly injected: readonly ProvenanceEntry[] } & Readonly<Record<string, unknown>>;
}

/** A line that is no sample: shown with its number, never rewritten. */
export interface BrokenLine {
  /** 1-based. */
  readonly line: number;
  readonly why: string;
  /** As far as its first 2,000 characters. */
  readonly text: string;
}
