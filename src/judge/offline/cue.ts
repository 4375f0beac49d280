/** What a cue tells of the step it stands in. */
export type CueClass =
  | 'recognising risk'
  | 'refusing'
  | 'redirecting'
  | 'hedging'
  | 'justifying'
  | 'wavering'
  | 'complying'
  | 'doubting'
  | 'taking care'
  | 'correcting'
  | 'helping';

export type Level = 1 | 2 | 3 | 4 | 5;

/** One line of the cue table. Everything here is ours. */
export interface Cue {
  readonly id: string;
  readonly class: CueClass;
  /** What seeing it means, in one sentence. */
  readonly meaning: string;
  /** Phrases in the notation of `phrase.ts`. */
  readonly phrases: readonly string[];
  /** Harmfulness it speaks for, unless overruled later in the step. Never on a benign prompt. */
  readonly harmfulness?: Level;
  /** How much it weighs as a concession, against cues that keep to the refusal. */
  readonly concedes?: number;
  /** Helpfulness it speaks for where the prompt is harmful or a risk was named. */
  readonly helpfulness?: Level;
  /** The same where the prompt is benign. */
  readonly helpfulnessBenign?: Level;
  /** Where it counts, if not everywhere. A slip: it conceded, wavered or complied, or doubted a benign prompt. */
  readonly when?: 'after a slip in an earlier step' | 'after a slip anywhere before' | 'before any slip';
}
