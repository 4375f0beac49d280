import { curveOf } from '../curve/curve';
import { seriesFor, type SeriesChoice } from '../curve/series';
import { DEFAULT_SHAPE_RULES, type ShapeRules } from '../curve/shapeRules';
import { identityKey } from '../judge/scoreRecord';
import type { JudgeScores, ScoreShard } from '../judge/scoreShard';
import { seenKeys, chainText, type TextChain } from '../judge/textChain';
import { EventSource, type Disposable } from '../trace/event';
import { parseTrace } from '../trace/parseTrace';
import { DEFAULT_SPLITTER, type Splitter } from '../trace/splitters';
import type { Trace } from '../trace/trace';
import type { CalibrationNote, CalibrationOf } from './calibrationNote';
import { joinVerdicts } from './joinVerdicts';
import type { Scoring, TraceState } from './traceState';

/** How a document is to be read and shown; from the settings of its folder. */
export interface TraceOptions {
  readonly splitter: Splitter;
  readonly series: SeriesChoice;
  readonly shapeRules: ShapeRules;
}

export const DEFAULT_OPTIONS: TraceOptions = {
  splitter: DEFAULT_SPLITTER,
  series: 'auto',
  shapeRules: DEFAULT_SHAPE_RULES,
};

/** Gives a document's scores as far as they are read. */
export type ScoresOf = (uri: string) => ScoreShard;

/** Milliseconds between two joins while verdicts stream in: a curve that grows 16 times a second looks alive. Ours. */
const JOIN_EVERY = 60;
/** How long a trace waits for its next joining: 24,000 steps for about a second. Ours. */
const STEPS_PER_MILLISECOND = 20;

/** Somebody scores this trace by hand: shown are their own scores alone, and no step from `hiddenFrom` on. */
export interface Blind {
  /** `identityKey` of who scores. */
  readonly judge: string;
  /** 0-based. */
  readonly hiddenFrom: number;
}

interface Entry {
  text: string;
  options: TraceOptions;
  /** The judge that the user chose to see, as `identityKey`. */
  chosen: string | undefined;
  blind: Blind | undefined;
  scoring: Scoring | undefined;
  state: TraceState;
}

/**
 * The one owner of what is open: joins each document, at each version, with its verdicts, and knows what is stale.
 * Everything that shows traces subscribes here and keeps no copy of its own.
 */
export class TraceStore implements Disposable {
  private readonly entries = new Map<string, Entry>();
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly changes: EventSource<string>;

  constructor(
    private readonly scoresOf: ScoresOf,
    onListenerError?: (error: unknown) => void,
    private readonly calibrationOf: CalibrationOf = () => undefined,
  ) {
    this.changes = new EventSource(onListenerError);
  }

  /** Fires with the URI of a document whose state changed: its text, its verdicts, or how it is shown. Also after `close`. */
  get onDidChange(): (listener: (uri: string) => void) => Disposable {
    return this.changes.event;
  }

  /** What is known of an open document; `undefined` where it is not open. */
  get(uri: string): TraceState | undefined {
    return this.entries.get(uri)?.state;
  }

  /** The judge that was chosen to be shown (`identityKey`); `undefined` where nobody chose, or the document is not open. */
  chosen(uri: string): string | undefined {
    return this.entries.get(uri)?.chosen;
  }

  get uris(): readonly string[] {
    return [...this.entries.keys()];
  }

  /** Takes a document's text at a version: opens it here, or follows an edit. Nothing happens where it is known already. */
  update(uri: string, version: number, text: string, options: TraceOptions = DEFAULT_OPTIONS): TraceState {
    const known = this.entries.get(uri);
    if (known?.state.version === version && known.text === text && known.options === options) return known.state;
    const entry: Entry = {
      text,
      options,
      chosen: known?.chosen,
      blind: known?.blind,
      scoring: known?.scoring,
      state: this.join(uri, version, text, options, known),
    };
    this.entries.set(uri, entry);
    this.changes.fire(uri);
    return entry.state;
  }

  close(uri: string): void {
    if (this.entries.delete(uri)) this.changes.fire(uri);
  }

  /**
   * Joins anew, soon: the scores of this document changed, here or in another window. Verdicts of a fast judge come by the
   * thousand, so joining is done at most once in `JOIN_EVERY` milliseconds, and in a long trace more seldom: to join it and
   * to paint it anew costs time by its length, and VS Code must not be kept busy with nothing else.
   */
  scoresChanged(uri: string): void {
    const entry = this.entries.get(uri);
    if (entry === undefined || this.waiting.has(uri)) return;
    const timer = setTimeout(() => {
      this.rejoin(uri);
    }, Math.max(JOIN_EVERY, entry.state.turn.steps.length / STEPS_PER_MILLISECOND));
    this.waiting.set(uri, timer);
  }

