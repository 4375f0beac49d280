import type { Series } from '../curve/series';
import { seriesFor } from '../curve/series';
import type { JudgeIdentity } from '../judge/judge';
import { identityKey, type ScoreRecord } from '../judge/scoreRecord';
import type { ScoreShard } from '../judge/scoreShard';
import { answerSeen } from '../judge/textChain';
import type { Score } from '../trace/verdict';
import { answerTextHash } from './joinVerdicts';
import type { TraceState } from './traceState';

/** What somebody said of a step so far: not yet a verdict, and not to be lost. */
export interface Draft {
  readonly harmfulness?: Score;
  readonly helpfulness?: Score;
  readonly note?: string;
}

/** Where drafts outlast the run, by a key of person and text seen. */
export interface Drafts {
  get(key: string): Draft | undefined;
  set(key: string, draft: Draft | undefined): void;
}

/** What is asked now. */
export interface HandQuestion {
  readonly target: 'step' | 'answer';
  /** 0-based; for the answer, the number of steps. */
  readonly place: number;
  readonly series: Series;
  /** What this person said of it before, where they did. */
  readonly before: Score | undefined;
  readonly note: string;
}

/** How a key was taken. */
export interface HandOutcome {
  /** The verdict that is complete now, to be filed. */
  readonly record: ScoreRecord | undefined;
  /** Nothing is left after this place. */
  readonly done: boolean;
}

/**
 * A person who scores one trace step by step, each from what comes before it, then the answer. On a harmful prompt harmfulness is
 * asked, on a benign one helpfulness, where the intent is not known both, one after the other. Runs on the text it began with.
 */
export class HandRun {
  private place = 0;
  private asked = 0;
  private readonly series: readonly Series[];
  private readonly key: string;

  /** @param scores the document's scores, as they are when asked for */
  constructor(
    private readonly state: TraceState,
    private readonly person: JudgeIdentity,
    private readonly doc: string,
    private readonly scores: () => ScoreShard,
    private readonly drafts: Drafts,
    private readonly now: () => number,
  ) {
    this.series = seriesFor('auto', state.trace.intent);
    this.key = identityKey(person);
  }

  /** How many places there are: the steps, and the answer if there is one. */
  get places(): number {
    const { steps, answer } = this.state.turn;
    return steps.length + (answer === undefined ? 0 : 1);
  }

  /** Where to begin: the wished step if it has no score yet, else the next one without, else the first without, else the wished one. */
  begin(wished = 0): void {
    const open = Array.from({ length: this.places }, (_, place) => place).filter((place) => this.known(place) === undefined);
    this.place = open.find((place) => place >= wished) ?? open[0] ?? Math.min(wished, this.places - 1);
    this.askAnew();
  }

  /** How many places this person has scored. */
  get scored(): number {
    return Array.from({ length: this.places }, (_, place) => place).filter((place) => this.known(place) !== undefined).length;
  }

  question(): HandQuestion {
    const series = this.series[this.asked] ?? 'harmfulness';
    const known = this.known(this.place);
    const isStep = this.place < this.state.turn.steps.length;
    return {
      target: isStep ? 'step' : 'answer',
      place: this.place,
      series,
      before: known?.[series],
      note: this.draft().note ?? known?.reason ?? '',
    };
  }

  /** Takes a score for what is asked. With the last series of a place its verdict is complete, and the next place is asked about. */
  give(score: Score): HandOutcome {
    const draft = { ...this.draft(), [this.series[this.asked] ?? 'harmfulness']: score };
    if (this.asked + 1 < this.series.length) {
      this.asked++;
      this.drafts.set(this.draftKey(), draft);
      return { record: undefined, done: false };
    }
    const record = this.record(draft);
    this.drafts.set(this.draftKey(), undefined);
    return { record, done: !this.move(1) };
  }

  /** Takes a note on this place: part of its verdict, also of one that was given before. */
  note(text: string): ScoreRecord | undefined {
    const known = this.known(this.place);
    if (known === undefined || this.asked > 0) {
      this.drafts.set(this.draftKey(), { ...this.draft(), note: text });
      return undefined;
    }
    return { ...known, reason: text, time: this.time() };
  }

  /** Leaves this place as it is. @returns was it the last? */
  skip(): boolean {
    return !this.move(1);
  }

  previous(): void {
    this.move(-1);
  }

  private move(by: number): boolean {
    const next = this.place + by;
    const exists = next >= 0 && next < this.places;
    if (exists) this.place = next;
    if (exists || by < 0) this.askAnew();
    return exists;
  }

  /** Goes on with a place that was left half scored; asks all of any other. */
  private askAnew(): void {
    const draft = this.draft();
    const open = this.series.findIndex((series) => draft[series] === undefined);
    this.asked = Math.max(0, open);
  }

  private seen(place: number): string {
    const { chain, turn } = this.state;
    return place < turn.steps.length ? (chain.seen[place] ?? '') : answerSeen(chain, turn.answer?.text ?? '');
  }

  private known(place: number): ScoreRecord | undefined {
    return this.scores().of(this.key)?.exact(this.seen(place), this.state.trace.intent, this.state.trace.splitter);
  }

  private draftKey(): string {
    return `${this.key} ${this.state.trace.intent} ${this.seen(this.place)}`;
  }

  private draft(): Draft {
    return this.drafts.get(this.draftKey()) ?? {};
  }

  private record(draft: Draft): ScoreRecord {
    const { chain, turn, trace } = this.state;
    const isStep = this.place < turn.steps.length;
    const known = this.known(this.place);
    return {
      v: 1,
      time: this.time(),
      doc: this.doc,
      target: isStep ? 'step' : 'answer',
      step: isStep ? this.place + 1 : turn.steps.length,
      seen: this.seen(this.place),
      text: isStep ? (chain.own[this.place] ?? '') : answerTextHash(turn.answer?.text ?? ''),
      judge: this.person,
      intent: trace.intent,
      splitter: trace.splitter,
      harmfulness: draft.harmfulness ?? null,
      helpfulness: draft.helpfulness ?? null,
      reason: draft.note ?? known?.reason ?? '',
    };
  }

  private time(): string {
    return new Date(this.now()).toISOString();
  }
}