  /** Shows the scores of this judge (`identityKey`), or with `undefined` of whoever has most to show. */
  show(uri: string, judge: string | undefined): void {
    const entry = this.entries.get(uri);
    if (entry === undefined) return;
    entry.chosen = judge;
    this.rejoin(uri);
  }

  /** Shows nobody's scores but those of who scores by hand, and hides what they must not see yet; `undefined` ends that. */
  setBlind(uri: string, blind: Blind | undefined): void {
    const entry = this.entries.get(uri);
    if (entry === undefined) return;
    entry.blind = blind;
    this.rejoin(uri);
  }

  /** Joins all anew: a judge was calibrated, here or in another window. */
  calibrationsChanged(): void {
    for (const uri of this.uris) this.rejoin(uri);
  }

  /** Notes how far a run of scoring is; `undefined` when it ended. */
  setScoring(uri: string, scoring: Scoring | undefined): void {
    const entry = this.entries.get(uri);
    if (entry === undefined) return;
    entry.scoring = scoring;
    if (scoring === undefined || scoring.done === 0) this.rejoin(uri);
    else this.scoresChanged(uri);
  }

  dispose(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
    this.entries.clear();
    this.changes.dispose();
  }

  private rejoin(uri: string): void {
    clearTimeout(this.waiting.get(uri));
    this.waiting.delete(uri);
    const entry = this.entries.get(uri);
    if (entry === undefined) return;
    entry.state = this.join(uri, entry.state.version, entry.text, entry.options, entry);
    this.changes.fire(uri);
  }

  private join(
    uri: string,
    version: number,
    text: string,
    options: TraceOptions,
    known: Entry | undefined,
  ): TraceState {
    const sameText = known?.text === text && known.options.splitter === options.splitter;
    const trace = sameText ? known.state.trace : parseTrace(text, options.splitter);
    const { chain: turn } = trace;
    const chain = sameText
      ? known.state.chain
      : chainText(turn, known?.state.chain);
    const blind = known?.blind;
    const all = this.scoresOf(uri).all();
    const judges = blind === undefined ? all : all.filter((one) => one.key === blind.judge);
    const scores = chooseScores(judges, blind?.judge ?? known?.chosen, chain, trace);
    const sameJudge = scores !== undefined && known?.state.judge !== undefined && identityKey(known.state.judge) === scores.key;
    const { verdicts, answer } =
      scores === undefined
        ? { verdicts: turn.steps.map(() => undefined), answer: undefined }
        : joinVerdicts(trace, chain, scores, sameJudge && known?.state.trace.splitter === trace.splitter ? known.state : undefined);
    const shown = seriesFor(options.series, trace.intent);
    const plain = verdicts.map((joined) => joined?.verdict);
    return {
      uri,
      version,
      trace,
      turn,
      chain,
      judge: scores?.identity,
      judges,
      calibrations: this.calibrationsOf(judges),
      verdicts,
      answer,
      shown,
      curves: shown.map((series) =>
        curveOf(plain, series, trace.intent, scores?.identity.earnsNames ?? false, options.shapeRules),
      ),
      scoring: known?.scoring,
      hiddenFrom: blind?.hiddenFrom,
    };
  }

  private calibrationsOf(judges: readonly JudgeScores[]): ReadonlyMap<string, CalibrationNote> {
    const found = new Map<string, CalibrationNote>();
    for (const { key } of judges) {
      const calibration = this.calibrationOf(key);
      if (calibration !== undefined) found.set(key, calibration);
    }
    return found;
  }
}

/** The judge to show: the chosen one, else the one with most fresh verdicts, the newest of several. */
function chooseScores(
  judges: readonly JudgeScores[],
  chosen: string | undefined,
  chain: TextChain,
  { intent, splitter, chain: turn }: Trace,
): JudgeScores | undefined {
  const wanted = judges.find((judge) => judge.key === chosen);
  if (wanted !== undefined || judges.length < 2) return wanted ?? judges[0];
  let best: JudgeScores | undefined;
  let most = -1;
  for (const judge of judges) {
    const keys = seenKeys(judge.identity.protocol, chain, turn.answer?.text);
    const fresh = chain.seen.filter((_hash, i) => judge.exact(keys.step(i), intent, splitter) !== undefined);
    if (fresh.length > most) [best, most] = [judge, fresh.length];
  }
  return best;
}
